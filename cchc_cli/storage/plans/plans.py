"""Loads plans, with all or some of their agencies."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import Period, Span
from cchc_cli.domain.plan.model import (
    Activity,
    Agency,
    Basis,
    By,
    Calendar,
    Document,
    Form,
    Group,
    Kind,
    Measure,
    Partial,
    Per,
    Plan,
    Point,
    Requirement,
    Review,
    Roles,
    Schedule,
    Unit,
    Where,
    Window,
)
from cchc_cli.storage.compiled import plans as sql
from cchc_cli.storage.plans.agencies import qualifiers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cchc_cli.domain.results.plan_versions import PlanVersion
    from cchc_cli.storage.database.connection import Connection, Row


class StoredPlan(NamedTuple):
    """A plan with the keys of its rows by code; for requirements, by (code of the activity, code)."""

    id: int
    plan: Plan
    agencies: Mapping[str, int]
    activities: Mapping[str, int]
    requirements: Mapping[tuple[str, str], int]
    forms: Mapping[str, int]


class PlanHead(NamedTuple):
    """The head of a plan, which is read without loading the rest; `id` is the key of its row."""

    id: int
    code: str
    title: str
    effective: Span
    timezone: str


def plan_heads(connection: Connection) -> list[PlanHead]:
    """Give the head of every plan, in order of code."""
    return [
        PlanHead(row.id, row.code, row.title, Span(row.effective_from, row.effective_to), row.timezone)
        for row in connection.all(sql.HEADS)
    ]


def plan_digest(connection: Connection, code: str) -> str | None:
    """Give the SHA-256 of the latest imported file of a plan; None where there is none."""
    found: str | None = connection.scalar(sql.DIGEST, code=code)
    return found


def plan_version_no(connection: Connection, plan_id: int) -> int:
    """Give the number of the latest version of a plan; 0 where no file was ever imported."""
    return int(connection.scalar(sql.VERSION_NO, plan_id=plan_id) or 0)


def source_at(connection: Connection, plan_id: int, seq: int) -> str | None:
    """Give the text of the plan file that was in force after a change; None where there was none yet."""
    found: str | None = connection.scalar(sql.SOURCE_AT, plan_id=plan_id, seq=seq)
    return found


def plan_versions(connection: Connection, plan_id: int) -> list[PlanVersion]:
    """Give every version of a plan, oldest first."""
    from cchc_cli.domain.results.plan_versions import PlanVersion  # noqa: PLC0415 - most commands do not list versions

    return [
        PlanVersion(row.version, row.digest, row.source, row.author, row.recorded_at)
        for row in connection.all(sql.VERSIONS, plan_id=plan_id)
    ]


def load_plan(connection: Connection, code: str, agencies: Iterable[int] | None = None) -> StoredPlan | None:
    """Load a plan, with all its agencies or those with these keys. None where it is unknown."""
    head = connection.first(sql.WHOLE, code=code)
    if head is None:
        return None
    loaded = load_agencies(connection, head.id, agencies)
    activities = connection.all(sql.ACTIVITIES, plan_id=head.id)
    requirements = connection.all(sql.REQUIREMENTS, plan_id=head.id)
    forms = connection.all(sql.FORMS, plan_id=head.id)
    plan = _plan(connection, head)._replace(
        forms=tuple(Form(row.code, row.name, row.section) for row in forms),
        agencies=tuple(loaded.values()),
        activities=_activities(activities, requirements),
    )
    codes = {row.id: row.code for row in activities}
    return StoredPlan(
        head.id,
        plan,
        {agency.code: key for key, agency in loaded.items()},
        {row.code: row.id for row in activities},
        {(codes[row.activity_id], row.code): row.id for row in requirements},
        {row.code: row.id for row in forms},
    )


def _plan(connection: Connection, head: Row) -> Plan:
    """Load a plan without its forms, agencies and activities."""
    return Plan(
        code=head.code,
        title=head.title,
        issuer=head.issuer,
        number=head.number,
        published=head.published,
        effective=Span(head.effective_from, head.effective_to),
        timezone=head.timezone,
        language=head.language,
        log_within_days=head.log_within_days,
        basis=tuple(Document(number, _date(day), issuer, title) for number, day, issuer, title in head.basis),
        goals=tuple(Point(*point) for point in head.goals),
        topics=tuple(Point(*point) for point in head.topics),
        reviews=tuple(
            Review(row.code, row.name, Span(row.starts, row.ends), row.due)
            for row in connection.all(sql.REVIEWS, plan_id=head.id)
        ),
        calendars=tuple(_calendar(*calendar) for calendar in head.calendars),
        groups=tuple(
            Group(row.code, row.name, tuple(row.kinds), tuple(row.agencies))
            for row in connection.all(sql.GROUPS, plan_id=head.id)
        ),
    )


def load_agencies(
    connection: Connection, plan_id: int, agencies: Iterable[int] | None = None
) -> dict[int, Agency]:
    """Load the agencies of a plan by key, all or those with these keys, in the order of the plan."""
    if agencies is None:
        rows = connection.all(sql.AGENCIES, plan_id=plan_id)
    else:
        rows = connection.all(sql.SOME_AGENCIES, plan_id=plan_id, agencies=json.dumps(list(agencies)))
    found = qualifiers_of(connection, plan_id, [row.id for row in rows])
    return {row.id: _agency(row, found.get(row.code)) for row in rows}


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _calendar(name: str, entries: list[list[str]]) -> Calendar:
    return Calendar(
        name,
        tuple(
            Period(label, Span(start, end))
            for label, first, last in entries
            if (start := _date(first)) and (end := _date(last))
        ),
    )


def _agency(row: Row, qualifier: str | None) -> Agency:
    return Agency(
        code=row.code,
        name=row.name,
        kind=row.kind,
        short=row.short,
        parent=row.parent,
        gso=row.gso,
        aliases=tuple(row.aliases),
        start=row.starts,
        end=row.ends,
        successors=tuple(row.successors),
        qualifier=qualifier,
    )


def _activities(activities: Sequence[Row], requirements: Sequence[Row]) -> tuple[Activity, ...]:
    requirements_of: dict[int, list[Requirement]] = {row.id: [] for row in activities}
    for row in requirements:
        requirements_of[row.activity_id].append(_requirement(row))
    return tuple(
        Activity(
            code=row.code,
            alias=row.alias,
            title=row.title,
            text=row.text,
            schedule=row.schedule,
            kind=Kind(row.kind),
            unit=Unit(row.unit_code, row.unit_name),
            forms=tuple(row.forms),
            roles=Roles(*(tuple(codes) for codes in row.roles)),
            methods=tuple(row.methods),
            requirements=tuple(requirements_of[row.id]),
        )
        for row in activities
    )


def _requirement(row: Row) -> Requirement:
    return Requirement(
        code=row.code,
        owed_by=tuple(row.owed_by),
        measure=Measure(row.measure),
        at_least=row.at_least,
        at_most=row.at_most,
        window=_window(row),
        where=Where(tuple(row.where_forms), row.where_repeats, row.where_amount),
        start=row.starts,
        end=row.ends,
        partial=Partial(row.partial) if row.partial_given else None,
        basis=Basis(row.basis),
        quote=row.quote,
        note=row.note,
    )


def _window(row: Row) -> Window:
    if row.per is not None:
        return Per(row.per)
    if row.by_day is not None:
        return By(row.by_day, row.by_inclusive)
    return Schedule(row.rrule, row.tolerance_days)
