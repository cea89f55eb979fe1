"""Reads one requirement of a plan file: its window, measure, bounds and basis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import ALWAYS, Frequency, Span
from cchc_cli.domain.calendar.recurrence import rrule_fault
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import collapse_spaces
from cchc_cli.domain.plan.document import Scalar
from cchc_cli.domain.plan.fields import CODE, Section
from cchc_cli.domain.plan.model import (
    Agency,
    Basis,
    By,
    Group,
    Kind,
    Measure,
    Partial,
    Per,
    Requirement,
    Schedule,
    Where,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cchc_cli.domain.plan.schedule_checks import ScheduleChecker

ALLOWED_MEASURES: dict[Kind, frozenset[Measure]] = {
    Kind.FLOW: frozenset({Measure.EXECUTIONS, Measure.AMOUNT, Measure.DAYS, Measure.FORMS, Measure.GAP}),
    Kind.STOCK: frozenset({Measure.EXECUTIONS, Measure.DAYS, Measure.FORMS, Measure.GAP, Measure.STOCK}),
    Kind.READING: frozenset({Measure.EXECUTIONS, Measure.DAYS, Measure.FORMS, Measure.GAP, Measure.LATEST}),
}
_PRORATABLE = frozenset({Measure.EXECUTIONS, Measure.AMOUNT, Measure.DAYS})
_WINDOWS = ("per", "by", "before", "schedule")


@dataclass(slots=True)
class KnownCodes:
    """The codes that other parts of the file may refer to."""

    agencies: dict[str, Agency]
    groups: dict[str, Group]
    forms: frozenset[str]
    calendars: frozenset[str]
    schedules: ScheduleChecker | None
    """Checks schedules; None for a plan that was imported before."""
    owners: Collection[str] = field(init=False)
    """All codes that `owed_by` and roles may name."""
    periods: Collection[str] = field(init=False)
    """All values that `per` may have."""

    def __post_init__(self) -> None:
        """Build the look-up tables that each requirement needs; they keep the order for suggestions."""
        self.owners = dict.fromkeys([*self.groups, *self.agencies])
        self.periods = dict.fromkeys([*Frequency, "plan", *sorted(self.calendars)])


def check_codes(
    section: Section, key: str, codes: Iterable[Scalar], what: Message, known: Collection[str]
) -> None:
    """Report each unknown code under the key."""
    listed = not isinstance(section.get(key), Scalar)
    for index, code in enumerate(codes):
        if code.text not in known and CODE.fullmatch(code.text):
            section.fault(
                code, f"{key}[{index}]" if listed else key, section.faults.unknown(what, code.text, known)
            )


def read_requirement(section: Section, kind: Kind, words: tuple[str, ...], known: KnownCodes) -> Requirement:
    """Read a requirement of an activity of this kind; `words` are the activity's texts, normalised by `collapse_spaces`."""
    owed_by = section.codes("owed_by", required=True)
    check_codes(section, "owed_by", (item for _, item in owed_by), message("agency or group"), known.owners)
    start, end = section.dates()
    requirement = Requirement(
        code=section.code("code") or "",
        owed_by=tuple(code for code, _ in owed_by),
        measure=section.choice("measure", Measure),
        at_least=section.amount("at_least"),
        at_most=section.amount("at_most"),
        window=_read_window(section, known, Span(start or ALWAYS.start, end or ALWAYS.end)),
        where=_read_where(section, kind, known),
        start=start,
        end=end,
        partial=section.choice("partial", Partial) if section.get("partial") else None,
        basis=section.choice("basis", Basis),
        quote=section.text("quote"),
        note=section.text("note"),
    )
    _check_measure(section, requirement, kind)
    _check_bounds(section, requirement)
    _check_basis(section, requirement, words)
    return requirement


def _read_window(section: Section, known: KnownCodes, in_force: Span) -> Window:
    given = [key for key in _WINDOWS if section.get(key) is not None]
    if len(given) != 1:
        section.fault(
            section.get(given[1]) or section.node if given else section.node,
            "",
            message(
                "exactly one of {known} is needed; found: {given}", known=list(_WINDOWS), given=given or "–"
            ),
        )
    day, before = section.date("by"), section.date("before")
    schedule = _read_schedule(section, known, in_force)
    per = section.scalar("per")
    if per and per.text not in known.periods:
        section.fault(per, "per", section.faults.unknown(message("period"), per.text, known.periods))
    if schedule:
        return schedule
    if day or before:
        return By(day or before or ALWAYS.end, inclusive=day is not None)
    return Per(per.text if per else "plan")


def _read_schedule(section: Section, known: KnownCodes, in_force: Span) -> Schedule | None:
    inner = section.section("schedule")
    if inner is None:
        return None
    rrule = inner.scalar("rrule", required=True)
    wrong = rrule_fault(rrule.text) if rrule else None
    if rrule and wrong:
        inner.fault(rrule, "rrule", wrong)
    schedule = Schedule(rrule.text if rrule else "", inner.whole("tolerance_days") or 0)
    if rrule and not wrong and known.schedules:
        known.schedules.check(inner, rrule, schedule, in_force)
    inner.close()
    return schedule


def _read_where(section: Section, kind: Kind, known: KnownCodes) -> Where:
    inner = section.section("where")
    if inner is None:
        return Where()
    forms = inner.codes("forms")
    check_codes(inner, "forms", (item for _, item in forms), message("form"), known.forms)
    repeats = inner.scalar("repeats")
    if repeats and repeats.text not in {"include", "exclude"}:
        inner.fault(
            repeats, "repeats", inner.faults.unknown(message("value"), repeats.text, ["include", "exclude"])
        )
    amount = inner.amount("amount_at_least")
    if amount is not None and kind is Kind.STOCK:
        inner.fault(
            inner.get("amount_at_least") or inner.node,
            "amount_at_least",
            message("`amount_at_least` does not go with an activity of kind stock"),
        )
    inner.close()
    return Where(tuple(code for code, _ in forms), repeats is not None and repeats.text == "include", amount)


def _check_measure(section: Section, requirement: Requirement, kind: Kind) -> None:
    measure = section.get("measure")
    if measure and requirement.measure not in ALLOWED_MEASURES[kind]:
        section.fault(
            measure,
            "measure",
            message(
                "an activity of kind {kind} cannot be measured by {measure}; it allows {known}",
                kind=kind,
                measure=requirement.measure,
                known=sorted(ALLOWED_MEASURES[kind]),
            ),
        )
    if requirement.partial is Partial.PRORATE and requirement.measure not in _PRORATABLE:
        section.fault(
            section.get("partial") or section.node,
            "partial",
            message("`prorate` goes only with {known}", known=sorted(_PRORATABLE)),
        )


def _check_bounds(section: Section, requirement: Requirement) -> None:
    least, most = requirement.at_least, requirement.at_most
    lower, upper = section.get("at_least"), section.get("at_most")
    if lower is None and upper is None:
        section.fault(section.node, "", message("`at_least`, `at_most` or both are needed"))
    if lower and least == 0:
        section.fault(lower, "at_least", message("`at_least` must be above 0"))
    if lower and least is not None and most is not None and least > most:
        section.fault(lower, "at_least", message("`at_least` is above `at_most`"))
    if lower and requirement.measure is Measure.GAP:
        section.fault(lower, "at_least", message("the measure gap allows only `at_most`"))


def _check_basis(section: Section, requirement: Requirement, words: tuple[str, ...]) -> None:
    quote = section.get("quote")
    if requirement.basis is Basis.INTERPRETED and not requirement.note:
        section.fault(
            section.node,
            "note",
            message("an interpreted requirement needs a `note`: what was decided, by whom, and why"),
        )
    if requirement.basis is Basis.STATED and not requirement.quote:
        section.fault(
            section.node, "quote", message("a stated requirement needs a `quote` of the plan’s words")
        )
    elif requirement.basis is Basis.STATED and not _is_quoted(requirement.quote or "", words):
        section.fault(
            quote or section.node,
            "quote",
            message("these words are not in the activity’s text, schedule or methods"),
        )


def _is_quoted(quote: str, words: tuple[str, ...]) -> bool:
    sought = collapse_spaces(quote)
    return any(sought in text for text in words)
