"""The calendar: periods, their labels, and ranges of days.

Every range of this package includes both ends. Each period is computed from the calendar, not from the period
before it, so that ends of months do not drift.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = timedelta(days=1)


class Span(NamedTuple):
    """A range of days, both ends inclusive; empty if `end` is before `start`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """The number of days in the range; 0 if it is empty."""
        return max((self.end - self.start).days + 1, 0)

    def __and__(self, other: Span) -> Span:
        """Give the intersection of two ranges."""
        return Span(max(self.start, other.start), min(self.end, other.end))

    def __contains__(self, day: object) -> bool:
        """Tell whether a day is in the range."""
        return self.start <= day <= self.end  # type: ignore[operator]  # always a date

    def overlaps(self, other: Span) -> bool:
        """Tell whether two ranges share a day."""
        return (self & other).days > 0


ALWAYS = Span(date(MINYEAR, 1, 1), date(MAXYEAR, 12, 31))


@lru_cache(20_000)
def iso(day: date) -> str:
    """Write a day as `2024-03-14`."""
    return day.isoformat()


class Period(NamedTuple):
    """A labelled range of days."""

    label: str
    span: Span


class Frequency(StrEnum):
    """The kinds of calendar periods that a requirement can be due in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


def _day(day: date) -> Period:
    return Period(day.isoformat(), Span(day, day))


def _week(day: date) -> Period:
    year, week, weekday = day.isocalendar()
    start = day - (weekday - 1) * DAY
    return Period(f"{year:04}-W{week:02}", Span(start, start + 6 * DAY))


def _months(label: str, year: int, first: int, count: int) -> Period:
    after = date(year + (first + count > 12), (first + count - 1) % 12 + 1, 1)  # noqa: PLR2004 - months
    return Period(label, Span(date(year, first, 1), after - DAY))


def _month(day: date) -> Period:
    # strftime does not pad the years before 1000.
    return _months(f"{day.year:04}-{day.month:02}", day.year, day.month, 1)


def _quarter(day: date) -> Period:
    quarter = (day.month - 1) // 3
    return _months(f"{day.year:04}-Q{quarter + 1}", day.year, quarter * 3 + 1, 3)


def _half(day: date) -> Period:
    half = (day.month - 1) // 6
    return _months(f"{day.year:04}-H{half + 1}", day.year, half * 6 + 1, 6)


def _year(day: date) -> Period:
    return _months(f"{day.year:04}", day.year, 1, 12)


_PERIOD_AROUND: dict[Frequency, Callable[[date], Period]] = {
    Frequency.DAY: _day,
    Frequency.WEEK: _week,
    Frequency.MONTH: _month,
    Frequency.QUARTER: _quarter,
    Frequency.HALF: _half,
    Frequency.YEAR: _year,
}


def period_of(frequency: Frequency, day: date) -> Period:
    """Give the period of this frequency that contains the day."""
    return _PERIOD_AROUND[frequency](day)


def periods(frequency: Frequency, span: Span) -> Iterator[Period]:
    """Give every full calendar period that overlaps the range, in order."""
    day = span.start
    while day <= span.end:
        period = period_of(frequency, day)
        yield period
        day = period.span.end + DAY


_LABELS = {
    Frequency.DAY: r"(\d{4})-(\d\d)-(\d\d)",
    Frequency.WEEK: r"(\d{4})-W(\d\d)",
    Frequency.MONTH: r"(\d{4})-(\d\d)",
    Frequency.QUARTER: r"(\d{4})-Q([1-4])",
    Frequency.HALF: r"(\d{4})-H([12])",
    Frequency.YEAR: r"(\d{4})",
}


def frequency_of(label: str) -> Frequency | None:
    """Give the frequency of a label by its form, even if the calendar has no such period."""
    upper = label.upper() if label.isascii() else ""
    return next((kind for kind, shape in _LABELS.items() if re.fullmatch(shape, upper)), None)


def parse_label(label: str) -> Period | None:
    """Read `2024-03-14`, `2024-W11`, `2024-03`, `2024-Q1`, `2024-H1` or `2024`.

    None if it is not a label, or the calendar has no such period.
    """
    frequency = frequency_of(label)
    if frequency is None:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", label)]
    try:
        return period_of(frequency, _first_day(frequency, numbers))
    except (ValueError, OverflowError):
        return None


def _first_day(frequency: Frequency, numbers: list[int]) -> date:
    match frequency:
        case Frequency.DAY:
            return date(*numbers)
        case Frequency.WEEK:
            return date.fromisocalendar(numbers[0], numbers[1], 1)
        case Frequency.MONTH:
            return date(numbers[0], numbers[1], 1)
        case Frequency.QUARTER:
            return date(numbers[0], numbers[1] * 3 - 2, 1)
        case Frequency.HALF:
            return date(numbers[0], numbers[1] * 6 - 5, 1)
        case Frequency.YEAR:
            return date(numbers[0], 1, 1)


def span_label(span: Span) -> str:
    """Write a free range: `2024-01-01..2024-12-31`."""
    return f"{span.start.isoformat()}..{span.end.isoformat()}"


def whole_months(span: Span) -> Span:
    """Give the whole months within a range, as one range; empty if there is none."""
    start, end = span
    if start.day > 1:
        start = (start.replace(day=1) + 31 * DAY).replace(day=1)
    if end < ALWAYS.end and (end + DAY).day > 1:
        end = max(end.replace(day=1), ALWAYS.start + DAY) - DAY
    return Span(start, end)
