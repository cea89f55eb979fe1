"""Closed reviews, the differences since, and the content of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Review
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.rules import CutOff


ClosedVerdict = tuple[
    str, str, str, str, str, str, int | None, int | None, int | None, int, str, str | None, str
]
"""A verdict as stored for a closed review: agency, activity, requirement, period, from, to, at_least, at_most, value
(thousandths), executions, status, reason, basis."""


class ClosedReview(NamedTuple):
    """A closed review: the question, and what its verdicts are based on."""

    no: int
    review: str
    window: Span
    cutoff: CutOff
    known: int
    """The number of the last change that the verdicts are based on."""
    head: str
    """The link of that change."""
    plan_digest: str
    rules: int
    """The number of the rule set that was applied."""
    author: str = ""
    recorded_at: datetime | None = None


class VerdictDifference(NamedTuple):
    """A verdict that differs from the one stored when the review was closed, and what was recorded since."""

    old: ClosedVerdict | None
    new: ClosedVerdict | None
    reasons: list[Message]


class Report(NamedTuple):
    """The content of a report, independent of its format."""

    assessment: Assessment
    review: Review | None
    """The review that was asked for; None if a period was."""
    executions: Sequence[Recorded]
    """Executions in the window up to the cut-off, without voided ones, by date, then in the order of logging."""
    waivers: Sequence[RecordedWaiver]
    """The waivers in force that overlap the window, in the order of recording."""
    closed_at: datetime | None = None
    """When the review was closed; None if the report is not of a closed review."""
    rules: int | None = None
    """The rule set of a closed review if it is not the current one; then the stored verdicts are reported."""
