"""Backup and restore; a backup is verified before it replaces an older one, and before it is restored."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import CchcError, InputError, StorageError, message
from cchc_cli.services.maintenance.verification import Verification, verify
from cchc_cli.storage.backup.backup import backup_location, restore_into, write_backup
from cchc_cli.storage.backup.copies import copy_file
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.file_header import create_file, read_header
from cchc_cli.storage.database.files import replace_atomically, temporary_path
from cchc_cli.storage.migrations.opening import open_database

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.storage.database.database import Database

_MOST_SHOWN = 5


class Restored(NamedTuple):
    """The head of the restored chain, and the file that has the former content of the database."""

    head: Head
    kept: Path | None


def back_up(database: Database, path: Path) -> Verification:
    """Write a backup: one SQLite file with every record and every file of evidence, verified.

    An older backup of the same database is replaced atomically at the end; any other file is refused with
    InputError. Problems that `verify` finds in the backup are also in the database: the backup is kept, and
    the problems are returned.
    """
    if not path.absolute().parent.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(path.absolute().parent)))
    older = _older_backup(database, path) if path.exists() else None
    with temporary_path(path.absolute()) as copy:
        write_backup(database, copy)
        found = verify(connect(str(copy)), older)
        if older and any(kind == "against" for kind, _ in found.problems):
            raise _other_file_error(path)
        replace_atomically(copy, path.absolute())
    return found


def _older_backup(database: Database, path: Path) -> Head:
    """Give the head of the chain of an older backup. Raises InputError where the file is anything else."""
    with suppress(CchcError):
        if database.path is None or not path.samefile(database.path):
            older = open_database(str(path), create=False)
            if older is not None:
                return verify(older, None).head
    raise _other_file_error(path)


def _other_file_error(path: Path) -> InputError:
    return InputError(
        message(
            "{path}: this file exists and is no backup of this database; choose another name", path=str(path)
        )
    )


def restore(target: str, backup: Path, *, force: bool, now: datetime) -> Restored:
    """Restore a backup into the database that a path or URL names.

    Raises InputError where the file is no sound backup, or the database is not empty and `force` is not
    set; then nothing is changed. With `force` the former content is saved beside the database first.
    """
    _check_backup(backup)
    database = connect(target)
    folder, name = backup_location(database)
    if not folder.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(folder)))
    if database.path is not None and database.path.exists() and database.path.samefile(backup):
        raise InputError(message("{path}: this is the database itself", path=str(backup)))
    # Refuses a database of another program or of a newer revision before anything is read.
    open_database(target, create=False, now=now)
    old = folder / f"{name}.kept-{now:%Y%m%dT%H%M%S}"
    with temporary_path(folder / f"{name}.restored") as copy:
        copy_file(backup, copy)
        found = verify(_open_migrated(copy, now), None)
        if found.problems:
            raise InputError(
                message("{path}: this backup is not sound; nothing was changed", path=str(backup)),
                *(what for _, what in found.problems[:_MOST_SHOWN]),
            )
        if database.path is not None:
            create_file(database.path)
        return Restored(found.head, restore_into(database, copy, old, force=force))


def _open_migrated(copy: Path, now: datetime) -> Database:
    opened = open_database(str(copy), create=False, now=now)
    if opened is None:
        raise InputError(message("{path}: the file is empty", path=str(copy)))
    return opened


def _check_backup(path: Path) -> None:
    """Raise InputError where a file is no database of cchc."""
    try:
        header = read_header(path)
    except StorageError as error:
        raise InputError(*error.messages) from error
    if header is None:
        raise InputError(message("{path}: there is no such file", path=str(path)))
