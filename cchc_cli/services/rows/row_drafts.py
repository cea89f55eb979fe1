"""Reads the drafts of rows files: their days are absolute, and their amounts may have a unit or signs between thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.row_days import DayDoubt, parse_row_day
from cchc_cli.domain.language.amounts import Amount
from cchc_cli.domain.records.doubts import Doubt, DoubtKind
from cchc_cli.domain.records.row_amounts import parse_row_amount
from cchc_cli.services.recording.drafts import DraftReader

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.plan.model import Activity

_DAY_DOUBTS = {
    DayDoubt.SHORT_YEAR: DoubtKind.SHORT_YEAR,
    DayDoubt.SWAPPED: DoubtKind.SWAPPED_DAY,
    DayDoubt.SERIAL: DoubtKind.SERIAL_DAY,
}


class RowDraftReader(DraftReader):
    """Turns the drafts of rows files into executions of one plan."""

    def parse_day(self, text: str) -> tuple[date, tuple[Doubt, ...]]:
        """Read a day within the plan; give it with what is worth a look. Raises InputError."""
        day, doubt, other = parse_row_day(text, self._plan.effective)
        return day, (Doubt("date", _DAY_DOUBTS[doubt], text, day, other),) if doubt else ()

    def parse_amount(self, text: str, activity: Activity | None) -> tuple[int, tuple[Doubt, ...]]:
        """Read an amount with or without the activity's unit; give it with what is worth a look. Raises InputError."""
        amount, other = parse_row_amount(text, activity)
        if other is None:
            return amount, ()
        return amount, (Doubt("amount", DoubtKind.THOUSANDS, text, Amount(amount), Amount(other)),)
