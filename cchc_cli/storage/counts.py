"""What the database counts for the verdicts: one number row an agency and slot, never an execution.

The questions are written once for both databases. The slots of a requirement and the agencies asked
for go in as JSON lists, so that a statement's text does not depend on how many there are; each pair
of agency and slot is then one range of the index `ix_execution_counted`.
"""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, cast, func, literal_column, select, true

from cchc_cli.domain.periods import ALWAYS, DAY, Span
from cchc_cli.domain.plan import Measure, Requirement
from cchc_cli.domain.rules import NOTHING, CutOff, Tally
from cchc_cli.storage.columns import as_date, day_number, json_scalar, json_text
from cchc_cli.storage.plans import table
from cchc_cli.storage.tables import OPEN, ExecutionRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

    from cchc_cli.domain.obligations import Slot

Tallies = dict[tuple[int, int], Tally]
"""By (agency's key, slot's number); a pair that is missing has nothing."""


class Scope(NamedTuple):
    """Which executions a requirement counts: keys of the plan's rows."""

    agencies: Sequence[int]
    activity: int
    forms: Sequence[int] | None


_execution = table(ExecutionRow)


def count(
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    slots: Sequence[Slot],
    cutoff: CutOff,
) -> Tallies:
    """Count what each agency did in each slot, up to and including the cut-off day."""
    if requirement.measure is Measure.STOCK:
        return _stocks(connection, scope, requirement, slots, cutoff)
    spans = [slot.span for slot in slots]
    found = _tallies(connection, scope, requirement, spans, cutoff)
    return {(agency, slots[index].number): tally for (agency, index), tally in found.items()}


def _stocks(
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    slots: Sequence[Slot],
    cutoff: CutOff,
) -> Tallies:
    """Sum from the beginning to each slot's end: what lies between two ends is counted once."""
    ends = sorted({slot.span.end for slot in slots})
    starts = [ALWAYS.start, *(end + DAY for end in ends)]
    spans = [Span(start, end) for start, end in zip(starts, ends, strict=False)]
    found = _tallies(connection, scope, requirement, spans, cutoff)
    stocks: Tallies = {}
    for agency in scope.agencies:
        steps = (found.get((agency, index), NOTHING) for index in range(len(ends)))
        at_end = dict(zip(ends, accumulate(steps, _added), strict=True))
        stocks.update({(agency, slot.number): at_end[slot.span.end] for slot in slots})
    return stocks


def _added(before: Tally, more: Tally) -> Tally:
    return Tally(before.executions + more.executions, before.amount + more.amount)


def _tallies(
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    spans: Sequence[Span],
    cutoff: CutOff,
) -> Tallies:
    rows = connection.execute(
        _STATEMENTS.get(requirement.measure, _TOTALS),
        {
            "agencies": json.dumps(list(scope.agencies)),
            "slots": json.dumps(
                [[index, *(day.isoformat() for day in span)] for index, span in enumerate(spans)]
            ),
            "activity": scope.activity,
            "last": cutoff.day,
            "any_form": scope.forms is None,
            "forms": json.dumps(list(scope.forms or ())),
            "repeats": requirement.where.repeats,
            "least": requirement.where.amount_at_least,
        },
    )
    return {(row.agency_id, row.slot): _tally(row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


def _tally(row: Any) -> Tally:  # noqa: ANN401 - SQLAlchemy's RowMapping
    values = {name: row[name] for name in Tally._fields if name in row and row[name] is not None}
    for name in ("amount", "inner_gap"):
        if name in values:
            # PostgreSQL sums to a decimal; every sum here is whole.
            values[name] = int(values[name])
    return Tally(**values)


def _counted() -> Select[Any]:
    """Select each execution that counts, once for each slot it lies in."""
    agencies = func.json_rows(bindparam("agencies")).table_valued("value", name="agencies")
    slots = func.json_rows(bindparam("slots")).table_valued("value", name="slots")
    form = func.json_rows(bindparam("forms")).table_valued("value", name="wanted")
    slot = cast(json_text(slots.c.value, 0), Integer)
    execution = _execution
    counts = and_(
        execution.c.agency_id == cast(json_scalar(agencies.c.value), Integer),
        execution.c.activity_id == bindparam("activity", type_=Integer),
        execution.c.day >= as_date(json_text(slots.c.value, 1)),
        execution.c.day <= as_date(json_text(slots.c.value, 2)),
        execution.c.day <= bindparam("last", type_=execution.c.day.type),
        # A constant in the text: a partial index is used only where its condition is seen.
        execution.c.until_seq == literal_column(str(OPEN)),
        ~execution.c.voided,
        bindparam("any_form", type_=execution.c.repeat.type)
        | execution.c.form_id.in_(select(cast(json_scalar(form.c.value), Integer))),
        bindparam("repeats", type_=execution.c.repeat.type) | ~execution.c.repeat,
        execution.c.amount
        >= func.coalesce(bindparam("least", type_=execution.c.amount.type), execution.c.amount),
    )
    return select(
        execution.c.agency_id,
        slot.label("slot"),
        execution.c.day,
        execution.c.amount,
        execution.c.form_id,
        execution.c.no,
    ).select_from(agencies.join(slots, true()).join(execution, counts))


def _per_slot(*values: Any) -> Select[Any]:  # noqa: ANN401
    counted = _counted().subquery("counted")
    return select(
        counted.c.agency_id,
        counted.c.slot,
        func.count().label("executions"),
        *(value(counted.c) for value in values),
    ).group_by(counted.c.agency_id, counted.c.slot)


def _gaps() -> Select[Any]:
    """Select the first and last day and the longest run without one between two days that have one."""
    counted = _counted().subquery("counted")
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


def _latest() -> Select[Any]:
    """Select the amount of the last one by day, then by order of logging."""
    counted = _counted().subquery("counted")
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


_TOTALS = _per_slot(lambda counted: func.sum(counted.amount).label("amount"))
_STATEMENTS: dict[Measure, Select[Any]] = {
    Measure.DAYS: _per_slot(lambda counted: func.count(counted.day.distinct()).label("days")),
    Measure.FORMS: _per_slot(lambda counted: func.count(counted.form_id.distinct()).label("forms")),
    Measure.GAP: _gaps(),
    Measure.LATEST: _latest(),
}
