"""The revisions of the schema, and which of them a database has reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, NewerDatabaseError, StorageError, message
from cchc_cli.storage.database.file_header import check_header, create_file, read_header
from cchc_cli.storage.database.sqlite import TABLES, view_as_table

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

_TABLE = "r"
"""PostgreSQL's word for an ordinary table."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision of the schema, oldest first; an SQLite file's `user_version` counts them."""


def is_ready(database: Database) -> bool:
    """Tell whether there is a database of this program with this schema; nothing is changed. Raises CchcError."""
    return bool(is_current(database, create=False))


def is_current(database: Database, *, create: bool) -> bool | None:
    """Tell whether a database has this program's schema; None where there is no database yet.

    With `create`, an SQLite file that is missing is created, empty. Raises StorageError for a file of another program,
    NewerDatabaseError for one of a newer version; neither is changed.
    """
    return _is_sqlite_current(database.path, create=create) if database.path else _is_server_current(database)


def _is_sqlite_current(path: Path, *, create: bool) -> bool | None:
    header = read_header(path)
    if header is None:
        if create:
            if not path.absolute().parent.is_dir():
                raise InputError(
                    message(
                        "{path}: there is no such folder; make it, or name another database with --db",
                        path=str(path.absolute().parent),
                    )
                )
            create_file(path)
        return None
    check_header(path, header, len(REVISIONS))
    return header.user_version == len(REVISIONS)


def _is_server_current(database: Database) -> bool | None:
    with database.reading() as connection:
        revision = server_revision(connection)
        if revision is not None and revision not in REVISIONS:
            raise NewerDatabaseError(
                message("{path}: written by a newer version of cchc; update the program", path=database.name)
            )
        return None if revision is None else revision == REVISIONS[-1]


def server_revision(connection: Connection) -> str | None:
    """Give the revision of a database on a server; None where it is empty.

    Raises StorageError for a database of another program.
    """
    execute = connection.driver.execute
    kinds = dict(
        execute(
            "SELECT relname, relkind FROM pg_class WHERE oid = ANY (SELECT to_regclass(name) FROM unnest(CAST(%s AS text[])) name)",
            [sorted(TABLES)],
        )
    )
    if "alembic_version" not in kinds:
        return None
    for name, kind in kinds.items():
        if kind != _TABLE:
            raise view_as_table(name)
    if "change" not in kinds:
        raise StorageError(message("the database holds the tables of another program; it was left as it is"))
    found = execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None
