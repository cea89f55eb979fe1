"""Numbers with what they count, within a sentence: `1 time`, `2 times`, `15 phút`."""

from __future__ import annotations

from typing import NamedTuple

from cchc_cli.domain.language.amounts import THOUSANDTHS, decimal_text
from cchc_cli.domain.language.errors import Message, message


class Number(NamedTuple):
    """A number within a sentence, written as the language groups it; nobody types it again."""

    thousandths: int

    def __str__(self) -> str:
        """Write it with a point."""
        return decimal_text(self.thousandths)


class Counted(NamedTuple):
    """A number of things: English tells one from many, Vietnamese does not."""

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
"""What is counted: one, and many."""


def days(number: int) -> Counted:
    """Give a whole number of days."""
    return Counted(Number(number * THOUSANDTHS), *DAYS)


def agencies(number: int) -> Counted:
    """Give a whole number of agencies."""
    return Counted(Number(number * THOUSANDTHS), *AGENCIES)
