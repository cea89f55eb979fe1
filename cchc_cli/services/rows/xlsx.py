"""Reads the first sheet of an XLSX file, row by row, within limits; row numbers are those of the file."""

from __future__ import annotations

import re
import warnings
import zipfile
from contextlib import redirect_stdout
from datetime import date, datetime
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.services.rows.limits import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_UNPACKED = 256 * 1024 * 1024
_LARGEST_STRINGS = 8 * 1024 * 1024
_LARGEST_PART = 2 * 1024 * 1024
"""For parts that are read whole, such as styles; rows are read one by one."""
_LARGEST_ROW = 1024 * 1024
_LARGEST_RATIO = 200
_ALWAYS_ALLOWED = 1024 * 1024
"""A part that unpacks to so much may have any ratio."""
_MOST_ROWS = 1_048_576
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CHUNK = 1 << 20


def read_workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row of the first sheet with its number, cells as text. Raises InputError."""
    import openpyxl  # noqa: PLC0415 - slow to import

    try:
        _check_package(path)
        # openpyxl warns of unknown extensions, and prints what it finds wrong.
        warnings.filterwarnings("ignore", module="openpyxl")
        with redirect_stdout(StringIO()):
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InputError, OSError):
        raise
    except MemoryError as error:
        raise _too_large(path) from error
    # openpyxl passes on whatever its parsers raise: KeyError, ValueError, ParseError and others.
    except Exception as error:
        raise _unreadable(path, error) from error
    try:
        for sheet in book.worksheets[:1]:
            _check_row_sizes(path, sheet)
            yield from _sheet_rows(path, sheet)
    except InputError:
        raise
    except MemoryError as error:
        raise _too_large(path) from error
    except Exception as error:
        raise _unreadable(path, error) from error
    finally:
        book.close()


def _sheet_rows(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - openpyxl's worksheet
    """Give each row of a sheet with the number that the file gives it.

    openpyxl's public reader stops where the file says that the sheet ends, and skips rows that are out of
    order. No row may be lost, so this uses its internal parser. Raises InputError for rows out of order.
    """
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser  # noqa: PLC0415 - slow to import

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Any) -> Any:  # noqa: ANN401 - an XML element
            found = super().parse_cell(element)
            if found["value"] is None and element.find(FORMULA_TAG) is not None:
                raise _cell_fault(path, element, message("a formula without a value"))
            if found["data_type"] == "e":
                raise _cell_fault(path, element, message("an error"))
            return found

    book = sheet.parent
    last = 0
    with sheet._get_source() as source:  # noqa: SLF001 - see above
        parser = Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001 - see above
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - see above
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - see above
        )
        for number, cells in parser.parse():
            if not last < number <= _MOST_ROWS:
                raise InputError(message("{path}: row {row} is out of order", path=str(path), row=number))
            last = number
            yield number, _cells_by_column(path, number, cells)


def _cell_fault(path: Path, element: Any, what: Message) -> InputError:  # noqa: ANN401 - an XML element
    return InputError(
        message(
            "{path}: cell {cell} holds {what}; correct it in a spreadsheet program and save the file",
            path=str(path),
            cell=str(element.get("r")),
            what=what,
        )
    )


def _check_row_sizes(path: Path, sheet: Any) -> None:  # noqa: ANN401 - openpyxl's worksheet
    """Raise InputError where one row is too large to be held in memory."""
    since = 0
    with sheet._get_source() as source:  # noqa: SLF001 - as in _sheet_rows
        while piece := source.read(_CHUNK):
            ends = [0, *(found.start() for found in _ROW.finditer(piece)), len(piece)]
            runs = [later - earlier for earlier, later in pairwise(ends)]
            runs[0] += since
            since = runs[-1]
            if max(runs) > _LARGEST_ROW:
                raise _too_large(path)


def _too_large(path: Path) -> InputError:
    return InputError(message("{path}: unpacks to far too much; save the rows as CSV", path=str(path)))


def _cells_by_column(path: Path, number: int, cells: list[dict[str, Any]]) -> list[str]:
    row: list[str] = []
    for cell in cells:
        text = _cell_text(cell["value"])
        if not text:
            continue
        column = cell["column"]
        if column > MOST_COLUMNS or column <= len(row):
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
    """Raise InputError for a decompression bomb, before anything is unpacked."""
    with zipfile.ZipFile(path) as package:
        parts = package.infolist()
        size = sum(part.file_size for part in parts)
        swollen = any(
            part.file_size > max(_ALWAYS_ALLOWED, part.compress_size * _LARGEST_RATIO)
            or part.file_size > _largest_part(part.filename)
            for part in parts
        )
    if swollen or size > _LARGEST_UNPACKED:
        raise _too_large(path)


def _largest_part(name: str) -> int:
    if "/worksheets/" in name:
        return _LARGEST_UNPACKED
    return _LARGEST_STRINGS if name.lower().endswith("sharedstrings.xml") else _LARGEST_PART


def _cell_text(value: Any) -> str:  # noqa: ANN401 - whatever openpyxl finds in a cell
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
