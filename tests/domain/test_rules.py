"""Values and verdicts: the table under “Status” at each of its borders, and what no record may change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.obligations import Bounds
from cchc_cli.domain.periods import DAY, Span
from cchc_cli.domain.plan import Measure
from cchc_cli.domain.rules import NOTHING, CutOff, Reason, Status, Tally, judge
from tests import naive
from tests.domain.counting import tally_of, thousandths
from tests.domain.values import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

JUNE = Span(date(2024, 6, 1), date(2024, 6, 30))
COUNTING = (Measure.EXECUTIONS, Measure.AMOUNT, Measure.DAYS, Measure.FORMS)
REVERSIBLE = (Measure.STOCK, Measure.LATEST)
BEFORE = CutOff(date(2024, 5, 31), over=True)
FIRST_DAY = CutOff(date(2024, 6, 1), over=False)
"""The period has begun; nothing of it has elapsed."""
OPEN = CutOff(date(2024, 6, 10), over=True)
LAST_RUNNING = CutOff(date(2024, 6, 30), over=False)
LAST_OVER = CutOff(date(2024, 6, 30), over=True)
AFTER = CutOff(date(2024, 7, 1), over=False)
EXCEEDED = (Status.MISSED, Reason.EXCEEDED)


def verdict(
    measure: Measure, value: int | None, cutoff: CutOff, *, least: int | None = None, most: int | None = None
) -> tuple[Status, Reason | None]:
    return judge(measure, Bounds(at_least=least, at_most=most), value, JUNE, cutoff)


@pytest.mark.parametrize("measure", Measure)
def test_before_its_first_day_a_period_is_upcoming_whatever_the_value(measure: Measure) -> None:
    for value in (None, 0, 5000, 9000):
        for cutoff in (BEFORE, CutOff(date(2024, 5, 31), over=False), CutOff(date(2024, 1, 1), over=True)):
            assert verdict(measure, value, cutoff, least=1000, most=5000) == (Status.UPCOMING, None)
        assert verdict(measure, value, FIRST_DAY, least=1000, most=5000)[0] is not Status.UPCOMING


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("cutoff", [LAST_OVER, AFTER, CutOff(date(2025, 1, 1), over=True)])
def test_a_period_that_is_over_is_settled(measure: Measure, cutoff: CutOff) -> None:
    def settled(
        value: int | None, *, least: int | None = None, most: int | None = None
    ) -> tuple[Status, Reason | None]:
        return verdict(measure, value, cutoff, least=least, most=most)

    for most in (None, 9000):
        assert settled(None, least=3000, most=most) == (Status.MISSED, None)
        assert settled(0, least=3000, most=most) == (Status.MISSED, None)
        assert settled(-1, least=3000, most=most) == (Status.MISSED, None)
        assert settled(1, least=3000, most=most) == (Status.PARTIAL, None)
        assert settled(2999, least=3000, most=most) == (Status.PARTIAL, None)
        assert settled(3000, least=3000, most=most) == (Status.MET, None)
    for least in (None, 3000):
        assert settled(None, least=least, most=9000) == (Status.MISSED, None)
        assert settled(9000, least=least, most=9000) == (Status.MET, None)
        assert settled(9001, least=least, most=9000) == EXCEEDED
    assert settled(0, most=0) == (Status.MET, None)
    assert settled(0, most=9000) == (Status.MET, None)


@pytest.mark.parametrize("cutoff", [FIRST_DAY, OPEN, LAST_RUNNING])
def test_an_excess_is_final_unless_the_value_can_come_down(cutoff: CutOff) -> None:
    for measure in (*COUNTING, Measure.GAP):
        assert verdict(measure, 5001, cutoff, most=5000) == EXCEEDED
        assert verdict(measure, 5000, cutoff, most=5000) != EXCEEDED
    for measure in REVERSIBLE:
        assert verdict(measure, 5001, cutoff, most=5000) == (Status.PENDING, None)


@pytest.mark.parametrize("cutoff", [FIRST_DAY, OPEN, LAST_RUNNING])
def test_what_can_only_grow_is_met_as_soon_as_it_is_reached(cutoff: CutOff) -> None:
    for measure in COUNTING:
        assert verdict(measure, 3000, cutoff, least=3000) == (Status.MET, None)
        assert verdict(measure, 2999, cutoff, least=3000)[0] in {Status.PENDING, Status.AT_RISK}
        # It could still exceed what it must not.
        assert verdict(measure, 3000, cutoff, least=3000, most=9000) == (Status.PENDING, None)
        assert verdict(measure, 0, cutoff, most=9000) == (Status.PENDING, None)
    for measure in REVERSIBLE:
        assert verdict(measure, 3000, cutoff, least=3000) == (Status.PENDING, None)


@pytest.mark.parametrize("measure", [*COUNTING, *REVERSIBLE])
@pytest.mark.parametrize(
    ("day", "over", "status"),
    [
        (19, True, Status.PENDING),
        (20, False, Status.PENDING),
        (20, True, Status.PENDING),  # Twenty of thirty days: exactly two thirds.
        (21, False, Status.PENDING),
        (21, True, Status.AT_RISK),
        (22, False, Status.AT_RISK),
        (30, False, Status.AT_RISK),
    ],
)
def test_what_is_short_is_at_risk_past_two_thirds_of_its_days(
    *, measure: Measure, day: int, over: bool, status: Status
) -> None:
    cutoff = CutOff(date(2024, 6, day), over=over)
    assert verdict(measure, 2999, cutoff, least=3000) == (status, None)
    assert verdict(measure, None, cutoff, least=3000) == (status, None)
    assert verdict(measure, None, cutoff, most=3000) == (status, None)


@pytest.mark.parametrize(
    ("gap", "status"), [(20_000, Status.PENDING), (20_001, Status.AT_RISK), (30_000, Status.AT_RISK)]
)
def test_a_gap_is_at_risk_past_two_thirds_of_what_is_allowed(gap: int, status: Status) -> None:
    for cutoff in (FIRST_DAY, OPEN, LAST_RUNNING):
        assert verdict(Measure.GAP, gap, cutoff, most=30_000) == (status, None)
        # Only a gap is: other values may come near what they must not exceed.
        assert verdict(Measure.AMOUNT, gap, cutoff, most=30_000) == (Status.PENDING, None)
        assert verdict(Measure.STOCK, gap, cutoff, most=30_000) == (Status.PENDING, None)


NUMBERS = st.integers(0, 12).map(lambda number: number * 500)


@given(
    measure=st.sampled_from(Measure),
    value=st.none() | NUMBERS,
    least=st.none() | NUMBERS,
    most=st.none() | NUMBERS,
    start=st.dates(date(2024, 1, 1), date(2024, 1, 12)),
    length=st.integers(0, 12),
    day=st.dates(date(2023, 12, 30), date(2024, 1, 26)),
    over=st.booleans(),
)
def test_a_verdict_is_that_of_the_second_reading(  # noqa: PLR0913 - all that a verdict depends on
    *,
    measure: Measure,
    value: int | None,
    least: int | None,
    most: int | None,
    start: date,
    length: int,
    day: date,
    over: bool,
) -> None:
    def exact(number: int | None) -> Decimal | None:
        return None if number is None else Decimal(number) / 1000

    span = Span(start, start + length * DAY)
    days = naive.days_between(*span)
    requirement = {"code": "r", "measure": measure, "at_least": exact(least), "at_most": exact(most)}
    owed = naive.Obligation("a", {"code": "A"}, requirement, "p", days, days)
    expected = naive.status_of(owed, exact(value), (), day, day_over=over)
    assert (
        judge(measure, Bounds(at_least=least, at_most=most), value, span, CutOff(day, over=over)) == expected
    )


@pytest.mark.parametrize(
    ("cutoff", "elapsed", "last_full"),
    [
        (BEFORE, 0, date(2024, 5, 31)),
        (FIRST_DAY, 0, date(2024, 5, 31)),
        (CutOff(date(2024, 6, 1), over=True), 1, date(2024, 6, 1)),
        (OPEN, 10, date(2024, 6, 10)),
        (LAST_RUNNING, 29, date(2024, 6, 29)),
        (LAST_OVER, 30, date(2024, 6, 30)),
        (AFTER, 30, date(2024, 6, 30)),
        (CutOff(date(2024, 8, 1), over=True), 30, date(2024, 8, 1)),
    ],
)
def test_a_day_has_elapsed_once_it_is_over(cutoff: CutOff, elapsed: int, last_full: date) -> None:
    assert cutoff.elapsed(JUNE) == elapsed
    assert cutoff.last_full_day == last_full


def test_a_tally_gives_each_measure_its_own_number() -> None:
    tally = Tally(
        executions=2,
        amount=30_500,
        days=3,
        forms=4,
        latest=5500,
        first=date(2024, 6, 3),
        last=date(2024, 6, 20),
        inner_gap=12,
    )
    assert {measure: value_of(measure, tally, JUNE, LAST_OVER) for measure in Measure} == {
        Measure.EXECUTIONS: 2000,
        Measure.AMOUNT: 30_500,
        Measure.DAYS: 3000,
        Measure.FORMS: 4000,
        Measure.GAP: 12_000,
        Measure.STOCK: 30_500,
        Measure.LATEST: 5500,
    }


def test_nothing_recorded_is_no_reading_but_nought_of_everything_else() -> None:
    assert {measure: value_of(measure, NOTHING, JUNE, LAST_OVER) for measure in Measure} == {
        **dict.fromkeys((*COUNTING, Measure.STOCK), 0),
        Measure.LATEST: None,
        Measure.GAP: 30_000,
    }


@pytest.mark.parametrize(
    ("first", "last", "inner", "cutoff", "gap"),
    [
        (1, 30, 0, LAST_OVER, 0),
        (1, 30, 5, LAST_OVER, 5),
        (6, 30, 3, LAST_OVER, 5),
        (1, 23, 3, LAST_OVER, 7),
        (1, 23, 3, AFTER, 7),
        (1, 23, 3, LAST_RUNNING, 6),
        (1, 1, 0, FIRST_DAY, 0),
        (2, 2, 0, CutOff(date(2024, 6, 2), over=False), 1),
    ],
)
def test_a_gap_may_lie_before_between_or_after(
    first: int, last: int, inner: int, cutoff: CutOff, gap: int
) -> None:
    tally = Tally(first=date(2024, 6, first), last=date(2024, 6, last), inner_gap=inner)
    assert value_of(Measure.GAP, tally, JUNE, cutoff) == gap * 1000


def test_a_single_day_has_no_gap_within() -> None:
    one = date(2024, 6, 1)
    assert value_of(Measure.GAP, Tally(first=one, last=one), Span(one, one), LAST_OVER) == 0
    ends = Tally(first=JUNE.start, last=JUNE.end)
    assert (ends.inner_gap, value_of(Measure.GAP, ends, JUNE, LAST_OVER)) == (0, 0)


def test_a_gap_without_any_record_runs_up_to_the_last_day_that_is_over() -> None:
    assert value_of(Measure.GAP, NOTHING, JUNE, BEFORE) == 0
    assert value_of(Measure.GAP, NOTHING, JUNE, FIRST_DAY) == 0
    assert value_of(Measure.GAP, NOTHING, JUNE, OPEN) == 10_000
    assert value_of(Measure.GAP, NOTHING, JUNE, LAST_RUNNING) == 29_000


RECORDS = st.lists(
    st.builds(
        naive.Execution,
        agency=st.just("a"),
        activity=st.just("A"),
        day=st.dates(date(2024, 5, 25), date(2024, 7, 5)),
        amount=st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(2), Decimal("7.125")]),
        form=st.sampled_from([None, "radio", "web"]),
    ),
    max_size=8,
)
CUTOFFS = st.builds(CutOff, st.dates(date(2024, 5, 28), date(2024, 7, 3)), over=st.booleans())


def value(measure: Measure, records: Sequence[naive.Execution], cutoff: CutOff) -> int | None:
    tally = tally_of(records, JUNE, cutoff, stock=measure is Measure.STOCK)
    return value_of(measure, tally, JUNE, cutoff)


@given(measure=st.sampled_from(Measure), records=RECORDS, cutoff=CUTOFFS)
def test_a_value_is_that_of_the_second_reading(
    measure: Measure, records: list[naive.Execution], cutoff: CutOff
) -> None:
    days = naive.days_between(*JUNE)
    owed = naive.Obligation("a", {"code": "A"}, {"code": "r", "measure": measure}, "p", days, days)
    expected, _ = naive.value_of(owed, records, cutoff.day, day_over=cutoff.over)
    assert value(measure, records, cutoff) == (None if expected is None else thousandths(expected))


@given(
    measure=st.sampled_from([one for one in Measure if one is not Measure.LATEST]),
    records=RECORDS,
    cutoff=CUTOFFS,
    data=st.data(),
)
def test_the_order_of_logging_changes_no_value_but_the_latest(
    measure: Measure, records: list[naive.Execution], cutoff: CutOff, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(records))
    assert value(measure, records, cutoff) == value(measure, other, cutoff)


WORST_FIRST = (Status.MISSED, Status.PARTIAL, Status.AT_RISK, Status.PENDING, Status.MET)


@given(
    measure=st.sampled_from(COUNTING),
    least=st.integers(1, 5).map(lambda number: number * 1000),
    records=RECORDS.filter(bool),
    cutoff=CUTOFFS,
)
def test_one_more_execution_never_worsens_a_minimum(
    measure: Measure, least: int, records: list[naive.Execution], cutoff: CutOff
) -> None:
    without, _ = verdict(measure, value(measure, records[:-1], cutoff), cutoff, least=least)
    with_it, _ = verdict(measure, value(measure, records, cutoff), cutoff, least=least)
    if Status.UPCOMING in {without, with_it}:
        assert without == with_it
    else:
        assert WORST_FIRST.index(with_it) >= WORST_FIRST.index(without)


@given(records=RECORDS.filter(bool), cutoff=CUTOFFS)
def test_one_more_execution_never_lengthens_a_gap(records: list[naive.Execution], cutoff: CutOff) -> None:
    without, with_it = value(Measure.GAP, records[:-1], cutoff), value(Measure.GAP, records, cutoff)
    assert without is not None
    assert with_it is not None
    assert with_it <= without
