"""Keeping what a database holds in a file of its own: before a migration, as a backup, and bringing it back."""

from __future__ import annotations

import filecmp
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import text

from cchc_cli.domain.language.errors import InputError, StorageError, message
from cchc_cli.storage.backup.copies import (
    copy_file,
    copy_out,
    copy_rows,
    different_table,
    held,
    is_empty,
    pour,
    renumber,
    same_content,
)
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.file_header import create_file
from cchc_cli.storage.database.files import private_folder, put_in_place, temporary
from cchc_cli.storage.records.evidence import drop_parts, kept_sizes, listed_keys, store_parts, take_in_files
from cchc_cli.storage.schema.alembic_runner import stamp, upgrade
from cchc_cli.storage.schema.revisions import REVISIONS, server_revision
from cchc_cli.storage.schema.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


def keep_before_migration(database: Database, connection: Connection, revision: str) -> Path:
    """Keep all rows as they are at a revision, checked, beside the database or in the user's folder."""
    folder, name = place_beside(database)
    wanted = folder / f"{name}.before-{REVISIONS[-1]}"
    with temporary(wanted) as copy:
        _copy_as_it_is(database, connection, revision, copy)
        number = 1
        while wanted.exists():
            if filecmp.cmp(copy, wanted, shallow=False):
                return wanted
            number += 1
            wanted = folder / f"{name}.before-{REVISIONS[-1]}-{number}"
        put_in_place(copy, wanted)
    return wanted


def place_beside(database: Database) -> tuple[Path, str]:
    """Give the folder and the name by which files that belong to a database are kept."""
    if database.path is not None:
        return database.path.absolute().parent, database.path.name
    from platformdirs import user_data_path  # noqa: PLC0415 - only where the database is on a server

    folder = user_data_path("cchc", appauthor=False)
    private_folder(folder)
    return folder, f"{database.server.database if database.server else ''}.db"


def _copy_as_it_is(database: Database, connection: Connection, revision: str, copy: Path) -> None:
    """Copy every row of an open connection's database into a new SQLite file, and hold the two together."""
    if database.path is not None:
        # The first look holds the file as it is until the transaction ends.
        connection.core.scalar(text("SELECT count(*) FROM alembic_version"))
        copy_file(database.path, copy)
        same = same_content(database.path, copy)
    else:
        create_file(copy)
        target = connect(str(copy))
        with target.writing(whole=True) as into:
            upgrade(into.core, revision)
            stamp(into.core, revision)
            copy_rows(connection.core, into.core)
        with target.reading(whole=True) as kept:
            same = different_table(connection.core, kept.core) is None
    if not same:
        raise StorageError(message("{path}: the copy is not like the database", path=str(copy)))


def write_backup(database: Database, copy: Path) -> None:
    """Copy a database, as one state of it and with every file of evidence, into a new SQLite file."""
    with database.reading(whole=True) as connection:
        _copy_as_it_is(database, connection, REVISIONS[-1], copy)
        with connect(str(copy)).writing() as into:
            kept = kept_sizes(database, connection)
            take_in_files(database, connection, into, sorted(listed_keys(into) & set(kept)))


def restore_into(database: Database, backup: Path, old: Path, *, force: bool) -> Path | None:
    """Put the content of a checked backup, of the newest revision, in place of a database's.

    Gives where the content of before is kept, `old`; None where there was none. Raises InputError
    where there is some and `force` is not set, and then changes nothing.
    """
    if database.path is None:
        return _restore_server(database, backup, old, force=force)
    with held(database.path) as connection:
        kept = None
        if not is_empty(connection):
            _may_replace(database, force=force)
            kept = old
            with temporary(old) as copy:
                copy_out(connection, copy)
                put_in_place(copy, old)
        source = connect(str(backup))
        with source.writing() as into:
            store_parts(database, into)
            drop_parts(into)
        with closing(source.open()) as driver:
            driver.execute("VACUUM")
        pour(backup, connection)
    return kept


def _may_replace(database: Database, *, force: bool) -> None:
    if not force:
        raise InputError(
            message(
                "{name} holds a database already; nothing was changed; --force keeps it under another name first",
                name=database.name,
            )
        )


def _restore_server(database: Database, backup: Path, old: Path, *, force: bool) -> Path | None:
    kept = None
    with database.writing(whole=True) as connection:
        core = connection.core
        if server_revision(connection) is not None:
            _may_replace(database, force=force)
            kept = old
            with temporary(old) as copy:
                _copy_as_it_is(database, connection, REVISIONS[-1], copy)
                put_in_place(copy, old)
            metadata.drop_all(core)
            core.execute(text("DROP TABLE alembic_version"))
            core.execute(text("DROP FUNCTION cchc_refuse"))
        upgrade(core, REVISIONS[-1])
        with connect(str(backup)).reading(whole=True) as source:
            copy_rows(source.core, core)
        renumber(core)
    return kept
