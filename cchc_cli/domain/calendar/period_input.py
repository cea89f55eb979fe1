"""Parses periods that people type: labels, days, ranges of days, and the words that the program prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.days import FIRST_YEAR, LAST_YEAR, RELATIVE_DAYS, relative_day
from cchc_cli.domain.calendar.periods import Frequency, Period, Span, parse_label, period_of, span_label
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

# Compiled on first use, because most periods are typed as labels.
_SIGNS = r"\s*(\.\.|[/\-\u2010\u2011\u2013\u2014\u2212])\s*"
_YEAR = r"(?:[/ -](?:nam |of )?(?P<year>[0-9]{4}))"
_CALENDAR = (
    rf"(?:thang|month) ?(?P<month>[0-9]{{1,2}}){_YEAR}?",
    r"(?P<month>[0-9]{1,2})[/-](?P<year>[0-9]{4})",
    rf"(?:quy|qui|quarter) ?(?P<quarter>[1-4]|i{{1,3}}|iv){_YEAR}?",
    rf"q ?(?P<quarter>[1-4]|i{{1,3}}|iv){_YEAR}",
    rf"(?:tuan|week) ?(?P<week>[0-9]{{1,2}}){_YEAR}?",
    rf"nua (?P<half>dau|cuoi)(?: nam)?{_YEAR}?",
    rf"(?P<half>first|second) half{_YEAR}?",
    rf"(?P<first>[0-9]{{1,2}}) thang(?: dau)?(?: nam)?{_YEAR}?",
    rf"(?P<last>[0-9]{{1,2}}) thang cuoi(?: nam)?{_YEAR}?",
    rf"(?:first )?(?P<first>[0-9]{{1,2}}) months{_YEAR}?",
    rf"last (?P<last>[0-9]{{1,2}}) months{_YEAR}?",
    rf"(?P<whole>ca nam|whole year){_YEAR}?",
    r"(?P<whole>nam|year) (?P<year>[0-9]{4})",
)
_DAY = "|".join((r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?", *RELATIVE_DAYS))
_ONE_DAY = rf"(?:(?:ngay|han|due) )?({_DAY})"
_RANGE = rf"(?:(?:from|tu|tu ngay) )?({_DAY})(?:\.\.|-| to | den (?:ngay )?)({_DAY})"
_NUMBERS = (
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
    r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})(?:/(?P<year>[0-9]{4}))?",
)
_WHOLE_PLAN = frozenset({"ca ke hoach", "whole plan"})
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONTHS = 12
_MAX_LENGTH = 120
"""The most characters of a period."""


def read_period(text: str, effective: Span, today: date) -> Period | None:
    """Read a period in any form that people type or the program prints; None for other texts.

    If the year is missing, it is the one in which the period overlaps the plan's range. Raises InputError if
    there is no such year, or more than one.
    """
    text = text.strip()
    if found := parse_label(text):
        return found
    if len(text) > _MAX_LENGTH:
        return None
    name, comma, rest = text.rpartition(", ")
    if comma:  # The form in reports: `Quý I/2024, từ ngày 01/01/2024 đến ngày 31/03/2024`.
        named, days = (read_period(part, effective, today) for part in (name, rest))
        return named if named and days and named.span == days.span else None
    key = _fold_with_signs(text)
    if key in _WHOLE_PLAN:
        return Period(span_label(effective), effective)
    if parsed := _parse_calendar_period(key):
        return _resolve_year(text, parsed, effective)
    ends = re.fullmatch(_ONE_DAY, key) or re.fullmatch(_RANGE, key)
    if ends is None:
        return None
    first, *last = (_resolve_year(end, _parse_day(end, today), effective) for end in ends.groups())
    if not last or not first or not last[0]:
        return None if last else first
    span = Span(first.span.start, last[0].span.end)
    return Period(span_label(span), span) if span.days else None


def _fold_with_signs(text: str) -> str:
    """Fold a text, but keep the signs between numbers."""
    pieces = re.split(_SIGNS, text)
    signs = (sign if sign in {"..", "/"} else "-" for sign in pieces[1::2])
    return "".join(f"{fold(piece)}{next(signs, '')}" for piece in pieces[::2])


_PeriodOfYear = tuple["Callable[[int], Period | None]", "int | None"]
"""A function from a year to its period, and the year that was typed."""


def _resolve_year(text: str, parsed: _PeriodOfYear, effective: Span) -> Period | None:
    make, year = parsed
    if year is not None:
        return make(year) if FIRST_YEAR <= year <= LAST_YEAR else None
    years = range(effective.start.year - 1, effective.end.year + 2)
    every = {year: period for year in years if (period := make(year))}
    found = {year: period for year, period in every.items() if period.span.overlaps(effective)}
    if len(found) == 1:
        return next(iter(found.values()))
    if not every:
        return None
    sign = " " if _fold_with_signs(text).endswith(" nam") else "/"
    if found:
        raise InputError(
            message(
                "“{text}” can mean {choices}; write the year",
                text=text,
                choices=[f"{text}{sign}{year}" for year in found],
            )
        )
    raise not_in_plan(text, effective)


def not_in_plan(text: str, effective: Span) -> InputError:
    """Say that what was typed without a year lies in no year of the plan."""
    return InputError(
        message(
            "“{text}” is not in the plan, which runs from {start} to {end}; write the year",
            text=text,
            start=effective.start,
            end=effective.end,
        )
    )


def _parse_day(key: str, today: date) -> _PeriodOfYear:
    named = relative_day(key, today)
    if named:
        return lambda _: period_of(Frequency.DAY, named), today.year
    parts = _first_match(_NUMBERS, key)
    month, day, year = parts["month"], parts["day"], parts["year"]
    return lambda year: parse_label(f"{year:04}-{month:>02}-{day:>02}"), int(year) if year else None


def _parse_calendar_period(key: str) -> _PeriodOfYear | None:
    parts = _first_match(_CALENDAR, key)
    if not parts:
        return None
    year = parts.pop("year")
    ((kind, value),) = parts.items()
    return lambda year: _calendar_period(kind, value, year), int(year) if year else None


def _first_match(shapes: tuple[str, ...], key: str) -> dict[str, str]:
    found = next(filter(None, (re.fullmatch(shape, key) for shape in shapes)), None)
    return found.groupdict() if found else {}


def _calendar_period(kind: str, value: str, year: int) -> Period | None:
    match kind:
        case "month":
            return parse_label(f"{year:04}-{value:>02}")
        case "quarter":
            return parse_label(f"{year:04}-Q{_ROMAN.get(value, value)}")
        case "week":
            return parse_label(f"{year:04}-W{value:>02}")
        case "half":
            return parse_label(f"{year:04}-H{1 if value in {'dau', 'first'} else 2}")
        case "first":
            return _months_period(year, 1, int(value))
        case "last":
            return _months_period(year, _MONTHS + 1 - int(value), _MONTHS)
        case _:
            return parse_label(f"{year:04}")


def _months_period(year: int, first: int, last: int) -> Period | None:
    """Give the period from one month to another, as a quarter, half-year or year if it is one."""
    start, end = (parse_label(f"{year:04}-{month:02}") for month in (first, last))
    if start is None or end is None:
        return None
    span = Span(start.span.start, end.span.end)
    kinds = (Frequency.MONTH, Frequency.QUARTER, Frequency.HALF, Frequency.YEAR)
    named = (period_of(kind, span.start) for kind in kinds)
    return next((period for period in named if period.span == span), Period(span_label(span), span))
