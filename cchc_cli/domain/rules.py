"""Measures and bounds to a verdict: docs/semantics.md, “Value” and “Status”.

One small pure function a measure, listed in `VALUES`; one table of conditions, `judge`.
All values and bounds are thousandths, so that they compare exactly.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.amounts import THOUSANDTHS
from cchc_cli.domain.periods import DAY, Span
from cchc_cli.domain.plan import Measure

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cchc_cli.domain.obligations import Bounds


class Status(StrEnum):
    """The verdict on one obligation."""

    MET = "met"
    PARTIAL = "partial"
    MISSED = "missed"
    PENDING = "pending"
    AT_RISK = "at_risk"
    UPCOMING = "upcoming"
    WAIVED = "waived"


class Reason(StrEnum):
    """Why a status stands where the value alone does not say it."""

    EXCEEDED = "exceeded"
    PARTIAL_PERIOD = "partial_period"
    WAIVER = "waiver"


class CutOff(NamedTuple):
    """The day up to which executions count, and whether that day is over."""

    day: date
    over: bool

    @property
    def last_full_day(self) -> date:
        """The last day that is over."""
        return self.day if self.over else self.day - DAY

    def elapsed(self, span: Span) -> int:
        """Days of the range that are over."""
        return Span(span.start, min(span.end, self.last_full_day)).days


class Tally(NamedTuple):
    """What the database counted for one agency, requirement and slot; amounts in thousandths."""

    executions: int = 0
    amount: int = 0
    days: int = 0
    forms: int = 0
    latest: int | None = None
    first: date | None = None
    last: date | None = None
    inner_gap: int = 0
    """The longest run of days without one between two that have one."""


NOTHING = Tally()


def _executions(tally: Tally, _span: Span) -> int:
    return tally.executions * THOUSANDTHS


def _amount(tally: Tally, _span: Span) -> int:
    return tally.amount


def _days(tally: Tally, _span: Span) -> int:
    return tally.days * THOUSANDTHS


def _forms(tally: Tally, _span: Span) -> int:
    return tally.forms * THOUSANDTHS


def _latest(tally: Tally, _span: Span) -> int | None:
    return tally.latest


def _gap(tally: Tally, span: Span) -> int:
    """Longest run without one; `span` is cut at the cut-off's last full day."""
    if tally.first is None or tally.last is None:
        return span.days * THOUSANDTHS
    before = Span(span.start, tally.first - DAY).days
    after = Span(tally.last + DAY, span.end).days
    return max(before, tally.inner_gap, after) * THOUSANDTHS


VALUES: dict[Measure, Callable[[Tally, Span], int | None]] = {
    Measure.EXECUTIONS: _executions,
    Measure.AMOUNT: _amount,
    Measure.DAYS: _days,
    Measure.FORMS: _forms,
    Measure.GAP: _gap,
    Measure.STOCK: _amount,
    Measure.LATEST: _latest,
}


def counted_span(span: Span, cutoff: CutOff) -> Span:
    """Give the days of an obligation that are over: what its value is of."""
    return Span(span.start, min(span.end, cutoff.last_full_day))


_REVERSIBLE = frozenset({Measure.STOCK, Measure.LATEST})
"""Measures whose value can come down again: an excess is not final while the period is open."""

_SETTLED_EARLY = frozenset({Measure.EXECUTIONS, Measure.AMOUNT, Measure.DAYS, Measure.FORMS})
"""Measures that can only grow: once reached, the minimum stays reached."""


class Row(IntEnum):
    """The rows of the table under “The verdict”, numbered from its first."""

    CUT = 1
    WAIVER = 2
    UPCOMING = 3
    CLOSED_OVER = 4
    CLOSED_REACHED = 5
    CLOSED_PARTLY = 6
    CLOSED_WITHOUT = 7
    OPEN_OVER = 8
    OPEN_REACHED = 9
    OPEN_LATE = 10
    OPEN_GAP = 11
    OPEN = 12


VERDICTS: dict[Row, tuple[Status, Reason | None]] = {
    Row.CUT: (Status.WAIVED, Reason.PARTIAL_PERIOD),
    Row.WAIVER: (Status.WAIVED, Reason.WAIVER),
    Row.UPCOMING: (Status.UPCOMING, None),
    Row.CLOSED_OVER: (Status.MISSED, Reason.EXCEEDED),
    Row.CLOSED_REACHED: (Status.MET, None),
    Row.CLOSED_PARTLY: (Status.PARTIAL, None),
    Row.CLOSED_WITHOUT: (Status.MISSED, None),
    Row.OPEN_OVER: (Status.MISSED, Reason.EXCEEDED),
    Row.OPEN_REACHED: (Status.MET, None),
    Row.OPEN_LATE: (Status.AT_RISK, None),
    Row.OPEN_GAP: (Status.AT_RISK, None),
    Row.OPEN: (Status.PENDING, None),
}


def judge(
    measure: Measure, bounds: Bounds, value: int | None, span: Span, cutoff: CutOff
) -> tuple[Status, Reason | None]:
    """Give the verdict by the table under “The verdict”, from its row “upcoming” on."""
    return VERDICTS[deciding_row(measure, bounds, value, span, cutoff)]


def deciding_row(measure: Measure, bounds: Bounds, value: int | None, span: Span, cutoff: CutOff) -> Row:
    """Give the first row that fits, from “upcoming” on: those before it are not about a value."""
    over = value is not None and bounds.at_most is not None and value > bounds.at_most
    short = value is None or (bounds.at_least is not None and value < bounds.at_least)
    if span.start > cutoff.day:
        return Row.UPCOMING
    if span.end <= cutoff.last_full_day:
        if over:
            return Row.CLOSED_OVER
        if not short:
            return Row.CLOSED_REACHED
        return Row.CLOSED_PARTLY if value is not None and value > 0 else Row.CLOSED_WITHOUT
    if over and measure not in _REVERSIBLE:
        return Row.OPEN_OVER
    if not short and bounds.at_most is None and measure in _SETTLED_EARLY:
        return Row.OPEN_REACHED
    if short and 3 * cutoff.elapsed(span) > 2 * span.days:
        return Row.OPEN_LATE
    if _gap_is_near(measure, bounds, value):
        return Row.OPEN_GAP
    return Row.OPEN


def _gap_is_near(measure: Measure, bounds: Bounds, value: int | None) -> bool:
    if measure is not Measure.GAP or value is None or bounds.at_most is None:
        return False
    return 3 * value > 2 * bounds.at_most
