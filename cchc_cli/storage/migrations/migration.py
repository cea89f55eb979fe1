"""Migrates a database to the newest revision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.storage.backup.backup import back_up_before_migration
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.database.database import WRITER_LOCK, translate_driver_errors
from cchc_cli.storage.database.sqlalchemy_engine import as_connection
from cchc_cli.storage.database.sqlite import refuse_views_as_tables
from cchc_cli.storage.schema.alembic_runner import stamp, upgrade
from cchc_cli.storage.schema.revisions import REVISIONS, server_revision

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cchc_cli.storage.database.database import Database


def migrate(database: Database, now: datetime | None = None) -> None:
    """Run every missing revision, in one transaction.

    The database is backed up first, and the migration is recorded as a change. Raises StorageError.
    """
    with translate_driver_errors(database), database.engine().connect() as connection:
        if database.path:
            # Otherwise rebuilding a table would cascade deletes to its children.
            # On the driver: within a transaction, which SQLAlchemy would begin, it has no effect.
            as_connection(connection).driver.execute("PRAGMA foreign_keys = OFF")
            _migrate_sqlite(connection.execution_options(cchc_begin="BEGIN IMMEDIATE"), database, now)
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})
                _migrate(connection, database, server_revision(as_connection(connection)), now)


def _migrate_sqlite(connection: Connection, database: Database, now: datetime | None) -> None:
    with connection.begin():
        assert not connection.scalar(text("PRAGMA foreign_keys"))
        refuse_views_as_tables(as_connection(connection).driver)
        reached = connection.scalar(text("PRAGMA user_version"))
        # Another process may have migrated it while this one waited for the lock.
        if reached == len(REVISIONS):
            return
        _check_revision(connection, database, reached)
        _migrate(connection, database, REVISIONS[reached - 1] if reached else None, now)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise StorageError(
                message(
                    "{path}: the database holds broken references; nothing was changed", path=database.name
                )
            )
        stamp(connection, REVISIONS[-1])


def _check_revision(connection: Connection, database: Database, reached: int) -> None:
    """Refuse a file whose header and tables name different revisions: the migration would be a false one."""
    exists = text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
    within = (
        list(connection.scalars(text("SELECT version_num FROM alembic_version")))
        if connection.scalar(exists)
        else []
    )
    header = list(REVISIONS[reached - 1 : reached]) if reached else []
    if within != header:
        raise StorageError(
            message(
                "{path}: its header names the schema {header}, its tables {within}: somebody has altered it; nothing was changed; put the file aside and restore a backup: cchc restore FILE",
                path=database.name,
                header=header or "–",
                within=within or "–",
            )
        )


def _migrate(connection: Connection, database: Database, reached: str | None, now: datetime | None) -> None:
    if reached == REVISIONS[-1]:
        return
    if reached is not None:
        back_up_before_migration(database, as_connection(connection), reached)
    upgrade(connection, REVISIONS[-1])
    if reached is not None:
        action = f"migrate from {reached} to {REVISIONS[-1]}"
        with new_change(as_connection(connection), "cchc", action, now or datetime.min.replace(tzinfo=UTC)):
            pass
