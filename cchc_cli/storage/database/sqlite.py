"""The settings of every connection to an SQLite file: durability, integrity, and the functions of statements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import StorageError, message

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


TABLES = frozenset(
    {
        *("activity", "agency", "agency_group", "agency_name", "alembic_version", "change", "closing"),
        *("evidence", "evidence_part", "execution", "form", "link", "month_sum", "plan", "plan_version"),
        *("requirement", "review", "waiver"),
    }
)
"""The names of the tables; those of `storage.schema` would need SQLAlchemy."""


class AlteredSchemaError(StorageError):
    """The schema is not one that this program makes, and nothing may be read from it."""


def refuse_views_as_tables(driver: sqlite3.Connection) -> None:
    """Refuse a database in which a view has the name of one of our tables: it may never end, or run anything.

    Within a transaction, so that no other schema comes after the check. Raises AlteredSchemaError.
    """
    for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'view'"):
        if str(name).lower() in TABLES:
            raise view_as_table(name)


def view_as_table(name: str) -> AlteredSchemaError:
    """Say that a view has the name of one of our tables."""
    return AlteredSchemaError(
        message(
            "in this database {name} is a view, where the program has a table: somebody has altered it; nothing was read; put the file aside and restore a backup: cchc restore FILE",
            name=name,
        )
    )


def _civil_day(moment: str, zone: str) -> str:
    """Give the civil date in a time zone of a moment as SQLite stores it; see `columns.civil_day`."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only for plans that limit the days to log within

    return moment_from_sqlite(moment).astimezone(ZoneInfo(zone)).date().isoformat()


def moment_from_sqlite(text: str) -> datetime:
    """Read a moment as SQLite stores it: in UTC, without an offset."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
