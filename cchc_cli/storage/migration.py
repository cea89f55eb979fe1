"""Bringing a database to this program's schema, and holding it against the revisions."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from cchc_cli.domain.errors import StorageError, message
from cchc_cli.storage.changes import Problem, changing
from cchc_cli.storage.core import bare, engine_of
from cchc_cli.storage.engine import LOCK, translated
from cchc_cli.storage.keeping import keep_before_migration
from cchc_cli.storage.revising import stamp, upgrade
from cchc_cli.storage.schema import REVISIONS, server_revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from cchc_cli.storage.engine import Database


def migrate(database: Database, now: datetime | None = None) -> None:
    """Run every revision that is missing, in one transaction: all of them, or none.

    What the database held before is first kept in a file of its own, and the chain tells of the migration.
    """
    with translated(database), engine_of(database).connect() as connection:
        if database.path:
            # Rebuilding a table would otherwise carry out ON DELETE CASCADE on its children.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
            _migrate_sqlite(connection.execution_options(cchc_begin="BEGIN IMMEDIATE"), database, now)
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                _migrate(connection, database, server_revision(bare(connection)), now)


def _migrate_sqlite(connection: Connection, database: Database, now: datetime | None) -> None:
    with connection.begin():
        reached = connection.scalar(text("PRAGMA user_version"))
        # Another process may have done it while this one waited for the lock.
        if reached == len(REVISIONS):
            return
        _migrate(connection, database, REVISIONS[reached - 1] if reached else None, now)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise StorageError(
                message(
                    "{path}: the database holds broken references; nothing was changed", path=database.name
                )
            )
        stamp(connection, REVISIONS[-1])


def _migrate(connection: Connection, database: Database, reached: str | None, now: datetime | None) -> None:
    if reached == REVISIONS[-1]:
        return
    if reached is not None:
        keep_before_migration(database, bare(connection), reached)
    upgrade(connection, REVISIONS[-1])
    if reached is not None:
        action = f"migrate from {reached} to {REVISIONS[-1]}"
        with changing(bare(connection), "cchc", action, now or datetime.min.replace(tzinfo=UTC)):
            pass


def schema_problems(connection: Connection) -> Iterator[Problem]:
    """Give each table, index or guard that is not as the revisions make it."""
    if connection.dialect.name != "sqlite":
        yield from _missing_guards(connection)
        return
    there, wanted = _objects(connection), _made_anew()
    for name in sorted({*there, *wanted}):
        if there.get(name) != wanted.get(name):
            kind, what = name
            yield Problem(
                "guard" if kind == "trigger" else "schema",
                message("the {kind} {name} of the database is not the program’s own", kind=kind, name=what),
            )


_Objects = dict[tuple[str, str], str | None]


def _objects(connection: Connection) -> _Objects:
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return {(row.type, row.name): f"{row.tbl_name} {row.sql}" for row in rows}


@cache
def _made_anew() -> _Objects:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection, REVISIONS[-1])
        found = _objects(connection)
    engine.dispose()
    return found


_GUARDED = ("change", "link", "plan_version", "execution", "waiver", "closing")


def _missing_guards(connection: Connection) -> Iterator[Problem]:
    there = set(
        connection.scalars(
            text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        )
    )
    for name in (f"{table}_keep_{what}" for table in _GUARDED for what in ("rows", "values", "all")):
        if name not in there:
            yield Problem("guard", message("the guard {name} is missing from the database", name=name))
    body = connection.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'cchc_refuse'"))
    if "RAISE EXCEPTION" not in (body or ""):
        yield Problem("guard", message("the guard {name} is missing from the database", name="cchc_refuse"))
