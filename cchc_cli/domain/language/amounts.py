"""Amounts: exact numbers with at most three decimals, stored as integers in thousandths."""

from __future__ import annotations

import re
from typing import NamedTuple

THOUSANDTHS = 1000
MAX_AMOUNT = 10**9 * THOUSANDTHS
"""The largest amount of one execution: sums of nine million of these still fit 64 bits."""

_PLAIN = re.compile(r"(?P<whole>\d+)(?:\.(?P<part>\d+))?")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3})+(\.\d+)?")


class Amount(NamedTuple):
    """An amount in a message, written in the language's format so that it can be typed as input."""

    thousandths: int

    def __str__(self) -> str:
        """Write it with a decimal point."""
        return decimal_text(self.thousandths)


class AmountError(ValueError):
    """The text is not a valid amount: not a number, more than three decimals, or too large."""


def parse_amount(text: str) -> int:
    """Read an amount that people type, such as `15`, `-2`, `7.5`, `7,5`, `1.234,5`; give thousandths.

    A single point or comma is the decimal sign; if there are both, the last one is. `1.234.567` has two
    points, so they group thousands. Raises AmountError.
    """
    sign, digits = _split_sign(text.strip())
    if digits.count(".") + digits.count(",") > 1:
        digits = _ungroup(digits)
    return sign * parse_number(digits.replace(",", "."))


def read_in_thousands(text: str) -> int | None:
    """Read `5.010` or `1,234` as thousands, in thousandths; None for texts of another form.

    `parse_amount` reads them as 5.01 and 1.234, but the writer may have meant a sign that groups thousands.
    """
    sign, digits = _split_sign(text.strip())
    if not re.compile(_ONE_SEPARATOR).fullmatch(digits):
        return None
    return sign * int(re.sub(r"\D", "", digits)) * THOUSANDTHS


_ONE_SEPARATOR = r"[1-9][0-9]{0,2}[.,][0-9]{3}"


def _split_sign(text: str) -> tuple[int, str]:
    # Word processors write U+2212 as the minus sign.
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
    """Give the number for JSON: an integer if it is whole."""
    whole, part = divmod(thousandths, THOUSANDTHS)
    return thousandths / THOUSANDTHS if part else whole


def optional_json_number(thousandths: int | None) -> int | float | None:
    """Give an amount as a JSON number; None stays None."""
    return None if thousandths is None else json_number(thousandths)


def decimal_text(thousandths: int) -> str:
    """Write the amount with a decimal point and without trailing zeros: `15`, `0.125`, `-2.5`."""
    whole, part = divmod(abs(thousandths), THOUSANDTHS)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}" + (f".{part:03}".rstrip("0") if part else "")
