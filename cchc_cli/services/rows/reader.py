"""Reads rows files: CSV as Excel and others write it, and XLSX. Each row becomes a draft or its faults."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import fold, nearest, text_fault, unescape_formula
from cchc_cli.domain.plan.fields import unknown_word
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.rows.limits import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
_REQUIRED = ("date", "agency", "activity")
_VIETNAMESE = (
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
_HEADING_WORDS = dict(
    zip(
        COLUMNS,
        (
            message("date"),
            message("agency"),
            message("activity"),
            message("amount"),
            message("form"),
            message("repeat"),
            message("title"),
            message("evidence"),
            message("note"),
            message("external_id"),
        ),
        strict=True,
    )
)
_HEADINGS = {
    fold(name): column
    for names in (COLUMNS, _VIETNAMESE)
    for name, column in zip(names, COLUMNS, strict=True)
}
_YES = frozenset({"yes", "y", "true", "1", "x", "co"})
_NO = frozenset({"", "no", "n", "false", "0", "khong"})
_EVIDENCE = re.compile(r"\s*(?:\n|;\s)\s*")

_LONGEST_HEADING = 60
_LONGEST_LINE = 1_000_000

RowFaults = list[tuple[str, Message]]
"""What is wrong with a row: each a column and a sentence."""

Row = tuple[int, Draft | RowFaults]
"""The number of a row, and its draft or its faults."""


class RowsFile(NamedTuple):
    """The rows of a file, and what the answer must say about it."""

    rows: Iterator[Row]
    left_alone: list[str]
    notes: list[Message]


def read_rows(path: Path, *, ignore: Sequence[str] = (), agency: str | None = None) -> RowsFile:
    """Give the rows of the file with their numbers, the heading being row 1; blank rows are skipped.

    Raises InputError where the file as a whole cannot be used.
    """
    records = _numbered_rows(path)
    number, heading = next(((n, cells) for n, cells in records if not _is_blank(cells)), (1, []))
    if not heading:
        raise InputError(message("{path}: the file is empty", path=str(path)))
    parser = _RowParser(_parse_headings(path, heading))
    rows = ((row - number + 1, parser.parse(cells)) for row, cells in records if not _is_blank(cells))
    return RowsFile(rows, [], [])


def column_word(column: str) -> Message:
    """Give the heading of one of COLUMNS, to be rendered in the user's language."""
    return _HEADING_WORDS[column]


def _is_blank(cells: list[str]) -> bool:
    return not "".join(cells).strip()


def _numbered_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row of the file with its number. Raises InputError where the file cannot be read."""
    try:
        # A FIFO would hang until somebody writes to it.
        if path.exists() and not path.is_file():
            raise InputError(message("{path}: this is not a regular file", path=str(path)))
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            from cchc_cli.services.rows.xlsx import read_workbook  # noqa: PLC0415 - only for XLSX files

            yield from read_workbook(path)
        else:
            with path.open("rb") as file:
                yield from _csv_rows(path, file)
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except OSError as error:
        raise InputError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=reason_of(error))
        ) from error


def _parse_headings(path: Path, heading: list[str]) -> list[str]:
    while heading and not heading[-1].strip():
        heading = heading[:-1]
    if len(heading) > MOST_COLUMNS:
        raise InputError(
            message("{path}: row 1: more than {most} columns", path=str(path), most=MOST_COLUMNS)
        )
    found: list[str] = []
    faults: list[Message] = []
    for text in heading:
        name = _HEADINGS.get(fold(text)) if len(text) <= _LONGEST_HEADING else None
        if name is None:
            faults.append(_unknown_column(text))
        elif name in found:
            faults.append(message("the column {column} appears twice", column=column_word(name)))
        found.append(name or "")
    faults.extend(
        message("the column {column} is missing", column=column_word(name))
        for name in _REQUIRED
        if name not in found
    )
    if faults:
        raise InputError(*(message("{path}: row 1: {what}", path=str(path), what=fault) for fault in faults))
    return found


def _unknown_column(text: str) -> Message:
    """Say that there is no such column; suggest the nearest in the language of the text, or all."""
    for names in (_VIETNAMESE, COLUMNS):
        if nearest(text, names):
            return unknown_word(message("column"), text, names)
    return message(
        "unknown {what} “{text}”; known are {known}",
        what=message("column"),
        text=text,
        known=list(_HEADING_WORDS.values()),
    )


class _RowParser:
    """Parses the cells of a row under some headings."""

    def __init__(self, columns: list[str]) -> None:
        """Take the headings, as names of COLUMNS."""
        self._columns = columns
        self._width = len(columns)
        # A column that the file lacks gets the empty cell that is appended to each row.
        self._pick = itemgetter(
            *(columns.index(name) if name in columns else self._width for name in COLUMNS)
        )

    def parse(self, cells: list[str]) -> Draft | RowFaults:
        """Give the draft, or every fault with its column."""
        width = self._width
        if len(cells) != width:
            extra = next((cell for cell in cells[width:] if cell.strip()), None)
            if extra is not None:
                return [("", message("more cells than headings: “{text}”", text=extra))]
            cells = [*cells[:width], *[""] * (width - len(cells))]
        if text_fault("".join(cells)):
            return [
                (name, fault)
                for name, cell in zip(self._columns, cells, strict=True)
                if (fault := text_fault(cell))
            ]
        return _draft_or_faults(*self._pick([*cells, ""]))


def _draft_or_faults(  # noqa: PLR0913 - the columns in their order
    date: str,
    agency: str,
    activity: str,
    amount: str,
    form: str,
    repeat: str,
    title: str,
    evidence: str,
    note: str,
    external_id: str,
) -> Draft | RowFaults:
    required = date, agency, activity = date.strip(), agency.strip(), activity.strip()
    is_repeat = _parse_yes_no(repeat)
    if not (date and agency and activity) or is_repeat is None:
        faults = [
            (name, message("this cell is empty"))
            for name, cell in zip(_REQUIRED, required, strict=True)
            if not cell
        ]
        if is_repeat is None:
            faults.append(("repeat", message("“{text}” is neither yes nor no", text=repeat)))
        return faults
    return Draft(
        agency,
        activity,
        date,
        amount.strip() or None,
        form.strip() or None,
        is_repeat,
        title or None,
        note or None,
        tuple(filter(None, _EVIDENCE.split(evidence.strip()))) if evidence else (),
        external_id.strip() or None,
    )


@lru_cache(64)
def _parse_yes_no(text: str) -> bool | None:
    """Read yes or no; None where it is neither."""
    word = fold(text)
    return True if word in _YES else False if word in _NO else None


def _csv_rows(path: Path, file: io.BufferedReader) -> Iterator[tuple[int, list[str]]]:
    lines = file.peek(65536)[:65536].removeprefix(b"\xef\xbb\xbf").split(b"\n")
    first = next((line for line in lines if line.strip(b" \t\r,;")), b"")
    delimiter = max(",;\t", key=lambda sign: first.count(sign.encode()))
    reader = None
    try:
        with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(_bounded_lines(path, text), delimiter=delimiter, strict=True)
            for number, cells in enumerate(reader, 1):
                # As `history -f csv` writes it: an apostrophe before what would be a formula.
                yield number, list(map(unescape_formula, cells)) if "'" in "".join(cells) else cells
    except UnicodeDecodeError:
        raise InputError(
            message(
                "{path}:{line}: not UTF-8 text; save the file as “CSV UTF-8”",
                path=str(path),
                line=_first_line_not_utf8(path),
            )
        ) from None
    except csv.Error as error:
        raise InputError(
            message(
                "{path}:{line}: not readable as CSV: {reason}",
                path=str(path),
                line=reader.line_num if reader else 1,
                reason=reason_of(error),
            )
        ) from None


def _bounded_lines(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    """Give each line; raises InputError for one that is too long. Reads many lines at a time, for speed."""
    number, rest = 1, ""
    while piece := text.read(_LONGEST_LINE):
        # `StringIO` splits lines as the file would. The last one may go on in the next piece.
        *lines, rest = io.StringIO(rest + piece, newline="")
        if rest.endswith("\n"):
            lines, rest = [*lines, rest], ""
        # Only the first line and the rest can be longer than a piece.
        for offset, line in ((0, lines[0] if lines else ""), (len(lines), rest)):
            if len(line) > _LONGEST_LINE:
                raise InputError(
                    message(
                        "{path}:{line}: this line is too long for a row", path=str(path), line=number + offset
                    )
                )
        yield from lines
        number += len(lines)
    if rest:
        yield rest


def _first_line_not_utf8(path: Path) -> int:
    """Give the number of the first line that is not UTF-8; the decoder reads ahead, so its error has no line."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
