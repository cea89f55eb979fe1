"""Waivers: who need not do what, from when to when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Span


class Waiver(NamedTuple):
    """An agency need not do an activity, or one requirement of it; codes of the plan."""

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
    """The latest version of a waiver as the database keeps it."""

    no: int
    plan: str
    waiver: Waiver
    ended: bool
    author: str
    recorded_at: datetime
    covered: int | None = None
    """How many obligations it covers, where that was counted."""
