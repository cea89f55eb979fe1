"""Writes sheets of a workbook (XLSX): styles, cells without formulas, the same bytes for the same content.

Rows are written one by one, so memory does not grow with their number.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import CellIsRule, Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.functions import tostring

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, escape_formula, safe
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.locale import day_text, render
from cchc_cli.reports.wording.words import status_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | date | datetime | None
Row = list[Value]

TEXT, WRAPPED, NUMBER, SHARE, DAY, MOMENT, HEADING, TITLE = (
    "cchc text",
    "cchc wrapped",
    "cchc number",
    "cchc share",
    "cchc day",
    "cchc moment",
    "cchc heading",
    "cchc title",
)
"""The styles of cells, by name."""

NO_RATE = "–"
"""Stands for a rate with the denominator 0: neither 0 nor 100 %."""

# Background and text; each pair has a contrast above 7 : 1, and the word alone says the same.
COLOURS: dict[Status, tuple[str, str]] = {
    Status.MET: ("CDEBDD", "063F2B"),
    Status.PARTIAL: ("FFE9A8", "4A3500"),
    Status.MISSED: ("F6BFA3", "5A1700"),
    Status.AT_RISK: ("FFD9B8", "552B00"),
    Status.PENDING: ("D3E7F8", "0B3557"),
    Status.UPCOMING: ("ECEEF0", "3A4148"),
    Status.WAIVED: ("E6DAF2", "3C1F5C"),
}

_A4 = "9"
_GRID = Side(style="thin", color="C3CAD1")
_INK = "1F3A4D"
_FONT = "Calibri"
_WRAPPING = frozenset({WRAPPED, TITLE, HEADING})
_LINE_HEIGHT, _MAX_ROW_HEIGHT = 15.0, 405.0
"""Height of a line, and the greatest height of a row, in points."""
_MAX_CELL_TEXT = 8000
"""Characters of a text that go into one cell. A cell holds 32,767 UTF-16 units: a character may need two of
them, and an underscore that would be read as an escape seven."""

_MAX_HEADER_TEXT = 100
"""Characters of a name in the header of a page."""

_FIRST_DAY = date(1900, 3, 1)
"""Spreadsheet programs disagree about the numbers of earlier days."""


class Column(NamedTuple):
    """A column of a sheet: its heading, its width in characters, the style of its cells."""

    heading: Message
    width: int
    style: str = TEXT


_LONG_TEXTS_SHEET = message("Long texts")
_LONG_TEXTS_COLUMNS = (
    Column(message("No."), 8, NUMBER),
    Column(message("Part"), 8, NUMBER),
    Column(message("Text"), 120, WRAPPED),
)


class Book:
    """Builds a workbook: add tables and pages, then call `finish`."""

    def __init__(self, day: date, title: str, extent: str, as_of: str, identifier: str) -> None:
        """Begin; `day`, `title` and `identifier` are properties of the file; `extent` and `as_of` the header of each page."""
        self._book = Workbook(write_only=True)
        self._day = day
        self._title, self._extent, self._as_of = title, extent, as_of
        self._identifier = identifier
        self._long_texts: list[str] = []
        for style in _styles(day_format()):
            self._book.add_named_style(style)

    def table(
        self, name: Message, columns: Sequence[Column], rows: Iterable[Row], status_at: int = 0
    ) -> None:
        """Add a sheet of rows under headings; column number `status_at` (from 1) is coloured by status."""
        sheet = self._sheet(name, [column.width for column in columns])
        sheet.freeze_panes = "C2" if len(columns) > len(_LONG_TEXTS_COLUMNS) else "A2"
        widths, styles = [column.width for column in columns], [column.style for column in columns]
        self._append(
            sheet, 1, [render(column.heading) for column in columns], [HEADING] * len(columns), widths
        )
        last = 1
        for last, row in enumerate(rows, 2):
            self._append(sheet, last, row, styles, widths)
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
        sheet.print_title_rows = "1:1"
        if status_at:
            letter = get_column_letter(status_at)
            _colour_by_status(sheet, f"{letter}2:{letter}{max(last, 2)}")

    def page(self, name: Message, widths: Sequence[int], rows: Iterable[tuple[str, Row]]) -> None:
        """Add a sheet for reading: each row has the style of its first cell; other cells follow their values."""
        sheet = self._sheet(name, widths)
        for number, (style, row) in enumerate(rows, 1):
            styles = [style, *(style if style == HEADING else _style_of(value) for value in row[1:])]
            self._append(sheet, number, row, styles, widths)

    def finish(self) -> bytes:
        """Add a sheet of the texts too long for a cell, and give the file."""
        if self._long_texts:
            texts = enumerate(self._long_texts, 1)
            self.table(
                _LONG_TEXTS_SHEET,
                _LONG_TEXTS_COLUMNS,
                ([no, part, text] for no, whole in texts for part, text in _text_parts(whole)),
            )
        properties = self._book.properties
        properties.creator, properties.title, properties.subject = "cchc", self._title, self._extent or None
        properties.identifier = self._identifier
        raw = BytesIO()
        self._book.save(raw)
        return _archive_without_dates(raw, self._book, self._day)

    def _sheet(self, name: Message, widths: Sequence[int]) -> Worksheet:
        # A write-only sheet has all members of Worksheet that are used here, but its type does not say so.
        sheet = cast("Worksheet", self._book.create_sheet(render(name)))
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToHeight = 0
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.7, bottom=0.7, header=0.3, footer=0.3)
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        if sheet.oddHeader is not None and sheet.oddFooter is not None:
            # In a header, & begins a code; the whole header may have 255 characters.
            sheet.oddHeader.left.text = self._extent[:_MAX_HEADER_TEXT].replace("&", "&&") or None
            sheet.oddHeader.right.text = self._as_of or None
            sheet.oddFooter.center.text = "&P / &N"
        return sheet

    def _append(
        self, sheet: Worksheet, number: int, row: Row, styles: Sequence[str], widths: Sequence[int]
    ) -> None:
        lines = max(map(_line_count, row, styles, widths), default=1)
        if lines > 1:
            # Not every program adjusts the height of a row to its wrapped text.
            sheet.row_dimensions[number].height = min(lines * _LINE_HEIGHT, _MAX_ROW_HEIGHT)
        sheet.append([self._cell(sheet, value, style) for value, style in zip(row, styles, strict=False)])
        sheet.row_dimensions.pop(number, None)  # Already written: do not keep it in memory.

    def _cell(self, sheet: Worksheet, value: Value, style: str) -> Cell:
        if isinstance(value, str):
            return self._text_cell(sheet, value, style)
        if isinstance(value, date) and _is_before(value, _FIRST_DAY):
            return self._text_cell(sheet, day_text(value), style)
        cell = WriteOnlyCell(sheet, cast("Any", value))
        cell.style = style
        if isinstance(value, float) and style == NUMBER:
            cell.number_format = "#,##0.0##"
        return cell

    def _text_cell(self, sheet: Worksheet, value: str, style: str) -> Cell:
        text = self._shortened(_safe_lines(value))
        cell = WriteOnlyCell(sheet, _ESCAPE.sub("_x005F_", text))
        # openpyxl takes “=1+1” for a formula and “#N/A” for an error; the type and the prefix keep them text,
        # also when somebody edits the cell.
        cell.data_type = "s"
        cell.style = style
        if escape_formula(text) != text:
            cell.quotePrefix = True
        return cell

    def _shortened(self, text: str) -> str:
        if len(text) <= _MAX_CELL_TEXT:
            return text
        self._long_texts.append(text)
        return render(
            message(
                "{start} … (in full on the sheet “{sheet}”, no. {no})",
                start=safe(text)[:_MAX_CELL_TEXT],
                sheet=_LONG_TEXTS_SHEET,
                no=len(self._long_texts),
            )
        )


def _safe_lines(text: str) -> SafeText:
    """Escape each line. A cell may have several, so that the text is the same when it is read from the sheet."""
    if isinstance(text, SafeText):
        return text
    return SafeText("\n".join(map(safe, text.replace("\r\n", "\n").split("\n"))))


# Spreadsheets read `_x0041_` as A.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def _line_count(value: Value, style: str, width: int) -> int:
    """Estimate how many lines a text takes in its column."""
    if not isinstance(value, str) or style not in _WRAPPING:
        return 1
    return sum(max(-(-len(line) // width), 1) for line in value.split("\n"))


def _style_of(value: Value) -> str:
    return (
        SHARE
        if isinstance(value, float) or value == NO_RATE
        else NUMBER
        if isinstance(value, int)
        else WRAPPED
    )


def _is_before(day: date, first: date) -> bool:
    return (day.date() if isinstance(day, datetime) else day) < first


def _text_parts(text: str) -> Iterator[tuple[int, str]]:
    for number in count(1):
        part = text[(number - 1) * _MAX_CELL_TEXT : number * _MAX_CELL_TEXT]
        if not part:
            return
        yield number, part


def day_format() -> str:
    """Give the number format of a date as the language writes it."""
    # Derived from `day_text`, with a day whose year, month and day are different numbers.
    return day_text(date(2033, 11, 22)).replace("2033", "yyyy").replace("11", "mm").replace("22", "dd")


def _styles(days: str) -> Iterator[NamedStyle]:
    formats = {NUMBER: "#,##0", SHARE: "0.0%", DAY: days, MOMENT: f"{days} hh:mm"}
    for name in (TEXT, WRAPPED, NUMBER, SHARE, DAY, MOMENT, TITLE):
        yield NamedStyle(
            name,
            font=Font(name=_FONT, size=11, bold=name == TITLE, color=_INK if name == TITLE else None),
            border=Border(bottom=_GRID),
            alignment=_alignment(name, number=name in formats),
            number_format=formats.get(name, "General"),
        )
    yield NamedStyle(
        HEADING,
        font=Font(name=_FONT, size=11, bold=True, color="FFFFFF"),
        fill=PatternFill("solid", fgColor=_INK),
        alignment=Alignment(vertical="center", wrap_text=True),
    )


def _alignment(style: str, *, number: bool) -> Alignment:
    if number:
        return Alignment(vertical="top", horizontal="right", indent=1)
    return Alignment(vertical="top", wrap_text=style in _WRAPPING)


def _colour_by_status(sheet: Worksheet, cells: str) -> None:
    """Colour cells by the status that they name, with rules that also follow later edits."""
    for status, (background, text_colour) in COLOURS.items():
        named = '"{}"'.format(status_word(status).replace('"', '""'))
        rule: Rule = CellIsRule(  # type: ignore[no-untyped-call]  # it has no annotations
            operator="equal",
            formula=[named],
            font=Font(color=text_colour, bold=status is Status.MISSED),
            fill=PatternFill("solid", bgColor=background),
        )
        sheet.conditional_formatting.add(cells, rule)


_APP = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>cchc</Application></Properties>"
)


def _archive_without_dates(raw: BytesIO, book: Workbook, day: date) -> bytes:
    """Write the parts to a new archive, in their order, without times and without the version of openpyxl."""
    book.properties.created = book.properties.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - openpyxl wants it without offset
    fixed = {"docProps/app.xml": _APP, "docProps/core.xml": tostring(book.properties.to_tree())}
    packed = BytesIO()
    with ZipFile(raw) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            part.create_system = 3
            with old.open(name) as source:
                new.writestr(part, fixed.get(name) or source.read())
    return packed.getvalue()
