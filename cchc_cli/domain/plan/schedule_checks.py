"""Checks of the schedules of a plan file during import: rules that RFC 5545 forbids, and overlapping dates.

Stored plans are read without these checks, because they may have been imported before the checks existed.
"""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import DAY, Span, iso, span_label
from cchc_cli.domain.calendar.recurrence import occurrences, rfc_faults
from cchc_cli.domain.language.errors import message

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.plan.document import Scalar
    from cchc_cli.domain.plan.fields import Section
    from cchc_cli.domain.plan.model import Schedule

_MAX_STEPS = 200_000
"""Limits the work for all rules of a file to about a second. A step is a date, or an interval that is searched."""

_TOO_MANY = message(
    "the recurrence rules before this one have too many dates to check; use fewer rules, or a plan of fewer years"
)


class ScheduleChecker:
    """Checks the schedules of one file in bounded time; the dates of equal rules are computed once."""

    def __init__(self, effective: Span | None) -> None:
        """Start the checks; `effective` is None if the plan's range is wrong, then only the syntax is checked."""
        self._effective = effective
        self._dates: dict[str, list[date]] = {}
        self._steps_left = _MAX_STEPS

    def check(self, section: Section, rrule: Scalar, schedule: Schedule, in_force: Span) -> None:
        """Report the faults of a schedule whose rule is valid; `in_force` is the requirement's range."""
        faults = rfc_faults(rrule.text)
        for fault in faults:
            section.fault(rrule, "rrule", fault)
        if faults or self._effective is None:
            return
        if self._steps_left < 0:
            # If there is a fault, the file is rejected anyway. The limit is reported once the fault is fixed.
            if not section.faults:
                section.fault(rrule, "rrule", _TOO_MANY)
            return
        dates = self._dates_of(rrule.text.upper(), self._effective)
        if not dates:
            section.fault(
                rrule,
                "rrule",
                message(
                    "the recurrence rule gives no date in the plan, {days}; change the rule",
                    days=span_label(self._effective),
                ),
            )
        elif schedule.tolerance_days:
            self._check_overlap(section, dates, schedule, self._effective & in_force)

    def _dates_of(self, rule: str, effective: Span) -> list[date]:
        """Give the dates of a rule within the plan, and count the steps."""
        found = self._dates.get(rule)
        if found is None:
            found = self._dates[rule] = list(occurrences(rule, effective))
            between = effective.days if "DAILY" in rule else effective.days // 4
            # A rule without any date takes long to search.
            self._steps_left -= len(found) + between if found else _MAX_STEPS // 10
        return found

    def _check_overlap(self, section: Section, dates: list[date], schedule: Schedule, force: Span) -> None:
        """Report the first two ranges of a schedule that overlap."""
        inside = [day for day in takewhile(lambda day: day <= force.end, dates) if day >= force.start]
        self._steps_left -= len(inside)
        least = min(((after - before).days for before, after in pairwise(inside)), default=None)
        if least is None or schedule.tolerance_days < least:
            return

        def span(day: date) -> Span:
            return Span(day, min(day + schedule.tolerance_days * DAY, force.end))

        before, after = next(
            (span(one), span(two)) for one, two in pairwise(inside) if span(one).overlaps(span(two))
        )
        section.fault(
            section.get("tolerance_days") or section.node,
            "tolerance_days",
            message(
                "the ranges {before} and {after} of the schedule share {shared}; make `tolerance_days` at most {most}",
                before=span_label(before),
                after=span_label(after),
                shared=_span_in_words(before & after),
                most=least - 1,
            ),
        )


def _span_in_words(span: Span) -> str:
    return iso(span.start) if span.start == span.end else span_label(span)
