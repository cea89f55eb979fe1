"""Counts of executions for the verdicts: one row of numbers for an agency and slot.

The slots of a requirement and the agencies are passed as JSON lists. Each pair of agency and slot is then one range of
the index `ix_execution_counted`, or of the key of `month_sum`.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, and_, bindparam, cast, func, select, true, union_all

from cchc_cli.storage.schema.columns import (
    OrderedJoin,
    as_date,
    civil_day,
    day_number,
    json_scalar,
    json_text,
)
from cchc_cli.storage.schema.tables import ChangeRow, ExecutionRow, MonthSumRow
from cchc_cli.storage.statements.parts import in_force_parts, json_list, latest, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Join, Select, Subquery, TableValuedAlias

_execution = table(ExecutionRow)
_month = table(MonthSumRow)


def _agencies() -> TableValuedAlias:
    return func.json_rows(bindparam("agencies")).table_valued("value", name="agencies")


def _slots() -> TableValuedAlias:
    return func.json_rows(bindparam("slots")).table_valued("value", name="slots")


def _form_counts(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = bindparam("any_form", type_=_execution.c.repeat.type) | column.in_(
        json_list("forms")
    )
    return found


def _repeat_counts(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = bindparam("repeats", type_=_execution.c.repeat.type) | ~column
    return found


def _counted_executions(*, as_known: bool, late: bool) -> Subquery:
    """Select each execution that counts, once for each slot that its day lies in; with `late` only late ones."""
    if not as_known:
        return _of_versions(latest(ExecutionRow), late=late).subquery("counted")
    return union_all(*(_of_versions(part, late=late) for part in in_force_parts(_execution.c))).subquery(
        "counted"
    )


def _conditions(
    agencies: TableValuedAlias, slots: TableValuedAlias, in_force: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Select the executions of an agency that count in a slot."""
    execution = _execution
    return and_(
        execution.c.agency_id == cast(json_scalar(agencies.c.value), Integer),
        execution.c.activity_id == bindparam("activity", type_=Integer),
        execution.c.day >= as_date(json_text(slots.c.value, 1)),
        execution.c.day <= as_date(json_text(slots.c.value, 2)),
        in_force,
        ~execution.c.voided,
        _form_counts(execution.c.form_id),
        _repeat_counts(execution.c.repeat),
        execution.c.amount
        >= func.coalesce(bindparam("least", type_=execution.c.amount.type), execution.c.amount),
    )


def _of_versions(in_force: ColumnElement[bool], *, late: bool) -> Select[Any]:
    agencies, slots = _agencies(), _slots()
    slot = cast(json_text(slots.c.value, 0), Integer)
    execution = _execution
    counts = _conditions(agencies, slots, in_force)
    # The order matters: each pair of agency and slot is one range of the index.
    rows = OrderedJoin(OrderedJoin(agencies, slots, true()), execution, counts)
    chosen = select(
        execution.c.agency_id,
        slot.label("slot"),
        execution.c.day,
        execution.c.amount,
        execution.c.form_id,
        execution.c.no,
    )
    return (
        chosen.where(_is_late()).select_from(_join_first_version(rows)) if late else chosen.select_from(rows)
    )


_first = _execution.alias("first_version")
_logged = table(ChangeRow).alias("logged")


def _join_first_version(rows: Join) -> Join:
    """Join each execution with the change that added its first version."""
    return rows.join(_first, (_first.c.uid == _execution.c.uid) & (_first.c.version == 1)).join(
        _logged, _logged.c.seq == _first.c.seq
    )


def _is_late() -> ColumnElement[bool]:
    recorded = day_number(civil_day(_logged.c.recorded_at, bindparam("zone", type_=Text)))
    return recorded - day_number(_execution.c.day) > bindparam("within", type_=Integer)


def _per_slot(counted: Subquery, value: ColumnElement[Any]) -> Select[Any]:
    return select(counted.c.agency_id, counted.c.slot, func.count().label("executions"), value).group_by(
        counted.c.agency_id, counted.c.slot
    )


def _totals(counted: Subquery) -> Select[Any]:
    return _per_slot(counted, func.sum(counted.c.amount).label("amount"))


def _days(counted: Subquery) -> Select[Any]:
    return _per_slot(counted, func.count(counted.c.day.distinct()).label("days"))


def _forms(counted: Subquery) -> Select[Any]:
    return _per_slot(counted, func.count(counted.c.form_id.distinct()).label("forms"))


def _gaps(counted: Subquery) -> Select[Any]:
    """Select the first and last day with an execution, and the longest run of days without one between them."""
    number = day_number(counted.c.day)
    before = func.lag(number).over(partition_by=(counted.c.agency_id, counted.c.slot), order_by=counted.c.day)
    days = select(
        counted.c.agency_id, counted.c.slot, counted.c.day, (number - before - 1).label("gap")
    ).subquery("days")
    return select(
        days.c.agency_id,
        days.c.slot,
        func.count().label("executions"),
        func.min(days.c.day).label("first"),
        func.max(days.c.day).label("last"),
        func.coalesce(func.max(days.c.gap), 0).label("inner_gap"),
    ).group_by(days.c.agency_id, days.c.slot)


def _latest(counted: Subquery) -> Select[Any]:
    """Select the amount of the last execution by day, then by order of logging."""
    place = func.row_number().over(
        partition_by=(counted.c.agency_id, counted.c.slot),
        order_by=(counted.c.day.desc(), counted.c.no.desc()),
    )
    ranked = select(
        counted.c.agency_id,
        counted.c.slot,
        counted.c.amount,
        place.label("place"),
    ).subquery("ranked")
    return select(
        ranked.c.agency_id,
        ranked.c.slot,
        func.count().label("executions"),
        func.max(ranked.c.amount).filter(ranked.c.place == 1).label("latest"),
    ).group_by(ranked.c.agency_id, ranked.c.slot)


_QUESTIONS: dict[str, Callable[[Subquery], Select[Any]]] = {
    "totals": _totals,
    "days": _days,
    "forms": _forms,
    "gaps": _gaps,
    "latest": _latest,
}

COUNTS = {
    (question, as_known, late): build(_counted_executions(as_known=as_known, late=late))
    for (question, build), as_known, late in product(_QUESTIONS.items(), (False, True), (False, True))
}
"""By (question, whether as known after a change, whether only late ones)."""


def _last_days(*parts: ColumnElement[bool]) -> Select[Any]:
    """Select the last day with an execution of each agency in each slot: one step at the end of a range of the index."""
    agencies, slots = _agencies(), _slots()
    return select(
        cast(json_scalar(agencies.c.value), Integer).label("agency_id"),
        cast(json_text(slots.c.value, 0), Integer).label("slot"),
        *(
            select(_execution.c.day)
            .where(_conditions(agencies, slots, in_force))
            .order_by(_execution.c.day.desc())
            .limit(1)
            .correlate(agencies, slots)
            .scalar_subquery()
            .label(f"last_{place}")
            for place, in_force in enumerate(parts)
        ),
    ).select_from(OrderedJoin(agencies, slots, true()))


LAST_DAYS = {
    False: _last_days(latest(ExecutionRow)),
    True: _last_days(*in_force_parts(_execution.c)),
}
"""By whether as known after a change; if so, from two parts, see `in_force_parts`."""


def _months(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the totals of each month, in the order of the table's key, which needs no sorting."""
    month = _month
    return (
        select(
            month.c.agency_id,
            cast(month.c.month, Text).label("month"),
            func.sum(month.c.executions).label("executions"),
            func.sum(month.c.amount).label("amount"),
        )
        .where(
            month.c.activity_id == bindparam("activity", type_=Integer),
            month.c.month >= bindparam("start", type_=month.c.month.type),
            month.c.month <= bindparam("end", type_=month.c.month.type),
            _form_counts(month.c.form_id),
            _repeat_counts(month.c.repeat),
            *conditions,
        )
        .group_by(month.c.agency_id, month.c.month)
    )


MONTHS = _months()
MONTHS_OF_AGENCIES = _months(_month.c.agency_id.in_(json_list("agencies")))
