"""Plans out of the database: whole, or with only the agencies that were asked for."""

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
from cchc_cli.domain.results import PlanVersion
from cchc_cli.storage.compiled import plans as sql
from cchc_cli.storage.plans.agencies import qualifiers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cchc_cli.storage.database.connection import Connection, Row


class StoredPlan(NamedTuple):
    """A plan with the keys of its rows, by code; requirements by (activity's code, own code)."""

    id: int
    plan: Plan
    agencies: Mapping[str, int]
    activities: Mapping[str, int]
    requirements: Mapping[tuple[str, str], int]
    forms: Mapping[str, int]


class PlanHead(NamedTuple):
    """What is known of a plan without loading it; `id` is the key of its row."""

    id: int
    code: str
    title: str
    effective: Span
    timezone: str


def plan_heads(connection: Connection) -> list[PlanHead]:
    """Give every plan of the database, in order of code."""
    return [
        PlanHead(row.id, row.code, row.title, Span(row.effective_from, row.effective_to), row.timezone)
        for row in connection.all(sql.HEADS)
    ]


def plan_digest(connection: Connection, code: str) -> str | None:
    """Give the SHA-256 of the file that the plan was last imported from; None where there is none."""
    found: str | None = connection.scalar(sql.DIGEST, code=code)
    return found


def plan_version_no(connection: Connection, plan_id: int) -> int:
    """Give the number of the version of a plan that is in force."""
    return int(connection.scalar(sql.VERSION_NO, plan_id=plan_id) or 0)


def source_at(connection: Connection, plan_id: int, seq: int) -> str | None:
    """Give the text of the plan file that was in force after a change; None where there was none yet."""
    found: str | None = connection.scalar(sql.SOURCE_AT, plan_id=plan_id, seq=seq)
    return found


def plan_versions(connection: Connection, plan_id: int) -> list[PlanVersion]:
    """Give every version of a plan, oldest first."""
    return [
        PlanVersion(row.version, row.digest, row.source, row.author, row.recorded_at)
        for row in connection.all(sql.VERSIONS, plan_id=plan_id)
    ]


def load_plan(connection: Connection, code: str, agencies: Iterable[int] | None = None) -> StoredPlan | None:
    """Load a plan; of its agencies all, or those with these keys. None where it is unknown."""
    head = connection.first(sql.WHOLE, code=code)
    if head is None:
        return None
    plan_id = head.id
    loaded = load_agencies(connection, plan_id, agencies)
    activity_rows = connection.all(sql.ACTIVITIES, plan_id=plan_id)
    requirement_rows = connection.all(sql.REQUIREMENTS, plan_id=plan_id)
    form_rows = connection.all(sql.FORMS, plan_id=plan_id)
    codes = {row.id: row.code for row in activity_rows}
    plan = Plan(
        code=head.code,
        title=head.title,
        issuer=head.issuer,
        number=head.number,
        published=head.published,
        effective=Span(head.effective_from, head.effective_to),
        timezone=head.timezone,
        language=head.language,
        log_within_days=head.log_within_days,
        basis=tuple(Document(n, _day(d), i, t) for n, d, i, t in head.basis),
        goals=tuple(Point(*point) for point in head.goals),
        topics=tuple(Point(*point) for point in head.topics),
        forms=tuple(Form(row.code, row.name, row.section) for row in form_rows),
        reviews=tuple(
            Review(row.code, row.name, Span(row.starts, row.ends), row.due)
            for row in connection.all(sql.REVIEWS, plan_id=plan_id)
        ),
        calendars=tuple(_calendar(*item) for item in head.calendars),
        groups=tuple(
            Group(row.code, row.name, tuple(row.kinds), tuple(row.agencies))
            for row in connection.all(sql.GROUPS, plan_id=plan_id)
        ),
        agencies=tuple(loaded.values()),
        activities=_activities(activity_rows, requirement_rows),
    )
    return StoredPlan(
        head.id,
        plan,
        {agency.code: key for key, agency in loaded.items()},
        {row.code: row.id for row in activity_rows},
        {(codes[row.activity_id], row.code): row.id for row in requirement_rows},
        {row.code: row.id for row in form_rows},
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


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _calendar(name: str, entries: list[list[str]]) -> Calendar:
    return Calendar(
        name,
        tuple(
            Period(label, Span(start, end))
            for label, first, last in entries
            if (start := _day(first)) and (end := _day(last))
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
    of: dict[int, list[Requirement]] = {row.id: [] for row in activities}
    for row in requirements:
        of[row.activity_id].append(_requirement(row))
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
            requirements=tuple(of[row.id]),
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
