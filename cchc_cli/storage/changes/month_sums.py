"""The sums by month: what whole months hold, so that no execution need be read to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.storage.compiled import month_sums as sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.storage.database.connection import Connection

CountedVersion = tuple[int, int, str, int | None, int, int]
"""What of a version is summed: activity, agency, day as ISO text, form, whether it is a repeat, amount."""

_MOST_KEYS = 150_000


class MonthSums:
    """What a few versions add to the sums, or take from them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._found: dict[tuple[int, int, str, int, int], list[int]] = {}

    def add(self, versions: Iterable[CountedVersion], sign: int = 1) -> None:
        """Add versions that count from now on; with -1, take away those that counted until now."""
        found = self._found
        for activity, agency, day, form, repeat, amount in versions:
            key = (activity, agency, day[:7], form or 0, repeat)
            held = found.get(key)
            if held is None:
                held = found[key] = [0, 0]
            held[0] += sign
            held[1] += sign * amount

    def save(self, connection: Connection) -> None:
        """Add all of it to what is kept, and begin again with nothing."""
        connection.bulk_insert(
            sql.ADD,
            [
                (activity, agency, f"{month}-01", form, repeat, *held)
                for (activity, agency, month, form, repeat), held in self._found.items()
            ],
        )
        self._found.clear()

    def save_if_large(self, connection: Connection) -> None:
        """Save what has been added so far where it would take much memory."""
        if len(self._found) > _MOST_KEYS:
            self.save(connection)
