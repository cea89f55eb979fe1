"""Leaves out what follows the last row of a table: totals, signatures, notes below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.services.row_files.headings import Headings

NumberedRow = tuple[int, "list[str]"]

_TOTAL = re.compile(
    r"(?:tong(?: cong| so| hop)?|cong|total|sum)\b(?! (?:hoa|dong|tac|thong|ty|an|bo|kich|ket))"
)
_SIGNATURE = re.compile(
    r"(?:nguoi (?:lap|tong hop|bao cao|duyet|ky)|thu truong|lanh dao|ky ten|ky ghi ro|xac nhan cua|tm |kt |tl "
    r"|chu tich|pho chu tich|giam doc|pho giam doc|truong phong|noi nhan|can bo|ghi chu|luu )"
)
_PLACE_AND_DAY = re.compile(r"(?:.*\W)?ngay\b.*\bthang\b.*\bnam\b.*")
_DAY_WORDS = re.compile(
    r"(?:ngay|thang|nam|thu|hai|ba|tu|sau|bay|chu nhat|luc|gio|phut|h|am|pm|sang|chieu|toi|[^a-z])*"
)
"""What a day of a row consists of, in folded form; other words show that the cell holds something else."""
_MOST_HELD = 60
"""So many rows at most can follow the table."""


class Ending:
    """Holds back rows without a day and an agency until it is known whether the table goes on."""

    def __init__(self, headings: Headings, notes: list[Message], *, has_agency: bool) -> None:
        """Take the list to which a note of the rows that were left out is added.

        With `has_agency` rows need no agency.
        """
        self._places = headings.places
        self._notes = notes
        self._has_agency = has_agency

    def without(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """Give the rows of the table. A row without day and agency is left out only if it stands at the end."""
        held: list[NumberedRow] = []
        date = self._places["date"]
        for row in rows:
            cells = row[1]
            day = cells[date] if date < len(cells) else ""
            # Nearly every row has a day that begins with a digit, and need not be looked at.
            if not day[:1].isdigit() and self._ends(cells, after=bool(held)):
                held.append(row)
                if len(held) > _MOST_HELD:
                    yield from held
                    held = []
                continue
            if held:
                yield from held
                held = []
            yield row
        if held:
            self._note(held)

    def _note(self, held: list[NumberedRow]) -> None:
        rows = [
            message("row {row} “{text}”", row=str(number), text=_shown(cells))
            for number, cells in held[:_MOST_NAMED]
        ]
        left = message("left out, as no records of the table: {rows}", rows=rows)
        if len(held) > _MOST_NAMED:
            last = str(held[-1][0])
            left = message("{left}, and all rows down to row {last}", left=left, last=last)
        self._notes.append(left)

    def _ends(self, cells: list[str], *, after: bool) -> bool:
        """Tell whether a row can stand below the table; `after` one that does, names may follow.

        A row of which only some cells are missing is a record with faults: nothing that was filled in gets lost.
        """
        activity, date = self._cell(cells, "activity"), self._cell(cells, "date")
        words = [fold(cell).strip() for cell in cells if cell.strip()]
        if self._is_record(cells) or (date and self._is_day(date) and len(words) > 1):
            return False
        if any(
            _TOTAL.match(word) or _SIGNATURE.match(f"{word} ") or _PLACE_AND_DAY.fullmatch(word)
            for word in words
        ):
            return True
        if activity:
            return False
        return after or not (date or self._cell(cells, "agency") or self._cell(cells, "amount"))

    def _is_record(self, cells: list[str]) -> bool:
        """Tell whether agency and activity are there, so that only the day may be missing."""
        agency, activity = self._cell(cells, "agency"), self._cell(cells, "activity")
        ends = any(
            _TOTAL.match(word) or _SIGNATURE.match(f"{word} ") for word in (fold(agency), fold(activity))
        )
        return bool((agency or self._has_agency) and activity) and not ends

    @staticmethod
    def _is_day(text: str) -> bool:
        """Tell whether a cell can hold the day of a record: digits, and no other words."""
        return any(char.isdigit() for char in text) and bool(_DAY_WORDS.fullmatch(fold(text)))

    def _cell(self, cells: list[str], code: str) -> str:
        place = self._places.get(code)
        return cells[place].strip() if place is not None and place < len(cells) else ""


_MOST_NAMED = 5
_LONGEST_SHOWN = 40


def _shown(cells: list[str]) -> str:
    text = " ".join(" ".join(cells).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
