"""The counts of the database, computed in Python: tallies of executions for the rules."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from cchc_cli.domain.verdicts.rules import CutOff, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from cchc_cli.domain.calendar.periods import Span
    from tests.naive import Execution


def thousandths(number: Decimal) -> int:
    """Convert an exact number to thousandths, as the program stores it."""
    assert number * 1000 == int(number * 1000)
    return int(number * 1000)


def tally_of(executions: Sequence[Execution], span: Span, cutoff: CutOff, *, stock: bool = False) -> Tally:
    """Tally executions that count, in the order of logging, dated in the range and not after the cut-off.

    For a stock, executions before the range count too. Otherwise `before` is the last day with an execution before
    the range.
    """
    first = date.min if stock else span.start
    inside = [one for one in executions if first <= one.day <= min(span.end, cutoff.day)]
    before = max(
        (one.day for one in executions if one.day < span.start and one.day <= cutoff.day), default=None
    )
    if not inside:
        return Tally(before=before)
    days = sorted({one.day for one in inside})
    latest = max(enumerate(inside), key=lambda pair: (pair[1].day, pair[0]))[1]
    return Tally(
        executions=len(inside),
        amount=sum(thousandths(one.amount) for one in inside),
        days=len(days),
        forms=len({one.form for one in inside if one.form}),
        latest=thousandths(latest.amount),
        first=days[0],
        last=days[-1],
        inner_gap=max(((after - before).days - 1 for before, after in pairwise(days)), default=0),
        before=before,
    )
