"""Recurrence rules: the part of RFC 5545 that a plan may use."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import DAY
from cchc_cli.domain.language.errors import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.calendar.periods import Span

_FREQUENCIES = frozenset({"YEARLY", "MONTHLY", "WEEKLY", "DAILY"})
_SHAPES = {
    "FREQ": r"[A-Z]+",
    "INTERVAL": r"0*[1-9]\d{0,3}",
    "COUNT": r"0*[1-9]\d{0,5}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "WKST": r"(MO|TU|WE|TH|FR|SA|SU)",
    "BYDAY": r"([+-]?0?[1-9]|[+-]?[1-4]\d|[+-]?5[0-3])?(MO|TU|WE|TH|FR|SA|SU)"
    r"(,([+-]?0?[1-9]|[+-]?[1-4]\d|[+-]?5[0-3])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTH": r"(0?[1-9]|1[0-2])(,(0?[1-9]|1[0-2]))*",
    "BYMONTHDAY": r"[+-]?(0?[1-9]|[12]\d|3[01])(,[+-]?(0?[1-9]|[12]\d|3[01]))*",
    "BYYEARDAY": r"[+-]?0*[1-9]\d{0,2}(,[+-]?0*[1-9]\d{0,2})*",
    "BYWEEKNO": r"[+-]?0*[1-9]\d?(,[+-]?0*[1-9]\d?)*",
    "BYSETPOS": r"[+-]?0*[1-9]\d{0,2}(,[+-]?0*[1-9]\d{0,2})*",
}
_DAYS_OF_YEAR = frozenset({"BYSETPOS", "BYYEARDAY"})
_MAX_DAYS_IN_YEAR = 366
_WEEKDAY = re.compile(r"([+-]?\d*)([A-Z]{2})")
_MAX_WEEKDAYS_IN_MONTH = 5
_LEAP_YEAR = 2024
_MAX_SET_SIZE = {"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7, "DAILY": 1}
"""The most dates that BYSETPOS can choose from."""
_MAX_LENGTH = 500


def rrule_fault(text: str) -> Message | None:
    """Say what is wrong with a recurrence rule; None if it is valid."""
    if len(text) > _MAX_LENGTH:
        return _unreadable(text[:_MAX_LENGTH])
    seen: set[str] = set()
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name in seen:
            return message("the recurrence rule gives {part} twice", part=name)
        seen.add(name)
        fault = _part_fault(part, name, value)
        if fault:
            return fault
    if "FREQ" not in seen:
        return message("the recurrence rule lacks FREQ, one of {known}", known=sorted(_FREQUENCIES))
    if {"COUNT", "UNTIL"} <= seen:
        return message("the recurrence rule gives both COUNT and UNTIL; keep one (RFC 5545)")
    return _combination_fault(dict(part.split("=") for part in text.upper().split(";")))


def _combination_fault(parts: dict[str, str]) -> Message | None:
    """Say which parts cannot be combined; each part is valid by itself."""
    numbers = [number for number, _ in re.findall(_WEEKDAY, parts.get("BYDAY", ""))]
    if any(numbers) and not all(numbers):
        return message("BYDAY mixes weekdays with and without a number; make two requirements of it")
    within_month = parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts
    if within_month and any(abs(int(number)) > _MAX_WEEKDAYS_IN_MONTH for number in numbers if number):
        return message("no month has more than five of a weekday: BYDAY goes up to 5")
    months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    days = [abs(int(day)) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    if months and days and min(days) > max(monthrange(_LEAP_YEAR, month)[1] for month in months):
        return message("none of the months in BYMONTH has a day as in BYMONTHDAY")
    return None


_GOES_WITH = {
    "BYWEEKNO": ("YEARLY",),
    "BYYEARDAY": ("YEARLY",),
    "BYMONTHDAY": ("YEARLY", "MONTHLY", "DAILY"),
}
"""The parts that RFC 5545 allows only with some frequencies."""
_MAX_WEEKS_IN_YEAR = 53


def rfc_faults(text: str) -> list[Message]:
    """Say what RFC 5545 forbids in a rule that `rrule_fault` accepts, because its meaning is undefined."""
    parts = dict(part.split("=") for part in text.upper().split(";"))
    frequency = parts["FREQ"]
    found = [
        _wrong_frequency(part, known)
        for part, known in _GOES_WITH.items()
        if part in parts and frequency not in known
    ]
    if any(number for number, _ in re.findall(_WEEKDAY, parts.get("BYDAY", ""))):
        if frequency not in {"MONTHLY", "YEARLY"}:
            found.append(_wrong_frequency(message("a number in BYDAY"), ("YEARLY", "MONTHLY")))
        elif "BYWEEKNO" in parts:
            found.append(
                message("a number in BYDAY does not go with BYWEEKNO (RFC 5545); leave one of them out")
            )
    if any(abs(int(week)) > _MAX_WEEKS_IN_YEAR for week in parts.get("BYWEEKNO", "").split(",") if week):
        found.append(message("no year has more than 53 weeks: BYWEEKNO goes up to 53"))
    if "BYSETPOS" in parts and not parts.keys() & _CHOOSING:
        found.append(
            message(
                "BYSETPOS needs another part that it chooses from, one of {known} (RFC 5545)",
                known=sorted(_CHOOSING),
            )
        )
    return found


_CHOOSING = {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}


def _wrong_frequency(part: str | Message, known: tuple[str, ...]) -> Message:
    return message(
        "{part} goes only with FREQ of {known} (RFC 5545); change FREQ or leave it out",
        part=part,
        known=list(known),
    )


def _part_fault(part: str, name: str, value: str) -> Message | None:
    if name not in _SHAPES:
        return message(
            "the recurrence rule has an unknown part “{part}”; known are {known}",
            part=part,
            known=list(_SHAPES),
        )
    if not re.fullmatch(_SHAPES[name], value, re.ASCII) or not _is_real_day(name, value):
        return _unreadable(part)
    if name == "FREQ" and value not in _FREQUENCIES:
        return message("FREQ must be one of {known}", known=sorted(_FREQUENCIES))
    if name in _DAYS_OF_YEAR and any(abs(int(number)) > _MAX_DAYS_IN_YEAR for number in value.split(",")):
        return _unreadable(part)
    return None


def _unreadable(part: str) -> Message:
    return message("the recurrence rule has a part that cannot be read: “{part}”", part=part)


def _is_real_day(name: str, value: str) -> bool:
    try:
        return name != "UNTIL" or bool(datetime.strptime(value[:8], "%Y%m%d"))  # noqa: DTZ007 - a civil date
    except ValueError:
        return False


_CYCLE = 400
"""The calendar repeats after this many years, including its weekdays and weeks."""
_CYCLE_DAYS = 146_097 * DAY


def occurrences(rrule: str, span: Span) -> Iterator[date]:
    """Give the dates of a valid rule that starts on the range's first day, up to its last day.

    COUNT counts from the first day. The end of the range is passed to dateutil as UNTIL. But dateutil follows
    a rule that never matches up to the year 9999. So the range is shifted by whole cycles of the calendar to
    the last centuries before 9999, where that search is short.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - slow to import, and few plans need it

    parts = dict(part.split("=") for part in rrule.upper().split(";"))
    count = int(parts.pop("COUNT", "0")) or None
    until = parts.pop("UNTIL", None)
    places = [abs(int(place)) for place in parts.get("BYSETPOS", "").split(",") if place]
    if places and min(places) > _MAX_SET_SIZE[parts["FREQ"]]:
        return iter(())
    last = min(span.end, date.fromisoformat(until[:8])) if until else span.end
    if last < span.start:
        return iter(())
    later = (MAXYEAR - 1 - span.end.year) // _CYCLE * _CYCLE_DAYS
    parts["UNTIL"] = (last + later).strftime("%Y%m%d")
    rule = rrulestr(
        ";".join(f"{name}={value}" for name, value in parts.items()),
        dtstart=datetime.combine(span.start + later, time()),
    )
    return (moment.date() - later for moment in islice(rule, count))
