"""What a database says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.storage.compiled import facts as sql

if TYPE_CHECKING:
    from cchc_cli.storage.database.connection import Connection


class Counts(NamedTuple):
    """How much a database holds, in its latest versions."""

    plans: int
    records: int
    waivers: int


def counts(connection: Connection) -> Counts:
    """Count what the database holds."""
    return Counts(*(connection.scalar(ask) for ask in (sql.PLANS, sql.RECORDS, sql.WAIVERS)))


def pragmas(connection: Connection) -> dict[str, object]:
    """Give the settings of an SQLite connection that durability and integrity rest on."""
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
    return {name: connection.driver.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def server_version(connection: Connection) -> str:
    """Give the version of a PostgreSQL server."""
    return str(connection.driver.execute("SHOW server_version").fetchone()[0])
