"""Reads the days of rows files: absolute days, as spreadsheets and officers write them."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.days import RELATIVE_DAYS
from cchc_cli.domain.calendar.period_input import not_in_plan
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.text import fold

if TYPE_CHECKING:
    from cchc_cli.domain.calendar.periods import Span


class DayDoubt(StrEnum):
    """Why a person should look at how a day was read."""

    SHORT_YEAR = "short_year"
    """The year has two digits; the text was read as day, month, year."""
    SWAPPED = "swapped"
    """Day and month could be swapped: that day would lie in the plan's range too."""
    SERIAL = "serial"
    """The text is a bare number; it was read as the number that a spreadsheet keeps for a day."""


class RowDay(NamedTuple):
    """A day as read, and what is doubtful about it, if anything."""

    day: date
    doubt: DayDoubt | None = None
    other: date | None = None
    """The day with day and month swapped; only with the doubt SWAPPED."""


_WEEKDAY = r"(?:(?:thu (?:hai|ba|tu|nam|sau|bay|[2-8])|chu nhat|cn)[,.]? *)?(?:ngay *:? *)?"
_TIME = r"(?:[ t,]+(?:luc )?\d{1,2} *(?::|h|g|gio)(?: *\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?(?: *(?:p|ph|phut|am|pm|sa|ch))?)?"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}}) ?([-/.]) ?(?P<month>\d{{1,2}}) ?\2 ?(?P<year>\d{{4}}|\d{{2}}){_TIME}"
)
_WITHOUT_YEAR = re.compile(rf"{_WEEKDAY}(?P<day>\d{{1,2}}) ?[-/] ?(?P<month>\d{{1,2}})(?P<year>)")
_IN_WORDS = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}}) thang (?P<month>\d{{1,2}})(?:,? nam (?P<year>\d{{4}}))?{_TIME}"
)
_MONTH = re.compile(r"(?:thang )?\d{1,2} ?[-/.] ?\d{4}|\d{4}-\d{1,2}|thang \d{1,2}(?: nam \d{4})?")
_SERIAL = re.compile(r"(?P<days>\d{5})(?:\.\d+)?")
_SERIAL_0 = date(1899, 12, 30)
_MONTHS = 12
_LONGEST = 60


def parse_row_day(text: str, effective: Span) -> RowDay:
    """Read a day of a rows file, such as `2024-03-14`, `14/03/2024`, `14.3.2024 08:30`, `Ngày 14/3/2024`, `14/3/24`.

    `effective` is the range of the plan: a day without a year belongs to the one year in which it lies in
    this range. Raises InputError for `hôm nay` and the like, for days that no calendar has, and for texts that
    are not one day.
    """
    plain = _plain(text)
    if fold(text) in RELATIVE_DAYS:
        raise InputError(
            message(
                "“{text}” means another day whenever the file is read; write the date, such as 14/03/2024",
                text=text,
            )
        )
    if not plain.isascii() or len(plain) > _LONGEST:
        raise _not_a_day(text)
    if found := _YEAR_FIRST.fullmatch(plain):
        return RowDay(_day(text, *_numbers(found)))
    if found := _DAY_FIRST.fullmatch(plain):
        return _day_first(text, _numbers(found), effective, short=len(found["year"]) == 2)  # noqa: PLR2004 - digits
    if found := _IN_WORDS.fullmatch(plain):
        year = found["year"] or _year_in(text, int(found["month"]), int(found["day"]), effective)
        return RowDay(_day(text, int(year), int(found["month"]), int(found["day"])))
    if found := _WITHOUT_YEAR.fullmatch(plain):
        month, day = int(found["month"]), int(found["day"])
        return _day_first(text, (_year_in(text, month, day, effective), month, day), effective, short=False)
    if found := _SERIAL.fullmatch(plain):
        return _serial(text, int(found["days"]), effective)
    if _MONTH.fullmatch(plain):
        raise InputError(message("“{text}” is a month; write the day, such as 14/03/2024", text=text))
    raise _not_a_day(text)


def _plain(text: str) -> str:
    """Give the text in lower case, without diacritics, with single blanks."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").casefold())
    return " ".join("".join(char for char in letters if not unicodedata.combining(char)).split())


def _not_a_day(text: str) -> InputError:
    return InputError(message("“{text}” is not a date; write 14/03/2024 or 2024-03-14", text=text))


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    year = int(found["year"])
    return year + 2000 if len(found["year"]) == 2 else year, int(found["month"]), int(found["day"])  # noqa: PLR2004 - digits


def _day_first(text: str, numbers: tuple[int, int, int], effective: Span, *, short: bool) -> RowDay:
    year, month, day = numbers
    read = _day(text, year, month, day)
    if short:
        return RowDay(read, DayDoubt.SHORT_YEAR)
    if day <= _MONTHS and day != month and (other := date(year, day, month)) in effective:
        return RowDay(read, DayDoubt.SWAPPED, other)
    return RowDay(read)


def _day(text: str, year: int, month: int, day: int) -> date:
    """Make the date; raises InputError that names the month or day that the calendar does not have."""
    if not 1 <= month <= _MONTHS:
        raise InputError(
            message(
                "“{text}”: there is no month {month}; write the day first, then the month, such as 14/03/2024",
                text=text,
                month=str(month),
            )
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise InputError(_no_such_day(text, year, month, day)) from None


def _no_such_day(text: str, year: int, month: int, day: int) -> Message:
    if year == 0 or day == 0:
        return message("“{text}” is not a date; write 14/03/2024 or 2024-03-14", text=text)
    return message(
        "“{text}”: there is no day {day} in month {month}/{year}, which has {days} days",
        text=text,
        day=str(day),
        month=str(month),
        year=str(year),
        days=str(monthrange(year, month)[1]),
    )


def _year_in(text: str, month: int, day: int, effective: Span) -> int:
    """Give the one year in which the day lies in the range. Raises InputError."""
    years = range(effective.start.year, effective.end.year + 1)
    # A leap year, so that 29 February is read here and checked with its year later.
    _day(text, 2000, month, day)
    fit = [year for year in years if _lies_in(year, month, day, effective)]
    if len(fit) == 1:
        return fit[0]
    if fit:
        raise InputError(
            message("“{text}” can be in {years}; write the year", text=text, years=list(map(str, fit)))
        )
    if len(years) == 1:
        return years[0]
    raise not_in_plan(text, effective)


def _lies_in(year: int, month: int, day: int, effective: Span) -> bool:
    try:
        return date(year, month, day) in effective
    except ValueError:
        return False


def _serial(text: str, days: int, effective: Span) -> RowDay:
    day = _SERIAL_0 + timedelta(days=days)
    if day in effective:
        return RowDay(day, DayDoubt.SERIAL)
    raise InputError(
        message("“{text}” is a number; format the column as dates, or write 14/03/2024", text=text)
    )
