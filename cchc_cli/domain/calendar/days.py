"""Parses dates that people type."""

from __future__ import annotations

import re
from datetime import date

from cchc_cli.domain.calendar.periods import DAY
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import fold

_TODAY = frozenset({"today", "hom nay"})
_YESTERDAY = frozenset({"yesterday", "hom qua"})
RELATIVE_DAYS = _TODAY | _YESTERDAY
"""All texts that `relative_day` reads, in folded form."""
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_LOCAL = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?")


def parse_day(text: str, today: date) -> date:
    """Read `2024-03-14`, `14/03/2024`, `14/03` (of today's year), today, yesterday, hôm nay, hôm qua.

    Raises InputError.
    """
    if day := relative_day(text, today):
        return day
    stripped = text.strip()
    found = _ISO.fullmatch(stripped) or _LOCAL.fullmatch(stripped)
    try:
        if found and stripped.isascii():
            return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        pass
    raise InputError(
        message("“{text}” is not a date; write 2024-03-14, 14/03/2024, 14/03, today or yesterday", text=text)
    )


def relative_day(text: str, today: date) -> date | None:
    """Read today, yesterday, hôm nay, hôm qua; None for other texts."""
    word = fold(text)
    if word in _TODAY:
        return today
    return today - DAY if word in _YESTERDAY else None


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a plan can cover."""


def read_date(text: str) -> date | None:
    """Read an ISO date within the years that a plan can cover; None for other texts."""
    if not (re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and text.isascii()):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
