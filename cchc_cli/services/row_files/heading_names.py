"""What a heading of a rows file means: the column it names, or the known heading that it misspells."""

from __future__ import annotations

import re

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import fold, nearest
from cchc_cli.services.row_files.columns import COLUMNS, LEFT_ALONE, TITLE_OR_ACTIVITY, UNIT, VOIDED

_LONGEST_HEADING = 120
_SHORT = 4
"""A heading of at most so many letters is near a known one if they differ in one letter, a longer one in two."""

CODES, NAMES = 0, 1
"""Ranks of headings: a column of codes is read before one of names."""

KNOWN = {
    fold(name): (column.code, rank)
    for column in COLUMNS
    for rank, names in (
        (CODES, column.codes),
        (NAMES, (column.code, column.vietnamese, *column.others)),
    )
    for name in names
} | {fold(VOIDED): (VOIDED, NAMES)}
"""The column and the rank of each heading, by its folded form."""

WORDS = {column.code: column.word for column in COLUMNS}
"""The heading of each column in the user's language, by its code."""

_PARENTHESES = re.compile(r"\s*\(([^()]*)\)\s*$")


def heading_key(text: str) -> tuple[str, str]:
    """Give a heading in folded form without what stands in parentheses at its end, and that text."""
    if len(text) > _LONGEST_HEADING:
        return "", ""
    whole = fold(text)
    found = _PARENTHESES.search(text)
    if found is None or whole in KNOWN or whole in LEFT_ALONE:
        return whole, ""
    return fold(text[: found.start()]), found[1].strip()


def is_known(text: str) -> bool:
    """Tell whether a heading is known, be it of a column that is read or left alone."""
    key, _ = heading_key(text)
    return key in KNOWN or key in LEFT_ALONE or key in UNIT or key in TITLE_OR_ACTIVITY


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
        known=list(WORDS.values()),
    )


def near_heading(key: str) -> list[str]:
    """Give the known heading that a folded text misspells; none where it is too different, or too short to tell."""
    most = 1 if len(key) <= _SHORT else 2
    if len(key) <= most + 1:
        return []
    found = [known for known in KNOWN if len(known) > most + 1 and _differ(key, known, most)]
    if not found:
        return []
    code, _ = KNOWN[found[0]]
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
