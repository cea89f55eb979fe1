"""Reads rows files: CSV as Excel and others write it, and XLSX. Each row becomes a draft or its faults."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.row_files.cells import RowFaults, RowParser
from cchc_cli.services.row_files.csv_file import csv_rows
from cchc_cli.services.row_files.ending import Ending
from cchc_cli.services.row_files.headings import HEADING_WITHIN, find_headings
from cchc_cli.services.row_files.kinds import FileKind, check_readable, file_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.services.row_files.headings import NumberedRow
    from cchc_cli.services.row_files.xlsx_sheet import Merge

Row = tuple[int, Draft | RowFaults]
"""The number of a row, and its draft or its faults."""


class RowsFile(NamedTuple):
    """A rows file that is being read."""

    rows: Iterator[Row]
    """The rows with their numbers, which are those that a spreadsheet shows: the heading is mostly row 1.

    Reading them raises InputError where the file as a whole cannot be used.
    """
    left_alone: list[str]
    """The headings of the columns that are not read."""
    not_there: list[str]
    """Those of `ignore` that no column has."""
    notes: list[Message]
    """What else an answer must say, such as rows that were left out; complete when all rows are read."""


def read_rows(path: Path, *, ignore: Sequence[str] = (), agency: str | None = None) -> RowsFile:
    """Begin to read a file; blank rows, and what stands below the table, are left out.

    `ignore` are headings of further columns to leave alone, `agency` is the agency of rows that name none.
    Raises InputError where the file as a whole cannot be used.
    """
    notes: list[Message] = []
    try:
        records, merged = _open(path, notes, has_agency=agency is not None)
        first = list(islice(records, HEADING_WITHIN + 2))
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except OSError as error:
        raise _not_readable(path, error) from error
    if not first:
        raise InputError(message("{path}: the file is empty", path=str(path)))
    headings, after = find_headings(path, first, ignore=ignore, agency=agency is not None)
    table: Iterator[NumberedRow] = chain(first[after:], records)
    if merged:
        from cchc_cli.services.row_files.xlsx import fill_merged  # noqa: PLC0415 - only for XLSX files

        table = fill_merged(table, merged, headings.places)
    parser = RowParser(path, headings, agency, sheet=merged is not None)
    rows = _parsed(path, parser, Ending(headings, notes, has_agency=agency is not None).without(table), notes)
    return RowsFile(rows, headings.left_alone, headings.not_there, notes)


def _parsed(
    path: Path, parser: RowParser, table: Iterator[NumberedRow], notes: list[Message]
) -> Iterator[Row]:
    parse = parser.parse
    try:
        for number, cells in table:
            draft = parse(cells)
            if draft is not None:
                yield number, draft
    except OSError as error:
        raise _not_readable(path, error) from error
    notes.extend(parser.notes())


def _not_readable(path: Path, error: OSError) -> InputError:
    return InputError(message("{path}: cannot be read: {reason}", path=str(path), reason=reason_of(error)))


def _open(
    path: Path, notes: list[Message], *, has_agency: bool
) -> tuple[Iterator[NumberedRow], list[Merge] | None]:
    """Give the rows that are not blank with their numbers, and the merged ranges of a workbook; None for CSV. Raises InputError."""
    # A FIFO would hang until somebody writes to it.
    if path.exists() and not path.is_file():
        raise InputError(message("{path}: this is not a regular file", path=str(path)))
    kind = file_kind(path)
    check_readable(path, kind)
    if kind is FileKind.XLSX:
        from cchc_cli.services.row_files.xlsx import open_workbook  # noqa: PLC0415 - only for XLSX files

        return open_workbook(path, notes, has_agency=has_agency)
    return csv_rows(path, kind), None
