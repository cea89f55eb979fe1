"""The sums by month: what whole months hold, so that no execution need be read to tell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cchc_cli.storage.compiled import sums as sql

if TYPE_CHECKING:
    from cchc_cli.storage.engine import Connection

Counted = tuple[int, int, date, int | None, bool, int]
"""What of a version is summed: activity, agency, day, form, whether it is a repeat, amount."""


class Sums:
    """What a few versions add to the sums, or take from them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._found: dict[tuple[int, int, date, int, bool], list[int]] = {}

    def add(self, counted: Counted, sign: int = 1) -> None:
        """Add one execution that counts from now on; with -1, take away one that counted until now."""
        activity, agency, day, form, repeat, amount = counted
        held = self._found.setdefault((activity, agency, day.replace(day=1), form or 0, repeat), [0, 0])
        held[0] += sign
        held[1] += sign * amount

    def save(self, connection: Connection) -> None:
        """Add all of it to what is kept."""
        names = [name for name, _ in sql.ADD.parameters]
        connection.many(
            sql.ADD, (dict(zip(names, (*key, *held), strict=True)) for key, held in self._found.items())
        )
