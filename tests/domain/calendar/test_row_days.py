"""Days of rows files: each text is read in one way, or refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.calendar.row_days import DayDoubt, RowDay, parse_row_day
from cchc_cli.domain.language.errors import InputError

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
FORMS = (
    "{0:%Y-%m-%d}",
    "{0:%d/%m/%Y}",
    "{0.day}/{0.month}/{0.year}",
    "{0:%d-%m-%Y}",
    "{0:%d.%m.%Y}",
    "{0.year}/{0.month}/{0.day}",
    "Ngày {0.day}/{0.month}/{0.year}",
    "Thứ 2, ngày {0.day}/{0.month}/{0.year}",
    "ngày {0:%d} tháng {0:%m} năm {0:%Y}",
    "{0:%d/%m/%Y} 08:30",
    "{0:%d/%m/%Y} 8h30",
    "{0:%Y-%m-%d}T23:59:59",
    " {0:%d/%m/%Y} ",
)


@given(day=st.dates(date(1900, 1, 1), date(2199, 12, 31)), form=st.sampled_from(FORMS))
def test_a_day_that_is_written_is_read_again(day: date, form: str) -> None:
    """In every form; a doubt exactly where day and month can be swapped within the plan."""
    read = parse_row_day(form.format(day), YEAR)
    assert read.day == day
    numeric = re.match(r"\D*\d{1,2}[-/.]", form.format(day)) is not None
    swapped = numeric and day.day <= 12 and day.day != day.month and day.year == 2024
    assert read.doubt == (DayDoubt.SWAPPED if swapped else None)
    assert read.other == (date(day.year, day.day, day.month) if swapped else None)


@given(day=st.dates(YEAR.start, YEAR.end))
def test_a_year_of_two_digits_is_always_doubtful(day: date) -> None:
    assert parse_row_day(f"{day:%d/%m/%y}", YEAR) == RowDay(day, DayDoubt.SHORT_YEAR)


@given(day=st.dates(date(2023, 6, 1), date(2024, 5, 31)))
def test_a_day_without_a_year_lies_in_the_plan(day: date) -> None:
    """In the one year that fits."""
    span = Span(date(2023, 6, 1), date(2024, 5, 31))
    assert parse_row_day(f"{day.day}/{day.month}", span).day == day


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("3/4", Span(date(2023, 1, 1), date(2024, 12, 31)), "can be in ['2023', '2024']"),
        ("3/7", Span(date(2023, 8, 1), date(2024, 5, 31)), "is not in the plan"),
        ("29/2", Span(date(2023, 1, 1), date(2023, 12, 31)), "no day 29 in month 2/2023"),
        ("31/6/2024", YEAR, "no day 31 in month 6/2024, which has 30 days"),
        ("29/02/2023", YEAR, "no day 29 in month 2/2023, which has 28 days"),
        ("03/25/2024", YEAR, "no month 25"),
        ("3/14/2024 8:30:00", YEAR, "no month 14"),
        ("2024-13-01", YEAR, "no month 13"),
        ("0/3/2024", YEAR, "is not a date"),
        ("1/1/0000", YEAR, "is not a date"),
        ("tháng 3", YEAR, "is a month"),
        ("3/2024", YEAR, "is a month"),
        ("2024-03", YEAR, "is a month"),
        ("Hôm  nay", YEAR, "write the date"),
        ("hom qua", YEAR, "write the date"),
        ("today", YEAR, "write the date"),
        ("20240314", YEAR, "is not a date"),
        ("10000", YEAR, "is a number"),
        ("5.10", YEAR, "is not a date"),
        ("14/03-2024", YEAR, "is not a date"),
        ("14/03/2024 và 15/03/2024", YEAR, "is not a date"),
        ("14/03/2024 25", YEAR, "is not a date"),
        ("１４/03/2024", YEAR, "is not a date"),
        ("Quý I/2024", YEAR, "is not a date"),
        ("", YEAR, "is not a date"),
        ("9" * 5000, YEAR, "is not a date"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(text: str, span: Span, words: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_row_day(text, span)
    assert words in str(refused.value)


def test_a_bare_number_is_what_a_spreadsheet_keeps_for_a_day() -> None:
    assert parse_row_day("45366", YEAR) == RowDay(date(2024, 3, 15), DayDoubt.SERIAL)
    assert parse_row_day("45292", YEAR).day == YEAR.start
    assert parse_row_day("45657.99", YEAR).day == YEAR.end
    for outside in ("45291", "45658"):
        with pytest.raises(InputError):
            parse_row_day(outside, YEAR)
