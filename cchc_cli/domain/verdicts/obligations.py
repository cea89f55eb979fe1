"""Who owes what in which period: docs/semantics.md, “Obligations”. Computed, never stored."""

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
    """What the value must reach and must not exceed, in thousandths; None where not asked."""

    at_least: int | None
    at_most: int | None


class Slot(NamedTuple):
    """A period of a requirement, the same for all who owe it.

    `full` is the period before any agency's life cuts it, `span` what the plan and the requirement
    have in force of it. The database counts per slot; no execution can lie outside an agency's
    life, so what an agency did within `span` is what it did within its own part of it.
    """

    number: int
    label: str
    full: Span
    span: Span
    whole: bool
    """Whether the slot counts as whole however an agency's life ends in it (`schedule`)."""


class Obligation(NamedTuple):
    """What one agency owes for one requirement in one period; `span` is the page's C."""

    slot: Slot
    span: Span
    bounds: Bounds
    cut: bool
    """Shorter than its period, and waived for it."""


def slots(plan: Plan, requirement: Requirement) -> list[Slot]:
    """Give the periods of a requirement that its plan has in force, in order of time."""
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
    """Give what an agency with this life owes in the slot; None where it owes nothing there."""
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
    """Tell whether a deadline binds on its day: a late beginning does not cut it unless the plan says so."""
    return isinstance(requirement.window, By) and requirement.partial is None and span.end == slot.full.end


def waived_days(requirement: Requirement, span: Span) -> Span:
    """Give the days that a waiver must cover: of a deadline the last one, else every day of the obligation."""
    return Span(span.end, span.end) if isinstance(requirement.window, By) else span


def _prorated(bounds: Bounds, days: int, full: int) -> Bounds:
    """Shrink bounds to a part of a period: at_least rounded up, at_most down, to whole numbers."""
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
