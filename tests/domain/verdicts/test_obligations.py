"""Obligations: each window, each way to shorten a period, and the rounding of prorated bounds."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import DAY, Period, Span
from cchc_cli.domain.plan.model import (
    Activity,
    Agency,
    Basis,
    By,
    Calendar,
    Measure,
    Partial,
    Per,
    Plan,
    Requirement,
    Schedule,
)
from cchc_cli.domain.verdicts.obligations import (
    Bounds,
    Obligation,
    Slot,
    duties,
    obligation,
    slots,
    waived_days,
)

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
PLAN = Plan(code="p", title="P", effective=YEAR)
AGENCY = Agency(code="a", name="A", kind="k")
MONTHLY = Requirement(
    code="r",
    owed_by=("a",),
    measure=Measure.AMOUNT,
    window=Per("month"),
    basis=Basis.STATED,
    at_least=10_000,
    at_most=30_000,
)
PARTIAL = tuple(Partial)


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(f"2024-{first}"), date.fromisoformat(f"2024-{last}"))


def labels(found: list[Slot]) -> list[str]:
    return [slot.label for slot in found]


def owed(requirement: Requirement, agency: Agency = AGENCY, plan: Plan = PLAN) -> list[Obligation]:
    found = [obligation(requirement, slot, agency.life) for slot in slots(plan, requirement)]
    return [one for one in found if one is not None]


def test_a_month_is_owed_for_each_month_of_the_plan() -> None:
    found = slots(PLAN, MONTHLY)
    assert labels(found) == [f"2024-{month:02}" for month in range(1, 13)]
    assert [slot.number for slot in found] == list(range(12))
    assert found[1] == Slot(
        number=1, label="2024-02", full=span("02-01", "02-29"), span=span("02-01", "02-29"), whole=False
    )
    assert {(one.cut, one.bounds) for one in owed(MONTHLY)} == {
        (False, Bounds(at_least=10_000, at_most=30_000))
    }


def test_periods_at_the_edges_of_plan_and_requirement_are_cut() -> None:
    plan = PLAN._replace(effective=span("01-15", "12-31"))
    requirement = MONTHLY._replace(start=date(2024, 1, 20), end=date(2024, 3, 1))
    found = slots(plan, requirement)
    assert [(slot.label, slot.full, slot.span) for slot in found] == [
        ("2024-01", span("01-01", "01-31"), span("01-20", "01-31")),
        ("2024-02", span("02-01", "02-29"), span("02-01", "02-29")),
        ("2024-03", span("03-01", "03-31"), span("03-01", "03-01")),
    ]
    assert slots(plan, MONTHLY._replace(end=date(2024, 1, 14))) == []
    assert labels(slots(plan, MONTHLY._replace(end=date(2024, 1, 15)))) == ["2024-01"]


@pytest.mark.parametrize(
    ("per", "count", "first", "last"),
    [
        ("day", 366, "2024-01-01", "2024-12-31"),
        ("week", 53, "2024-W01", "2025-W01"),
        ("quarter", 4, "2024-Q1", "2024-Q4"),
        ("half", 2, "2024-H1", "2024-H2"),
        ("year", 1, "2024", "2024"),
        ("plan", 1, "2024-01-01..2024-12-31", "2024-01-01..2024-12-31"),
    ],
)
def test_calendar_windows(per: str, count: int, first: str, last: str) -> None:
    found = labels(slots(PLAN, MONTHLY._replace(window=Per(per))))
    assert (len(found), found[0], found[-1]) == (count, first, last)


def test_the_plan_as_a_period_is_cut_to_the_requirement_and_is_whole_then() -> None:
    requirement = MONTHLY._replace(window=Per("plan"), start=date(2024, 2, 1), partial=Partial.WAIVE)
    (found,) = owed(requirement)
    assert (found.slot.label, found.span, found.cut) == (
        "2024-02-01..2024-12-31",
        span("02-01", "12-31"),
        False,
    )


def test_a_table_of_periods_is_cut_to_the_plan_first_and_put_in_order_of_time() -> None:
    early, late = Span(date(2023, 12, 1), date(2024, 1, 10)), span("03-05", "03-20")
    gone = Span(date(2023, 1, 1), date(2023, 2, 1))
    other = Calendar("others", (Period("x", span("05-01", "05-02")),))
    plan = PLAN._replace(
        calendars=(other, Calendar("rounds", (Period("b", late), Period("a", early), Period("0", gone)))),
    )
    requirement = MONTHLY._replace(window=Per("rounds"), start=date(2024, 1, 5))
    found = owed(requirement, plan=plan)
    assert [(one.slot.label, one.slot.number, one.slot.full, one.span, one.cut) for one in found] == [
        # The plan's beginning does not cut the period; the requirement's does.
        ("a", 0, span("01-01", "01-10"), span("01-05", "01-10"), True),
        ("b", 1, late, late, False),
    ]


@pytest.mark.parametrize(
    ("window", "last"), [(By(date(2024, 6, 30)), "06-30"), (By(date(2024, 6, 30), inclusive=False), "06-29")]
)
def test_a_day_to_be_done_by_ends_a_period_that_begins_with_plan_or_requirement(
    window: By, last: str
) -> None:
    (found,) = owed(MONTHLY._replace(window=window))
    assert (found.slot.label, found.span, found.cut) == (f"2024-{last}", span("01-01", last), False)
    (found,) = owed(MONTHLY._replace(window=window, start=date(2024, 3, 1)))
    assert (found.slot.full, found.cut) == (span("03-01", last), False)
    (found,) = owed(MONTHLY._replace(window=window, end=date(2024, 3, 1)))
    assert (found.slot.full, found.span, found.cut) == (span("01-01", last), span("01-01", "03-01"), True)
    assert owed(MONTHLY._replace(window=window, start=date(2024, 7, 1))) == []


BY_JUNE = (By(date(2024, 6, 30)), By(date(2024, 7, 1), inclusive=False))


@pytest.mark.parametrize("window", BY_JUNE)
@pytest.mark.parametrize(
    ("start", "end", "partial", "cut", "least"),
    [
        # It begins late and reaches the day: owed in full if the plan does not set `partial`.
        ("06-30", None, None, False, 10_000),
        ("01-02", None, None, False, 10_000),
        ("06-30", None, Partial.WAIVE, True, 10_000),
        ("06-30", None, Partial.FULL, False, 10_000),
        ("06-16", None, Partial.PRORATE, False, 1000),  # 15 of 182 days: 0.82, rounded up
        # It ends before the day: cut, even if it does not begin late.
        (None, "06-29", None, True, 10_000),
        ("02-01", "06-29", None, True, 10_000),
        (None, "06-29", Partial.FULL, False, 10_000),
        # It ends on the day, or is never cut.
        (None, "06-30", None, False, 10_000),
        (None, "06-30", Partial.WAIVE, False, 10_000),
        (None, None, Partial.WAIVE, False, 10_000),
    ],
)
def test_a_deadline_that_is_reached_is_owed_in_full(
    *, window: By, start: str | None, end: str | None, partial: Partial | None, cut: bool, least: int
) -> None:
    agency = AGENCY._replace(
        start=date.fromisoformat(f"2024-{start}") if start else None,
        end=date.fromisoformat(f"2024-{end}") if end else None,
    )
    (found,) = owed(MONTHLY._replace(window=window, partial=partial), agency)
    assert (found.cut, found.bounds.at_least) == (cut, least)
    assert found.span == span(start or "01-01", end or "06-30")
    assert found.slot.label == "2024-06-30"


@pytest.mark.parametrize("window", BY_JUNE)
def test_who_begins_after_the_day_owes_nothing_by_it(window: By) -> None:
    late = AGENCY._replace(start=date(2024, 7, 1))
    assert owed(MONTHLY._replace(window=window), late) == []
    assert owed(MONTHLY._replace(window=window), late._replace(start=date(2024, 6, 30))) != []


def test_the_end_of_the_plan_before_the_day_cuts_a_deadline() -> None:
    window = By(date(2025, 1, 1))
    (found,) = owed(MONTHLY._replace(window=window))
    assert (found.span, found.cut) == (YEAR, True)
    (found,) = owed(MONTHLY._replace(window=window._replace(day=date(2024, 12, 31))))
    assert not found.cut


def test_only_deadlines_are_so() -> None:
    late = AGENCY._replace(start=date(2024, 1, 2))
    assert owed(MONTHLY._replace(window=Per("year")), late)[0].cut
    assert owed(MONTHLY._replace(window=Per("plan")), late)[0].cut


def test_the_days_that_a_waiver_must_cover() -> None:
    june = span("06-01", "06-30")
    for window in BY_JUNE:
        assert waived_days(MONTHLY._replace(window=window), june) == span("06-30", "06-30")
    for other in (Per("month"), Per("plan"), Schedule("FREQ=DAILY", 30)):
        assert waived_days(MONTHLY._replace(window=other), june) == june


FRIDAYS = MONTHLY._replace(window=Schedule("FREQ=WEEKLY;BYDAY=FR", 2), end=date(2024, 1, 27))
"""Fridays with two days of grace; the last has one, and still counts as whole."""


def test_each_date_begins_a_period_with_its_days_of_grace() -> None:
    assert [(one.slot.label, one.span) for one in owed(FRIDAYS)] == [
        ("2024-01-05", span("01-05", "01-07")),
        ("2024-01-12", span("01-12", "01-14")),
        ("2024-01-19", span("01-19", "01-21")),
        ("2024-01-26", span("01-26", "01-27")),
    ]
    assert all(one.slot.whole for one in owed(FRIDAYS))


def test_the_rule_counts_from_the_plan_and_not_from_the_requirement() -> None:
    requirement = MONTHLY._replace(window=Schedule("FREQ=DAILY;INTERVAL=10;COUNT=3"), start=date(2024, 1, 11))
    assert labels(slots(PLAN, requirement)) == ["2024-01-11", "2024-01-21"]


def test_no_tolerance_is_the_day_itself() -> None:
    requirement = MONTHLY._replace(window=Schedule("FREQ=MONTHLY;COUNT=2"))
    assert [one.span for one in owed(requirement)] == [span("01-01", "01-01"), span("02-01", "02-01")]


def test_an_agency_owes_the_dates_on_which_it_exists_and_owes_them_whole() -> None:
    born = AGENCY._replace(start=date(2024, 1, 12))
    assert [one.slot.label for one in owed(FRIDAYS, born)] == [
        "2024-01-12",
        "2024-01-19",
        "2024-01-26",
    ]
    later = AGENCY._replace(start=date(2024, 1, 13))
    assert [one.slot.label for one in owed(FRIDAYS, later)] == ["2024-01-19", "2024-01-26"]
    gone = AGENCY._replace(end=date(2024, 1, 13))
    found = owed(FRIDAYS, gone)
    assert [(one.slot.label, one.span, one.cut) for one in found] == [
        ("2024-01-05", span("01-05", "01-07"), False),
        ("2024-01-12", span("01-12", "01-13"), False),
    ]


@pytest.mark.parametrize("partial", PARTIAL)
def test_what_becomes_of_a_period_that_an_agency_lives_through_in_part(partial: Partial) -> None:
    agency = AGENCY._replace(start=date(2024, 1, 22), end=date(2024, 3, 1))
    found = owed(MONTHLY._replace(partial=partial), agency)
    assert [one.span for one in found] == [
        span("01-22", "01-31"),
        span("02-01", "02-29"),
        span("03-01", "03-01"),
    ]
    whole = Bounds(at_least=10_000, at_most=30_000)
    cut = partial is Partial.WAIVE
    assert [one.cut for one in found] == [cut, False, cut]
    if partial is Partial.PRORATE:
        # 10 of 31 days: 3.2 up and 9.7 down; one of 31: 0.3 up and 0.97 down.
        assert [one.bounds for one in found] == [
            Bounds(at_least=4000, at_most=9000),
            whole,
            Bounds(at_least=1000, at_most=0),
        ]
    else:
        assert [one.bounds for one in found] == [whole] * 3


@given(
    least=st.none() | st.integers(1, 40_000),
    most=st.none() | st.integers(0, 40_000),
    first=st.integers(1, 30),
    last=st.integers(1, 30),
)
def test_prorating_rounds_a_minimum_up_and_a_maximum_down(
    least: int | None, most: int | None, first: int, last: int
) -> None:
    first, last = sorted((first, last))
    requirement = MONTHLY._replace(
        partial=Partial.PRORATE,
        at_least=least,
        at_most=most,
        start=date(2024, 6, first),
        end=date(2024, 6, last),
    )
    (found,) = owed(requirement)
    share = Fraction(last - first + 1, 30)
    if share == 1:
        assert found.bounds == Bounds(at_least=least, at_most=most)
        return
    assert found.bounds == Bounds(
        at_least=None if least is None else math.ceil(Fraction(least, 1000) * share) * 1000,
        at_most=None if most is None else math.floor(Fraction(most, 1000) * share) * 1000,
    )


@given(start=st.dates(date(2023, 11, 1), date(2025, 2, 1)), length=st.integers(0, 500))
def test_an_agency_owes_only_days_on_which_it_exists(start: date, length: int) -> None:
    agency = AGENCY._replace(start=start, end=start + length * DAY)
    found = owed(MONTHLY._replace(partial=Partial.FULL), agency)
    assert sum(one.span.days for one in found) == (YEAR & agency.life).days
    assert all(one.span & agency.life == one.span and one.span.days for one in found)


def test_duties_stand_in_the_order_of_the_plan() -> None:
    first, second = MONTHLY._replace(code="z"), MONTHLY._replace(code="b")
    both = Activity(code="B", title="B", requirements=(first, second))
    plan = PLAN._replace(activities=(both, Activity(code="0", title="0"), both._replace(code="A")))
    assert [(activity.code, requirement.code) for activity, requirement in duties(plan)] == [
        ("B", "z"),
        ("B", "b"),
        ("A", "z"),
        ("A", "b"),
    ]
