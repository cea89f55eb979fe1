"""A report as PDF on A4 with embedded fonts; the same report gives the same bytes."""

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
from cchc_cli.domain.records.hash_chain import marked_head
from cchc_cli.locale import current_language, render
from cchc_cli.reports.paper import blocks
from cchc_cli.reports.paper.outline import outline
from cchc_cli.reports.wording.about import extent_words, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cchc_cli.domain.results.reviews import Report

FONTS = Path(__file__).resolve().parent / "fonts"
FONT = "Liberation Serif"
_STYLES = {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}
_BODY, _CELL, _SMALL = 13, 11, 10
_ALIGNMENTS = {
    blocks.Align.LEFT: Align.L,
    blocks.Align.CENTER: Align.C,
    blocks.Align.RIGHT: Align.R,
    blocks.Align.JUSTIFY: Align.J,
}
_CELL_STYLES = {
    (False, False): None,
    (True, False): FontFace(emphasis=TextEmphasis.B),
    (False, True): FontFace(emphasis=TextEmphasis.U),
    (True, True): FontFace(emphasis=TextEmphasis.B | TextEmphasis.U),
}
"""The style of a cell: whether it is bold, and whether it is a link."""

_LINE_HEIGHT = 1.2
"""Height of a line as a multiple of the font size."""


def render_report(report: Report) -> bytes:
    """Give the report as a PDF."""
    pdf = _Pdf(report)
    document = outline(report)
    for block, height in zip(document, _needed_heights(document), strict=True):
        pdf.draw(block, height)
    return pdf.to_bytes()


_NEEDED_HEIGHTS: dict[type, float] = {blocks.Heading: 12, blocks.Table: 32, blocks.Signature: 34}
"""Millimetres that must be left on a page for a block to begin there."""

_OTHER_HEIGHT = 14
"""The same for all other blocks: a few lines."""


def _needed_heights(document: Sequence[blocks.Block]) -> list[float]:
    """Give the height that each block needs; one that introduces another needs the height of both."""
    heights = [0.0]
    for block, following in reversed(list(pairwise((*document, blocks.NewPage())))):
        height = _NEEDED_HEIGHTS.get(type(block), _OTHER_HEIGHT)
        introduces = isinstance(block, blocks.Heading) or (
            isinstance(block, blocks.Paragraph) and isinstance(following, blocks.Table | blocks.Signature)
        )
        heights.append(height + (heights[-1] if introduces else 0))
    return heights[:0:-1]


class _Pdf(FPDF):
    """A4 with the margins of the decree; draws each kind of block."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        # fpdf2 warns of characters that the font lacks; `_printable` has replaced them before.
        logging.getLogger("fpdf").setLevel(logging.ERROR)
        # By default fpdf2 replaces {nb} in any text by the number of pages.
        self.alias_nb_pages(None)  # type: ignore[arg-type]  # its type forbids None
        self.c_margin = 0
        self.set_margins(30, 20, 20)
        self.set_auto_page_break(auto=True, margin=20)
        for style, name in _STYLES.items():
            self.add_font(FONT, style, FONTS / f"LiberationSerif-{name}.ttf")
        self._glyphs = set.intersection(
            *(set(font.cmap) for font in self.fonts.values() if isinstance(font, TTFFont))
        )
        self._replaced_glyphs = False
        day = report.assessment.cutoff.day
        self.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))
        self.set_title(subject(report))
        if extent := extent_words(report.assessment.extent):
            self.set_subject(extent)
        self.set_keywords(marked_head(report.assessment.chain))
        self.set_lang(current_language())
        self.set_producer("cchc")
        self.set_creator("cchc")
        self.add_page()

    def header(self) -> None:
        """Write the page's number at the top, from the second page on."""
        if self.page_no() > 1:
            self._use_font(_BODY)
            self.set_y(10)
            self.cell(0, 6, str(self.page_no()), align=Align.C)
            self.set_y(self.t_margin)

    def draw(self, block: blocks.Block, needed: float) -> None:
        """Draw a block, on a new page if this one has less than `needed` millimetres left."""
        if self.will_page_break(needed):
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

    def to_bytes(self) -> bytes:
        """Give the file; a last line explains how characters are shown that the font lacks."""
        if self._replaced_glyphs:
            note = message("‹U+…› stands for a character that the font lacks, by its Unicode code point.")
            self._paragraph((blocks.Run(render(note), italic=True),), blocks.Align.LEFT, _SMALL)
        return bytes(self.output())

    def _use_font(self, size: float, style: str = "") -> None:
        self.set_font(FONT, style, size)

    def _printable(self, text: str) -> str:
        """Compose letters (NFC), and replace characters that the font lacks by their code points."""
        composed = unicodedata.normalize("NFC", text)
        if all(ord(char) in self._glyphs for char in composed):
            return composed
        self._replaced_glyphs = True
        return "".join(char if ord(char) in self._glyphs else f"‹U+{ord(char):04X}›" for char in composed)

    def _height(self) -> float:
        return self.font_size * _LINE_HEIGHT

    def _write_lines(self, text: str, width: float, align: Align, x: float) -> None:
        self.set_x(x)
        self.multi_cell(
            width, self._height(), self._printable(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _letterhead(self, head: blocks.Letterhead) -> None:
        top = self.get_y()
        below = [
            self._letterhead_half(top, 30, 62, (head.issuer[0], 12, ""), (head.issuer[1], 12, "B")),
            self._letterhead_half(top, 92, 98, (head.nation[0], 12, "B"), (head.nation[1], 13, "B")),
        ]
        self.set_y(max(below) + 3)
        row = self.get_y()
        self._use_font(13)
        self._write_lines(head.number, 62, Align.C, 30)
        self.set_y(row)
        self._use_font(13, "I")
        self._write_lines(head.place, 98, Align.C, 92)

    def _letterhead_half(self, top: float, x: float, width: float, *lines: tuple[str, int, str]) -> float:
        """Write one half of the letterhead with the short line under it; give the y of its end."""
        self.set_y(top)
        for text, size, style in lines:
            self._use_font(size, style)
            self._write_lines(text, width, Align.C, x)
        self._draw_rule(x + width / 2, width / 2)
        return self.get_y()

    def _draw_rule(self, middle: float, length: float) -> None:
        y = self.get_y() + 1
        self.set_line_width(0.25)
        self.line(middle - length / 2, y, middle + length / 2, y)
        self.set_y(y + 1)

    def _title(self, title: blocks.Title) -> None:
        self.ln(8)
        for text, style in ((title.kind, "B"), (title.subject, "B"), (title.window, "I")):
            self._use_font(14 if style == "B" else _BODY, style)
            self._write_lines(text, self.epw, Align.C, self.l_margin)
        self._draw_rule(self.l_margin + self.epw / 2, 50)
        self.ln(4)
        self._use_font(_BODY)
        self._write_lines(title.addressee, self.epw, Align.C, self.l_margin)
        self.ln(4)

    def _heading(self, level: int, text: str) -> None:
        self.ln(3 if level == 1 else 2)
        self._use_font(14 if level == 1 else _BODY, "B")
        self.start_section(self._printable(text), level - 1)
        self._write_lines(text, self.epw, Align.L, self.l_margin)
        self.ln(1.5)

    def _paragraph(
        self, runs: Iterable[blocks.Run], align: blocks.Align, size: int, indent: float = 0
    ) -> None:
        self._use_font(size)
        margin = self.l_margin + indent
        with self.text_columns(
            text_align=_ALIGNMENTS[align], line_height=_LINE_HEIGHT, l_margin=margin
        ) as column:
            for run in runs:
                self._use_font(size, "B" * run.bold + "I" * run.italic)
                column.write(self._printable(run.text))
        self.ln(2)

    def _items(self, items: Iterable[tuple[blocks.Run, ...]]) -> None:
        for runs in items:
            self._use_font(_BODY)
            if self.will_page_break(self._height()):
                self.add_page()
            y = self.get_y()
            self.set_x(self.l_margin + 2)
            self.cell(4, self._height(), "•")
            self.set_xy(self.l_margin, y)
            self._paragraph(runs, blocks.Align.JUSTIFY, _BODY, 6)

    def _table(self, table: blocks.Table) -> None:
        self._use_font(_CELL)
        rows = tuple(
            tuple(cell._replace(text=self._printable(cell.text)) for cell in row) for row in table.rows
        )
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
        ) as pdf_table:
            headings = pdf_table.row()
            for column in table.columns:
                headings.cell(self._printable(column.heading), align=Align.C)
            for row in table.rows:
                line = pdf_table.row()
                for cell, column in zip(row, table.columns, strict=True):
                    line.cell(
                        cell.text,
                        align=_ALIGNMENTS[column.align],
                        style=_CELL_STYLES[cell.bold, cell.link is not None],
                        link=cell.link,
                    )
        self.ln(3)

    def _signature(self, block: blocks.Signature) -> None:
        self.ln(6)
        top = self.get_y()
        self._use_font(12, "BI")
        self._write_lines(block.heading, 75, Align.L, self.l_margin)
        self._use_font(11)
        for recipient in block.recipients:
            self._write_lines(recipient, 75, Align.L, self.l_margin)
        self.set_y(top)
        self._use_font(_BODY, "B")
        self._write_lines(block.office, 85, Align.C, 105)
        self._use_font(12, "I")
        self._write_lines(block.hint, 85, Align.C, 105)
        # Space for the signature, as far as there is some on the page.
        self.set_y(min(self.get_y() + 25, self.page_break_trigger))
