"""Reads the rows of an XLSX file: finds the sheet with the headings, and fills merged cells."""

from __future__ import annotations

import zipfile
from collections import deque
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.services.row_files.cells import BadCell
from cchc_cli.services.row_files.columns import COLUMNS
from cchc_cli.services.row_files.headings import COMPLETE, HEADING_WITHIN, has_rows_below, heading_score
from cchc_cli.services.row_files.xlsx_parts import (
    TooLargeError,
    read_formats,
    read_strings,
    read_workbook,
)
from cchc_cli.services.row_files.xlsx_sheet import Context, merged_ranges, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cchc_cli.services.row_files.headings import NumberedRow
    from cchc_cli.services.row_files.xlsx_parts import SheetPart
    from cchc_cli.services.row_files.xlsx_sheet import Merge

_FILLED = frozenset(column.code for column in COLUMNS if column.merges)


class OpenWorkbook(NamedTuple):
    """A workbook that is being read."""

    rows: Iterator[NumberedRow]
    """The rows of the sheet with the headings; cells are texts, `NumberText` or `BadCell`."""
    merged: list[Merge]
    """Its merged ranges of several rows."""


def open_workbook(path: Path, notes: list[Message], *, has_agency: bool) -> OpenWorkbook:
    """Begin to read the one visible sheet that has the headings. Raises InputError.

    Hidden sheets are not read. `notes` gets the name of the sheet where it is one of several.
    With `has_agency` the headings need no column of agencies.
    """
    with _told(path):
        package = zipfile.ZipFile(path)
    try:
        with _told(path):
            workbook = read_workbook(package)
            context = Context(
                read_strings(package, workbook.strings),
                read_formats(package, workbook.styles),
                workbook.since_1904,
            )
            begins = {sheet: _first_rows(package, sheet, context) for sheet in dict.fromkeys(workbook.sheets)}
            sheet = _choose_sheet(path, begins, notes, has_agency=has_agency)
            merged = merged_ranges(package, sheet.part) if sheet else []
    except InputError:
        package.close()
        raise
    return OpenWorkbook(_rows(path, package, sheet, context), merged)


def _rows(
    path: Path, package: zipfile.ZipFile, sheet: SheetPart | None, context: Context
) -> Iterator[NumberedRow]:
    with package, _told(path):
        if sheet:
            yield from filter(_is_filled, sheet_rows(package, sheet.part, context))


def _is_filled(row: NumberedRow) -> bool:
    return bool("".join(row[1]).strip())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong with a package into an InputError that names the file."""
    try:
        yield
    except (InputError, OSError):
        raise
    except (TooLargeError, MemoryError) as error:
        raise InputError(
            message("{path}: unpacks to far too much; save the rows as CSV", path=str(path))
        ) from error
    # zipfile, zlib, expat and the conversions of numbers raise errors of many kinds.
    except Exception as error:
        raise InputError(
            message(
                "{path}: not readable as XLSX, the file is damaged ({reason}); open it in a spreadsheet program and save it again",
                path=str(path),
                reason=type(error).__name__,
            )
        ) from error


def _first_rows(package: zipfile.ZipFile, sheet: SheetPart, context: Context) -> list[NumberedRow]:
    rows = sheet_rows(package, sheet.part, context)
    try:
        return list(islice(filter(_is_filled, rows), HEADING_WITHIN + 2))
    finally:
        rows.close()


def _choose_sheet(
    path: Path, begins: dict[SheetPart, list[NumberedRow]], notes: list[Message], *, has_agency: bool
) -> SheetPart | None:
    """Give the one visible sheet with all the headings, else the one with most; None where all are empty."""
    scores = {sheet: heading_score(rows, agency=has_agency) for sheet, rows in begins.items() if rows}
    complete = [sheet for sheet, score in scores.items() if score >= COMPLETE]
    visible = [sheet for sheet in complete if not sheet.hidden]
    filled = [sheet for sheet in visible if has_rows_below(begins[sheet], agency=has_agency)]
    visible = filled or visible[:1]
    if len(visible) > 1:
        raise InputError(
            message(
                "{path}: several sheets have the headings: {sheets}; save each as a file of its own, or delete the others",
                path=str(path),
                sheets=[f"“{sheet.name}”" for sheet in visible],
            )
        )
    if complete and not visible:
        raise InputError(
            message(
                "{path}: the sheet “{sheet}” with the headings is hidden; show it and save the file",
                path=str(path),
                sheet=complete[0].name,
            )
        )
    shown = [sheet for sheet in scores if not sheet.hidden]
    chosen = visible[0] if visible else max(shown, key=scores.__getitem__, default=None)
    if chosen and len(shown) > 1:
        others = [f"“{sheet.name}”" for sheet in shown if sheet is not chosen]
        notes.append(
            message("read: the sheet “{sheet}”; not read: {others}", sheet=chosen.name, others=others)
        )
    return chosen


def fill_merged(
    rows: Iterator[NumberedRow], merged: Sequence[Merge], places: Mapping[str, int]
) -> Iterator[NumberedRow]:
    """Give rows in which a cell that is merged over several rows stands for each of them.

    An amount or an id does not: its cells become faults. `places` are the places of the columns by their codes.
    """
    codes = {place: code for code, place in places.items()}
    waiting = deque(merge for merge in merged if merge.column in codes)
    active: dict[int, tuple[Merge, str]] = {}
    for number, cells in rows:
        while waiting and waiting[0].first <= number:
            merge = waiting.popleft()
            text = cells[merge.column] if merge.first == number and merge.column < len(cells) else ""
            if text and codes[merge.column] not in _FILLED:
                text = BadCell(text, _merged_fault(merge))
            active[merge.column] = merge, text
        for column, (merge, text) in list(active.items()):
            if number > merge.last:
                del active[column]
            elif text:
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = text
        yield number, cells


def _merged_fault(merge: Merge) -> Message:
    return message(
        "this cell is merged over the rows {first} to {last}; split it, and give each row its own",
        first=str(merge.first),
        last=str(merge.last),
    )
