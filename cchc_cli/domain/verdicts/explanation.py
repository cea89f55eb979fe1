"""Explanations of verdicts: the executions considered, which of them count, and the row that decided."""

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
    """An execution that was considered; `exclusion` says why it does not count, None if it counts."""

    recorded: Recorded
    exclusion: Exclusion | None


class ExplainedObligation(NamedTuple):
    """One obligation with the grounds of its verdict."""

    finding: Finding
    row: Row
    executions: list[ConsideredExecution]
    """By date, then in the order of logging."""
    waivers: list[RecordedWaiver]
    """The waivers that cover the obligation."""


class Explanation(NamedTuple):
    """The explained obligations of one agency for one activity in a window."""

    plan: Plan
    agency: Agency
    activity: Activity
    requirements: tuple[Requirement, ...]
    """The requirements that were asked for; the agency may not owe all of them."""
    window: Period
    cutoff: CutOff
    known_at: datetime | None
    obligations: list[ExplainedObligation]


def days_considered(finding: Finding) -> Span:
    """Give the days whose executions are considered for a verdict.

    For a stock these are all days up to the obligation's last. For a gap they include the day before the
    gap that reaches into the obligation.
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
    """Explain a finding; `records` and `waivers` may include more than it depends on."""
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
"""The rows that do not depend on the value, by their reason."""


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
