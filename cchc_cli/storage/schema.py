"""Bringing a database to this program's schema. The sole importer of Alembic, and only when needed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from cchc_cli.domain.errors import InputError, NewerDatabaseError, StorageError, message
from cchc_cli.storage.changes import Problem, changing
from cchc_cli.storage.engine import (
    APPLICATION_ID,
    LOCK,
    check_header,
    connect,
    create_file,
    read_header,
    translated,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config
    from sqlalchemy import Connection

    from cchc_cli.storage.engine import Database

REVISIONS = ("0001", "0002")
"""Every revision of the schema, oldest first; an SQLite file's `user_version` counts them."""


def open_database(target: str, *, create: bool, now: datetime | None = None) -> Database | None:
    """Open the database that a path or URL names, brought to this program's schema.

    Where there is none yet: with `create` it is made, else None comes back. `now` is the moment that
    a migration bears in the chain; else that of the change before it. Raises StorageError for a
    foreign file, NewerDatabaseError for a newer one; neither is touched.
    """
    database = connect(target)
    ready = _sqlite_ready(database.path, create=create) if database.path else _server_ready(database)
    if ready is None and not create:
        return None
    if not ready:
        migrate(database, now)
    return database


def _sqlite_ready(path: Path, *, create: bool) -> bool | None:
    header = read_header(path)
    if header is None:
        if create:
            if not path.absolute().parent.is_dir():
                raise InputError(message("{path}: there is no such folder", path=str(path.absolute().parent)))
            create_file(path)
        return None
    check_header(path, header, len(REVISIONS))
    return header.user_version == len(REVISIONS)


def _server_ready(database: Database) -> bool | None:
    with database.reading() as connection:
        revision = _server_revision(connection)
        if revision is not None and revision not in REVISIONS:
            raise NewerDatabaseError(
                message("{path}: written by a newer version of cchc; update the program", path=database.name)
            )
        return None if revision is None else revision == REVISIONS[-1]


def _server_revision(connection: Connection) -> str | None:
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    if connection.scalar(text("SELECT to_regclass('change')")) is None:
        raise StorageError(message("the database holds the tables of another program; it was left as it is"))
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found is not None else None


def migrate(database: Database, now: datetime | None = None) -> None:
    """Run every revision that is missing, in one transaction: all of them, or none.

    What the database held before is first kept in a file of its own, and the chain tells of the migration.
    """
    with translated(database), database.engine.connect() as connection:
        if database.path:
            # Rebuilding a table would otherwise carry out ON DELETE CASCADE on its children.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
            _migrate_sqlite(connection.execution_options(cchc_begin="BEGIN IMMEDIATE"), database, now)
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                _migrate(connection, database, _server_revision(connection), now)


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


def stamp(connection: Connection, revision: str) -> None:
    """Write into an SQLite file's header whose it is, and its revision."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {REVISIONS.index(revision) + 1}")


def _migrate(connection: Connection, database: Database, reached: str | None, now: datetime | None) -> None:
    if reached == REVISIONS[-1]:
        return
    if reached is not None:
        from cchc_cli.storage.keeping import keep_before_migration  # noqa: PLC0415 - rarely needed

        keep_before_migration(database, connection, reached)
    upgrade(connection, REVISIONS[-1])
    if reached is not None:
        action = f"migrate from {reached} to {REVISIONS[-1]}"
        with changing(connection, "cchc", action, now or datetime.min.replace(tzinfo=UTC)):
            pass


def upgrade(connection: Connection, revision: str) -> None:
    """Run the revisions up to this one in the transaction that is open."""
    from alembic import command  # noqa: PLC0415 - half a second that only a migration may cost

    configuration = alembic_config()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


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


_GUARDED = ("change", "link", "plan_version", "execution", "waiver")


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


def alembic_config() -> Config:
    """Give Alembic's settings: where the migrations lie, in a wheel or in a checkout."""
    from alembic.config import Config  # noqa: PLC0415

    package = Path(__file__).resolve().parent.parent
    inside = package / "migrations"
    configuration = Config()
    configuration.set_main_option(
        "script_location", str(inside if inside.is_dir() else package.parent / "migrations")
    )
    return configuration
