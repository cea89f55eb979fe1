"""What the database counts for the verdicts: one number row an agency and slot, never an execution.

The questions are written once for both databases. The slots of a requirement and the agencies asked
for go in as JSON lists, so that a statement's text does not depend on how many there are; each pair
of agency and slot is then one range of the index `ix_execution_counted`.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, Text, and_, bindparam, cast, func, literal_column, select, true

from cchc_cli.domain.periods import ALWAYS, DAY, Span
from cchc_cli.domain.plan import Measure, Requirement
from cchc_cli.domain.rules import NOTHING, CutOff, Tally
from cchc_cli.storage.columns import as_date, civil_day, day_number, json_scalar, json_text
from cchc_cli.storage.plans import table
from cchc_cli.storage.tables import OPEN, ChangeRow, ExecutionRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Join, Select, Subquery

    from cchc_cli.domain.obligations import Slot

Tallies = dict[tuple[int, int], Tally]
"""By (agency's key, slot's number); a pair that is missing has nothing."""


class Late(NamedTuple):
    """What makes an execution late: first recorded more than so many days after it was done."""

    within: int
    zone: str


class Scope(NamedTuple):
    """Which executions a requirement counts: keys of the plan's rows."""

    agencies: Sequence[int]
    activity: int
    forms: Sequence[int] | None
    known: int | None = None
    """Only what had been recorded up to this change; None: all."""
    late: Late | None = None
    """Only what was recorded late; None: all."""


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
        _statement(requirement.measure, as_known=scope.known is not None, late=scope.late is not None),
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
            **({} if scope.known is None else {"known": scope.known}),
            **(scope.late._asdict() if scope.late else {}),
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


def _counted(*, as_known: bool, late: bool) -> Select[Any]:
    """Select each execution that counts, once for each slot it lies in; with `late` only such."""
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
        _in_force(as_known=as_known),
        ~execution.c.voided,
        bindparam("any_form", type_=execution.c.repeat.type)
        | execution.c.form_id.in_(select(cast(json_scalar(form.c.value), Integer))),
        bindparam("repeats", type_=execution.c.repeat.type) | ~execution.c.repeat,
        execution.c.amount
        >= func.coalesce(bindparam("least", type_=execution.c.amount.type), execution.c.amount),
    )
    rows = agencies.join(slots, true()).join(execution, counts)
    chosen = select(
        execution.c.agency_id,
        slot.label("slot"),
        execution.c.day,
        execution.c.amount,
        execution.c.form_id,
        execution.c.no,
    )
    return chosen.where(_is_late()).select_from(_with_first(rows)) if late else chosen.select_from(rows)


_first = _execution.alias("first_version")
_logged = table(ChangeRow).alias("logged")


def _with_first(rows: Join) -> Join:
    """Join to each execution the change that brought its first version."""
    return rows.join(_first, (_first.c.uid == _execution.c.uid) & (_first.c.version == 1)).join(
        _logged, _logged.c.seq == _first.c.seq
    )


def _is_late() -> ColumnElement[bool]:
    recorded = day_number(civil_day(_logged.c.recorded_at, bindparam("zone", type_=Text)))
    return recorded - day_number(_execution.c.day) > bindparam("within", type_=Integer)


def _in_force(*, as_known: bool) -> ColumnElement[bool]:
    """Choose the version that is in force now, or was after a change."""
    if as_known:
        known = bindparam("known", type_=_execution.c.seq.type)
        return and_(_execution.c.seq <= known, _execution.c.until_seq > known)
    # A constant in the text: a partial index is used only where its condition is seen.
    return _execution.c.until_seq == literal_column(str(OPEN))


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
    """Select the first and last day and the longest run without one between two days that have one."""
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
    """Select the amount of the last one by day, then by order of logging."""
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


_QUESTIONS: dict[Measure, Callable[[Subquery], Select[Any]]] = {
    Measure.EXECUTIONS: _totals,
    Measure.AMOUNT: _totals,
    Measure.STOCK: _totals,
    Measure.DAYS: _days,
    Measure.FORMS: _forms,
    Measure.GAP: _gaps,
    Measure.LATEST: _latest,
}


@cache
def _statement(measure: Measure, *, as_known: bool, late: bool) -> Select[Any]:
    """Give the statement for a measure; each is built once."""
    return _QUESTIONS[measure](_counted(as_known=as_known, late=late).subquery("counted"))
