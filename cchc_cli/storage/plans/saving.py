"""Plans into the database: rows that both plans have keep their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import SQLModel, col

from cchc_cli.domain.language.text import bare_names, exact_key, fold
from cchc_cli.domain.plan.model import Activity, Agency, By, Per, Plan, Schedule, Window
from cchc_cli.domain.records import hash_chain as chain
from cchc_cli.storage.schema.tables import (
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
from cchc_cli.storage.schema.versions import OPEN
from cchc_cli.storage.statements.parts import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.plans.plans import StoredPlan

_Values = dict[str, Any]


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


def plan_rows(stored: StoredPlan, plan: Plan) -> Iterator[tuple[type[SQLModel], list[_Values]]]:
    """Give what each table holds of a plan that was imported, by the keys that its rows have."""
    yield PlanRow, [_head(plan)]
    yield FormRow, _forms(stored.id, plan)
    yield AgencyRow, _agencies(stored.id, plan)
    yield AgencyNameRow, _names(stored.id, plan, stored.agencies)
    yield ActivityRow, _activity_rows(stored.id, plan)
    yield (
        RequirementRow,
        [
            row
            for activity in plan.activities
            for row in _requirements(stored.id, stored.activities[activity.code], activity)
        ],
    )
    yield ReviewRow, _reviews(stored.id, plan)
    yield GroupRow, _groups(stored.id, plan)


def _head(plan: Plan) -> _Values:
    return {
        "code": plan.code,
        "title": plan.title,
        "issuer": plan.issuer,
        "number": plan.number,
        "published": plan.published,
        "effective_from": plan.effective.start,
        "effective_to": plan.effective.end,
        "timezone": plan.timezone,
        "language": plan.language,
        "log_within_days": plan.log_within_days,
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


def _save_head(connection: Connection, plan: Plan, before: StoredPlan | None) -> int:
    values = _head(plan)
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
            "partial": requirement.when_cut.value,
            "partial_given": requirement.partial is not None,
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


def save_version(
    connection: Connection, plan_id: int, code: str, file: tuple[str, str], change: Change
) -> None:
    """Keep the plan file, (text, SHA-256), as it was imported; the version before ends with this change."""
    latest = col(PlanVersionRow.until_seq) == OPEN
    owner = col(PlanVersionRow.plan_id) == plan_id
    version = (connection.scalar(select(col(PlanVersionRow.version)).where(owner, latest)) or 0) + 1
    connection.execute(update(PlanVersionRow).where(owner, latest).values(until_seq=change.seq))
    source, digest = file
    connection.execute(
        insert(PlanVersionRow).values(
            plan_id=plan_id, version=version, digest=digest, source=source, seq=change.seq, until_seq=OPEN
        )
    )
    change.cover("plan", plan_id, version, chain.digest([code, version, digest, source]))
