"""Bringing a database to this program's schema. The sole importer of Alembic, and only when needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from cchc_cli.domain.errors import InputError, NewerDatabaseError, StorageError, message
from cchc_cli.storage.engine import (
    APPLICATION_ID,
    LOCK,
    check_header,
    connect,
    create_file,
    read_header,
)

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from cchc_cli.storage.engine import Database

REVISIONS = ("0001", "0002")
"""Every revision of the schema, oldest first; an SQLite file's `user_version` counts them."""


def open_database(target: str, *, create: bool) -> Database | None:
    """Open the database that a path or URL names, brought to this program's schema.

    Where there is none yet: with `create` it is made, else None comes back. Raises StorageError for
    a foreign file, NewerDatabaseError for a newer one; neither is touched.
    """
    database = connect(target)
    ready = _sqlite_ready(database.path, create=create) if database.path else _server_ready(database)
    if ready is None and not create:
        return None
    if not ready:
        migrate(database)
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


def migrate(database: Database) -> None:
    """Run every revision that is missing, in one transaction: all of them, or none."""
    with database.engine.connect() as connection:
        if database.path:
            # Rebuilding a table would otherwise carry out ON DELETE CASCADE on its children.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
            _migrate_sqlite(connection.execution_options(cchc_begin="BEGIN IMMEDIATE"), database.path)
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                _upgrade(connection)


def _migrate_sqlite(connection: Connection, path: Path) -> None:
    with connection.begin():
        # Another process may have done it while this one waited for the lock.
        if connection.scalar(text("PRAGMA user_version")) == len(REVISIONS):
            return
        _upgrade(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise StorageError(
                message("{path}: the database holds broken references; nothing was changed", path=str(path))
            )
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {len(REVISIONS)}")


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that only a migration may cost

    configuration = alembic_config()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


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
