"""Numbers with singular and plural nouns: `1 time`, `2 times`."""

from __future__ import annotations

from typing import NamedTuple

from cchc_cli.domain.language.amounts import THOUSANDTHS, decimal_text
from cchc_cli.domain.language.errors import Message, message


class Number(NamedTuple):
    """A number in a message, written with the grouping of the language; it is not meant as input."""

    thousandths: int

    def __str__(self) -> str:
        """Write it with a decimal point."""
        return decimal_text(self.thousandths)


class Counted(NamedTuple):
    """A number with its noun in the singular and the plural; Vietnamese nouns have one form."""

    number: Number
    one: Message
    many: Message

    @property
    def noun(self) -> Message:
        """Give the word that goes with the number."""
        return self.one if abs(self.number.thousandths) == THOUSANDTHS else self.many

    def __str__(self) -> str:
        """Write it in English."""
        return f"{self.number} {self.noun}"


TIMES = message("time"), message("times")
FORMS = message("form"), message("forms")
DAYS = message("day"), message("days")
AGENCIES = message("agency"), message("agencies")
"""Nouns in the singular and the plural."""


def days(number: int) -> Counted:
    """Give a whole number of days, with its noun."""
    return Counted(Number(number * THOUSANDTHS), *DAYS)


def agencies(number: int) -> Counted:
    """Give a whole number of agencies, with its noun."""
    return Counted(Number(number * THOUSANDTHS), *AGENCIES)
