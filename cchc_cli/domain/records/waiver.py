"""Waivers: which agency is excused from which activity or requirement, for which days, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Span


class Waiver(NamedTuple):
    """An agency is excused from an activity, or from one requirement of it; all are codes of the plan."""

    agency: str
    activity: str
    requirement: str | None
    span: Span
    reason: str
    document: str | None = None

    def covers(self, activity: str, requirement: str, span: Span) -> bool:
        """Tell whether this one waiver covers every day of an obligation."""
        return (
            self.activity == activity
            and self.requirement in {None, requirement}
            and self.span.start <= span.start
            and span.end <= self.span.end
        )


class RecordedWaiver(NamedTuple):
    """The latest stored version of a waiver."""

    no: int
    plan: str
    waiver: Waiver
    ended: bool
    author: str
    recorded_at: datetime
    covered: int | None = None
    """How many obligations it covers; None if they were not counted."""
