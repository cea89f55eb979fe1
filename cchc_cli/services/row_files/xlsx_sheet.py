"""Reads a sheet of an XLSX file row by row, within limits; row numbers are those of the file."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.services.row_files.cells import BadCell, DayText, NumberText
from cchc_cli.services.row_files.limits import LARGEST_ROW, LARGEST_SHEET, MOST_MERGED, MOST_ROWS, WIDEST
from cchc_cli.services.row_files.xlsx_parts import (
    PIECE,
    Format,
    PackageError,
    TooLargeError,
    feed,
    open_part,
    unescaped,
)

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Generator

_NAME = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_SCANNED = 1 << 20
_MARKS = tuple(b"mergeCell ".decode().encode(encoding)[:-1] for encoding in ("utf-8", "utf-16-le"))
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - days of a calendar
_DAYS_TO_1904 = (_EPOCH_1904 - _EPOCH).days
_LEAP_BUG = 60
"""The serial number of 29 February 1900, which spreadsheets have and the calendar does not."""
_MIDNIGHT = datetime.min.time()
_DIGITS = 15
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?Z?")


class Context(NamedTuple):
    """What the cells of all sheets of a workbook refer to."""

    strings: list[str]
    formats: list[Format]
    since_1904: bool


class Merge(NamedTuple):
    """A merged range over several rows; columns count from 0, rows from 1."""

    column: int
    first: int
    last: int


def sheet_rows(
    package: zipfile.ZipFile, part: str, context: Context
) -> Generator[tuple[int, list[str]], None, None]:
    """Give each row with its number, cells as texts, `NumberText` or `BadCell`.

    Raises PackageError where the sheet cannot be read, TooLargeError where it unpacks to too much.
    """
    reading = _Reading(context)
    with open_part(package, part, LARGEST_SHEET) as source:
        for _ in feed(source, reading.start, reading.end):
            yield from reading.rows
            reading.rows.clear()
            reading.pieces += 1
            if reading.in_row and reading.pieces * PIECE > LARGEST_ROW:
                raise TooLargeError(part)
    if not reading.is_sheet:
        raise PackageError("no worksheet")


def merged_ranges(package: zipfile.ZipFile, part: str) -> list[Merge]:
    """Give the merged ranges of several rows, in the order of their first rows; the file names them at its end."""
    if not _has_merged(package, part):
        return []
    found: list[Merge] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            begin, _, end = attributes.get("ref", "").partition(":")
            column, first = _place(begin)
            _, last = _place(end or begin)
            if last > first:
                found.append(Merge(column, first, last))
            if len(found) > MOST_MERGED:
                raise TooLargeError(part)

    with open_part(package, part, LARGEST_SHEET) as source:
        for _ in feed(source, start, lambda _name, _text: None):
            pass
    return sorted(found, key=lambda merge: merge.first)


def _has_merged(package: zipfile.ZipFile, part: str) -> bool:
    with open_part(package, part, LARGEST_SHEET) as source:
        before = b""
        while piece := source.read(_SCANNED):
            if any(mark in before + piece for mark in _MARKS):
                return True
            before = piece[-32:]
    return False


def _place(name: str) -> tuple[int, int]:
    """Give the column, from 0 on, and the row of a cell such as `B7`."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise PackageError(f"no cell {name}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(found[2])


class _Reading:
    """Collects the rows of one sheet."""

    def __init__(self, context: Context) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.is_sheet = self.in_row = False
        self.pieces = 0
        """Pieces of the XML that were read since the present row began."""
        self._context = context
        self._number = 0
        self._cells: list[str] = []
        self._attributes: dict[str, str] = {}
        self._column = -1
        self._value: str | None = None
        self._formula = self._phonetic = False
        self._texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        if name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._phonetic = True
        elif name == "worksheet":
            self.is_sheet = True

    def end(self, name: str, text: str) -> None:
        """Take the end of an element."""
        if name == "v":
            self._value = text
        elif name == "t":
            if not self._phonetic:
                self._texts.append(text)
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.in_row = False
            self.rows.append((self._number, self._cells))
        elif name == "rPh":
            self._phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        number = int(given) if given else self._number + 1
        if not self._number < number <= MOST_ROWS:
            raise PackageError(f"row {number} is out of order")
        self._number, self._cells, self._column, self.in_row, self.pieces = number, [], -1, True, 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        self._value, self._formula, self._texts = None, False, []
        name = attributes.get("r")
        column, row = _place(name) if name else (self._column + 1, self._number)
        if column <= self._column or row != self._number:
            raise PackageError(f"cell {name} is out of order")
        self._column = column

    def _end_cell(self) -> None:
        text = self._text()
        cells = self._cells
        if text and len(cells) <= WIDEST:
            cells.extend([""] * (min(self._column, WIDEST) - len(cells)))
            cells.append(text)

    def _text(self) -> str:
        value, kind = self._value, self._attributes.get("t", "n")
        if kind == "inlineStr":
            return unescaped("".join(self._texts))
        if value is None or (not value and kind != "str"):
            if self._formula:
                return self._bad("=", message("a formula without a value"))
            return ""
        read = _READERS.get(kind)
        if read is None:
            raise PackageError(f"type {kind}")
        return read(self, value)

    def _shared(self, value: str) -> str:
        number = int(value)
        if not 0 <= number < len(self._context.strings):
            raise PackageError("no such string")
        return self._context.strings[number]

    def _error(self, value: str) -> str:
        return self._bad(value, message("the error {text}", text=value))

    def _iso(self, value: str) -> str:
        if not _ISO.fullmatch(value):
            return self._bad(value, message("a day that no calendar has"))
        day, _, time = value.removesuffix("Z").partition("T")
        return DayText(day if time in {"", "00:00", "00:00:00"} else f"{day} {time}")

    def _numeric(self, value: str) -> str:
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            raise PackageError("no number") from None
        if not number.is_finite() or abs(number.adjusted()) > 400:  # noqa: PLR2004 - of a double
            raise PackageError("no number")
        style = int(self._attributes.get("s", 0))
        formats = self._context.formats
        if not 0 <= style < max(len(formats), 1):
            raise PackageError("no such style")
        shown = formats[style] if formats else Format()
        if shown.is_date:
            return self._day(number)
        # A double has some digits more than a spreadsheet shows, such as 0.30000000000000004.
        plain = number if number == number.to_integral() else Decimal(f"{number:.15g}")
        if shown.is_percent:
            return NumberText(f"{_plain(plain * 100)}%")
        return NumberText(_plain(plain).zfill(shown.digits))

    def _day(self, number: Decimal) -> str:
        """Give the day, and the time if there is one, that a serial number stands for."""
        since_1904 = self._context.since_1904
        serial = float(number)
        if serial < 0:
            return self._bad(_plain(number), message("a day that no calendar has"))
        if serial < 1 and not since_1904:
            return _time_text(serial)
        if serial < _LEAP_BUG and not since_1904:
            serial += 1
        try:
            moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(seconds=round(serial * 86400))
        except OverflowError:
            return self._bad(_plain(number), message("a day that no calendar has"))
        midnight = moment.time() == _MIDNIGHT
        return DayText(moment.date().isoformat() if midnight else moment.isoformat(" "))

    def _bad(self, text: str, what: Message) -> BadCell:
        return BadCell(
            text,
            message(
                "cell {cell} holds {what}; correct it in a spreadsheet program and save the file",
                cell=self._attributes.get("r", "?"),
                what=what,
            ),
        )


_READERS: dict[str, Callable[[_Reading, str], str]] = {
    "s": _Reading._shared,  # noqa: SLF001 - of this module
    "str": lambda _, value: unescaped(value),
    "b": lambda _, value: "yes" if value.strip() in {"1", "true"} else "no",
    "e": _Reading._error,  # noqa: SLF001 - of this module
    "d": _Reading._iso,  # noqa: SLF001 - of this module
    "n": _Reading._numeric,  # noqa: SLF001 - of this module
}
"""How a value is read, by the type of the cell."""


def _plain(number: Decimal) -> str:
    """Write a number without an exponent, if it has not too many digits, and without trailing zeros."""
    if number.adjusted() > 2 * _DIGITS:
        return f"{number:e}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time_text(serial: float) -> str:
    return DayText((_EPOCH + timedelta(seconds=round(serial * 86400))).time().isoformat())
