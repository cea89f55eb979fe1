"""Why a verdict is what it is: the executions it looked at, which counted, and the row that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import ALWAYS, DAY, Span
from cchc_cli.domain.plan.model import Measure
from cchc_cli.domain.records.execution import Uncounted, uncounted
from cchc_cli.domain.verdicts.obligations import waived_days
from cchc_cli.domain.verdicts.rules import Judged, Reason, Row, Standing, deciding_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Period
    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.domain.verdicts.rules import CutOff


class Looked(NamedTuple):
    """An execution that was looked at; `why` it does not count, None where it does."""

    recorded: Recorded
    why: Uncounted | None


class Explained(NamedTuple):
    """One obligation, and all its verdict rests on; records by date, then in the order of logging."""

    finding: Finding
    row: Row
    looked: list[Looked]
    waivers: list[RecordedWaiver]
    """Those that cover it."""


class Explanation(NamedTuple):
    """What one agency owes of one activity in a window, and why it stands as it does."""

    plan: Plan
    agency: Agency
    activity: Activity
    requirements: tuple[Requirement, ...]
    """Those that were asked for; not all need be owed by the agency."""
    window: Period
    cutoff: CutOff
    known_at: datetime | None
    explained: list[Explained]


def days_looked_at(finding: Finding) -> Span:
    """Give the days whose executions a verdict looks at.

    For a stock all up to the obligation's last; for a gap also the day before the run that reaches into it.
    """
    span = finding.obligation.span
    if finding.requirement.measure is Measure.STOCK:
        return Span(ALWAYS.start, span.end)
    if finding.quiet_from and finding.quiet_from > ALWAYS.start:
        return Span(min(finding.quiet_from - DAY, span.start), span.end)
    return span


def explained(
    finding: Finding, cutoff: CutOff, records: Iterable[Recorded], waivers: Iterable[RecordedWaiver]
) -> Explained:
    """Put a finding together with what it rests on, out of all that the agency did and is waived."""
    days = days_looked_at(finding)
    looked = [
        Looked(recorded, _why(finding, cutoff, recorded))
        for recorded in records
        if days.start <= recorded.execution.day <= days.end
    ]
    covered = waived_days(finding.requirement, finding.obligation.span)
    covering = [
        recorded
        for recorded in waivers
        if recorded.waiver.agency == finding.agency.code
        and recorded.waiver.covers(finding.activity.code, finding.requirement.code, covered)
    ]
    return Explained(finding, _row(finding, cutoff), looked, covering)


def _why(finding: Finding, cutoff: CutOff, recorded: Recorded) -> Uncounted | None:
    if recorded.voided:
        return Uncounted.VOIDED
    if recorded.execution.day > cutoff.day:
        return Uncounted.AFTER_CUT_OFF
    why = uncounted(finding.requirement, recorded.execution)
    if why is None and finding.quiet_from and recorded.execution.day < finding.obligation.span.start:
        return Uncounted.BEFORE
    return why


_BEFORE_ALL = {Reason.PARTIAL_PERIOD: Row.CUT, Reason.WAIVER: Row.WAIVER}
"""The rows that are not about a value, by the reason that they give."""


def _row(finding: Finding, cutoff: CutOff) -> Row:
    if finding.reason in _BEFORE_ALL:
        return _BEFORE_ALL[finding.reason]
    judged = Judged(
        finding.requirement.measure,
        finding.obligation.bounds,
        finding.value,
        finding.obligation.span,
        finding.standing is Standing.UNTOUCHED,
    )
    return deciding_row(judged, cutoff)
