"""The calendar: every day lies in exactly one period of each kind, and labels lead back to their period."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import DAY, Frequency, Span, parse_label, period_of, periods

CENTURY = Span(date(1999, 1, 1), date(2101, 12, 31))


@pytest.mark.parametrize("frequency", Frequency)
def test_periods_tile_a_century(frequency: Frequency) -> None:
    found = list(periods(frequency, CENTURY))
    assert found[0].span.start <= CENTURY.start
    assert found[-1].span.end >= CENTURY.end
    for before, after in pairwise(found):
        assert after.span.start == before.span.end + DAY
        assert before.label < after.label
    day = CENTURY.start
    numbers = iter(found)
    period = next(numbers)
    while day <= CENTURY.end:
        if day > period.span.end:
            period = next(numbers)
        assert period_of(frequency, day) == period
        day += DAY


@given(st.sampled_from(Frequency), st.dates(date(1999, 1, 1), date(2101, 12, 31)))
def test_a_label_leads_back_to_its_period(frequency: Frequency, day: date) -> None:
    period = period_of(frequency, day)
    assert period.span.start <= day <= period.span.end
    assert parse_label(period.label) == period
    assert parse_label(period.label.lower()) == period


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-W01", date(2024, 1, 1), date(2024, 1, 7)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-03-14", date(2024, 3, 14), date(2024, 3, 14)),
    ],
)
def test_known_labels(label: str, start: date, end: date) -> None:
    period = parse_label(label)
    assert period is not None
    assert period.span == Span(start, end)


@pytest.mark.parametrize(
    "label",
    ["", "2024-13", "2024-Q5", "2024-H3", "2023-W53", "2023-02-29", "24-01", "2024-1", "٢٠٢٤", "2024-W00"],
)
def test_what_the_calendar_does_not_have(label: str) -> None:
    assert parse_label(label) is None


def test_ranges_that_do_not_meet_have_no_days() -> None:
    first, second = Span(date(2024, 1, 1), date(2024, 1, 31)), Span(date(2024, 2, 1), date(2024, 2, 1))
    assert (first & second).days == 0
    assert not first.overlaps(second)
    assert second.days == 1
