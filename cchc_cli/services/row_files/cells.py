"""Turns the cells of a row into a draft, or into its faults."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Self

from cchc_cli.domain.language.amounts import read_in_thousands
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.text import fold, text_fault
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.row_files.columns import VOIDED
from cchc_cli.services.row_files.heading_names import unknown_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cchc_cli.services.row_files.headings import Headings

RowFaults = list[tuple[str, Message]]
"""What is wrong with a row: each a column and a sentence."""


class NumberText(str):
    """The text of a cell that holds a number: it has no sign between thousands."""

    __slots__ = ()


class DayText(str):
    """The text of a cell that holds a day or a time, in ISO form."""

    __slots__ = ()


class BadCell(str):
    """A cell that cannot be read; the text is what it shows."""

    __slots__ = ("fault",)
    fault: Message

    def __new__(cls, text: str, fault: Message) -> Self:
        """Make it from a text that is not empty, and the reason."""
        made = super().__new__(cls, text)
        made.fault = fault
        return made


_YES = frozenset({"yes", "y", "true", "1", "x", "co"})
_NO = frozenset({"", "no", "n", "false", "0", "khong"})
_EVIDENCE = re.compile(r"\s*(?:\n|;\s)\s*")
_DAY_ABOVE_12 = re.compile(r"\s*(?:1[3-9]|2\d|3[01])[-/.]")
_NO_DAYS = frozenset({"amount", "external_id", "agency", "activity", "form"})
"""Columns in which a date can only be something else, such as `3/5`, that a spreadsheet took for a day."""
_EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number."""


class RowParser:
    """Parses the cells of rows under some headings."""

    def __init__(self, path: Path, headings: Headings, agency: str | None, *, sheet: bool = False) -> None:
        """Take the headings, and the agency of rows that name none; `sheet` says that cells come from XLSX."""
        self._path = path
        self._headings = headings
        self._width = headings.width
        self._agency = agency
        self._sheet = sheet
        self._beside: str | None = None
        self._above_12 = self._typed_above_12 = False
        self._small_day: str | None = None
        self._codes = {place: code for code, place in headings.places.items()}
        self._voided = headings.places.get(VOIDED)
        self._unit_at = headings.places.get("unit")
        self._rewrites = "amount" in headings.places and bool(
            headings.exact or headings.unit or self._unit_at is not None
        )
        # A column that the file lacks gets the empty cell that is appended to each row.
        self._pick = itemgetter(*(headings.places.get(field, self._width) for field in Draft._fields))

    def parse(self, cells: list[str]) -> Draft | RowFaults | None:
        """Give the draft, or every fault with its column; None for a row that says that it was voided."""
        width = self._width
        if len(cells) != width:
            extra = next((cell for cell in cells[width:] if cell.strip()), None)
            if extra is not None:
                # In a line of CSV it comes from a comma inside of a text that is not quoted.
                if not self._sheet:
                    return [("", message("more cells than headings: “{text}”", text=extra))]
                self._beside = self._beside or str(extra)
            cells = [*cells[:width], *[""] * (width - len(cells))]
        if self._voided is not None and fold(cells[self._voided]) in _YES:
            return None
        if self._headings.empty:
            self._check_unknown(cells)
        if self._sheet:
            cells, faults = self._from_sheet(cells)
            if faults:
                return faults
        if text_fault("".join(cells)):
            return [
                (self._codes.get(place, ""), fault)
                for place, cell in enumerate(cells)
                if (fault := text_fault(cell))
            ]
        if self._rewrites:
            cells = self._with_amount(cells)
        return self._draft([*cells, ""])

    def notes(self) -> Iterator[Message]:
        """Give what an answer must say about the rows that were parsed."""
        if self._beside is not None:
            yield message("left alone: cells beside the table, such as “{text}”", text=self._beside)
        if self._small_day is not None and self._typed_above_12 and not self._above_12:
            yield message(
                "look at the days: all dates of the sheet have a day up to 12, such as {day}, and later days are typed as text; the spreadsheet program may have swapped day and month",
                day=date.fromisoformat(self._small_day),
            )

    def _note_day(self, cell: str) -> None:
        """Note what shows that a spreadsheet set to month first took days for months where it could."""
        if not isinstance(cell, DayText):
            self._typed_above_12 = self._typed_above_12 or _DAY_ABOVE_12.match(cell) is not None
        elif not cell[8:10]:
            return  # Only a time.
        elif int(cell[8:10]) > 12:  # noqa: PLR2004 - months
            self._above_12 = True
        else:
            self._small_day = self._small_day or str(cell[:10])

    def _check_unknown(self, cells: Sequence[str]) -> None:
        for place, text in self._headings.empty.items():
            if cells[place].strip():
                what = unknown_column(text)
                row = str(self._headings.row)
                raise InputError(
                    message("{path}: row {row}: {what}", path=str(self._path), row=row, what=what)
                )

    def _from_sheet(self, cells: list[str]) -> tuple[list[str], RowFaults]:
        """Give the cells as texts; and the faults of those that cannot be read, or not exactly."""
        faults: RowFaults = []
        texts = [*cells]
        self._note_day(cells[self._headings.places["date"]])
        for place, cell in enumerate(cells):
            code = self._codes.get(place)
            if type(cell) is str or code is None:
                continue
            if isinstance(cell, DayText):
                texts[place] = str(cell)
                if code in _NO_DAYS:
                    faults.append((code, _day_elsewhere(cell)))
            elif isinstance(cell, BadCell):
                faults.append((code, cell.fault))
            elif code == "amount":
                texts[place] = _exact(cell)
            elif code == "date":
                if "." in cell and len(cell.partition(".")[0]) <= 2:  # noqa: PLR2004 - two digits
                    faults.append((code, _number_for_day(cell)))
            elif len(re.sub(r"\D", "", cell)) > _EXACT_DIGITS or "e" in cell:
                faults.append((code, _too_many_digits(cell)))
        return texts, faults

    def _with_amount(self, cells: Sequence[str]) -> list[str]:
        """Give the cells with an amount that is exact where it is, and has its unit, to compare it with the activity's."""
        place = self._headings.places["amount"]
        unit = (cells[self._unit_at].strip() if self._unit_at is not None else "") or self._headings.unit
        amount = cells[place].strip()
        if self._headings.exact:
            amount = _exact(amount)
        if unit and amount and amount[-1].isdigit():
            amount = f"{amount} {unit}"
        return [*cells[:place], amount, *cells[place + 1 :]]

    def _draft(self, cells: Sequence[str]) -> Draft | RowFaults:
        (
            agency,
            activity,
            day,
            amount,
            form,
            repeat,
            title,
            note,
            evidence,
            external_id,
        ) = self._pick(cells)
        day, activity = day.strip(), activity.strip()
        agency = agency.strip() or self._agency
        is_repeat = _parse_yes_no(repeat)
        if not (day and agency and activity) or is_repeat is None:
            faults = [
                (name, message("this cell is empty"))
                for name, cell in (("date", day), ("agency", agency), ("activity", activity))
                if not cell
            ]
            if is_repeat is None:
                faults.append(("repeat", message("“{text}” is neither yes nor no", text=repeat)))
            return faults
        return Draft(
            agency,
            activity,
            day,
            amount.strip() or None,
            form.strip() or None,
            is_repeat,
            title or None,
            note or None,
            tuple(filter(None, _EVIDENCE.split(evidence.strip()))) if evidence else (),
            external_id.strip() or None,
        )


def _exact(number: str) -> str:
    """Write a number, or a percentage, so that its point is read as a decimal sign: with a zero before it."""
    if read_in_thousands(number.rstrip("%")) is None:
        return str(number)
    digits = number.lstrip("+-\u2212 ")
    return f"{number[: len(number) - len(digits)]}0{digits}"


def _number_for_day(text: str) -> Message:
    return message("“{text}” is a number; format the column as dates, or write 14/03/2024", text=str(text))


def _day_elsewhere(text: str) -> Message:
    return message(
        "the spreadsheet program made the date or time {text} of what was typed; format the column as text and type it again",
        text=str(text),
    )


def _too_many_digits(text: str) -> Message:
    return message(
        "“{text}”: a spreadsheet keeps only 15 digits of a number, so the last ones are lost; format the column as text and type it again",
        text=str(text),
    )


@lru_cache(64)
def _parse_yes_no(text: str) -> bool | None:
    """Read yes or no; None where it is neither."""
    word = fold(text)
    return True if word in _YES else False if word in _NO else None
