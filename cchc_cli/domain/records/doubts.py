"""What a person should look at in a row of a file that was read, though one reading is the only possible one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.language.amounts import Amount


class DoubtKind(StrEnum):
    """Why a cell is worth a look."""

    SHORT_YEAR = "short_year"
    """A day whose year has two digits, read as day, month, year."""
    SWAPPED_DAY = "swapped_day"
    """A day whose day and month could be swapped: that day lies in the plan's range too."""
    SERIAL_DAY = "serial_day"
    """A bare number, read as the number that a spreadsheet keeps for a day."""
    THOUSANDS = "thousands"
    """An amount whose point or comma could be a decimal sign or stand between thousands."""


class Doubt(NamedTuple):
    """A cell as written and as read."""

    column: str
    """The code of the column: `date` or `amount`."""
    kind: DoubtKind
    text: str
    """The cell."""
    read: date | Amount
    """What was read."""
    other: date | Amount | None = None
    """The other reading: the swapped day, or the amount that does not fit the unit."""
