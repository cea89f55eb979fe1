"""Simple recurrence rules in words: `thứ Sáu hằng tuần`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WEEKDAYS: dict[str, Message] = {
    "MO": message("Monday"),
    "TU": message("Tuesday"),
    "WE": message("Wednesday"),
    "TH": message("Thursday"),
    "FR": message("Friday"),
    "SA": message("Saturday"),
    "SU": message("Sunday"),
}
_ORDINALS: dict[str, Message] = {
    "1": message("first"),
    "2": message("second"),
    "3": message("third"),
    "4": message("fourth"),
    "-1": message("last"),
}
_PARTS_WITHOUT_EFFECT = {"INTERVAL": "1", "WKST": None}
"""Parts without effect in simple rules, with the value for which this holds; None is any value.

The first day of the week matters only where weeks are skipped."""


def rule_words(rrule: str) -> Message | None:
    """Say a valid rule in words; None if it is not one of the simple rules."""
    parts = dict(part.split("=") for part in rrule.upper().split(";"))
    for name, value in _PARTS_WITHOUT_EFFECT.items():
        if name in parts and value in {None, parts[name].lstrip("0")}:
            del parts[name]
    find = _WRITERS.get((parts.pop("FREQ"), *sorted(parts)))
    return find(parts) if find else None


def _daily(parts: Mapping[str, str]) -> Message:
    del parts
    return message("every day")


def _weekly(parts: Mapping[str, str]) -> Message | None:
    days = parts["BYDAY"].split(",")
    if not all(day in _WEEKDAYS for day in days):
        return None
    # In the order of the week, without duplicates.
    return message("every {days}", days=[name for day, name in _WEEKDAYS.items() if day in days])


def _monthly_by_day(parts: Mapping[str, str]) -> Message | None:
    number, weekday = parts["BYDAY"][:-2].lstrip("+"), _WEEKDAYS.get(parts["BYDAY"][-2:])
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    ordinal = _ORDINALS.get(f"{sign}{digits.lstrip('0')}")
    if ordinal is None or weekday is None or "," in parts["BYDAY"]:
        return None
    return message("the {ordinal} {weekday} of each month", ordinal=ordinal, weekday=weekday)


def _monthly_by_number(parts: Mapping[str, str]) -> Message | None:
    days = [int(day) for day in parts["BYMONTHDAY"].split(",")]
    if days == [-1]:
        return message("the last day of each month")
    if min(days) < 1:
        return None
    return message("day {days} of each month", days=sorted(set(days)))


def _yearly(parts: Mapping[str, str]) -> Message | None:
    if not (parts["BYMONTH"].isdecimal() and parts["BYMONTHDAY"].isdecimal()):
        return None
    return message(
        "day {day} of month {month} each year", day=int(parts["BYMONTHDAY"]), month=int(parts["BYMONTH"])
    )


_WRITERS: dict[tuple[str, ...], Callable[[Mapping[str, str]], Message | None]] = {
    ("DAILY",): _daily,
    ("WEEKLY", "BYDAY"): _weekly,
    ("MONTHLY", "BYDAY"): _monthly_by_day,
    ("MONTHLY", "BYMONTHDAY"): _monthly_by_number,
    ("YEARLY", "BYMONTH", "BYMONTHDAY"): _yearly,
}
