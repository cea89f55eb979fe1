"""Finds the heading row of a rows file, and which column of the file holds what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.text import fold
from cchc_cli.services.row_files.columns import (
    AMOUNT_UNITS,
    COLUMNS,
    LEFT_ALONE,
    TITLE_OR_ACTIVITY,
    UNIT,
    VOIDED,
)
from cchc_cli.services.row_files.heading_names import (
    KNOWN,
    NAMES,
    WORDS,
    column_letter,
    heading_key,
    is_known,
    near_heading,
)
from cchc_cli.services.row_files.limits import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADING_WITHIN = 20
"""The heading is looked for in so many rows that are not blank."""

_REQUIRED = frozenset(column.code for column in COLUMNS if column.required)
_MONTH_FIRST = re.compile(r"m{1,2}\W*d{1,2}\W*y{2,4}")
_NO_UNIT = frozenset(map(fold, ("", "nếu có", "bắt buộc", "bằng số", "số", "ghi bằng số")))
_UNIT_OF = "unit"
_NUMBER, _IDENTITY = fold("Số"), fold("Mã định danh")
"""The report's workbook heads the numbers of its records so; elsewhere `Số` can be an amount."""
_WRITTEN_HERE = frozenset(map(fold, ("version", "recorded_at", VOIDED)))
"""Columns that `history -f csv` writes, and no spreadsheet of an office has together."""
_CELLS_OF_NUMBERS = 3
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z])\)?(?:\s*=.*)?", re.IGNORECASE)

NumberedRow = tuple[int, "list[str]"]


class Headings(NamedTuple):
    """What the columns of a file hold."""

    row: int
    """The number of the row with the headings, of two rows the lower one."""
    places: dict[str, int]
    """The place of each column, from 0 on, by its code; also `voided` and `unit`."""
    width: int
    """The number of columns up to the last one with a heading."""
    unit: str
    """The unit of all amounts where the heading names it, else empty."""
    left_alone: list[str]
    """The headings of columns that are left alone."""
    exact: bool
    """Whether this program wrote the file: a point in its amounts is a decimal sign."""
    empty: dict[int, str]
    """Columns with an unknown heading, by their place: an error if one of them holds anything."""
    not_there: list[str]
    """Columns that were to be left alone, and that the file does not have."""


def has_rows_below(rows: Sequence[NumberedRow], *, agency: bool = False) -> bool:
    """Tell whether any row follows the headings among the first rows."""
    place = _find(rows, agency=agency)
    return place is not None and len(rows) > place[0] + place[1] + 1


def heading_score(rows: Sequence[NumberedRow], *, agency: bool = False) -> int:
    """Tell how many known headings the best of the first rows has; 100 more where all required ones are there.

    With `agency` the column of agencies is not required.
    """
    place = _find(rows, agency=agency)
    if place is None:
        return 0
    first, lower = place
    found = _codes(_combined(rows, first, lower=lower))
    return len(found) + 100 * _is_complete(found, agency=agency)


COMPLETE = 100
"""The `heading_score` from which on all required headings are there."""


def find_headings(
    path: Path, rows: Sequence[NumberedRow], *, ignore: Sequence[str] = (), agency: bool = False
) -> tuple[Headings, int]:
    """Give the headings, and how many of the rows come before the first row of data.

    `rows` are the first rows that are not blank; one at least. Raises InputError with every fault.
    """
    place = _find(rows, agency=agency)
    if place is None and not any(is_known(text) or near_heading(heading_key(text)[0]) for text in rows[0][1]):
        raise InputError(
            message(
                "{path}: no row of headings among the first {rows} rows; it needs the columns {needed}",
                path=str(path),
                rows=HEADING_WITHIN,
                needed=[column.word for column in COLUMNS if column.required],
            )
        )
    first, lower = place or (0, False)
    number = rows[first + lower][0]
    texts = _combined(rows, first, lower=lower)
    headings = _Reading(path, number, texts).read(ignore, agency=agency)
    after = first + lower + 1
    if after < len(rows) and _is_numbering(rows[after][1]):
        after += 1
    return headings, after


def _find(rows: Sequence[NumberedRow], *, agency: bool) -> tuple[int, bool] | None:
    """Give the place of the heading row, and whether the row below it belongs to it; None where there is none."""
    best: tuple[int, int, bool] | None = None
    for first, (_, cells) in enumerate(rows[:HEADING_WITHIN]):
        single = _codes(cells)
        complete = _is_complete(single, agency=agency)
        below = rows[first + 1][1] if first + 1 < len(rows) else []
        if complete:
            return first, _continues(cells, below)
        both = _codes(_combined(rows, first, lower=True)) if single and below else set()
        if _is_complete(both, agency=agency) and not _is_complete(_codes(below), agency=agency):
            return first, True
        if len(single) > (best[0] if best else 1):
            best = len(single), first, _continues(cells, below)
    return best[1:] if best else None


def _codes(cells: Sequence[str]) -> set[str]:
    """Give the columns that some headings name."""
    keys = [heading_key(cell)[0] for cell in cells]
    codes = {KNOWN[key][0] for key in keys if key in KNOWN}
    if any(key in TITLE_OR_ACTIVITY for key in keys):
        codes.add("title" if "activity" in codes else "activity")
    return codes


def _is_complete(codes: set[str], *, agency: bool) -> bool:
    return codes | ({"agency"} if agency else set()) >= _REQUIRED


def _continues(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether a row is the lower part of the headings: all its cells are known, none below a known one."""
    filled = [place for place, cell in enumerate(lower) if cell.strip()]
    return bool(filled) and all(
        is_known(lower[place]) and not (place < len(upper) and heading_key(upper[place])[0] in KNOWN)
        for place in filled
    )


def _combined(rows: Sequence[NumberedRow], first: int, *, lower: bool) -> list[str]:
    """Give the headings of a row, or of two: the lower text where there is one."""
    upper = rows[first][1]
    if not lower:
        return list(upper)
    below = rows[first + 1][1]
    width = max(len(upper), len(below))
    texts = ([*cells, *[""] * (width - len(cells))] for cells in (upper, below))
    return [under if under.strip() else over for over, under in zip(*texts, strict=True)]


def _is_numbering(cells: Sequence[str]) -> bool:
    """Tell whether a row only numbers the columns, as `(1) (2) (3)` or `A B 1 2` below the headings of a form."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return (
        len(filled) >= _CELLS_OF_NUMBERS
        and len(set(filled)) == len(filled)
        and all(_COLUMN_NUMBER.fullmatch(cell) for cell in filled)
    )


class _Reading:
    """Reads the headings of one file."""

    def __init__(self, path: Path, row: int, texts: list[str]) -> None:
        self._path, self._row = path, row
        while texts and not texts[-1].strip():
            texts.pop()
        if len(texts) > MOST_COLUMNS:
            raise InputError(
                message(
                    "{path}: row {row}: more than {most} columns",
                    path=str(path),
                    row=str(row),
                    most=MOST_COLUMNS,
                )
            )
        self._texts = texts
        self._keys = [heading_key(text) for text in texts]
        self._faults: list[Message] = []
        self._left: dict[int, str] = {}
        self._empty: dict[int, str] = {}
        self._not_there: list[str] = []

    def read(self, ignore: Sequence[str], *, agency: bool) -> Headings:
        """Give what the columns hold. Raises InputError."""
        self._ignore(ignore)
        places = self._places()
        self._faults += [
            message("the column {column} is missing", column=WORDS[column.code])
            for column in COLUMNS
            if column.required and column.code not in places and not (agency and column.code == "agency")
        ]
        if self._faults and self._empty:
            unread = list(self._empty.values())
            self._faults.append(message("columns that are not known: {columns}", columns=unread))
        if self._faults:
            raise InputError(
                *(
                    message("{path}: row {row}: {what}", path=str(self._path), row=str(self._row), what=fault)
                    for fault in self._faults
                )
            )
        named = [text for _, text in sorted({**self._left, **self._empty}.items())]
        exact = "amount" in places and {key for key, _ in self._keys} >= _WRITTEN_HERE
        unit = self._unit(places.get("amount"))
        return Headings(self._row, places, len(self._texts), unit, named, exact, self._empty, self._not_there)

    def _ignore(self, ignore: Sequence[str]) -> None:
        for name in ignore:
            found = [place for place, text in enumerate(self._texts) if fold(text) == fold(name)]
            if not found:
                self._not_there.append(name)
            self._left.update({place: self._texts[place] for place in found})

    def _places(self) -> dict[str, int]:
        """Give the place of each column that is read; the others are left alone or faults."""
        found: dict[str, dict[int, list[int]]] = {}
        for place, (key, _) in enumerate(self._keys):
            if place in self._left:
                continue
            if key in KNOWN:
                code, rank = KNOWN[key]
                found.setdefault(code, {}).setdefault(rank, []).append(place)
            elif key in UNIT:
                found.setdefault(_UNIT_OF, {}).setdefault(NAMES, []).append(place)
            elif key not in TITLE_OR_ACTIVITY:
                self._unread(place, key)
        self._resolve_contents(found)
        places: dict[str, int] = {}
        for code, ranks in found.items():
            best = ranks[min(ranks)]
            if len(best) > 1:
                self._faults.append(self._twice(code, best))
            places[code] = best[0]
            for rank in set(ranks) - {min(ranks)}:
                self._left.update({place: self._texts[place] for place in ranks[rank]})
        if "date" in places and _MONTH_FIRST.fullmatch(self._keys[places["date"]][1].casefold()):
            self._faults.append(
                message(
                    "“{text}”: days are read as day, month, year; write them so, or as 2024-03-14",
                    text=self._texts[places["date"]],
                )
            )
        return places

    def _twice(self, code: str, places: list[int]) -> Message:
        texts = [self._texts[place] for place in places]
        if code in WORDS and len(set(map(fold, texts))) > 1:
            return message(
                "the column {column} appears twice, as {texts}; keep one, or leave the other alone with --ignore",
                column=WORDS[code],
                texts=texts,
            )
        return message("the column {column} appears twice", column=WORDS.get(code, texts[0]))

    def _resolve_contents(self, found: dict[str, dict[int, list[int]]]) -> None:
        """Read `Nội dung` as the activity where no other column is it, else as the title."""
        contents = [
            place
            for place, (key, _) in enumerate(self._keys)
            if key in TITLE_OR_ACTIVITY and place not in self._left
        ]
        if len(contents) > 1:
            self._faults.append(self._twice("title", contents))
        elif contents and "activity" not in found:
            found["activity"] = {NAMES: contents}
        elif contents and "title" not in found:
            found["title"] = {NAMES: contents}
        elif contents:
            self._faults.append(
                message(
                    "“{text}” can be the activity or the title, and both have a column already; rename it, or leave it alone with --ignore",
                    text=self._texts[contents[0]],
                )
            )

    def _unread(self, place: int, key: str) -> None:
        """Leave a column alone, or report its heading."""
        text = self._texts[place]
        if not text.strip():
            self._left[place] = column_letter(place)
        elif key in LEFT_ALONE and (key != _NUMBER or _IDENTITY in (known for known, _ in self._keys)):
            self._left[place] = text
        elif near := near_heading(key):
            self._faults.append(
                message("unknown column “{text}”; did you mean {near}?", text=text, near=near)
            )
        else:
            self._empty[place] = text

    def _unit(self, place: int | None) -> str:
        """Give the unit that the heading of the amounts names."""
        if place is None:
            return ""
        key, unit = self._keys[place]
        return unit if fold(unit) not in _NO_UNIT or unit == "%" else AMOUNT_UNITS.get(key, "")
