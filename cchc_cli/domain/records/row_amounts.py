"""Reads the amounts of rows files: a number, with or without its unit, with or without a sign between thousands."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import (
    THOUSANDTHS,
    Amount,
    AmountError,
    parse_amount,
    read_in_thousands,
)
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import fold
from cchc_cli.domain.plan.model import PERCENT, TIME
from cchc_cli.domain.wording.plan_names import activity_words

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Unit


class RowAmount(NamedTuple):
    """An amount as read, in thousandths, and the reading that was ruled out, where its sign allows two."""

    amount: int
    other: int | None = None


_MINUTES = frozenset({"minute", "phut", "ph", "p", "min", "mins", "minutes"})
_MINUTE_SIGNS = frozenset({"'", "’", "‘", "′", "´"})
_TIMES = frozenset({TIME, "lan", "times"})
_WHOLE = frozenset(
    {
        TIME,
        "item",
        "article",
        "news",
        "page",
        "panel",
        "poster",
        "banner",
        "leaflet",
        "copy",
        "session",
        "meeting",
    }
    | {"person", "document", "video", "post", "lan", "tin", "bai", "tin bai", "bai viet", "pano", "pa no"}
    | {
        "ap phich",
        "bang ron",
        "to",
        "to roi",
        "to gap",
        "cuoc",
        "buoi",
        "luot",
        "nguoi",
        "hoi nghi",
        "van ban",
    }
    | {"tam", "cai", "chiec", "ban", "cuon", "chuong trinh", "phong su", "chuyen muc", "chuyen de", "cau hoi"}
)
"""Units of which there are only whole numbers, in folded form: their code, or each part of their name."""
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[-+\u2212]?\s*\d[\d.,\s]*?)\s*(?P<unit>[^\d.,\s].*)?", re.DOTALL)
_TOO_EXACT = re.compile(r"^\D*\d+[.,]\d{4,}$")
_BLANKS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")


def parse_row_amount(text: str, activity: Activity | None) -> RowAmount:
    """Read an amount such as `15`, `15 phút`, `15'`, `3 tin, bài`, `1.500`, `96,5 %` of an activity.

    Without the activity, where its cell cannot be read, only the number is checked. A single point or comma before
    three digits can be a decimal sign or stand between thousands. It is read where only one of both fits the unit:
    things that are counted are whole, and a percentage is at most 100.
    Raises InputError for another unit, where both readings fit, and for other texts.
    """
    return _read_number(text, _BLANKS.sub("", without_unit(text, activity)), activity)


def without_unit(text: str, activity: Activity | None) -> str:
    """Give the number of an amount that may have the activity's unit behind it.

    Raises InputError for another unit, and where there is no number.
    """
    found = _NUMBER_AND_UNIT.fullmatch(text.strip())
    if found is None:
        raise _no_amount(text)
    if activity and found["unit"] and not _is_unit(found["unit"], activity.unit):
        raise InputError(
            message(
                "“{text}”: {activity} is counted in {unit}, not in “{other}”",
                text=text,
                activity=activity_words(activity),
                unit=activity.unit.name,
                other=found["unit"].strip(),
            )
        )
    return found["number"]


def _no_amount(text: str) -> InputError:
    return InputError(
        message(
            "“{text}” is no amount: write a number with at most three decimals, up to 1000000000", text=text
        )
    )


def _read_number(text: str, number: str, activity: Activity | None) -> RowAmount:
    if _TOO_EXACT.search(number):
        raise InputError(
            message(
                "“{text}” has more than three decimals; round it, in a spreadsheet with ROUND(…, 3)",
                text=text,
            )
        )
    try:
        decimal = parse_amount(number)
    except AmountError:
        raise _no_amount(text) from None
    thousands = read_in_thousands(number)
    if thousands is None or activity is None:
        return RowAmount(decimal)
    if activity.unit.code == PERCENT and abs(thousands) > 100 * THOUSANDTHS:
        return RowAmount(decimal, thousands)
    if decimal % THOUSANDTHS and _is_whole(activity.unit):
        return RowAmount(thousands, decimal)
    raise InputError(
        message(
            "“{text}” can be {decimal} or {thousands} {unit}; write it without a sign between thousands, or with at most two decimals",
            text=text,
            decimal=Amount(decimal),
            thousands=Amount(thousands),
            unit=activity.unit.name,
        )
    )


@lru_cache(256)
def _is_whole(unit: Unit) -> bool:
    parts = _parts(unit.name)
    return unit.code.casefold() in _WHOLE or bool(parts and all(part in _WHOLE for part in parts))


def _parts(name: str) -> list[str]:
    return [folded for part in re.split(r"[,;/+]", name) if (folded := fold(part))]


@lru_cache(256)
def _is_unit(text: str, unit: Unit) -> bool:
    """Tell whether the text after a number names the unit, or one of the things in its name."""
    text = text.strip().strip(".")
    if text in _MINUTE_SIGNS:
        return unit.code == "minute"
    if text == "%":
        return unit.code == PERCENT
    words = fold(text)
    if not words:
        return False
    if words in _MINUTES:
        return unit.code == "minute" or words == fold(unit.name)
    if unit.code == TIME and words in _TIMES:
        return True
    return words in {fold(unit.name), fold(unit.code), *_parts(unit.name)}
