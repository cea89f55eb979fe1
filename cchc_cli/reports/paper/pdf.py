"""A report as PDF: the outline drawn on A4 with a font of its own, the same bytes each time."""

from __future__ import annotations

import logging
import unicodedata
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from fpdf import FPDF, Align, FontFace, XPos, YPos
from fpdf.enums import TextEmphasis
from fpdf.fonts import TTFFont

from cchc_cli.domain.language.errors import message
from cchc_cli.locale import current_language, render
from cchc_cli.reports.paper import blocks
from cchc_cli.reports.paper.outline import outline
from cchc_cli.reports.wording.about import extent_words, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cchc_cli.domain.results import Report

FONTS = Path(__file__).resolve().parent / "fonts"
FACE = "Liberation Serif"
_STYLES = {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}
_BODY, _CELL, _SMALL = 13, 11, 10
_ALIGNED = {
    blocks.Align.LEFT: Align.L,
    blocks.Align.CENTER: Align.C,
    blocks.Align.RIGHT: Align.R,
    blocks.Align.JUSTIFY: Align.J,
}
_LOOKS = {
    (False, False): None,
    (True, False): FontFace(emphasis=TextEmphasis.B),
    (False, True): FontFace(emphasis=TextEmphasis.U),
    (True, True): FontFace(emphasis=TextEmphasis.B | TextEmphasis.U),
}
"""How a cell looks that is bold, and that is a link."""

_LINE = 1.2
"""Height of a line over the size of its letters."""


def render_report(report: Report) -> bytes:
    """Give the report as a PDF."""
    paper = _Paper(report)
    drawn = outline(report)
    for block, room in zip(drawn, _rooms(drawn), strict=True):
        paper.draw(block, room)
    return paper.finished()


_ROOMS: dict[type, float] = {blocks.Heading: 12, blocks.Table: 32, blocks.Signature: 34}
"""Millimetres of a page that a block must find to begin there; others need a few lines."""


def _rooms(drawn: Sequence[blocks.Block]) -> list[float]:
    """Give the room that each block must find: what introduces another must find room for both."""
    rooms = [0.0]
    for block, following in reversed(list(pairwise((*drawn, blocks.NewPage())))):
        room = _ROOMS.get(type(block), 14)
        introduces = isinstance(block, blocks.Heading) or (
            isinstance(block, blocks.Paragraph) and isinstance(following, blocks.Table | blocks.Signature)
        )
        rooms.append(room + (rooms[-1] if introduces else 0))
    return rooms[:0:-1]


class _Paper(FPDF):
    """A4 with the margins of the decree; knows how to draw each block."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        # fpdf2 tells of every character it lacks; here none gets as far.
        logging.getLogger("fpdf").setLevel(logging.ERROR)
        # It would replace {nb} in anybody's words by the number of pages.
        self.alias_nb_pages(None)  # type: ignore[arg-type]
        self.c_margin = 0
        self.set_margins(30, 20, 20)
        self.set_auto_page_break(auto=True, margin=20)
        for style, name in _STYLES.items():
            self.add_font(FACE, style, FONTS / f"LiberationSerif-{name}.ttf")
        self._letters = set.intersection(
            *(set(font.cmap) for font in self.fonts.values() if isinstance(font, TTFFont))
        )
        self._lacking = False
        day = report.assessment.cutoff.day
        self.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))
        self.set_title(subject(report))
        if extent := extent_words(report.assessment.extent):
            self.set_subject(extent)
        self.set_lang(current_language())
        self.set_producer("cchc")
        self.set_creator("cchc")
        self.add_page()

    def header(self) -> None:
        """Write the page's number at the top, from the second page on."""
        if self.page_no() > 1:
            self._face(_BODY)
            self.set_y(10)
            self.cell(0, 6, str(self.page_no()), align=Align.C)
            self.set_y(self.t_margin)

    def draw(self, block: blocks.Block, room: float) -> None:
        """Draw a block, on a page of its own where this one has not so many millimetres left."""
        if self.will_page_break(room):
            self.add_page()
        match block:
            case blocks.Letterhead():
                self._letterhead(block)
            case blocks.Title():
                self._title(block)
            case blocks.Heading(level, text):
                self._heading(level, text)
            case blocks.Paragraph(runs, align, small):
                self._paragraph(runs, align, _SMALL if small else _BODY)
            case blocks.Items(items):
                self._items(items)
            case blocks.Table():
                self._table(block)
            case blocks.Signature():
                self._signature(block)
            case blocks.NewPage():
                self.add_page()

    def finished(self) -> bytes:
        """Give the file; where letters had no picture in the font, a last line tells how they are shown."""
        if self._lacking:
            note = message("‹U+…› stands for a character that the font lacks, by its Unicode number.")
            self._paragraph((blocks.Run(render(note), italic=True),), blocks.Align.LEFT, _SMALL)
        return bytes(self.output())

    def _face(self, size: float, style: str = "") -> None:
        self.set_font(FACE, style, size)

    def _text(self, text: str) -> str:
        """Give text that the font can show: composed letters, and a number for what it has no picture of."""
        composed = unicodedata.normalize("NFC", text)
        if all(ord(char) in self._letters for char in composed):
            return composed
        self._lacking = True
        return "".join(char if ord(char) in self._letters else f"‹U+{ord(char):04X}›" for char in composed)

    def _height(self) -> float:
        return self.font_size * _LINE

    def _lines(self, text: str, width: float, align: Align, x: float) -> None:
        self.set_x(x)
        self.multi_cell(
            width, self._height(), self._text(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _letterhead(self, head: blocks.Letterhead) -> None:
        top = self.get_y()
        below = [
            self._half(top, 30, 62, (head.issuer[0], 12, ""), (head.issuer[1], 12, "B")),
            self._half(top, 92, 98, (head.nation[0], 12, "B"), (head.nation[1], 13, "B")),
        ]
        self.set_y(max(below) + 3)
        row = self.get_y()
        self._face(13)
        self._lines(head.number, 62, Align.C, 30)
        self.set_y(row)
        self._face(13, "I")
        self._lines(head.place, 98, Align.C, 92)

    def _half(self, top: float, x: float, width: float, *lines: tuple[str, int, str]) -> float:
        """Write one half of the head with the short line under it; give where it ends."""
        self.set_y(top)
        for text, size, style in lines:
            self._face(size, style)
            self._lines(text, width, Align.C, x)
        self._rule(x + width / 2, width / 2)
        return self.get_y()

    def _rule(self, middle: float, length: float) -> None:
        y = self.get_y() + 1
        self.set_line_width(0.25)
        self.line(middle - length / 2, y, middle + length / 2, y)
        self.set_y(y + 1)

    def _title(self, title: blocks.Title) -> None:
        self.ln(8)
        for text, style in ((title.kind, "B"), (title.subject, "B"), (title.window, "I")):
            self._face(14 if style == "B" else _BODY, style)
            self._lines(text, self.epw, Align.C, self.l_margin)
        self._rule(self.l_margin + self.epw / 2, 50)
        self.ln(4)
        self._face(_BODY)
        self._lines(title.addressee, self.epw, Align.C, self.l_margin)
        self.ln(4)

    def _heading(self, level: int, text: str) -> None:
        self.ln(3 if level == 1 else 2)
        self._face(14 if level == 1 else _BODY, "B")
        self.start_section(self._text(text), level - 1)
        self._lines(text, self.epw, Align.L, self.l_margin)
        self.ln(1.5)

    def _paragraph(
        self, runs: Iterable[blocks.Run], align: blocks.Align, size: int, indent: float = 0
    ) -> None:
        self._face(size)
        margin = self.l_margin + indent
        with self.text_columns(text_align=_ALIGNED[align], line_height=_LINE, l_margin=margin) as column:
            for run in runs:
                self._face(size, "B" * run.bold + "I" * run.italic)
                column.write(self._text(run.text))
        self.ln(2)

    def _items(self, items: Iterable[tuple[blocks.Run, ...]]) -> None:
        for runs in items:
            self._face(_BODY)
            if self.will_page_break(self._height()):
                self.add_page()
            y = self.get_y()
            self.set_x(self.l_margin + 2)
            self.cell(4, self._height(), "•")
            self.set_xy(self.l_margin, y)
            self._paragraph(runs, blocks.Align.JUSTIFY, _BODY, 6)

    def _table(self, table: blocks.Table) -> None:
        self._face(_CELL)
        rows = tuple(tuple(cell._replace(text=self._text(cell.text)) for cell in row) for row in table.rows)
        table = blocks.split_tall_rows(blocks.Table(table.columns, rows), self.get_string_width)
        self.set_line_width(0.2)
        with self.table(
            col_widths=tuple(column.width for column in table.columns),
            width=blocks.WIDTH,
            line_height=self._height(),
            padding=(0.6, 1.2, 0.6, 1.2),
            align="LEFT",
            headings_style=FontFace(emphasis="BOLD", size_pt=_SMALL),
            v_align="TOP",
        ) as drawn:
            headings = drawn.row()
            for column in table.columns:
                headings.cell(self._text(column.heading), align=Align.C)
            for row in table.rows:
                line = drawn.row()
                for cell, column in zip(row, table.columns, strict=True):
                    line.cell(
                        cell.text,
                        align=_ALIGNED[column.align],
                        style=_LOOKS[cell.bold, cell.link is not None],
                        link=cell.link,
                    )
        self.ln(3)

    def _signature(self, block: blocks.Signature) -> None:
        self.ln(6)
        top = self.get_y()
        self._face(12, "BI")
        self._lines(block.heading, 75, Align.L, self.l_margin)
        self._face(11)
        for recipient in block.recipients:
            self._lines(recipient, 75, Align.L, self.l_margin)
        self.set_y(top)
        self._face(_BODY, "B")
        self._lines(block.office, 85, Align.C, 105)
        self._face(12, "I")
        self._lines(block.hint, 85, Align.C, 105)
        # Room for the signature, as far as the page has it.
        self.set_y(min(self.get_y() + 25, self.page_break_trigger))
