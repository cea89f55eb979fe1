"""Rows files: CSV as Excel and others write it, and XLSX. Each row becomes a draft or its faults."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.errors import InputError, Message, message
from cchc_cli.domain.reading import unknown
from cchc_cli.domain.text import fold, nearest, text_fault, unguarded
from cchc_cli.services.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS = (
    "date",
    "agency",
    "activity",
    "amount",
    "form",
    "repeat",
    "title",
    "evidence",
    "note",
    "external_id",
)
_NEEDED = ("date", "agency", "activity")
_NAMES = (
    "ngày",
    "cơ quan",
    "hoạt động",
    "số lượng",
    "hình thức",
    "phát lại",
    "tiêu đề",
    "minh chứng",
    "ghi chú",
    "mã",
)
"""The same columns in Vietnamese."""
_HEADINGS = {
    fold(name): column for names in (COLUMNS, _NAMES) for name, column in zip(names, COLUMNS, strict=True)
}
_YES = frozenset({"yes", "y", "true", "1", "x", "co"})
_NO = frozenset({"", "no", "n", "false", "0", "khong"})
_EVIDENCE = re.compile(r"\s*(?:\n|;\s)\s*")

_LARGEST_UNPACKED = 256 * 1024 * 1024
_LARGEST_STRINGS = 32 * 1024 * 1024
_LARGEST_RATIO = 200
_SMALL = 1024 * 1024
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 64

Row = tuple[int, Draft | list[tuple[str, Message]]]


def read_rows(path: Path) -> Iterator[Row]:
    """Give each row of the file with its number, the heading being row 1; blank rows are passed over.

    Raises InputError where the file as a whole cannot be used.
    """
    records = _xlsx(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path)
    number, heading = next(
        ((n, cells) for n, cells in records if any(cell.strip() for cell in cells)), (1, [])
    )
    if not heading:
        raise InputError(message("{path}: the file is empty", path=str(path)))
    columns = _columns(path, heading)
    return (
        (row, _draft(columns, cells))
        for row, cells in ((row - number + 1, cells) for row, cells in records)
        if any(cell.strip() for cell in cells)
    )


def _columns(path: Path, heading: list[str]) -> list[str]:
    while heading and not heading[-1].strip():
        heading = heading[:-1]
    found: list[str] = []
    faults: list[Message] = []
    for text in heading:
        name = _HEADINGS.get(fold(text))
        if name is None:
            faults.append(unknown(message("column"), text, _NAMES if nearest(text, _NAMES) else COLUMNS))
        elif name in found:
            faults.append(message("the column {column} stands twice", column=name))
        found.append(name or "")
    faults.extend(
        message("the column {column} is missing", column=name) for name in _NEEDED if name not in found
    )
    if faults:
        raise InputError(*(message("{path}: row 1: {what}", path=str(path), what=fault) for fault in faults))
    return found


def _draft(columns: list[str], cells: list[str]) -> Draft | list[tuple[str, Message]]:
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if extra:
        return [("", message("more cells than headings: “{text}”", text=extra[0]))]
    values = dict(zip(columns, cells, strict=False))
    broken = [(name, fault) for name, cell in values.items() if (fault := text_fault(cell))]
    if broken:
        return broken
    faults = [(name, message("this cell is empty")) for name in _NEEDED if not values.get(name, "").strip()]
    repeat = fold(values.get("repeat", ""))
    if repeat not in _YES | _NO:
        faults.append(("repeat", message("“{text}” is neither yes nor no", text=values["repeat"])))
    if faults:
        return faults
    return Draft(
        agency=values["agency"].strip(),
        activity=values["activity"].strip(),
        date=values["date"].strip(),
        amount=values.get("amount", "").strip() or None,
        form=values.get("form", "").strip() or None,
        repeat=repeat in _YES,
        title=values.get("title") or None,
        note=values.get("note") or None,
        evidence=tuple(filter(None, _EVIDENCE.split(values.get("evidence", "").strip()))),
        external_id=values.get("external_id", "").strip() or None,
    )


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        _check_regular(path)
        with path.open("rb") as file:
            yield from _csv_records(path, file)
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except OSError as error:
        raise InputError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=error.strerror)
        ) from error


def _check_regular(path: Path) -> None:
    """Refuse what is no file before opening it: a FIFO would hang until somebody writes to it."""
    if path.exists() and not path.is_file():
        raise InputError(message("{path}: this is not a regular file", path=str(path)))


def _csv_records(path: Path, file: io.BufferedReader) -> Iterator[tuple[int, list[str]]]:
    lines = file.peek(65536)[:65536].removeprefix(b"\xef\xbb\xbf").split(b"\n")
    first = next((line for line in lines if line.strip(b" \t\r,;")), b"")
    delimiter = max(",;\t", key=lambda sign: first.count(sign.encode()))
    number = 0
    try:
        with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            for number, cells in enumerate(csv.reader(text, delimiter=delimiter, strict=True), 1):
                # As `history -f csv` writes it: an apostrophe before what would be a formula.
                yield number, [unguarded(cell) for cell in cells]
    except UnicodeDecodeError:
        raise InputError(
            message(
                "{path}:{line}: not UTF-8 text; save the file as “CSV UTF-8”",
                path=str(path),
                line=_broken_line(path),
            )
        ) from None
    except csv.Error as error:
        raise InputError(
            message(
                "{path}:{line}: not readable as CSV: {reason}",
                path=str(path),
                line=number + 1,
                reason=str(error),
            )
        ) from None


def _broken_line(path: Path) -> int:
    """Give the first line that is no UTF-8; the decoder itself runs ahead of the lines."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # noqa: PLC0415 - only XLSX files may cost its start

    _check_regular(path)
    try:
        _check_package(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except InputError:
        raise
    # openpyxl lets whatever its parsers raise through: KeyError, ValueError, ParseError and others.
    except Exception as error:
        raise _unreadable(path, error) from error
    try:
        for sheet in book.worksheets[:1]:
            yield from _sheet(path, sheet)
    except InputError:
        raise
    except Exception as error:
        raise _unreadable(path, error) from error
    finally:
        book.close()


def _sheet(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - openpyxl's worksheet
    """Give each row that stands in a sheet, by the number that the file gives it.

    openpyxl's own rows end where the file says that the sheet does, and rows that stand out of order
    are passed over: what is recorded must not depend on either. Raises InputError for both.
    """
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser  # noqa: PLC0415 - see above

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Any) -> Any:  # noqa: ANN401
            found = super().parse_cell(element)
            if found["value"] is None and element.find(FORMULA_TAG) is not None:
                raise InputError(
                    message(
                        "{path}: cell {cell} holds a formula without a value; save the file in a spreadsheet program first",
                        path=str(path),
                        cell=str(element.get("r")),
                    )
                )
            return found

    book = sheet.parent
    last = 0
    with sheet._get_source() as source:  # noqa: SLF001 - see above
        parser = Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for number, cells in parser.parse():
            if not last < number <= _MOST_ROWS:
                raise InputError(message("{path}: row {row} stands out of order", path=str(path), row=number))
            last = number
            yield number, _in_columns(path, number, cells)


def _in_columns(path: Path, number: int, cells: list[dict[str, Any]]) -> list[str]:
    row: list[str] = []
    for cell in cells:
        text = _cell(cell["value"])
        if not text:
            continue
        column = cell["column"]
        if column > _MOST_COLUMNS or column <= len(row):
            raise InputError(
                message(
                    "{path}: row {row}: more cells than headings: “{text}”",
                    path=str(path),
                    row=number,
                    text=text,
                )
            )
        row.extend([""] * (column - len(row) - 1))
        row.append(text)
    return row


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        message("{path}: not readable as XLSX: {reason}", path=str(path), reason=type(error).__name__)
    )


def _check_package(path: Path) -> None:
    """Refuse what would unpack to far more than it is, before anything is unpacked."""
    with zipfile.ZipFile(path) as package:
        parts: Iterable[zipfile.ZipInfo] = package.infolist()
        size = sum(part.file_size for part in parts)
        swollen = any(
            part.file_size > max(_SMALL, part.compress_size * _LARGEST_RATIO)
            or ("/worksheets/" not in part.filename and part.file_size > _LARGEST_STRINGS)
            for part in parts
        )
    if swollen or size > _LARGEST_UNPACKED:
        raise InputError(message("{path}: unpacks to far too much; save the rows as CSV", path=str(path)))


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever openpyxl finds in a cell
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
