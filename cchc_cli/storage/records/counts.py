"""Counts executions in SQL, for the verdicts: one row of numbers for an agency and slot.

Numbers and amounts of whole months come from the table `month_sum`, so that the cost does not grow with the number of
executions. The remaining days at either end, and all other measures, are counted from the executions.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_cli.domain.calendar.periods import ALWAYS, DAY, Span, whole_months
from cchc_cli.domain.plan.model import Measure, Requirement
from cchc_cli.domain.verdicts.rules import EMPTY_TALLY, CutOff, Tally
from cchc_cli.storage.compiled import counts as sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cchc_cli.domain.verdicts.obligations import Slot
    from cchc_cli.storage.database.connection import Connection

Tallies = dict[int, dict[int, Tally]]
"""By the agency's key, then the slot's number; a missing one is EMPTY_TALLY."""


class Late(NamedTuple):
    """An execution is late when it was first recorded more than `within` days after its day, in a time zone."""

    within: int
    zone: str


class Scope(NamedTuple):
    """The executions that a requirement counts, by keys of the plan's rows."""

    agencies: Sequence[int]
    activity: int
    forms: Sequence[int] | None
    known: int | None = None
    """Only those recorded up to this change; None for all."""
    late: Late | None = None
    """Only those recorded late; None for all."""


def count(
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    slots: Sequence[Slot],
    cutoff: CutOff,
) -> Tallies:
    """Count the executions of each agency in each slot, up to and including the cut-off day."""
    if requirement.measure is Measure.STOCK:
        return _stocks(connection, scope, requirement, slots, cutoff)
    spans = [slot.span for slot in slots]
    found = _tallies(connection, scope, requirement, spans, cutoff)
    if requirement.measure is Measure.GAP and scope.late is None:
        _add_days_before(found, connection, scope, requirement, spans, cutoff)
    if [slot.number for slot in slots] == list(range(len(slots))):
        return found
    return {
        agency: {slots[place].number: tally for place, tally in of.items()} for agency, of in found.items()
    }


def _stocks(
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    slots: Sequence[Slot],
    cutoff: CutOff,
) -> Tallies:
    """Sum from the beginning to the end of each slot. The days between two ends are counted only once."""
    ends = sorted({slot.span.end for slot in slots})
    starts = [ALWAYS.start, *(end + DAY for end in ends)]
    spans = [Span(start, end) for start, end in zip(starts, ends, strict=False)]
    found = _tallies(connection, scope, requirement, spans, cutoff)
    stocks: Tallies = {}
    for agency in scope.agencies:
        of = found.get(agency)
        if of:
            steps = (of.get(place, EMPTY_TALLY) for place in range(len(ends)))
            at_end = dict(zip(ends, accumulate(steps, _sum_tallies), strict=True))
            stocks[agency] = {slot.number: at_end[slot.span.end] for slot in slots}
    return stocks


def _sum_tallies(before: Tally, more: Tally) -> Tally:
    return Tally(before.executions + more.executions, before.amount + more.amount)


_Spans = list[tuple[int, Span]]
"""(index of a slot, the days of it to count)."""


def _tallies(
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    spans: Sequence[Span],
    cutoff: CutOff,
) -> Tallies:
    until = Span(ALWAYS.start, cutoff.day)
    wanted = [(place, cut) for place, span in enumerate(spans) if (cut := span & until).days]
    common = _common_parameters(scope, requirement)
    if not _sums_suffice(scope, requirement):
        return _tally_executions(connection, scope, requirement, wanted, common)
    months, rest = _split_off_months(wanted)
    found = _tally_executions(connection, scope, requirement, rest, common)
    _add_month_sums(found, connection, scope, months, common)
    return found


def _common_parameters(scope: Scope, requirement: Requirement) -> dict[str, Any]:
    """Give the parameters that all statements have."""
    return {
        "agencies": json.dumps(list(scope.agencies)),
        "activity": scope.activity,
        "any_form": scope.forms is None,
        "forms": json.dumps(list(scope.forms or ())),
        "repeats": requirement.where.repeats,
    }


def _sums_suffice(scope: Scope, requirement: Requirement) -> bool:
    """Tell whether the sums by month suffice: they hold no single amounts, and only the present state."""
    return (
        _QUESTION_OF_MEASURE[requirement.measure] == "totals"
        and requirement.where.amount_at_least is None
        and scope.known is None
        and scope.late is None
    )


def _split_off_months(wanted: _Spans) -> tuple[_Spans, _Spans]:
    """Split each range into its whole months, and the days before and after them."""
    months: _Spans = []
    rest: _Spans = []
    for place, span in wanted:
        whole = whole_months(span)
        if not whole.days:
            rest.append((place, span))
            continue
        months.append((place, whole))
        if span.start < whole.start:
            rest.append((place, Span(span.start, whole.start - DAY)))
        if whole.end < span.end:
            rest.append((place, Span(whole.end + DAY, span.end)))
    return months, rest


def _add_month_sums(
    found: Tallies, connection: Connection, scope: Scope, months: _Spans, common: Mapping[str, Any]
) -> None:
    """Add the sums of whole months to the tallies of the other days."""
    if not months:
        return
    span = {"start": min(span.start for _, span in months), "end": max(span.end for _, span in months)}
    statement = sql.MONTHS if len(scope.agencies) > _MOST_LOOKED_UP else sql.MONTHS_OF_AGENCIES
    places: dict[str, list[int]] = {}
    rows = connection.tuples(statement, **common, **span)
    for agency, of_agency in groupby(rows, itemgetter(0)):
        of = found.setdefault(agency, {})
        for _, month, executions, amount in of_agency:
            if month not in places:
                places[month] = [place for place, whole in months if date.fromisoformat(month) in whole]
            for place in places[month]:
                if place in of:
                    before = of[place]
                    of[place] = Tally(executions + before.executions, amount + before.amount)
                else:
                    of[place] = Tally(executions, amount)


def _add_days_before(
    found: Tallies,
    connection: Connection,
    scope: Scope,
    requirement: Requirement,
    spans: Sequence[Span],
    cutoff: CutOff,
) -> None:
    """Add the last day with an execution before each range: a gap may have begun there."""
    wanted = [
        (place, Span(ALWAYS.start, min(span.start - DAY, cutoff.day))) for place, span in enumerate(spans)
    ]
    rows = connection.all(
        sql.LAST_DAYS[scope.known is not None],
        **_common_parameters(scope, requirement),
        slots=_spans_as_json(wanted),
        least=requirement.where.amount_at_least,
        known=scope.known,
    )
    for row in rows:
        agency, slot, *days = vars(row).values()
        last = max(filter(None, days), default=None)
        if last:
            of = found.setdefault(agency, {})
            of[slot] = of.get(slot, EMPTY_TALLY)._replace(before=last)


_MOST_LOOKED_UP = 500
"""Up to this number, agencies are looked up one by one; for more, the table is scanned."""


def _tally_executions(
    connection: Connection, scope: Scope, requirement: Requirement, wanted: _Spans, common: Mapping[str, Any]
) -> Tallies:
    if not wanted:
        return {}
    rows = connection.all(
        sql.COUNTS[
            _QUESTION_OF_MEASURE[requirement.measure], scope.known is not None, scope.late is not None
        ],
        **common,
        slots=_spans_as_json(wanted),
        least=requirement.where.amount_at_least,
        known=scope.known,
        **(scope.late._asdict() if scope.late else {}),
    )
    found: Tallies = {}
    for row in rows:
        found.setdefault(row.agency_id, {})[row.slot] = _tally(vars(row))
    return found


def _spans_as_json(spans: _Spans) -> str:
    return json.dumps([[place, span.start.isoformat(), span.end.isoformat()] for place, span in spans])


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(**{name: row[name] for name in Tally._fields if row.get(name) is not None})


_QUESTION_OF_MEASURE = {
    Measure.EXECUTIONS: "totals",
    Measure.AMOUNT: "totals",
    Measure.STOCK: "totals",
    Measure.DAYS: "days",
    Measure.FORMS: "forms",
    Measure.GAP: "gaps",
    Measure.LATEST: "latest",
}
