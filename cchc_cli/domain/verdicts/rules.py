"""From a measure and bounds to a verdict: docs/semantics.md, “Value” and “Status”.

Each measure has one small pure function, listed in `VALUE_FUNCTIONS`. The table of verdicts is
`deciding_row`. All values and bounds are thousandths, so that they compare exactly.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import DAY, Span
from cchc_cli.domain.language.amounts import THOUSANDTHS
from cchc_cli.domain.plan.model import Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from cchc_cli.domain.plan.model import Requirement
    from cchc_cli.domain.verdicts.obligations import Bounds


class Status(StrEnum):
    """The verdict on one obligation."""

    MET = "met"
    PARTIAL = "partial"
    MISSED = "missed"
    PENDING = "pending"
    AT_RISK = "at_risk"
    UPCOMING = "upcoming"
    WAIVED = "waived"


RULE_SET = 2
"""The number of this rule set. Raise it if the same records under the same plan can get another verdict.

1: up to November 2026. 2: gaps look back, deadlines are not cut by a late beginning, a waiver of a deadline
covers its last day, and maxima without any execution are `untouched`.
"""


class Standing(IntEnum):
    """The figures in which an obligation is counted: docs/semantics.md, “Figures”."""

    SETTLED = 1
    """Closed, not waived, not untouched."""
    EARLY = 2
    """Open, and can be met before its last day; counted in *begun* together with settled ones."""
    RUNNING = 3
    """Open, and decided only on its last day."""
    UNTOUCHED = 4
    """A maximum, and no execution of the activity was recorded."""
    ASIDE = 5
    """Upcoming or waived."""


class Reason(StrEnum):
    """The reason for a status that the value alone does not explain."""

    UNTOUCHED = "untouched"
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
        """Give the number of days of the range that are over."""
        return Span(span.start, min(span.end, self.last_full_day)).days


class Tally(NamedTuple):
    """The counts of the database for one agency, requirement and slot; amounts in thousandths."""

    executions: int = 0
    amount: int = 0
    days: int = 0
    forms: int = 0
    latest: int | None = None
    first: date | None = None
    last: date | None = None
    inner_gap: int = 0
    """The longest run of days without an execution between two days with one."""
    before: date | None = None
    """The last day with an execution before the slot; only for the measure `gap`."""


EMPTY_TALLY = Tally()


def _executions(tally: Tally, _span: Span, _since: date) -> int:
    return tally.executions * THOUSANDTHS


def _amount(tally: Tally, _span: Span, _since: date) -> int:
    return tally.amount


def _days(tally: Tally, _span: Span, _since: date) -> int:
    return tally.days * THOUSANDTHS


def _forms(tally: Tally, _span: Span, _since: date) -> int:
    return tally.forms * THOUSANDTHS


def _latest(tally: Tally, _span: Span, _since: date) -> int | None:
    return tally.latest


def _gap(tally: Tally, span: Span, since: date) -> int:
    """Give the longest gap that reaches into the span, which ends at the latest on the last full day."""
    if not span.days:
        return 0
    if tally.first is None or tally.last is None:
        return Span(since, span.end).days * THOUSANDTHS
    # An execution on the span's first day ends the gap before it.
    before = 0 if tally.first == span.start else Span(since, tally.first - DAY).days
    after = Span(tally.last + DAY, span.end).days
    return max(before, tally.inner_gap, after) * THOUSANDTHS


def gap_start(start: date, binds: date, before: date | None, waived: Iterable[Span]) -> date:
    """Give the first day of the gap that reaches into an obligation that begins at `start`.

    That is the day after the last execution before it (`before`), or after the last earlier obligation that
    a recorded waiver covers (`waived`), but no day before the requirement binds the agency (`binds`).
    """
    after = [span.end + DAY for span in waived if span.start < start]
    if before:
        after.append(before + DAY)
    return min(max([binds, *after]), start)


VALUE_FUNCTIONS: dict[Measure, Callable[[Tally, Span, date], int | None]] = {
    Measure.EXECUTIONS: _executions,
    Measure.AMOUNT: _amount,
    Measure.DAYS: _days,
    Measure.FORMS: _forms,
    Measure.GAP: _gap,
    Measure.STOCK: _amount,
    Measure.LATEST: _latest,
}
"""The value from a tally, the days that are over, and the first day of the gap that reaches into them."""


def elapsed_span(span: Span, cutoff: CutOff) -> Span:
    """Give the days of an obligation that are over; its value covers only these."""
    return Span(span.start, min(span.end, cutoff.last_full_day))


_REVERSIBLE = frozenset({Measure.STOCK, Measure.LATEST})
"""Measures whose value can decrease: an excess is not final while the period is open."""

_SETTLED_EARLY = frozenset({Measure.EXECUTIONS, Measure.AMOUNT, Measure.DAYS, Measure.FORMS})
"""Measures whose value can only grow: once reached, a minimum stays reached."""


_NEVER_UNTOUCHED = frozenset({Measure.GAP, Measure.LATEST})
"""Measures for which having no record does not prove that a maximum was kept."""


def can_be_untouched(requirement: Requirement) -> bool:
    """Tell whether a requirement has only a maximum, which an agency without executions cannot exceed."""
    return requirement.at_least is None and requirement.measure not in _NEVER_UNTOUCHED


class Row(IntEnum):
    """The rows of the table under “The verdict”, numbered from its first."""

    CUT = 1
    WAIVER = 2
    UPCOMING = 3
    CLOSED_UNTOUCHED = 4
    CLOSED_OVER = 5
    CLOSED_REACHED = 6
    CLOSED_PARTLY = 7
    CLOSED_WITHOUT = 8
    OPEN_OVER = 9
    OPEN_REACHED = 10
    OPEN_LATE = 11
    OPEN_GAP = 12
    OPEN = 13


VERDICTS: dict[Row, tuple[Status, Reason | None]] = {
    Row.CUT: (Status.WAIVED, Reason.PARTIAL_PERIOD),
    Row.WAIVER: (Status.WAIVED, Reason.WAIVER),
    Row.UPCOMING: (Status.UPCOMING, None),
    Row.CLOSED_UNTOUCHED: (Status.MET, Reason.UNTOUCHED),
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

_ROWS_ASIDE = frozenset({Row.CUT, Row.WAIVER, Row.UPCOMING})


class JudgedValue(NamedTuple):
    """A value with the facts that its verdict depends on."""

    measure: Measure
    bounds: Bounds
    value: int | None
    span: Span
    untouched: bool = False
    """A maximum, and no execution of the activity was recorded, not even one that does not count."""


class Verdict(NamedTuple):
    """A status, its reason where the value alone does not explain it, and where it is counted."""

    status: Status
    reason: Reason | None
    standing: Standing


def judge(judged: JudgedValue, cutoff: CutOff) -> Verdict:
    """Give the verdict by the table under “The verdict”, starting at its row “upcoming”."""
    row = deciding_row(judged, cutoff)
    return Verdict(*VERDICTS[row], _standing(row, judged, cutoff))


def verdict_without_value(row: Row) -> Verdict:
    """Give the verdict of a row that does not depend on the value."""
    return Verdict(*VERDICTS[row], Standing.ASIDE)


def _standing(row: Row, judged: JudgedValue, cutoff: CutOff) -> Standing:
    if row in _ROWS_ASIDE:
        return Standing.ASIDE
    if judged.untouched:
        return Standing.UNTOUCHED
    return standing_of(judged.measure, judged.bounds, judged.span, cutoff)


def standing_of(measure: Measure, bounds: Bounds, span: Span, cutoff: CutOff) -> Standing:
    """Tell where an obligation is counted that has begun and is neither waived nor untouched."""
    if span.end <= cutoff.last_full_day:
        return Standing.SETTLED
    early = bounds.at_most is None and measure in _SETTLED_EARLY
    return Standing.EARLY if early else Standing.RUNNING


def deciding_row(judged: JudgedValue, cutoff: CutOff) -> Row:
    """Give the first row that applies, starting at “upcoming”; earlier rows do not depend on the value."""
    measure, bounds, value, span, untouched = judged
    over = value is not None and bounds.at_most is not None and value > bounds.at_most
    short = value is None or (bounds.at_least is not None and value < bounds.at_least)
    if span.start > cutoff.day:
        return Row.UPCOMING
    if span.end <= cutoff.last_full_day:
        if untouched:
            return Row.CLOSED_UNTOUCHED
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
