"""Facts about a database for the health check: row counts, settings, version of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.storage.compiled import facts as sql

if TYPE_CHECKING:
    from cchc_cli.storage.database.connection import Connection


class Counts(NamedTuple):
    """The numbers of plans, records and waivers; each record and waiver counts once."""

    plans: int
    records: int
    waivers: int


def counts(connection: Connection) -> Counts:
    """Count plans, records and waivers."""
    return Counts(*(connection.scalar(statement) for statement in (sql.PLANS, sql.RECORDS, sql.WAIVERS)))


def pragmas(connection: Connection) -> dict[str, object]:
    """Give the settings of an SQLite connection for durability and integrity."""
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
    return {name: connection.driver.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def server_version(connection: Connection) -> str:
    """Give the version of a PostgreSQL server."""
    return str(connection.driver.execute("SHOW server_version").fetchone()[0])
