"""The plan as immutable data; two plans with equal content are equal.

docs/plan-format.md explains each field; amounts and bounds are thousandths.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import ALWAYS, Period, Span

if TYPE_CHECKING:
    from datetime import date


class Kind(StrEnum):
    """How the amounts of an activity's executions add up."""

    FLOW = "flow"
    STOCK = "stock"
    READING = "reading"


class Measure(StrEnum):
    """What a requirement counts."""

    EXECUTIONS = "executions"
    AMOUNT = "amount"
    DAYS = "days"
    FORMS = "forms"
    GAP = "gap"
    STOCK = "stock"
    LATEST = "latest"


class Partial(StrEnum):
    """How a period is treated that is shortened by the range of the plan, requirement or agency."""

    WAIVE = "waive"
    FULL = "full"
    PRORATE = "prorate"


class Basis(StrEnum):
    """Whether the plan states a requirement, or somebody interpreted the plan so."""

    STATED = "stated"
    INTERPRETED = "interpreted"


PERCENT = "percent"
"""The unit code whose readings lie between 0 and 100."""

TIME = "time"
"""The unit code in which an amount may be left out, and is 1."""


class Document(NamedTuple):
    """A document that the plan is based on."""

    number: str
    date: date | None
    issuer: str | None
    title: str | None


class Point(NamedTuple):
    """A numbered point of the plan: a goal or a topic."""

    code: str
    text: str


class Form(NamedTuple):
    """A form or channel that an execution can take."""

    code: str
    name: str
    section: str | None = None


class Review(NamedTuple):
    """A window in which the plan is reviewed."""

    code: str
    name: str
    span: Span
    due: date | None = None


class Group(NamedTuple):
    """A group of agencies: those of some kinds, those listed, or both."""

    code: str
    name: str
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def qualified(name: str, qualifier: str | None) -> str:
    """Append the qualifier to the name of an agency, if it has one."""
    return f"{name} ({qualifier})" if qualifier else name


class Agency(NamedTuple):
    """An agency, which owes and performs activities; it exists from `start` to `end`, both inclusive."""

    code: str
    name: str
    kind: str
    short: str | None = None
    parent: str | None = None
    gso: str | None = None
    aliases: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    successors: tuple[str, ...] = ()
    qualifier: str | None = None
    """Distinguishes it from another agency of the plan with the same name; derived from all agencies."""

    @property
    def shown(self) -> str:
        """The name with its qualifier, unique in the plan."""
        return qualified(self.name, self.qualifier)

    @property
    def shown_short(self) -> str:
        """The short name, or else the name, with its qualifier."""
        return qualified(self.short or self.name, self.qualifier)

    @property
    def life(self) -> Span:
        """The days on which the agency exists."""
        return Span(self.start or ALWAYS.start, self.end or ALWAYS.end)


class Unit(NamedTuple):
    """The unit of amounts."""

    code: str = TIME
    name: str = "lần"


class Per(NamedTuple):
    """Due in every period of a kind: a frequency, `plan`, or the name of a calendar."""

    name: str


class By(NamedTuple):
    """Due by a date: on that day at the latest if `inclusive` (`by`), else on the day before it (`before`)."""

    day: date
    inclusive: bool = True


class Schedule(NamedTuple):
    """Due at each date of a recurrence rule (RFC 5545) or up to `tolerance_days` later."""

    rrule: str
    tolerance_days: int = 0


Window = Per | By | Schedule


class Where(NamedTuple):
    """The condition that executions must meet to count."""

    forms: tuple[str, ...] = ()
    repeats: bool = False
    amount_at_least: int | None = None


class Requirement(NamedTuple):
    """One duty that can be checked, with the quote or the interpretation that it is based on."""

    code: str
    owed_by: tuple[str, ...]
    measure: Measure
    window: Window
    basis: Basis
    at_least: int | None = None
    at_most: int | None = None
    where: Where = Where()
    start: date | None = None
    end: date | None = None
    partial: Partial | None = None
    """How shortened periods are treated; None if the plan does not say."""
    quote: str | None = None
    note: str | None = None

    @property
    def when_cut(self) -> Partial:
        """How shortened periods are treated, as the plan says or by default."""
        return self.partial or Partial.WAIVE

    @property
    def in_force(self) -> Span:
        """The days on which the requirement holds."""
        return Span(self.start or ALWAYS.start, self.end or ALWAYS.end)


class Roles(NamedTuple):
    """Who does what, as the plan says: codes of agencies or groups."""

    lead: tuple[str, ...] = ()
    coordinate: tuple[str, ...] = ()
    perform: tuple[str, ...] = ()


class Activity(NamedTuple):
    """An activity of the plan; executions can be recorded even if it has no requirements."""

    code: str
    title: str
    alias: str | None = None
    text: str | None = None
    schedule: str | None = None
    kind: Kind = Kind.FLOW
    unit: Unit = Unit()
    forms: tuple[str, ...] = ()
    roles: Roles = Roles()
    methods: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()


class Calendar(NamedTuple):
    """A table of periods that a requirement can name in `per`."""

    name: str
    entries: tuple[Period, ...]


class Plan(NamedTuple):
    """The whole plan; `agencies` holds only those that were loaded."""

    code: str
    title: str
    effective: Span
    issuer: str | None = None
    number: str | None = None
    published: date | None = None
    timezone: str = "Asia/Ho_Chi_Minh"
    language: str = "vi"
    log_within_days: int | None = None
    """The most days from an execution to its recording; later ones count, and are shown as late."""
    basis: tuple[Document, ...] = ()
    goals: tuple[Point, ...] = ()
    topics: tuple[Point, ...] = ()
    forms: tuple[Form, ...] = ()
    reviews: tuple[Review, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    groups: tuple[Group, ...] = ()
    agencies: tuple[Agency, ...] = ()
    activities: tuple[Activity, ...] = ()

    @property
    def requirement_count(self) -> int:
        """The number of requirements of all activities."""
        return sum(len(activity.requirements) for activity in self.activities)


def owes(requirement: Requirement, agency: Agency, groups: dict[str, Group]) -> bool:
    """Tell whether the requirement names the agency, directly or through a group."""
    return _named(requirement.owed_by, agency, groups)


def takes_part(activity: Activity, agency: Agency, groups: dict[str, Group]) -> bool:
    """Tell whether the agency performs the activity or owes one of its requirements."""
    return _named(activity.roles.perform, agency, groups) or any(
        owes(requirement, agency, groups) for requirement in activity.requirements
    )


def _named(codes: tuple[str, ...], agency: Agency, groups: dict[str, Group]) -> bool:
    return any(code == agency.code or (code in groups and is_member(groups[code], agency)) for code in codes)


def is_member(group: Group, agency: Agency) -> bool:
    """Tell whether the agency is of one of the group's kinds or listed in it."""
    return agency.kind in group.kinds or agency.code in group.agencies
