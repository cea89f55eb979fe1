"""What is still due and by when: docs/semantics.md, “What is due”. Derived from verdicts."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import DAY, Span
from cchc_cli.domain.language.amounts import THOUSANDTHS
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import exact_key, fold
from cchc_cli.domain.plan.model import Measure
from cchc_cli.domain.verdicts.rules import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.verdicts.extent import Extent
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.domain.verdicts.rules import CutOff

MAX_DAYS_AHEAD = 3660
"""The most days ahead that can be asked for: ten years."""

_URGENCY = {Status.AT_RISK: 0, Status.PENDING: 1, Status.UPCOMING: 2}
"""The statuses in which something can be due; the most urgent has the lowest number."""


class Due(NamedTuple):
    """Something that remains to be done."""

    finding: Finding
    by: date
    """The last day on which it can be done: the obligation's last day, or the last day that ends a gap in time."""
    left: int | None
    """Thousandths of the measure's unit; negative if a stock must decrease; None for `gap` and `latest`."""


class Dues(NamedTuple):
    """Everything that is due within some days after the cut-off day, most urgent first."""

    plan: Plan
    cutoff: CutOff
    within: int
    dues: list[Due]
    extent: Extent


def window_ahead(day: date, within: int) -> Span:
    """Give the range from a day to `within` days later, at most to the end of the calendar."""
    return Span(day, date.fromordinal(min(day.toordinal() + within, date.max.toordinal())))


def due_within(findings: Iterable[Finding], window: Span) -> list[Due]:
    """Give what is due in the window, ordered by last day, then by urgency, then in the given order.

    An open obligation is due in the window if its last day is in it, an upcoming one if it begins in it.
    """
    found = filter(None, map(due_of, findings))
    kept = [due for due in found if window.start <= _window_day(due) <= window.end]
    return sorted(kept, key=lambda due: (due.by, _URGENCY[due.finding.status]))


def _window_day(due: Due) -> date:
    return due.finding.obligation.span.start if due.finding.status is Status.UPCOMING else due.by


def due_of(finding: Finding) -> Due | None:
    """Give what remains to be done for an obligation; None if nothing remains, or it is too late."""
    if finding.status not in _URGENCY:
        return None
    if finding.requirement.measure is Measure.GAP:
        return _due_before_gap_exceeds(finding)
    least, most = finding.obligation.bounds
    value, end = finding.value, finding.obligation.span.end
    latest = finding.requirement.measure is Measure.LATEST
    if value is None or (least is not None and value < least):
        return Due(finding, end, None if latest else (least or 0) - (value or 0))
    # Of open obligations only a stock or a reading can exceed its maximum without being missed.
    if most is not None and value > most:
        return Due(finding, end, None if latest else most - value)
    return None


def _due_before_gap_exceeds(finding: Finding) -> Due | None:
    """Give the last day that ends a gap before it grows too long; None if the obligation ends sooner."""
    start, end = finding.obligation.span
    allowed = (finding.obligation.bounds.at_most or 0) // THOUSANDTHS
    free_from = finding.last + DAY if finding.last else finding.gap_start or start
    if allowed > (end - free_from).days:
        return None
    # An execution on the first day ends the gap before the obligation, however long it is.
    return Due(finding, max(free_from + allowed * DAY, start), None)


_WITHIN = re.compile(r"(?P<number>[0-9]{1,4}) ?(?P<unit>d|ng[àa]y|w|tu[ầa]n|m|th[áa]ng)?")

_UNITS = {"d": "day", "ngay": "day", "w": "week", "tuan": "week", "m": "month", "thang": "month"}


def parse_within(text: str, day: date) -> int:
    """Read `14d`, `2w`, `1m`, `14 ngày`, `2 tuần`, `1 tháng` or a number of days, as days after a day.

    One month later is the same day of the next month, or its last day if it has no such day. Raises InputError.
    """
    found = _WITHIN.fullmatch(exact_key(text))
    days = _days_ahead(int(found["number"]), _UNITS[fold(found["unit"] or "d")], day) if found else None
    if days is None or days > MAX_DAYS_AHEAD:
        raise InputError(
            message(
                "“{text}” is not a length of time; write 14d, 2w or 1m: days, weeks or months, at most {most} days",
                text=text,
                most=MAX_DAYS_AHEAD,
            )
        )
    return days


def _days_ahead(number: int, unit: str, day: date) -> int | None:
    """Convert a number of units to days after a day; None beyond the end of the calendar."""
    if unit != "month":
        return number * (7 if unit == "week" else 1)
    years, month = divmod(day.month - 1 + number, 12)
    year = day.year + years
    if year > date.max.year:
        return None
    last = monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(day.day, last)) - day).days
