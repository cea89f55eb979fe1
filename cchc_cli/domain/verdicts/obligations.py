"""Obligations: who owes what in which period (docs/semantics.md, “Obligations”). Computed, never stored."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import (
    DAY,
    Frequency,
    Period,
    Span,
    periods,
    span_label,
)
from cchc_cli.domain.language.amounts import THOUSANDTHS
from cchc_cli.domain.plan.model import By, Partial, Per, Plan, Requirement, Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan.model import Activity

_FREQUENCIES = frozenset(Frequency)


class Bounds(NamedTuple):
    """The minimum and the maximum of the value, in thousandths; None if there is none."""

    at_least: int | None
    at_most: int | None


class Slot(NamedTuple):
    """A period of a requirement, the same for all agencies that owe it.

    `full` is the whole period, `span` its part within the ranges of the plan and the requirement. The
    database counts per slot. No execution can be outside its agency's life, so the counts for `span` equal
    those for the agency's own part of it.
    """

    number: int
    label: str
    full: Span
    span: Span
    whole: bool
    """Whether the slot counts as whole even if an agency's life ends in it (`schedule`)."""


class Obligation(NamedTuple):
    """What one agency owes for one requirement in one period; `span` is C in docs/semantics.md."""

    slot: Slot
    span: Span
    bounds: Bounds
    cut: bool
    """Whether it is waived because it is shorter than its period."""


def slots(plan: Plan, requirement: Requirement) -> list[Slot]:
    """Give the periods of a requirement within the ranges of the plan and the requirement, in order of time."""
    force = plan.effective & requirement.in_force
    if not force.days:
        return []
    whole = isinstance(requirement.window, Schedule)
    found = ((period, period.span & force) for period in _full_periods(plan, requirement, force))
    kept = ((period, span) for period, span in found if span.days)
    return [
        Slot(number, period.label, period.span, span, whole) for number, (period, span) in enumerate(kept)
    ]


def _full_periods(plan: Plan, requirement: Requirement, force: Span) -> Iterator[Period]:
    match requirement.window:
        case Per("plan"):
            yield Period(span_label(force), force)
        case Per(name) if name in _FREQUENCIES:
            yield from periods(Frequency(name), force)
        case Per(name):
            yield from _calendar_periods(plan, name)
        case By(day, inclusive):
            last = day if inclusive else day - DAY
            yield Period(last.isoformat(), Span(force.start, last))
        case Schedule(rrule, tolerance_days):
            from cchc_cli.domain.calendar.recurrence import occurrences  # noqa: PLC0415 - few plans have such rules

            dates = occurrences(rrule, plan.effective)
            for day in takewhile(lambda day: day <= force.end, dates):
                if day >= force.start:
                    last = min(day + tolerance_days * DAY, force.end)
                    yield Period(day.isoformat(), Span(day, last))


def _calendar_periods(plan: Plan, name: str) -> Iterator[Period]:
    calendar = next(calendar for calendar in plan.calendars if calendar.name == name)
    for label, span in sorted(calendar.entries, key=lambda entry: entry.span):
        yield Period(label, span & plan.effective)


def obligation(requirement: Requirement, slot: Slot, life: Span) -> Obligation | None:
    """Give the obligation of an agency with this life in the slot; None if there is none."""
    span = slot.span & life
    bounds = Bounds(requirement.at_least, requirement.at_most)
    if not span.days or (slot.whole and span.start > slot.span.start):
        return None
    if slot.whole or span == slot.full or _is_deadline_reached(requirement, slot, span):
        return Obligation(slot, span, bounds, cut=False)
    if requirement.when_cut is Partial.PRORATE:
        bounds = _prorated(bounds, span.days, slot.full.days)
    return Obligation(slot, span, bounds, cut=requirement.when_cut is Partial.WAIVE)


def _is_deadline_reached(requirement: Requirement, slot: Slot, span: Span) -> bool:
    """Tell whether a deadline is owed in full: a late beginning does not cut it unless the plan sets `partial`."""
    return isinstance(requirement.window, By) and requirement.partial is None and span.end == slot.full.end


def waived_days(requirement: Requirement, span: Span) -> Span:
    """Give the days that a waiver must cover: the last day of a deadline, else all days of the obligation."""
    return Span(span.end, span.end) if isinstance(requirement.window, By) else span


def _prorated(bounds: Bounds, days: int, full: int) -> Bounds:
    """Scale bounds to a part of a period: at_least is rounded up, at_most down, to whole numbers."""
    least, most = bounds
    unit = full * THOUSANDTHS
    return Bounds(
        None if least is None else -(-least * days // unit) * THOUSANDTHS,
        None if most is None else most * days // unit * THOUSANDTHS,
    )


def duties(plan: Plan) -> Iterator[tuple[Activity, Requirement]]:
    """Give every requirement with its activity, in the order of the plan."""
    for activity in plan.activities:
        for requirement in activity.requirements:
            yield activity, requirement
