"""The calendar compared with one that walks day by day, at the limits of every kind of period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import (
    ALWAYS,
    DAY,
    Frequency,
    Period,
    Span,
    frequency_of,
    parse_label,
    period_of,
    periods,
    span_label,
)
from tests import naive

FIRST, LAST = date(1999, 1, 1), date(2101, 12, 31)
DAYS = st.dates(FIRST, LAST)
NEAR = st.dates(date(2024, 1, 1), date(2024, 1, 20))
SPANS = st.builds(Span, NEAR, NEAR)
"""Ranges within a few days, so that they often adjoin, overlap, have one day or none."""


def days(span: Span) -> set[date]:
    return set(naive.days_between(*span))


@given(frequency=st.sampled_from(Frequency), day=DAYS)
def test_a_period_is_that_of_the_second_calendar(frequency: Frequency, day: date) -> None:
    label, span = period_of(frequency, day)
    assert (label, naive.days_between(*span)) == naive.calendar_period(frequency, day)


@pytest.mark.parametrize("frequency", Frequency)
def test_periods_of_a_leap_year_and_the_one_after_are_those_of_the_second_calendar(
    frequency: Frequency,
) -> None:
    span = Span(date(2024, 1, 1), date(2025, 12, 31))
    expected = dict(naive.calendar_period(frequency, day) for day in naive.days_between(*span))
    assert {label: naive.days_between(*found) for label, found in periods(frequency, span)} == expected


@given(frequency=st.sampled_from(Frequency), day=DAYS, length=st.integers(0, 400))
def test_periods_of_a_range_are_whole_and_no_more_than_those_that_touch_it(
    frequency: Frequency, day: date, length: int
) -> None:
    span = Span(day, day + length * DAY)
    found = list(periods(frequency, span))
    assert found[0] == period_of(frequency, span.start)
    assert found[-1] == period_of(frequency, span.end)
    assert all(period.span.overlaps(span) for period in found)
    assert len({period.label for period in found}) == len(found)


def test_an_empty_range_has_no_periods() -> None:
    assert list(periods(Frequency.DAY, Span(date(2024, 1, 2), date(2024, 1, 1)))) == []


@given(one=SPANS, other=SPANS)
def test_ranges_are_sets_of_days(one: Span, other: Span) -> None:
    assert one.days == len(days(one))
    assert days(one & other) == days(one) & days(other)
    assert one.overlaps(other) == bool(days(one) & days(other)) == other.overlaps(one)


def test_ranges_overlap_where_they_share_one_day() -> None:
    first, second = Span(date(2024, 1, 1), date(2024, 1, 31)), Span(date(2024, 1, 31), date(2024, 2, 5))
    assert first & second == Span(date(2024, 1, 31), date(2024, 1, 31))
    assert first.overlaps(second)
    assert second.overlaps(first)


def test_always_is_every_day_there_is() -> None:
    assert Span(date.min, date.max) == ALWAYS
    assert timedelta(days=1) == DAY


@pytest.mark.parametrize(
    ("label", "frequency"),
    [
        ("2024-03-14", Frequency.DAY),
        ("2024-W11", Frequency.WEEK),
        ("2024-w11", Frequency.WEEK),
        ("2024-03", Frequency.MONTH),
        ("2024-Q1", Frequency.QUARTER),
        ("2024-q4", Frequency.QUARTER),
        ("2024-H1", Frequency.HALF),
        ("2024-h2", Frequency.HALF),
        ("2024", Frequency.YEAR),
        # The form decides, even if the calendar has no such period.
        ("2024-13", Frequency.MONTH),
        ("2024-W54", Frequency.WEEK),
        *((text, None) for text in ("2024-Q0", "2024-Q5", "2024-H0", "2024-H3", "2024-W1", "2024-3", "x")),
        *((text, None) for text in ("", "02024", "2024-", " 2024", "2024-03-14x", "２０２４", "2024-Ｑ1")),
    ],
)
def test_the_shape_of_a_label_tells_its_kind(label: str, frequency: Frequency | None) -> None:
    assert frequency_of(label) == frequency


@pytest.mark.parametrize("number", range(1, 13))
def test_every_label_of_a_year_names_its_period(number: int) -> None:
    month = naive.days_between(date(2023, number, 1), naive.last_of_month(2023, number))
    assert parse_label(f"2023-{number:02}") == Period(f"2023-{number:02}", Span(month[0], month[-1]))
    for kind, count, letter in (("quarter", 4, "Q"), ("half", 2, "H")):
        size = 12 // count
        if number <= count:
            label, found = naive.calendar_period(kind, date(2023, number * size, 1))
            assert label == f"2023-{letter}{number}"
            assert parse_label(label) == Period(label, Span(found[0], found[-1]))


@pytest.mark.parametrize("label", ["2025-W53", "2024-W54", "2024-02-30", "2023-02-29", "2024-00", "0000"])
def test_a_label_the_calendar_does_not_have_is_none(label: str) -> None:
    assert parse_label(label) is None


def test_early_years_have_four_digits() -> None:
    for label in ("0033-02-01", "0033-W05", "0033-Q1", "0033-H1", "0033"):
        period = parse_label(label)
        assert period is not None
        assert period.label == label


def test_a_free_range_is_written_from_first_to_last_day() -> None:
    assert span_label(Span(date(2024, 1, 1), date(2024, 12, 31))) == "2024-01-01..2024-12-31"


@pytest.mark.parametrize("frequency", Frequency)
def test_every_day_of_a_century_lies_in_exactly_one_period(frequency: Frequency) -> None:
    seen: list[date] = []
    for label, span in periods(frequency, Span(FIRST, LAST)):
        day = span.start
        while day <= span.end:
            seen.append(day)
            assert period_of(frequency, day) == (label, span)
            day += DAY
    assert seen == sorted(set(seen))
    assert {FIRST, LAST} <= set(seen)
