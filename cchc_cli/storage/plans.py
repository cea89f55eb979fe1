"""Plans in the database: saved whole, loaded whole or with only the agencies that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import SQLModel, col

from cchc_cli.domain.periods import Period, Span
from cchc_cli.domain.plan import (
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
from cchc_cli.domain.text import bare_names, exact_key, fold
from cchc_cli.storage.tables import (
    OPEN,
    ActivityRow,
    AgencyNameRow,
    AgencyRow,
    FormRow,
    GroupRow,
    PlanRow,
    PlanVersionRow,
    RequirementRow,
    ReviewRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection, Row, Select, Table

_Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan with the keys of its rows, by code; requirements by (activity's code, own code)."""

    id: int
    plan: Plan
    agencies: Mapping[str, int]
    activities: Mapping[str, int]
    requirements: Mapping[tuple[str, str], int]
    forms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What is known of a plan without loading it."""

    code: str
    title: str
    effective: Span
    timezone: str


def table(row: type[SQLModel]) -> Table:
    """Give the table behind a model, for statements that name it whole."""
    found: Table = row.__table__  # type: ignore[attr-defined]
    return found


def plan_heads(connection: Connection) -> list[PlanHead]:
    """Give every plan of the database, in order of code."""
    rows = connection.execute(select(table(PlanRow)).order_by(col(PlanRow.code)))
    return [
        PlanHead(row.code, row.title, Span(row.effective_from, row.effective_to), row.timezone)
        for row in rows
    ]


def plan_digest(connection: Connection, code: str) -> str | None:
    """Give the SHA-256 of the file that the plan was last imported from; None where there is none."""
    return connection.scalar(
        select(col(PlanVersionRow.digest))
        .join(PlanRow, col(PlanRow.id) == col(PlanVersionRow.plan_id))
        .where(col(PlanRow.code) == code, col(PlanVersionRow.until_seq) == OPEN)
    )


def load_plan(connection: Connection, code: str, agencies: Select[Any] | None = None) -> StoredPlan | None:
    """Load a plan; of its agencies all, or those whose ids the select gives. None where it is unknown."""
    head = connection.execute(select(table(PlanRow)).where(col(PlanRow.code) == code)).first()
    if head is None:
        return None
    chosen = select(table(AgencyRow)).where(col(AgencyRow.plan_id) == head.id)
    if agencies is not None:
        chosen = chosen.where(col(AgencyRow.id).in_(agencies))
    agency_rows = connection.execute(chosen.order_by(col(AgencyRow.position))).all()
    activity_rows = _ordered(connection, ActivityRow, head.id)
    requirement_rows = _ordered(connection, RequirementRow, head.id)
    form_rows = _ordered(connection, FormRow, head.id)
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
        basis=tuple(Document(n, _day(d), i, t) for n, d, i, t in head.basis),
        goals=tuple(Point(*point) for point in head.goals),
        topics=tuple(Point(*point) for point in head.topics),
        forms=tuple(Form(row.code, row.name, row.section) for row in form_rows),
        reviews=tuple(
            Review(row.code, row.name, Span(row.starts, row.ends), row.due)
            for row in _ordered(connection, ReviewRow, head.id)
        ),
        calendars=tuple(_calendar(*item) for item in head.calendars),
        groups=tuple(
            Group(row.code, row.name, tuple(row.kinds), tuple(row.agencies))
            for row in _ordered(connection, GroupRow, head.id)
        ),
        agencies=tuple(_agency(row) for row in agency_rows),
        activities=_activities(activity_rows, requirement_rows),
    )
    return StoredPlan(
        head.id,
        plan,
        {row.code: row.id for row in agency_rows},
        {row.code: row.id for row in activity_rows},
        {(codes[row.activity_id], row.code): row.id for row in requirement_rows},
        {row.code: row.id for row in form_rows},
    )


def _ordered(connection: Connection, row: type[SQLModel], plan_id: int) -> Sequence[Row[Any]]:
    source = table(row)
    return connection.execute(
        select(source).where(source.c.plan_id == plan_id).order_by(source.c.position)
    ).all()


def _day(text: str | None) -> date | None:
    from datetime import date  # noqa: PLC0415 - a type elsewhere in this module

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


def _agency(row: Row[Any]) -> Agency:
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
    )


def _activities(activities: Sequence[Row[Any]], requirements: Sequence[Row[Any]]) -> tuple[Activity, ...]:
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


def _requirement(row: Row[Any]) -> Requirement:
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
        partial=Partial(row.partial),
        basis=Basis(row.basis),
        quote=row.quote,
        note=row.note,
    )


def _window(row: Row[Any]) -> Window:
    if row.per is not None:
        return Per(row.per)
    if row.by_day is not None:
        return By(row.by_day, row.by_inclusive)
    return Schedule(row.rrule, row.tolerance_days)


def save_plan(connection: Connection, plan: Plan, before: StoredPlan | None) -> int:
    """Make the tables hold this plan in place of the one before; give its key.

    Rows that both plans have keep their keys, so that what refers to them still does. The database
    refuses to delete what an execution or waiver refers to.
    """
    plan_id = _save_head(connection, plan, before)
    for row in (AgencyNameRow, ReviewRow, GroupRow):
        connection.execute(delete(table(row)).where(table(row).c.plan_id == plan_id))
    _merge(connection, FormRow, before.forms if before else {}, _forms(plan_id, plan))
    agencies = _merge(connection, AgencyRow, before.agencies if before else {}, _agencies(plan_id, plan))
    if before:
        # An alias may move from one activity to another; it must be free before it is taken.
        connection.execute(update(ActivityRow).where(col(ActivityRow.plan_id) == plan_id).values(alias=None))
    _save_activities(connection, plan_id, plan, before)
    _insert(connection, ReviewRow, _reviews(plan_id, plan))
    _insert(connection, GroupRow, _groups(plan_id, plan))
    _insert(connection, AgencyNameRow, _names(plan_id, plan, agencies))
    return plan_id


def _save_head(connection: Connection, plan: Plan, before: StoredPlan | None) -> int:
    values: _Values = {
        "code": plan.code,
        "title": plan.title,
        "issuer": plan.issuer,
        "number": plan.number,
        "published": plan.published,
        "effective_from": plan.effective.start,
        "effective_to": plan.effective.end,
        "timezone": plan.timezone,
        "language": plan.language,
        "basis": [
            [document.number, _iso(document.date), document.issuer, document.title] for document in plan.basis
        ],
        "goals": [[point.code, point.text] for point in plan.goals],
        "topics": [[point.code, point.text] for point in plan.topics],
        "calendars": [
            [
                calendar.name,
                [[label, _iso(span.start), _iso(span.end)] for label, span in calendar.entries],
            ]
            for calendar in plan.calendars
        ],
    }
    if before:
        connection.execute(update(PlanRow).where(col(PlanRow.id) == before.id).values(values))
        return before.id
    created = connection.scalar(insert(PlanRow).values(values).returning(col(PlanRow.id)))
    return int(created)  # type: ignore[arg-type]  # RETURNING of a primary key is never NULL


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _save_activities(connection: Connection, plan_id: int, plan: Plan, before: StoredPlan | None) -> None:
    kept = {activity.code for activity in plan.activities}
    old = before.requirements if before else {}
    gone = [key for (activity, _), key in old.items() if activity not in kept]
    connection.execute(delete(RequirementRow).where(col(RequirementRow.id).in_(gone)))
    ids = _merge(connection, ActivityRow, before.activities if before else {}, _activity_rows(plan_id, plan))
    for activity in plan.activities:
        known = {code: key for (owner, code), key in old.items() if owner == activity.code}
        rows = _requirements(plan_id, ids[activity.code], activity)
        _merge(connection, RequirementRow, known, rows)


def _merge(
    connection: Connection, row: type[SQLModel], before: Mapping[str, int], values: list[_Values]
) -> dict[str, int]:
    """Delete, update and insert rows by their code; give the keys of those that are there now."""
    target = table(row)
    codes = {item["code"] for item in values}
    gone = [key for code, key in before.items() if code not in codes]
    if gone:
        connection.execute(
            delete(target).where(target.c.id.in_(bindparam("gone", expanding=True))), {"gone": gone}
        )
    kept = [item for item in values if item["code"] in before]
    if kept:
        changed = {
            name: bindparam(f"new_{name}", type_=target.c[name].type) for name in kept[0] if name != "code"
        }
        rows = [
            {"key": before[item["code"]], **{f"new_{name}": item[name] for name in changed}} for item in kept
        ]
        connection.execute(update(target).where(target.c.id == bindparam("key")).values(changed), rows)
    _insert(connection, row, [item for item in values if item["code"] not in before])
    plan_id, activity_id = (
        (values[0].get(name) for name in ("plan_id", "activity_id")) if values else (None, None)
    )
    owner = target.c.activity_id == activity_id if activity_id else target.c.plan_id == plan_id
    return {row.code: row.id for row in connection.execute(select(target.c.code, target.c.id).where(owner))}


def _insert(connection: Connection, row: type[SQLModel], values: list[_Values]) -> None:
    if values:
        connection.execute(insert(table(row)), values)


def _forms(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        {
            "plan_id": plan_id,
            "position": position,
            "code": form.code,
            "name": form.name,
            "section": form.section,
        }
        for position, form in enumerate(plan.forms)
    ]


def _reviews(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        {
            "plan_id": plan_id,
            "position": position,
            "code": review.code,
            "name": review.name,
            "starts": review.span.start,
            "ends": review.span.end,
            "due": review.due,
        }
        for position, review in enumerate(plan.reviews)
    ]


def _groups(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        {
            "plan_id": plan_id,
            "position": position,
            "code": group.code,
            "name": group.name,
            "kinds": list(group.kinds),
            "agencies": list(group.agencies),
        }
        for position, group in enumerate(plan.groups)
    ]


def _agencies(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        {
            "plan_id": plan_id,
            "position": position,
            "code": agency.code,
            "name": agency.name,
            "short": agency.short,
            "kind": agency.kind,
            "parent": agency.parent,
            "gso": agency.gso,
            "aliases": list(agency.aliases),
            "starts": agency.start,
            "ends": agency.end,
            "successors": list(agency.successors),
        }
        for position, agency in enumerate(plan.agencies)
    ]


def _names(plan_id: int, plan: Plan, ids: Mapping[str, int]) -> list[_Values]:
    return [
        {"plan_id": plan_id, "agency_id": ids[agency.code], "name": name, "folded": folded, "short": short}
        for agency in plan.agencies
        for name, (folded, short) in _names_of(agency).items()
    ]


def _names_of(agency: Agency) -> dict[str, tuple[str, bool]]:
    """Give each name with its folded form and whether it is one with words left off."""
    names = (agency.name, agency.short, agency.gso, *agency.aliases)
    found = {exact_key(name): (fold(name), False) for name in names if name}
    for name in list(found):
        for bare in bare_names(name):
            found.setdefault(bare, (fold(bare), True))
    return found


def _activity_rows(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        {
            "plan_id": plan_id,
            "position": position,
            "code": activity.code,
            "alias": activity.alias,
            "title": activity.title,
            "text": activity.text,
            "schedule": activity.schedule,
            "kind": activity.kind.value,
            "unit_code": activity.unit.code,
            "unit_name": activity.unit.name,
            "forms": list(activity.forms),
            "roles": [
                list(activity.roles.lead),
                list(activity.roles.coordinate),
                list(activity.roles.perform),
            ],
            "methods": list(activity.methods),
        }
        for position, activity in enumerate(plan.activities)
    ]


def _requirements(plan_id: int, activity_id: int, activity: Activity) -> list[_Values]:
    return [
        {
            "plan_id": plan_id,
            "activity_id": activity_id,
            "position": position,
            "code": requirement.code,
            "owed_by": list(requirement.owed_by),
            "measure": requirement.measure.value,
            "at_least": requirement.at_least,
            "at_most": requirement.at_most,
            **_window_values(requirement.window),
            "where_forms": list(requirement.where.forms),
            "where_repeats": requirement.where.repeats,
            "where_amount": requirement.where.amount_at_least,
            "starts": requirement.start,
            "ends": requirement.end,
            "partial": requirement.partial.value,
            "basis": requirement.basis.value,
            "quote": requirement.quote,
            "note": requirement.note,
        }
        for position, requirement in enumerate(activity.requirements)
    ]


def _window_values(window: Window) -> _Values:
    return {
        "per": window.name if isinstance(window, Per) else None,
        "by_day": window.day if isinstance(window, By) else None,
        "by_inclusive": window.inclusive if isinstance(window, By) else True,
        "rrule": window.rrule if isinstance(window, Schedule) else None,
        "tolerance_days": window.tolerance_days if isinstance(window, Schedule) else 0,
    }


def save_version(connection: Connection, plan_id: int, source: str, digest: str, seq: int) -> None:
    """Keep the plan file as it was imported; the version before ends with this change."""
    latest = col(PlanVersionRow.until_seq) == OPEN
    owner = col(PlanVersionRow.plan_id) == plan_id
    last = connection.scalar(select(col(PlanVersionRow.version)).where(owner, latest)) or 0
    connection.execute(update(PlanVersionRow).where(owner, latest).values(until_seq=seq))
    connection.execute(
        insert(PlanVersionRow).values(
            plan_id=plan_id, version=last + 1, digest=digest, source=source, seq=seq, until_seq=OPEN
        )
    )
