"""The settings of every connection to an SQLite file: durability, integrity, and the functions of statements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

BUSY_SECONDS = 60
"""How long a command waits for a lock, in seconds."""


def prepare_sqlite(driver: sqlite3.Connection) -> None:
    """Set the pragmas for durability and integrity, and the functions that statements use."""
    for pragma in (
        "foreign_keys = ON",
        # Otherwise INSERT OR REPLACE deletes without firing triggers.
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        # The rollback journal also works on network folders, where WAL corrupts. In this mode only EXTRA
        # guarantees that the last commit survives a power loss.
        "synchronous = EXTRA",
    ):
        driver.execute(f"PRAGMA {pragma}")
    driver.create_function("civil_day", 2, _civil_day, deterministic=True)


def _civil_day(moment: str, zone: str) -> str:
    """Give the civil date in a time zone of a moment as SQLite stores it; see `columns.civil_day`."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only for plans that limit the days to log within

    return moment_from_sqlite(moment).astimezone(ZoneInfo(zone)).date().isoformat()


def moment_from_sqlite(text: str) -> datetime:
    """Read a moment as SQLite stores it: in UTC, without an offset."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
