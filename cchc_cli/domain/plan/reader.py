"""Converts a parsed plan file to a Plan, or reports every fault in it: docs/plan-format.md.

Each section is read by itself; then the references between sections are checked. Faults are collected as
values, so that reading does not stop at the first one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar
from zoneinfo import ZoneInfo

from cchc_cli.domain.calendar.periods import ALWAYS, Frequency, Period, Span
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import collapse_spaces
from cchc_cli.domain.plan.agency_names import with_qualifiers
from cchc_cli.domain.plan.agency_reader import check_agencies, check_groups, read_agency, read_group
from cchc_cli.domain.plan.document import Fault, Mapping, Node, Scalar
from cchc_cli.domain.plan.fields import CODE, Faults, Section, TooManyFaults, check_unique
from cchc_cli.domain.plan.model import (
    Activity,
    Agency,
    Calendar,
    Document,
    Form,
    Group,
    Kind,
    Plan,
    Point,
    Requirement,
    Review,
    Roles,
    Unit,
)
from cchc_cli.domain.plan.requirement_reader import KnownCodes, check_codes, read_requirement
from cchc_cli.domain.plan.schedule_checks import ScheduleChecker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _HasCode(Protocol):
    @property
    def code(self) -> str: ...


_Coded = TypeVar("_Coded", bound=_HasCode)


FORMAT = "cchc/plan/1"


MAX_YEARS = 30
"""The most years that a plan may span: enough for every programme, and a limit for computations."""


def read_plan(node: Node, *, importing: bool) -> tuple[Plan | None, list[Fault]]:
    """Read a whole file; give the plan and no faults, or None and every fault.

    Checks that were added later apply only to a file that is being imported, so that stored plans stay readable.
    """
    faults = Faults()
    plan = None
    with suppress(TooManyFaults):
        plan = _read_root(node, faults, importing=importing)
    faults.sort(key=lambda fault: fault.mark)
    return (None if faults else plan), faults


def _read_root(node: Node, faults: Faults, *, importing: bool) -> Plan | None:
    root = Section(node, "", faults)
    if not isinstance(node, Mapping):
        return None
    kind = root.scalar("format", required=True)
    if kind and kind.text != FORMAT:
        root.fault(
            kind, "format", message("the format is “{text}”, not {known}", text=kind.text, known=FORMAT)
        )
    plan = _read_plan(root, importing=importing)
    root.close()
    return plan


def _read_plan(root: Section, *, importing: bool) -> Plan:
    head = root.section("plan")
    if head is None:
        root.fault(root.node, "plan", message("this key is missing"))
        head = Section(Mapping(root.node.mark), "plan", Faults())
    effective = _read_effective(head)
    forms = _read_list(head, "forms", _read_form)
    calendars = _read_calendars(root)
    agencies = _read_list(root, "agencies", read_agency)
    groups = _read_list(root, "groups", read_group)
    schedules = ScheduleChecker(effective) if importing else None
    known = _known_codes(_items(agencies), _items(groups), _items(forms), calendars, schedules)
    check_agencies(agencies, known)
    check_groups(groups, known)
    activities = [(section, _read_activity(section, known)) for section in root.sections("activities")]
    _check_activities(activities)
    plan = Plan(
        code=head.code("code") or "",
        title=head.required_text("title"),
        issuer=head.text("issuer"),
        number=head.text("number"),
        published=head.date("published"),
        effective=effective or ALWAYS,
        timezone=_read_timezone(head),
        language=head.text("language") or "vi",
        log_within_days=head.whole("log_within_days"),
        basis=tuple(_read_document(section) for section in head.sections("basis")),
        goals=_items(_read_list(head, "goals", _read_point)),
        topics=_items(_read_list(head, "topics", _read_point)),
        forms=_items(forms),
        reviews=_items(_read_list(root, "reviews", _read_review)),
        calendars=calendars,
        groups=_items(groups),
        agencies=with_qualifiers(_items(agencies)),
        activities=tuple(activity for _, activity in activities),
    )
    head.close()
    return plan


def _known_codes(
    agencies: tuple[Agency, ...],
    groups: tuple[Group, ...],
    forms: tuple[Form, ...],
    calendars: tuple[Calendar, ...],
    schedules: ScheduleChecker | None,
) -> KnownCodes:
    return KnownCodes(
        {agency.code: agency for agency in agencies if agency.code},
        {group.code: group for group in groups if group.code},
        frozenset(form.code for form in forms),
        frozenset(calendar.name for calendar in calendars),
        schedules,
    )


def _read_list(parent: Section, key: str, read: Callable[[Section], _Coded]) -> list[tuple[Section, _Coded]]:
    """Read a list of mappings with unique codes."""
    found = []
    for section in parent.sections(key):
        found.append((section, read(section)))
        section.close()
    check_unique(found, "code", lambda item: item.code)
    return found


def _items(found: Iterable[tuple[Section, _Coded]]) -> tuple[_Coded, ...]:
    return tuple(item for _, item in found)


def _read_effective(head: Section) -> Span | None:
    """Read the range of the plan; None if it has a fault."""
    section = head.section("effective")
    if section is None:
        head.fault(head.node, "effective", message("this key is missing"))
        return None
    span = section.span()
    section.close()
    if span.start == ALWAYS.start or span.end == ALWAYS.end or not span.days:
        return None
    if span.end.year - span.start.year >= MAX_YEARS:
        head.fault(
            section.node,
            "effective",
            message("a plan spans at most {years} years", years=MAX_YEARS),
        )
        return None
    return span


def _read_timezone(head: Section) -> str:
    value = head.scalar("timezone")
    if value is None:
        return "Asia/Ho_Chi_Minh"
    try:
        ZoneInfo(value.text)
    except (ValueError, OSError, LookupError):
        head.fault(
            value,
            "timezone",
            message("“{text}” is not a time zone; write one such as Asia/Ho_Chi_Minh", text=value.text),
        )
    return value.text


def _read_document(section: Section) -> Document:
    document = Document(
        section.required_text("number"), section.date("date"), section.text("issuer"), section.text("title")
    )
    section.close()
    return document


def _read_point(section: Section) -> Point:
    return Point(section.code("code") or "", section.required_text("text"))


def _read_form(section: Section) -> Form:
    return Form(section.code("code") or "", section.required_text("name"), section.text("section"))


def _read_review(section: Section) -> Review:
    code = section.code("code") or ""
    return Review(code, section.text("name") or code, section.span(), section.date("due"))


def _read_calendars(root: Section) -> tuple[Calendar, ...]:
    return tuple(_read_calendar(root, name, sections) for name, sections in root.named_lists("calendars"))


def _read_calendar(root: Section, name: Scalar, sections: list[Section]) -> Calendar:
    path = f"calendars.{name.text}"
    if name.text in {*Frequency, "plan"}:
        root.fault(name, path, message("“{name}” is a built-in period; choose another name", name=name.text))
    elif not CODE.fullmatch(name.text):
        root.fault(name, path, message("“{text}” cannot be the name of a calendar", text=name.text))
    entries: list[tuple[Section, _Entry]] = []
    for section in sections:
        entries.append((section, _Entry(section.code("code") or "", section.span())))
        section.close()
    check_unique(entries, "code", lambda entry: entry.code)
    _check_overlap(entries)
    return Calendar(name.text, tuple(Period(entry.code, entry.span) for _, entry in entries))


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    span: Span


def _check_overlap(entries: list[tuple[Section, _Entry]]) -> None:
    ordered = sorted((pair for pair in entries if pair[1].span != ALWAYS), key=lambda pair: pair[1].span)
    for (_, before), (section, entry) in pairwise(ordered):
        if entry.span.start <= before.span.end:
            section.fault(
                section.node,
                "",
                message(
                    "“{code}” overlaps “{other}”; the periods of a calendar must not overlap",
                    code=entry.code,
                    other=before.code,
                ),
            )


def _read_activity(section: Section, known: KnownCodes) -> Activity:
    text, schedule, methods = section.text("text"), section.text("schedule"), section.texts("methods")
    kind = section.choice("kind", Kind, Kind.FLOW)
    forms = section.codes("forms")
    check_codes(section, "forms", (item for _, item in forms), message("form"), known.forms)
    words = tuple(collapse_spaces(part) for part in (text, schedule, *methods) if part)
    requirements: list[tuple[Section, Requirement]] = []
    for inner in section.sections("requirements"):
        requirements.append((inner, read_requirement(inner, kind, words, known)))
        inner.close()
    check_unique(requirements, "code", lambda item: item.code)
    activity = Activity(
        code=section.code("code") or "",
        alias=section.code("alias", required=False),
        title=section.required_text("title"),
        text=text,
        schedule=schedule,
        kind=kind,
        unit=_read_unit(section),
        forms=tuple(code for code, _ in forms),
        roles=_read_roles(section, known),
        methods=methods,
        requirements=_items(requirements),
    )
    section.close()
    return activity


def _read_unit(section: Section) -> Unit:
    inner = section.section("unit")
    if inner is None:
        return Unit()
    code = inner.code("code") or ""
    unit = Unit(code, inner.text("name") or code)
    inner.close()
    return unit


def _read_roles(section: Section, known: KnownCodes) -> Roles:
    inner = section.section("roles")
    if inner is None:
        return Roles()
    roles = {}
    for role in ("lead", "coordinate", "perform"):
        codes = inner.codes(role)
        check_codes(inner, role, (item for _, item in codes), message("agency or group"), known.owners)
        roles[role] = tuple(code for code, _ in codes)
    inner.close()
    return Roles(**roles)


def _check_activities(activities: list[tuple[Section, Activity]]) -> None:
    names: set[str] = set()
    for section, activity in activities:
        for key, name in (("code", activity.code), ("alias", activity.alias)):
            if name and name.casefold() in names:
                section.fault(
                    section.get(key) or section.node, key, message("“{code}” is used twice", code=name)
                )
        names.update(name.casefold() for name in (activity.code, activity.alias) if name)
