"""The sums by month: the number and amount of executions, so that whole months need not be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.storage.compiled import month_sums as sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.storage.database.connection import Connection

CountedVersion = tuple[int, int, str, int | None, int, int]
"""(activity, agency, day as ISO text, form, whether it is a repeat, amount) of a version."""

_MOST_KEYS = 150_000
"""Differences that are kept in memory."""


class MonthSums:
    """Differences to the sums, collected in memory until they are saved."""

    def __init__(self) -> None:
        """Begin without differences."""
        self._differences: dict[tuple[int, int, str, int, int], list[int]] = {}

    def add(self, versions: Iterable[CountedVersion], sign: int = 1) -> None:
        """Add versions that come into force; with -1, subtract those that end."""
        differences = self._differences
        for activity, agency, day, form, repeat, amount in versions:
            key = (activity, agency, day[:7], form or 0, repeat)
            sums = differences.get(key)
            if sums is None:
                sums = differences[key] = [0, 0]
            sums[0] += sign
            sums[1] += sign * amount

    def save(self, connection: Connection) -> None:
        """Add the differences to the table, and begin again."""
        connection.bulk_insert(
            sql.ADD,
            [
                (activity, agency, f"{month}-01", form, repeat, *sums)
                for (activity, agency, month, form, repeat), sums in self._differences.items()
            ],
        )
        self._differences.clear()

    def save_if_large(self, connection: Connection) -> None:
        """Save where the differences take much memory."""
        if len(self._differences) > _MOST_KEYS:
            self.save(connection)
