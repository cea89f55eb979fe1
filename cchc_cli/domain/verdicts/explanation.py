"""Why a verdict is what it is: the executions it looked at, which counted, and the row that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import ALWAYS, DAY, Span
from cchc_cli.domain.plan.model import Measure
from cchc_cli.domain.records.execution import Exclusion, exclusion_of
from cchc_cli.domain.verdicts.obligations import waived_days
from cchc_cli.domain.verdicts.rules import JudgedValue, Reason, Row, Standing, deciding_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Period
    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.domain.verdicts.rules import CutOff


class ConsideredExecution(NamedTuple):
    """An execution that was looked at; `why` it does not count, None where it does."""

    recorded: Recorded
    exclusion: Exclusion | None


class ExplainedObligation(NamedTuple):
    """One obligation, and all its verdict rests on; records by date, then in the order of logging."""

    finding: Finding
    row: Row
    executions: list[ConsideredExecution]
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
    obligations: list[ExplainedObligation]


def days_considered(finding: Finding) -> Span:
    """Give the days whose executions a verdict looks at.

    For a stock all up to the obligation's last; for a gap also the day before the run that reaches into it.
    """
    span = finding.obligation.span
    if finding.requirement.measure is Measure.STOCK:
        return Span(ALWAYS.start, span.end)
    if finding.gap_start and finding.gap_start > ALWAYS.start:
        return Span(min(finding.gap_start - DAY, span.start), span.end)
    return span


def explain_finding(
    finding: Finding, cutoff: CutOff, records: Iterable[Recorded], waivers: Iterable[RecordedWaiver]
) -> ExplainedObligation:
    """Put a finding together with what it rests on, out of all that the agency did and is waived."""
    days = days_considered(finding)
    looked = [
        ConsideredExecution(recorded, _exclusion(finding, cutoff, recorded))
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
    return ExplainedObligation(finding, _deciding_row(finding, cutoff), looked, covering)


def _exclusion(finding: Finding, cutoff: CutOff, recorded: Recorded) -> Exclusion | None:
    if recorded.voided:
        return Exclusion.VOIDED
    if recorded.execution.day > cutoff.day:
        return Exclusion.AFTER_CUT_OFF
    why = exclusion_of(finding.requirement, recorded.execution)
    if why is None and finding.gap_start and recorded.execution.day < finding.obligation.span.start:
        return Exclusion.BEFORE
    return why


_ROWS_WITHOUT_VALUE = {Reason.PARTIAL_PERIOD: Row.CUT, Reason.WAIVER: Row.WAIVER}
"""The rows that are not about a value, by the reason that they give."""


def _deciding_row(finding: Finding, cutoff: CutOff) -> Row:
    if finding.reason in _ROWS_WITHOUT_VALUE:
        return _ROWS_WITHOUT_VALUE[finding.reason]
    judged = JudgedValue(
        finding.requirement.measure,
        finding.obligation.bounds,
        finding.value,
        finding.obligation.span,
        finding.standing is Standing.UNTOUCHED,
    )
    return deciding_row(judged, cutoff)
