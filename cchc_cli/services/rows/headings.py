"""Finds the heading row of a rows file, and which column of the file holds what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.text import fold, nearest
from cchc_cli.services.rows.columns import (
    AMOUNT_UNITS,
    COLUMNS,
    LEFT_ALONE,
    TITLE_OR_ACTIVITY,
    UNIT,
    VOIDED,
)
from cchc_cli.services.rows.limits import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADING_WITHIN = 20
"""The heading is looked for in so many rows that are not blank."""

_LONGEST_HEADING = 120
_SHORT = 4
"""A heading of at most so many letters is near a known one if they differ in one letter, a longer one in two."""

_CODES, _NAMES = 0, 1
_KNOWN = {
    fold(name): (column.code, rank)
    for column in COLUMNS
    for rank, names in (
        (_CODES, column.codes),
        (_NAMES, (column.code, column.vietnamese, *column.others)),
    )
    for name in names
} | {fold(VOIDED): (VOIDED, _NAMES)}
_REQUIRED = frozenset(column.code for column in COLUMNS if column.required)
_WORDS = {column.code: column.word for column in COLUMNS}
_PARENTHESES = re.compile(r"\s*\(([^()]*)\)\s*$")
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
    if place is None and not any(_is_known(text) or _near(_key(text)[0]) for text in rows[0][1]):
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
    keys = [_key(cell)[0] for cell in cells]
    codes = {_KNOWN[key][0] for key in keys if key in _KNOWN}
    if any(key in TITLE_OR_ACTIVITY for key in keys):
        codes.add("title" if "activity" in codes else "activity")
    return codes


def _is_complete(codes: set[str], *, agency: bool) -> bool:
    return codes | ({"agency"} if agency else set()) >= _REQUIRED


def _continues(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether a row is the lower part of the headings: all its cells are known, none below a known one."""
    filled = [place for place, cell in enumerate(lower) if cell.strip()]
    return bool(filled) and all(
        _is_known(lower[place]) and not (place < len(upper) and _key(upper[place])[0] in _KNOWN)
        for place in filled
    )


def _is_known(text: str) -> bool:
    key, _ = _key(text)
    return key in _KNOWN or key in LEFT_ALONE or key in UNIT or key in TITLE_OR_ACTIVITY


def _combined(rows: Sequence[NumberedRow], first: int, *, lower: bool) -> list[str]:
    """Give the headings of a row, or of two: the lower text where there is one."""
    upper = rows[first][1]
    if not lower:
        return list(upper)
    below = rows[first + 1][1]
    width = max(len(upper), len(below))
    texts = ([*cells, *[""] * (width - len(cells))] for cells in (upper, below))
    return [under if under.strip() else over for over, under in zip(*texts, strict=True)]


def _key(text: str) -> tuple[str, str]:
    """Give a heading in folded form without what stands in parentheses at its end, and that text."""
    if len(text) > _LONGEST_HEADING:
        return "", ""
    whole = fold(text)
    found = _PARENTHESES.search(text)
    if found is None or whole in _KNOWN or whole in LEFT_ALONE:
        return whole, ""
    return fold(text[: found.start()]), found[1].strip()


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
        self._keys = [_key(text) for text in texts]
        self._faults: list[Message] = []
        self._left: dict[int, str] = {}
        self._empty: dict[int, str] = {}

    def read(self, ignore: Sequence[str], *, agency: bool) -> Headings:
        """Give what the columns hold. Raises InputError."""
        self._ignore(ignore)
        places = self._places()
        self._faults += [
            message("the column {column} is missing", column=_WORDS[column.code])
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
        return Headings(self._row, places, len(self._texts), unit, named, exact, self._empty)

    def _ignore(self, ignore: Sequence[str]) -> None:
        for name in ignore:
            found = [place for place, text in enumerate(self._texts) if fold(text) == fold(name)]
            if not found:
                self._faults.append(message("there is no column “{text}” to leave alone", text=name))
            self._left.update({place: self._texts[place] for place in found})

    def _places(self) -> dict[str, int]:
        """Give the place of each column that is read; the others are left alone or faults."""
        found: dict[str, dict[int, list[int]]] = {}
        for place, (key, _) in enumerate(self._keys):
            if place in self._left:
                continue
            if key in _KNOWN:
                code, rank = _KNOWN[key]
                found.setdefault(code, {}).setdefault(rank, []).append(place)
            elif key in UNIT:
                found.setdefault(_UNIT_OF, {}).setdefault(_NAMES, []).append(place)
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
        if code in _WORDS and len(set(map(fold, texts))) > 1:
            return message(
                "the column {column} appears twice, as {texts}; keep one, or leave the other alone with --ignore",
                column=_WORDS[code],
                texts=texts,
            )
        return message("the column {column} appears twice", column=_WORDS.get(code, texts[0]))

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
            found["activity"] = {_NAMES: contents}
        elif contents and "title" not in found:
            found["title"] = {_NAMES: contents}
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
        elif near := _near(key):
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


def column_letter(place: int) -> str:
    """Give the letters of a column as spreadsheets name it; `place` counts from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def unknown_column(text: str) -> Message:
    """Say that a column with contents has an unknown heading, and what can be done."""
    names = [name for column in COLUMNS for name in (column.code, column.vietnamese)]
    near = nearest(text, names)
    if near:
        return message(
            "unknown column “{text}”; did you mean {near}? to leave it alone: --ignore “{text}”",
            text=text,
            near=near,
        )
    return message(
        "unknown column “{text}”; known are {known}; to leave it alone: --ignore “{text}”",
        text=text,
        known=list(_WORDS.values()),
    )


def _near(key: str) -> list[str]:
    """Give the known heading that a folded text misspells; none where it is too different, or too short to tell."""
    most = 1 if len(key) <= _SHORT else 2
    if len(key) <= most + 1:
        return []
    found = [known for known in _KNOWN if len(known) > most + 1 and _differ(key, known, most)]
    if not found:
        return []
    code, _ = _KNOWN[found[0]]
    for column in COLUMNS:
        for name in (column.code, column.vietnamese, *column.others, *column.codes):
            if column.code == code and fold(name) == found[0]:
                return [name]
    return [code]


def _differ(one: str, other: str, most: int) -> bool:
    """Tell whether two texts differ in at most so many letters: changed, missing or added ones."""
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row = row, [number]
        for place, known in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != known)))
    return row[-1] <= most
