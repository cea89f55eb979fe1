"""What a database says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, text
from sqlmodel import col

from cchc_cli.storage.tables import OPEN, ExecutionRow, PlanRow, WaiverRow

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Counts(NamedTuple):
    """How much a database holds, in its latest versions."""

    plans: int
    records: int
    waivers: int


def counts(connection: Connection) -> Counts:
    """Count what the database holds."""
    return Counts(
        connection.scalar(select(func.count()).select_from(PlanRow)) or 0,
        connection.scalar(select(func.count()).where(col(ExecutionRow.until_seq) == OPEN)) or 0,
        connection.scalar(select(func.count()).where(col(WaiverRow.until_seq) == OPEN)) or 0,
    )


def pragmas(connection: Connection) -> dict[str, object]:
    """Give the settings of an SQLite connection that durability and integrity rest on."""
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
    return {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}


def server_version(connection: Connection) -> str:
    """Give the version of a PostgreSQL server."""
    return str(connection.scalar(text("SHOW server_version")))
