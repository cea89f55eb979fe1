"""Saves plans. A row keeps its key from one import to the next, so that what refers to it stays valid."""

from __future__ import annotations

from datetime import date
from enum import Enum
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

    from sqlalchemy import Connection

    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.plans.plans import StoredPlan

_Values = dict[str, Any]
"""A value for each column of a row but its key `id`, which the database gives."""


def save_plan(connection: Connection, plan: Plan, before: StoredPlan | None) -> int:
    """Replace a plan, or add one where there is none before; give its key.

    Rows with a code that both plans have keep their keys. The database refuses to delete rows that an execution
    or waiver refers to.
    """
    plan_id = _save_plan_row(connection, plan, before)
    for row in (AgencyNameRow, ReviewRow, GroupRow):
        connection.execute(delete(table(row)).where(table(row).c.plan_id == plan_id))
    _merge(connection, FormRow, before.forms if before else {}, _form_rows(plan_id, plan))
    agencies = _merge(connection, AgencyRow, before.agencies if before else {}, _agency_rows(plan_id, plan))
    if before:
        # An alias may move from one activity to another, and is unique.
        connection.execute(update(ActivityRow).where(col(ActivityRow.plan_id) == plan_id).values(alias=None))
    _save_activities(connection, plan_id, plan, before)
    _insert(connection, ReviewRow, _review_rows(plan_id, plan))
    _insert(connection, GroupRow, _group_rows(plan_id, plan))
    _insert(connection, AgencyNameRow, _name_rows(plan_id, plan, agencies))
    return plan_id


def plan_rows(stored: StoredPlan, plan: Plan) -> Iterator[tuple[type[SQLModel], list[_Values]]]:
    """Give the rows of an imported plan, table by table, with the keys of the rows that they refer to."""
    yield PlanRow, [_plan_values(plan)]
    yield FormRow, _form_rows(stored.id, plan)
    yield AgencyRow, _agency_rows(stored.id, plan)
    yield AgencyNameRow, _name_rows(stored.id, plan, stored.agencies)
    yield ActivityRow, _activity_rows(stored.id, plan)
    yield (
        RequirementRow,
        [
            row
            for activity in plan.activities
            for row in _requirement_rows(stored.id, stored.activities[activity.code], activity)
        ],
    )
    yield ReviewRow, _review_rows(stored.id, plan)
    yield GroupRow, _group_rows(stored.id, plan)


def _row(model: type[SQLModel], item: object, **others: Any) -> _Values:
    """Give the values of an item's row: the attributes named as the columns, but for those columns in `others`."""
    names = (column.name for column in table(model).columns if column.name != "id")
    return {name: others[name] if name in others else _column_value(getattr(item, name)) for name in names}


def _column_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return _json_value(value)
    return value.value if isinstance(value, Enum) else value


def _json_value(value: Any) -> Any:
    """Give tuples as lists, and the dates in them as ISO text."""
    if isinstance(value, tuple):
        return [_json_value(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value


def _plan_values(plan: Plan) -> _Values:
    return _row(
        PlanRow,
        plan,
        effective_from=plan.effective.start,
        effective_to=plan.effective.end,
        calendars=[
            [calendar.name, [_json_value((label, *span)) for label, span in calendar.entries]]
            for calendar in plan.calendars
        ],
    )


def _save_plan_row(connection: Connection, plan: Plan, before: StoredPlan | None) -> int:
    values = _plan_values(plan)
    if before:
        connection.execute(update(PlanRow).where(col(PlanRow.id) == before.id).values(values))
        return before.id
    created = connection.scalar(insert(PlanRow).values(values).returning(col(PlanRow.id)))
    return int(created)  # type: ignore[arg-type]  # RETURNING of a primary key is never NULL


def _save_activities(connection: Connection, plan_id: int, plan: Plan, before: StoredPlan | None) -> None:
    kept = {activity.code for activity in plan.activities}
    old = before.requirements if before else {}
    gone = [key for (activity, _), key in old.items() if activity not in kept]
    connection.execute(delete(RequirementRow).where(col(RequirementRow.id).in_(gone)))
    ids = _merge(connection, ActivityRow, before.activities if before else {}, _activity_rows(plan_id, plan))
    for activity in plan.activities:
        known = {code: key for (owner, code), key in old.items() if owner == activity.code}
        rows = _requirement_rows(plan_id, ids[activity.code], activity)
        _merge(connection, RequirementRow, known, rows)


def _merge(
    connection: Connection, row: type[SQLModel], before: Mapping[str, int], values: list[_Values]
) -> dict[str, int]:
    """Delete, update and insert rows by their code; give the keys of all rows afterwards, by code."""
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


def _form_rows(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        _row(FormRow, form, plan_id=plan_id, position=position) for position, form in enumerate(plan.forms)
    ]


def _review_rows(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        _row(
            ReviewRow,
            review,
            plan_id=plan_id,
            position=position,
            starts=review.span.start,
            ends=review.span.end,
        )
        for position, review in enumerate(plan.reviews)
    ]


def _group_rows(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        _row(GroupRow, group, plan_id=plan_id, position=position)
        for position, group in enumerate(plan.groups)
    ]


def _agency_rows(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        _row(AgencyRow, agency, plan_id=plan_id, position=position, starts=agency.start, ends=agency.end)
        for position, agency in enumerate(plan.agencies)
    ]


def _name_rows(plan_id: int, plan: Plan, ids: Mapping[str, int]) -> list[_Values]:
    return [
        {"plan_id": plan_id, "agency_id": ids[agency.code], "name": name, "folded": folded, "short": short}
        for agency in plan.agencies
        for name, (folded, short) in _folded_names(agency).items()
    ]


def _folded_names(agency: Agency) -> dict[str, tuple[str, bool]]:
    """Give (folded form, whether words of office and kind are left out) of each name."""
    names = (agency.name, agency.short, agency.gso, *agency.aliases)
    found = {exact_key(name): (fold(name), False) for name in names if name}
    for name in list(found):
        for bare in bare_names(name):
            found.setdefault(bare, (fold(bare), True))
    return found


def _activity_rows(plan_id: int, plan: Plan) -> list[_Values]:
    return [
        _row(
            ActivityRow,
            activity,
            plan_id=plan_id,
            position=position,
            unit_code=activity.unit.code,
            unit_name=activity.unit.name,
        )
        for position, activity in enumerate(plan.activities)
    ]


def _requirement_rows(plan_id: int, activity_id: int, activity: Activity) -> list[_Values]:
    return [
        _row(
            RequirementRow,
            requirement,
            plan_id=plan_id,
            activity_id=activity_id,
            position=position,
            **_window_values(requirement.window),
            where_forms=list(requirement.where.forms),
            where_repeats=requirement.where.repeats,
            where_amount=requirement.where.amount_at_least,
            starts=requirement.start,
            ends=requirement.end,
            partial=requirement.when_cut.value,
            partial_given=requirement.partial is not None,
        )
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
    """Add a version with the imported plan file, (text, SHA-256); the version before ends with this change."""
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
