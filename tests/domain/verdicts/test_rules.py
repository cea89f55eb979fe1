"""Values and verdicts: the table under “Status” at each of its limits, and invariants of the records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import DAY, Span
from cchc_cli.domain.plan.model import Basis, Measure, Per, Requirement
from cchc_cli.domain.verdicts.obligations import Bounds
from cchc_cli.domain.verdicts.rules import (
    EMPTY_TALLY,
    CutOff,
    JudgedValue,
    Reason,
    Row,
    Standing,
    Status,
    Tally,
    Verdict,
    can_be_untouched,
    deciding_row,
    gap_start,
    judge,
    verdict_without_value,
)
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
    found = judge(JudgedValue(measure, Bounds(at_least=least, at_most=most), value, JUNE), cutoff)
    return found.status, found.reason


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
        # It can still exceed the maximum.
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
        # Only a gap is at risk; other values may come close to their maximum.
        assert verdict(Measure.AMOUNT, gap, cutoff, most=30_000) == (Status.PENDING, None)
        assert verdict(Measure.STOCK, gap, cutoff, most=30_000) == (Status.PENDING, None)


UNTOUCHED = JudgedValue(Measure.EXECUTIONS, Bounds(at_least=None, at_most=3000), 0, JUNE, untouched=True)


@pytest.mark.parametrize(
    ("cutoff", "expected", "row"),
    [
        (BEFORE, Verdict(Status.UPCOMING, None, Standing.ASIDE), Row.UPCOMING),
        (FIRST_DAY, Verdict(Status.PENDING, None, Standing.UNTOUCHED), Row.OPEN),
        (LAST_RUNNING, Verdict(Status.PENDING, None, Standing.UNTOUCHED), Row.OPEN),
        (LAST_OVER, Verdict(Status.MET, Reason.UNTOUCHED, Standing.UNTOUCHED), Row.CLOSED_UNTOUCHED),
        (AFTER, Verdict(Status.MET, Reason.UNTOUCHED, Standing.UNTOUCHED), Row.CLOSED_UNTOUCHED),
    ],
)
def test_a_maximum_that_nobody_came_near_says_nothing(cutoff: CutOff, expected: Verdict, row: Row) -> None:
    assert judge(UNTOUCHED, cutoff) == expected
    assert deciding_row(UNTOUCHED, cutoff) is row
    touched = judge(UNTOUCHED._replace(untouched=False), cutoff)
    assert touched.reason is None
    assert touched.standing is not Standing.UNTOUCHED


@pytest.mark.parametrize("measure", Measure)
def test_which_maxima_can_be_untouched(measure: Measure) -> None:
    requirement = Requirement("r", ("a",), measure, Per("month"), Basis.STATED, at_most=1000)
    assert can_be_untouched(requirement) is (measure not in {Measure.GAP, Measure.LATEST})
    assert not can_be_untouched(requirement._replace(at_least=1000))


@pytest.mark.parametrize("measure", Measure)
def test_in_which_figures_an_obligation_is_counted(measure: Measure) -> None:
    """Closed obligations are settled; of open ones only minima that can be reached early are counted."""

    def standing(cutoff: CutOff, *, least: int | None = 1000, most: int | None = None) -> Standing:
        found = {
            judge(JudgedValue(measure, Bounds(at_least=least, at_most=most), value, JUNE), cutoff).standing
            for value in (None, 0, 999, 1000, 9000)
        }
        assert len(found) == 1  # It never depends on the verdict.
        return found.pop()

    early = Standing.EARLY if measure in COUNTING else Standing.RUNNING
    assert [standing(cutoff) for cutoff in (BEFORE, FIRST_DAY, LAST_RUNNING, LAST_OVER, AFTER)] == [
        Standing.ASIDE,
        early,
        early,
        Standing.SETTLED,
        Standing.SETTLED,
    ]
    for least in (None, 1000):
        assert standing(LAST_RUNNING, least=least, most=5000) is Standing.RUNNING
        assert standing(LAST_OVER, least=least, most=5000) is Standing.SETTLED
    for row in (Row.CUT, Row.WAIVER):
        assert verdict_without_value(row).standing is Standing.ASIDE


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
    untouched=st.booleans(),
)
def test_a_verdict_is_that_of_the_second_reading(  # noqa: PLR0913 - everything that a verdict depends on
    *,
    measure: Measure,
    value: int | None,
    least: int | None,
    most: int | None,
    start: date,
    length: int,
    day: date,
    over: bool,
    untouched: bool,
) -> None:
    def exact(number: int | None) -> Decimal | None:
        return None if number is None else Decimal(number) / 1000

    span = Span(start, start + length * DAY)
    days = naive.days_between(*span)
    requirement = {"code": "r", "measure": measure, "at_least": exact(least), "at_most": exact(most)}
    owed = naive.Obligation("a", {"code": "A"}, requirement, "p", days, days, days)
    expected = naive.status_of(owed, exact(value), (), day, day_over=over, untouched=untouched)
    judged = JudgedValue(measure, Bounds(at_least=least, at_most=most), value, span, untouched)
    found = judge(judged, CutOff(day, over=over))
    assert (found.status, found.reason) == expected


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
    assert {measure: value_of(measure, EMPTY_TALLY, JUNE, LAST_OVER) for measure in Measure} == {
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
    assert value_of(Measure.GAP, EMPTY_TALLY, JUNE, BEFORE) == 0
    assert value_of(Measure.GAP, EMPTY_TALLY, JUNE, FIRST_DAY) == 0
    assert value_of(Measure.GAP, EMPTY_TALLY, JUNE, OPEN) == 10_000
    assert value_of(Measure.GAP, EMPTY_TALLY, JUNE, LAST_RUNNING) == 29_000


@pytest.mark.parametrize(
    ("first", "last", "inner", "since", "cutoff", "gap"),
    [
        # Nothing in June: the gap before it continues once a day of June is over.
        (None, None, 0, "05-20", FIRST_DAY, 0),
        (None, None, 0, "05-20", CutOff(date(2024, 6, 1), over=True), 13),
        (None, None, 0, "06-01", CutOff(date(2024, 6, 1), over=True), 1),
        (None, None, 0, "05-20", LAST_OVER, 42),
        # An execution on 1 June ends the gap before; one on the 2nd lets it reach in by a day.
        (1, 30, 0, "05-20", LAST_OVER, 0),
        (2, 30, 0, "05-20", LAST_OVER, 13),
        (2, 30, 14, "05-20", LAST_OVER, 14),
        (2, 15, 0, "05-20", LAST_OVER, 15),
        (6, 30, 3, "05-31", LAST_OVER, 6),
        # The day is not yet over.
        (1, 1, 0, "05-20", FIRST_DAY, 0),
        (2, 2, 0, "05-20", CutOff(date(2024, 6, 2), over=False), 13),
    ],
)
def test_a_gap_may_have_begun_before(
    first: int | None, last: int | None, inner: int, since: str, cutoff: CutOff, gap: int
) -> None:
    tally = Tally(
        first=date(2024, 6, first) if first else None,
        last=date(2024, 6, last) if last else None,
        inner_gap=inner,
    )
    assert value_of(Measure.GAP, tally, JUNE, cutoff, date.fromisoformat(f"2024-{since}")) == gap * 1000


@pytest.mark.parametrize(
    ("binds", "before", "waived", "since"),
    [
        ("01-01", None, [], "01-01"),
        ("03-05", None, [], "03-05"),
        ("06-01", None, [], "06-01"),
        ("01-01", "05-20", [], "05-21"),
        ("01-01", "05-31", [], "06-01"),
        ("05-21", "05-20", [], "05-21"),
        ("05-22", "05-20", [], "05-22"),
        ("01-01", None, [("04-01", "04-30")], "05-01"),
        ("01-01", "04-30", [("04-01", "04-30")], "05-01"),
        ("01-01", "05-01", [("04-01", "04-30")], "05-02"),
        ("01-01", "04-29", [("04-01", "04-30")], "05-01"),
        ("01-01", None, [("02-01", "02-29"), ("04-01", "04-30"), ("03-01", "03-31")], "05-01"),
        # Its own waiver, and those of later obligations, have no effect.
        ("01-01", "05-20", [("06-01", "06-30"), ("07-01", "07-31")], "05-21"),
        # Ranges of an old schedule may overlap: no gap begins after the first day.
        ("01-01", None, [("05-30", "06-02")], "06-01"),
    ],
)
def test_how_far_back_a_gap_is_counted(
    binds: str, before: str | None, waived: list[tuple[str, str]], since: str
) -> None:
    def day(text: str) -> date:
        return date.fromisoformat(f"2024-{text}")

    spans = [Span(day(start), day(end)) for start, end in waived]
    assert gap_start(JUNE.start, day(binds), day(before) if before else None, spans) == day(since)


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
    requirement = {"code": "r", "measure": measure}
    owed = naive.Obligation("a", {"code": "A"}, requirement, "p", days, days, days)
    expected, _ = naive.value_of(owed, records, (), cutoff.day, day_over=cutoff.over)
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
