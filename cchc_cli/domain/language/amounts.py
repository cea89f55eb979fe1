"""Amounts: exact numbers with at most three decimals, kept as whole thousandths."""

from __future__ import annotations

import re
from typing import NamedTuple

THOUSANDTHS = 1000
MAX_AMOUNT = 10**9 * THOUSANDTHS
"""The largest amount of one execution: sums of nine million of these still fit 64 bits."""

_PLAIN = re.compile(r"(?P<whole>\d+)(?:\.(?P<part>\d+))?")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3})+(\.\d+)?")


class Amount(NamedTuple):
    """An amount within a sentence: written in the way of the language, and so that it can be typed again."""

    thousandths: int

    def __str__(self) -> str:
        """Write it with a point."""
        return decimal_text(self.thousandths)


class AmountError(ValueError):
    """The text is no amount: not a number, more than three decimals, or too large."""


def parse_amount(text: str) -> int:
    """Read what an officer writes: `15`, `-2`, `7.5`, `7,5`, `1.234,5`; give thousandths.

    A single point or comma is the decimal sign; where both stand, the last one is. `1.234.567` has
    two points, which can only group. Raises AmountError.
    """
    sign, digits = _split_sign(text.strip())
    if digits.count(".") + digits.count(",") > 1:
        digits = _ungroup(digits)
    return sign * parse_number(digits.replace(",", "."))


def read_in_thousands(text: str) -> int | None:
    """Give what `5.010` or `1,234` would be if its sign grouped thousands, in thousandths; None for all other texts.

    `parse_amount` reads them as 5.01 and 1.234, but in a document that sign may stand between thousands.
    """
    sign, digits = _split_sign(text.strip())
    if not re.compile(_ONE_SEPARATOR).fullmatch(digits):
        return None
    return sign * int(re.sub(r"\D", "", digits)) * THOUSANDTHS


_ONE_SEPARATOR = r"[1-9][0-9]{0,2}[.,][0-9]{3}"


def _split_sign(text: str) -> tuple[int, str]:
    # U+2212 is the minus sign that word processors write.
    if text[:1] in {"-", "\u2212"}:
        return -1, text[1:].strip()
    return 1, text.removeprefix("+").strip()


def _ungroup(digits: str) -> str:
    if not _GROUPED.fullmatch(digits):
        raise AmountError(digits)
    decimal = max(digits.rfind("."), digits.rfind(","))
    if digits.count(digits[decimal]) > 1:
        return re.sub(r"[.,]", "", digits)
    return re.sub(r"[.,]", "", digits[:decimal]) + "." + digits[decimal + 1 :]


def parse_number(digits: str) -> int:
    """Read `12` or `12.345` as thousandths; no sign, no grouping. Raises AmountError."""
    found = _PLAIN.fullmatch(digits) if digits.isascii() else None
    part = (found["part"] or "") if found else ""
    if not found or len(part) > 3 or len(found["whole"]) > 12:  # noqa: PLR2004 - three decimals
        raise AmountError(digits)
    amount = int(found["whole"]) * THOUSANDTHS + int(part.ljust(3, "0"))
    if amount > MAX_AMOUNT:
        raise AmountError(digits)
    return amount


def json_number(thousandths: int) -> int | float:
    """Give the number for JSON: whole where it is whole."""
    whole, part = divmod(thousandths, THOUSANDTHS)
    return thousandths / THOUSANDTHS if part else whole


def decimal_text(thousandths: int) -> str:
    """Write the amount with a point and no more decimals than it has: `15`, `0.125`, `-2.5`."""
    whole, part = divmod(abs(thousandths), THOUSANDTHS)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}" + (f".{part:03}".rstrip("0") if part else "")
