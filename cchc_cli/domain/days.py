"""Reading the dates and periods that people type."""

from __future__ import annotations

import re
from datetime import date

from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.periods import DAY, Period, parse_label
from cchc_cli.domain.text import exact_key, fold

_TODAY = frozenset({"today", "hom nay"})
_YESTERDAY = frozenset({"yesterday", "hom qua"})
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_LOCAL = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?")


def parse_day(text: str, today: date) -> date:
    """Read `2024-03-14`, `14/03/2024`, `14/03` (of today's year), today, yesterday, hôm nay, hôm qua.

    Raises InputError.
    """
    word = fold(text)
    if word in _TODAY:
        return today
    if word in _YESTERDAY:
        return today - DAY
    stripped = text.strip()
    found = _ISO.fullmatch(stripped) or _LOCAL.fullmatch(stripped)
    try:
        if found and stripped.isascii():
            return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        pass
    raise InputError(
        message("“{text}” is no day; write 2024-03-14, 14/03/2024, 14/03, today or yesterday", text=text)
    )


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a plan can lie in."""


def read_date(text: str) -> date | None:
    """Read an ISO date of the years a plan can lie in; None where it is none."""
    if not (re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and text.isascii()):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


_SPOKEN_MONTH = re.compile(r"(?:th[áa]ng ?)?(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_SPOKEN_QUARTER = re.compile(r"qu[ýíyi] ?(?P<quarter>[1-4]|i{1,3}|iv)/(?P<year>[0-9]{4})")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def spoken_period(text: str) -> Period | None:
    """Read `tháng 3/2024`, `3/2024`, `quý 1/2024` or `quý I/2024`; None where it is none of them."""
    key = exact_key(text)
    if found := _SPOKEN_MONTH.fullmatch(key):
        return parse_label(f"{found['year']}-{int(found['month']):02}")
    if found := _SPOKEN_QUARTER.fullmatch(key):
        number = found["quarter"]
        return parse_label(f"{found['year']}-Q{_ROMAN.get(number, number)}")
    return None
