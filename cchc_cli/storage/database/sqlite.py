"""What every connection to an SQLite file is set to: durability, integrity, and the functions of statements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

BUSY_SECONDS = 60
"""How long a command waits for another one that writes."""


def prepare_sqlite(driver: sqlite3.Connection) -> None:
    """Set what durability and integrity rest on, and the functions that statements use."""
    for pragma in (
        "foreign_keys = ON",
        # INSERT OR REPLACE deletes without firing triggers otherwise.
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        # A rollback journal also works on network folders, where WAL corrupts; with it only EXTRA
        # keeps the last commit through a power loss.
        "synchronous = EXTRA",
    ):
        driver.execute(f"PRAGMA {pragma}")
    driver.create_function("civil_day", 2, _civil_day, deterministic=True)


def _civil_day(moment: str, zone: str) -> str:
    """Give the civil date in a time zone of a moment as SQLite keeps it; see `columns.civil_day`."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only plans that ask for it

    return moment_from_sqlite(moment).astimezone(ZoneInfo(zone)).date().isoformat()


def moment_from_sqlite(text: str) -> datetime:
    """Read a moment as SQLite keeps it: in UTC, without an offset."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
