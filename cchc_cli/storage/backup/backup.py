"""Writes and restores backups, and backs a database up before a migration."""

from __future__ import annotations

import filecmp
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import text

from cchc_cli.domain.language.errors import InputError, StorageError, message
from cchc_cli.storage.backup.copies import (
    copy_file,
    copy_from_file,
    copy_rows,
    copy_to_file,
    exclusive_lock,
    first_different_table,
    is_empty,
    reset_sequences,
    same_content,
    temporary_database,
)
from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.file_header import create_private
from cchc_cli.storage.database.files import companion_folder, replace_atomically
from cchc_cli.storage.records.evidence import (
    delete_parts,
    embed_files,
    evidence_keys,
    evidence_sizes,
    extract_files,
)
from cchc_cli.storage.schema.alembic_runner import stamp, upgrade
from cchc_cli.storage.schema.revisions import REVISIONS, server_revision
from cchc_cli.storage.schema.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.database.database import Database


def back_up_before_migration(database: Database, connection: Connection, revision: str) -> Path:
    """Copy all rows, at their revision, to a checked file at `backup_location`; give its path.

    An identical file that is already there is not written again.
    """
    folder, name = backup_location(database)
    path = folder / f"{name}.before-{REVISIONS[-1]}"
    with temporary_database(path) as copy:
        _copy_and_compare(database, connection, revision, copy)
        number = 1
        while path.exists():
            if filecmp.cmp(copy, path, shallow=False):
                return path
            number += 1
            path = folder / f"{name}.before-{REVISIONS[-1]}-{number}"
        replace_atomically(copy, path)
    return path


def backup_location(database: Database) -> tuple[Path, str]:
    """Give the folder for the backups of a database and the beginning of their names."""
    folder = companion_folder(database.path)
    if database.path is not None:
        return folder, database.path.name
    return folder, f"{database.server.database if database.server else ''}.db"


def _copy_and_compare(database: Database, connection: Connection, revision: str, copy: Path) -> None:
    """Copy every row of a database to a new SQLite file. Raises StorageError where the copy differs."""
    if database.path is not None:
        # The first read takes the lock that keeps the file unchanged until the transaction ends.
        connection.core.scalar(text("SELECT count(*) FROM alembic_version"))
        copy_file(database.path, copy)
        same = same_content(database.path, copy)
    else:
        create_private(copy)
        target = connect(str(copy))
        with target.writing(use_sqlalchemy=True) as into:
            upgrade(into.core, revision)
            stamp(into.core, revision)
            copy_rows(connection.core, into.core)
        with target.reading(use_sqlalchemy=True) as kept:
            same = first_different_table(connection.core, kept.core) is None
    if not same:
        raise StorageError(message("{path}: the copy differs from the database", path=str(copy)))


def write_backup(database: Database, copy: Path) -> None:
    """Copy one state of a database, with every file of evidence, to a new SQLite file."""
    with database.reading(use_sqlalchemy=True) as connection:
        _copy_and_compare(database, connection, REVISIONS[-1], copy)
        _embed_evidence(database, connection, copy)


def _embed_evidence(database: Database, connection: Connection, copy: Path) -> None:
    """Copy the evidence files that a database's records name into a copy of it, as far as they are there."""
    with connect(str(copy)).writing() as into:
        kept = evidence_sizes(database, connection)
        embed_files(database, connection, into, sorted(evidence_keys(into) & set(kept)))


def restore_into(database: Database, backup: Path, old: Path, *, force: bool) -> Path | None:
    """Replace the content of a database by that of a checked backup of the newest revision.

    The old content is first copied to `old`, which is returned; None where there was none. Raises InputError
    where there is content and `force` is not set; then nothing is changed.
    """
    if database.path is None:
        return _restore_server(database, backup, old, force=force)
    with exclusive_lock(database.path) as connection:
        kept = None
        if not is_empty(connection):
            _require_force(database, force=force)
            kept = old
            with temporary_database(old) as copy:
                copy_to_file(connection, copy)
                _embed_evidence(database, Connection(connection), copy)
                replace_atomically(copy, old)
        source = connect(str(backup))
        with source.writing() as into:
            extract_files(database, into)
            delete_parts(into)
        with closing(source.open()) as driver:
            driver.execute("VACUUM")
        copy_from_file(backup, connection)
    return kept


def _require_force(database: Database, *, force: bool) -> None:
    if not force:
        raise InputError(
            message(
                "{name} holds a database already; nothing was changed; --force keeps it under another name first",
                name=database.name,
            )
        )


def _restore_server(database: Database, backup: Path, old: Path, *, force: bool) -> Path | None:
    kept = None
    with database.writing(use_sqlalchemy=True) as connection:
        core = connection.core
        if server_revision(connection) is not None:
            _require_force(database, force=force)
            kept = old
            with temporary_database(old) as copy:
                _copy_and_compare(database, connection, REVISIONS[-1], copy)
                replace_atomically(copy, old)
            metadata.drop_all(core)
            core.execute(text("DROP TABLE alembic_version"))
            core.execute(text("DROP FUNCTION cchc_refuse"))
        upgrade(core, REVISIONS[-1])
        with connect(str(backup)).reading(use_sqlalchemy=True) as source:
            copy_rows(source.core, core)
        if kept:
            _restore_missing_evidence(database, connection, kept)
        reset_sequences(core)
    return kept


def _restore_missing_evidence(database: Database, connection: Connection, kept: Path) -> None:
    """Take evidence files that the backup lacks from the former content, as beside an SQLite file they stay."""
    former = connect(str(kept))
    with former.reading() as source:
        missing = evidence_keys(connection) - set(evidence_sizes(database, connection))
        embed_files(former, source, connection, sorted(missing & set(evidence_sizes(former, source))))
