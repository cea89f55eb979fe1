"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.days import parse_day
from cchc_cli.domain.language.errors import InputError

TODAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *((word, date(2024, 3, 1)) for word in ("today", "Today", " hôm nay ", "HÔM NAY", "hom nay")),
        *((word, date(2024, 2, 29)) for word in ("yesterday", "hôm qua", "Hom  qua")),
        ("2023-12-31", date(2023, 12, 31)),
        (" 2023-1-2 ", date(2023, 1, 2)),
        ("31/12/2023", date(2023, 12, 31)),
        ("2/1/2023", date(2023, 1, 2)),
        ("31/12", date(2024, 12, 31)),
        ("29/02", date(2024, 2, 29)),
    ],
)
def test_a_day_as_it_is_typed(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2023-02-29",
        "30/02",
        "31/12/23",
        "2023/12/31",
        "12-31",
        "1/2/3/4",
        "0/1",
        "1/13",
        "x1/2",
        "٢٠٢٤-٠١-٠١",
        "２/１",
        "2024-03-14T00:00",
        "123-01-01",
        "001/02",
        "1/002",
        "2024-003-01",
        "20240314",
    ],
)
def test_what_is_no_day_is_told_as_it_was_typed(text: str) -> None:
    with pytest.raises(InputError) as error:
        parse_day(text, TODAY)
    assert f"“{text}” is not a date" in str(error.value)


def test_a_day_of_a_leap_year_only_is_none_of_another() -> None:
    with pytest.raises(InputError):
        parse_day("29/02", date(2023, 3, 1))


@given(day=st.dates(date(1900, 1, 1)), today=st.dates(date(1900, 1, 1)))
def test_each_way_to_write_a_day_gives_that_day(day: date, today: date) -> None:
    assert parse_day(day.isoformat(), today) == day
    assert parse_day(f"{day.day}/{day.month}/{day.year}", today) == day
    assert parse_day(f"{day:%d/%m}", day.replace(month=1, day=1)) == day
