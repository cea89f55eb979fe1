"""Periods as people type them and as the program prints them; all can be parsed."""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - read by pytest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.period_input import read_period
from cchc_cli.domain.calendar.periods import DAY, Frequency, Period, Span, period_of
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import fold
from cchc_cli.locale import LANGUAGES, day_text, render, set_language
from cchc_cli.reports.wording.words import calendar_label_words

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
SCHOOL_YEAR = Span(date(2024, 9, 1), date(2025, 5, 31))
LONG = Span(date(2024, 1, 1), date(2025, 12, 31))
TODAY = date(2024, 5, 2)
DAYS = st.dates(date(1900, 1, 1), date(2199, 11, 30))


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    yield
    set_language("vi")


def read(text: str, effective: Span = YEAR) -> Period | None:
    return read_period(text, effective, TODAY)


def plain(text: str) -> str:
    """Write as without a Vietnamese keyboard; signs stay."""
    return "".join(fold(char) if char.isalpha() else char for char in text)


@given(st.sampled_from(Frequency), DAYS, st.sampled_from(LANGUAGES))
def test_what_is_printed_for_a_label_reads_back(kind: Frequency, day: date, language: str) -> None:
    set_language(language)
    period = period_of(kind, day)
    printed = calendar_label_words(period.label)
    for text in (printed, printed.upper(), printed.lower(), plain(printed), f"  {printed} "):
        assert read(text) == period, text


@given(DAYS, DAYS, st.sampled_from(LANGUAGES), st.sampled_from(("–", "-", " – ", " - ", "..", " .. ")))
def test_a_range_reads_back(first: date, second: date, language: str, sign: str) -> None:
    set_language(language)
    span = Span(min(first, second), max(first, second))
    label = f"{span.start.isoformat()}..{span.end.isoformat()}"
    assert read(f"{day_text(span.start)}{sign}{day_text(span.end)}") == Period(label, span)
    words = render(message("from {start} to {end}", start=span.start, end=span.end))
    assert read(words) == Period(label, span)
    assert read(plain(words)) == Period(label, span)


@given(DAYS, st.sampled_from(Frequency), st.sampled_from(LANGUAGES))
def test_a_report_s_window_reads_back(day: date, kind: Frequency, language: str) -> None:
    set_language(language)
    period = period_of(kind, day)
    if kind is Frequency.DAY:
        assert read(day_text(day)) == period
        assert read(render(message("Due {day}", day=day))) == period
        return
    words = calendar_label_words(period.label)
    named = message("{name}, from {start} to {end}", name=words, start=period.span.start, end=period.span.end)
    assert read(render(named)) == period
    other = message(
        "{name}, from {start} to {end}", name=words, start=period.span.start, end=period.span.end - DAY
    )
    assert read(render(other)) is None


H1, NINE = Span(date(2024, 1, 1), date(2024, 6, 30)), Span(date(2024, 1, 1), date(2024, 9, 30))
MARCH, FOURTEENTH = Span(date(2024, 3, 1), date(2024, 3, 31)), Span(date(2024, 3, 14), date(2024, 3, 14))


@pytest.mark.parametrize(
    ("text", "label", "span"),
    [
        *(
            (text, "2024-H1", H1)
            for text in (
                "6 tháng đầu năm 2024",
                "6 THÁNG ĐẦU NĂM",
                "6 tháng",
                "6 tháng năm 2024",
                "6 tháng/2024",
                "Nửa đầu năm 2024",
                "nua dau nam",
                "first half",
                "first 6 months of 2024",
                "6 months",
            )
        ),
        ("6 tháng cuối năm 2024", "2024-H2", Span(date(2024, 7, 1), date(2024, 12, 31))),
        ("nửa cuối năm", "2024-H2", Span(date(2024, 7, 1), date(2024, 12, 31))),
        ("last 6 months of 2024", "2024-H2", Span(date(2024, 7, 1), date(2024, 12, 31))),
        *(
            (text, "2024-01-01..2024-09-30", NINE)
            for text in ("9 tháng", "9 tháng đầu năm 2024", "9 thang dau nam", "9 tháng năm 2024", "9 months")
        ),
        ("3 tháng cuối năm 2024", "2024-Q4", Span(date(2024, 10, 1), date(2024, 12, 31))),
        *(
            (text, "2024-Q1", Span(date(2024, 1, 1), date(2024, 3, 31)))
            for text in (
                "quý I năm 2024",
                "quý 1/2024",
                "quý 1",
                "QUÝ I / 2024",
                "quí i-2024",
                "quy 1 2024",
                "Q1/2024",
                "quarter 1 of 2024",
                "3 tháng đầu năm",
            )
        ),
        *(
            (text, "2024-03", MARCH)
            for text in (
                "tháng 3",
                "tháng 03/2024",
                "tháng3/2024",
                "3/2024",
                "03-2024",
                "tháng 3 năm 2024",
                "tháng 3.2024",
                "month 3",
                "01/03/2024..31/03/2024",
            )
        ),
        ("tháng 12", "2024-12", Span(date(2024, 12, 1), date(2024, 12, 31))),
        *((text, "2024", YEAR) for text in ("năm 2024", "cả năm", "cả năm 2024", "12 tháng", "Year 2024")),
        ("cả kế hoạch", "2024-01-01..2024-12-31", YEAR),
        ("Whole plan", "2024-01-01..2024-12-31", YEAR),
        *(
            (text, "2024-W11", Span(date(2024, 3, 11), date(2024, 3, 17)))
            for text in ("tuần 11/2024", "tuan 11", "Tuần 11 năm 2024", "week 11/2024")
        ),
        *(
            (text, "2024-03-14", FOURTEENTH)
            for text in ("14/03/2024", "14/3/2024", "14/03", "2024-3-14", "ngày 14/03/2024", "hạn 14/3/2024")
        ),
        ("hôm nay", "2024-05-02", Span(TODAY, TODAY)),
        ("YESTERDAY", "2024-05-01", Span(date(2024, 5, 1), date(2024, 5, 1))),
        ("01/04/2024..hôm qua", "2024-04-01..2024-05-01", Span(date(2024, 4, 1), date(2024, 5, 1))),
        ("từ 15/1 đến 14/3", "2024-01-15..2024-03-14", Span(date(2024, 1, 15), date(2024, 3, 14))),
    ],
)
def test_a_period_as_it_is_typed(text: str, label: str, span: Span) -> None:
    found = read(text)
    assert found is not None
    assert found.span == span
    if ".." not in text:
        assert found.label == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "tháng 0",
        "tháng 13/2024",
        "quý 5/2024",
        "quý V/2024",
        "tháng/2024",
        "tháng",
        "năm",
        "3/24",
        "32/01/2024",
        "30/02",
        "0 tháng",
        "13 tháng đầu năm 2024",
        "tuần 53/2024",
        "tuần 54",
        "q1",
        "31/03/2024..01/01/2024",
        "01/01/2024..",
        "..01/01/2024",
        "01/01/2024 – 31/01/2024 – 28/02/2024",
        "tháng 3/0000",
        "01/01/1899",
        "2024-01-01..2200-01-01",
        "tháng ٣",
        "quý I/2024, quý II/2024",
        ", ",
        "a, " * 5000,
        "1" * 5000,
    ],
)
def test_what_is_no_period(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("tháng 3", "tháng 3/2024, tháng 3/2025"),
        ("14/3", "14/3/2024, 14/3/2025"),
        ("quý II", "quý II/2024, quý II/2025"),
        ("9 tháng đầu năm", "9 tháng đầu năm 2024, 9 tháng đầu năm 2025"),
        ("cả năm", "cả năm 2024, cả năm 2025"),
    ],
)
def test_a_period_of_several_years_is_refused_with_all_that_it_can_mean(text: str, choices: str) -> None:
    set_language("en")
    with pytest.raises(InputError) as error:
        read(text, LONG)
    (sentence,) = error.value.messages
    assert render(sentence) == f"“{text}” can mean {choices}; write the year"
    for choice in choices.split(", "):
        assert read(choice, LONG) is not None


def test_a_year_is_taken_where_only_one_fits() -> None:
    assert read("tháng 3", SCHOOL_YEAR) == period_of(Frequency.MONTH, date(2025, 3, 1))
    assert read("tháng 9", SCHOOL_YEAR) == period_of(Frequency.MONTH, date(2024, 9, 1))
    assert read("tuần 1", SCHOOL_YEAR) == period_of(Frequency.WEEK, date(2025, 1, 1))
    with pytest.raises(InputError) as error:
        read("tháng 7", SCHOOL_YEAR)
    assert "is not in the plan" in str(error.value)
    with pytest.raises(InputError) as error:
        read("tuần 1", YEAR)
    assert "2025" in str(error.value)
