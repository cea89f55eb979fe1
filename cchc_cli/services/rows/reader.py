"""Rows files: CSV as Excel and others write it, and XLSX. Each row becomes a draft or its faults."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import fold, nearest, text_fault, unescape_formula
from cchc_cli.domain.plan.fields import unknown_word
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.rows.limits import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
_WORDS = dict(
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
    fold(name): column for names in (COLUMNS, _NAMES) for name, column in zip(names, COLUMNS, strict=True)
}
_YES = frozenset({"yes", "y", "true", "1", "x", "co"})
_NO = frozenset({"", "no", "n", "false", "0", "khong"})
_EVIDENCE = re.compile(r"\s*(?:\n|;\s)\s*")

_LONGEST_HEADING = 60
_LONGEST_LINE = 1_000_000

Row = tuple[int, Draft | list[tuple[str, Message]]]


def read_rows(path: Path) -> Iterator[Row]:
    """Give each row of the file with its number, the heading being row 1; blank rows are passed over.

    Raises InputError where the file as a whole cannot be used.
    """
    records = _records(path)
    number, heading = next(((n, cells) for n, cells in records if not _blank(cells)), (1, []))
    if not heading:
        raise InputError(message("{path}: the file is empty", path=str(path)))
    read = _reader(_columns(path, heading))
    return ((row - number + 1, read(cells)) for row, cells in records if not _blank(cells))


def column_word(column: str) -> Message:
    """Give the heading of one of COLUMNS, as a word of the language spoken."""
    return _WORDS[column]


def _blank(cells: list[str]) -> bool:
    return not "".join(cells).strip()


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row of the file, with its number; raises InputError where it is no file of rows."""
    try:
        # A FIFO would hang until somebody writes to it.
        if path.exists() and not path.is_file():
            raise InputError(message("{path}: this is not a regular file", path=str(path)))
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            from cchc_cli.services.rows.xlsx import read_workbook  # noqa: PLC0415 - only XLSX files may cost its start

            yield from read_workbook(path)
        else:
            with path.open("rb") as file:
                yield from _csv_records(path, file)
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except OSError as error:
        raise InputError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=reason_of(error))
        ) from error


def _columns(path: Path, heading: list[str]) -> list[str]:
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
            faults.append(_unknown(text))
        elif name in found:
            faults.append(message("the column {column} stands twice", column=column_word(name)))
        found.append(name or "")
    faults.extend(
        message("the column {column} is missing", column=column_word(name))
        for name in _NEEDED
        if name not in found
    )
    if faults:
        raise InputError(*(message("{path}: row 1: {what}", path=str(path), what=fault) for fault in faults))
    return found


def _unknown(text: str) -> Message:
    """Say that there is no such column, with the nearest in the language of the text, or all."""
    for names in (_NAMES, COLUMNS):
        if nearest(text, names):
            return unknown_word(message("column"), text, names)
    return message(
        "unknown {what} “{text}”; known are {known}",
        what=message("column"),
        text=text,
        known=list(_WORDS.values()),
    )


def _reader(columns: list[str]) -> Callable[[list[str]], Draft | list[tuple[str, Message]]]:
    """Give what reads the cells of a row under these headings: the draft, or every fault."""
    width = len(columns)
    # A column that is not there reads the empty cell after the last.
    pick = itemgetter(*(columns.index(name) if name in columns else width for name in COLUMNS))

    def read(cells: list[str]) -> Draft | list[tuple[str, Message]]:
        if len(cells) != width:
            extra = [cell for cell in cells[width:] if cell.strip()]
            if extra:
                return [("", message("more cells than headings: “{text}”", text=extra[0]))]
            cells = [*cells[:width], *[""] * (width - len(cells))]
        if text_fault("".join(cells)):
            return [
                (name, fault)
                for name, cell in zip(columns, cells, strict=True)
                if (fault := text_fault(cell))
            ]
        date, agency, activity, amount, form, repeat, title, evidence, note, external_id = pick([*cells, ""])
        needed = date, agency, activity = date.strip(), agency.strip(), activity.strip()
        repeated = _flag(repeat)
        if not (date and agency and activity) or repeated is None:
            faults = [
                (name, message("this cell is empty"))
                for name, cell in zip(_NEEDED, needed, strict=True)
                if not cell
            ]
            if repeated is None:
                faults.append(("repeat", message("“{text}” is neither yes nor no", text=repeat)))
            return faults
        return Draft(
            agency,
            activity,
            date,
            amount.strip() or None,
            form.strip() or None,
            repeated,
            title or None,
            note or None,
            tuple(filter(None, _EVIDENCE.split(evidence.strip()))) if evidence else (),
            external_id.strip() or None,
        )

    return read


@lru_cache(64)
def _flag(text: str) -> bool | None:
    """Read yes or no; None where it is neither."""
    word = fold(text)
    return True if word in _YES else False if word in _NO else None


def _csv_records(path: Path, file: io.BufferedReader) -> Iterator[tuple[int, list[str]]]:
    lines = file.peek(65536)[:65536].removeprefix(b"\xef\xbb\xbf").split(b"\n")
    first = next((line for line in lines if line.strip(b" \t\r,;")), b"")
    delimiter = max(",;\t", key=lambda sign: first.count(sign.encode()))
    reader = None
    try:
        with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(_lines(path, text), delimiter=delimiter, strict=True)
            for number, cells in enumerate(reader, 1):
                # As `history -f csv` writes it: an apostrophe before what would be a formula.
                yield number, list(map(unescape_formula, cells)) if "'" in "".join(cells) else cells
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
                line=reader.line_num if reader else 1,
                reason=reason_of(error),
            )
        ) from None


def _lines(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    """Give each line, none longer than can be held; many are read at a time, for there may be millions."""
    number, rest = 1, ""
    while piece := text.read(_LONGEST_LINE):
        # Split where the file itself would be; what may go on in the next piece is left for it.
        *lines, rest = io.StringIO(rest + piece, newline="")
        if rest.endswith("\n"):
            lines, rest = [*lines, rest], ""
        for late, line in ((0, lines[0] if lines else ""), (len(lines), rest)):
            if len(line) > _LONGEST_LINE:
                raise InputError(
                    message(
                        "{path}:{line}: this line is too long for a row", path=str(path), line=number + late
                    )
                )
        yield from lines
        number += len(lines)
    if rest:
        yield rest


def _broken_line(path: Path) -> int:
    """Give the first line that is no UTF-8; the decoder itself runs ahead of the lines."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
