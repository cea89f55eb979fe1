"""Executions: adding versions; finding them by identity, number or author."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Integer, Uuid, bindparam, func, insert, select, union_all, update
from sqlmodel import col

from cchc_cli.storage.schema.columns import OrderedJoin
from cchc_cli.storage.schema.tables import ActivityRow, AgencyRow, ChangeRow, ExecutionRow, FormRow, PlanRow
from cchc_cli.storage.statements.parts import (
    in_force,
    in_force_parts,
    json_list,
    json_members,
    latest,
    parameter,
    table,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select

_execution = table(ExecutionRow)
_LATEST = latest(ExecutionRow)
_OF_PLAN = _execution.c.plan_id == parameter(_execution.c.plan_id)
_FIRST = _execution.alias("first_version")
_LOGGED = table(ChangeRow).alias("logged")


def _with_codes(rows: FromClause = _execution) -> Select[Any]:
    """Select versions, of the table or of a join with it, with the codes of their plan, agency, activity and form."""
    return (
        select(
            _execution,
            col(PlanRow.code).label("plan_code"),
            col(AgencyRow.code).label("agency_code"),
            col(ActivityRow.code).label("activity_code"),
            col(FormRow.code).label("form_code"),
            col(ChangeRow.author),
            col(ChangeRow.recorded_at),
            _LOGGED.c.recorded_at.label("logged_at"),
            _LOGGED.c.seq.label("begun"),
        )
        .select_from(rows)
        .join(PlanRow, col(PlanRow.id) == _execution.c.plan_id)
        .join(AgencyRow, col(AgencyRow.id) == _execution.c.agency_id)
        .join(ActivityRow, col(ActivityRow.id) == _execution.c.activity_id)
        .join(ChangeRow, col(ChangeRow.seq) == _execution.c.seq)
        .join(_FIRST, (_FIRST.c.uid == _execution.c.uid) & (_FIRST.c.version == 1))
        .join(_LOGGED, _LOGGED.c.seq == _FIRST.c.seq)
        .outerjoin(FormRow, col(FormRow.id) == _execution.c.form_id)
    )


def _matching(statement: Select[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    any_activity = bindparam("any_activity", type_=Boolean)
    return statement.where(
        _OF_PLAN,
        *conditions,
        any_activity | (_execution.c.activity_id == bindparam("activity", type_=Integer)),
        _execution.c.day.between(parameter(_execution.c.day, "start"), parameter(_execution.c.day, "end")),
    )


_AGENCIES = json_members("agencies")


def _of_agencies(in_force: ColumnElement[bool]) -> Select[Any]:
    """Select executions of some agencies; the order of the join avoids reading those of others."""
    return _matching(
        _with_codes(
            OrderedJoin(_AGENCIES, _execution, (_execution.c.agency_id == _AGENCIES.c.member) & in_force)
        )
    )


def _in_order(matching: Select[Any]) -> Select[Any]:
    return matching.order_by(matching.selected_columns.day, matching.selected_columns.no)


# Each record has one latest version; the index of numbers holds only these.
HIGHEST_NO = select(func.max(_execution.c.no)).where(_LATEST)
END = (
    update(_execution)
    .where(_execution.c.uid.in_(json_list("uids", Uuid)), _LATEST)
    .values(until_seq=parameter(_execution.c.seq))
)
ENDING = select(
    _execution.c.activity_id,
    _execution.c.agency_id,
    _execution.c.day,
    _execution.c.form_id,
    _execution.c.repeat,
    _execution.c.amount,
).where(_execution.c.uid.in_(json_list("uids", Uuid)), _LATEST, ~_execution.c.voided)
ADD = insert(_execution)
MATCHING = _in_order(_matching(_with_codes(), _LATEST))
MATCHING_OF_AGENCIES = _in_order(_of_agencies(_LATEST))
MATCHING_AS_KNOWN = _in_order(_matching(_with_codes(), in_force(_execution.c, as_known=True)))
MATCHING_OF_AGENCIES_AS_KNOWN = _in_order(
    select(union_all(*map(_of_agencies, in_force_parts(_execution.c))).subquery("asked"))
)
VERSIONS_BY_UID = (
    _with_codes().where(_execution.c.uid == parameter(_execution.c.uid)).order_by(_execution.c.version)
)
_NUMBERED = select(_execution.c.uid).where(_execution.c.no == parameter(_execution.c.no), _LATEST)
VERSIONS_BY_NO = (
    _with_codes().where(_execution.c.uid == _NUMBERED.scalar_subquery()).order_by(_execution.c.version)
)


def _last_of_author() -> Select[Any]:
    """Select the number of the last record of an author that is not voided."""
    by_author = _LOGGED.c.author == parameter(_LOGGED.c.author)
    any_plan, any_activity = (bindparam(name, type_=Boolean) for name in ("any_plan", "any_activity"))
    return (
        select(_execution.c.no)
        .join(_FIRST, (_FIRST.c.uid == _execution.c.uid) & (_FIRST.c.version == 1))
        .join(_LOGGED, _LOGGED.c.seq == _FIRST.c.seq)
        .where(
            # Without this, an author without records would cost a scan of all records.
            select(col(ChangeRow.seq)).where(col(ChangeRow.author) == parameter(_LOGGED.c.author)).exists(),
            _LATEST,
            ~_execution.c.voided,
            by_author,
            any_plan | (_execution.c.plan_id == bindparam("plan_id", type_=Integer)),
            any_activity | (_execution.c.activity_id == bindparam("activity", type_=Integer)),
        )
        .order_by(_execution.c.no.desc())
        .limit(1)
    )


LAST_OF_AUTHOR = _last_of_author()
EVERY = _with_codes().order_by(_execution.c.seq, _execution.c.no, _execution.c.version)


def _shortage() -> Select[Any]:
    """Select the first day at whose end a stock is negative, and the stock on it."""
    day, amount = _execution.c.day, _execution.c.amount
    by_day = (
        select(day.label("day"), func.sum(func.sum(amount)).over(order_by=day).label("stock"))
        .where(
            _execution.c.agency_id == parameter(_execution.c.agency_id),
            _execution.c.activity_id == parameter(_execution.c.activity_id),
            _LATEST,
            ~_execution.c.voided,
        )
        .group_by(day)
        .subquery("by_day")
    )
    return select(by_day.c.day, by_day.c.stock).where(by_day.c.stock < 0).order_by(by_day.c.day).limit(1)


SHORTAGE = _shortage()
WRITTEN_BY = _with_codes().where(_execution.c.seq == parameter(_execution.c.seq)).order_by(_execution.c.no)
BEGUN_BY = (
    _with_codes()
    .add_columns(col(ChangeRow.action))
    .where(_LATEST, _FIRST.c.seq == parameter(_FIRST.c.seq))
    .order_by(_execution.c.no)
)
