"""Backup and restore; a backup is verified before it replaces an older one, and before it is restored."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, NewerDatabaseError, StorageError, message
from cchc_cli.services.maintenance.verification import Verification, verify
from cchc_cli.storage.backup.backup import backup_location, restore_into, write_backup
from cchc_cli.storage.backup.copies import copy_file, head_of_file, temporary_database
from cchc_cli.storage.changes.changes import contains_head
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.file_header import ForeignFileError, create_file, read_header
from cchc_cli.storage.database.files import replace_atomically
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.schema.revisions import is_ready

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.storage.database.database import Database

_MOST_SHOWN = 5
_EVIDENCE = "evidence"
"""The kind of the problems that a backup may have and still be restored: a file that is lost stays lost."""
UNSOUND = ".unsound"
"""Stands in the name of a backup in which `verify` found problems."""


class BackedUp(NamedTuple):
    """The file that was written, and what `verify` found in it."""

    path: Path
    found: Verification


class Restored(NamedTuple):
    """The head of the restored chain, the file that has the former content, and what was wrong with evidence."""

    head: Head
    kept: Path | None
    missing: list[Message]


def back_up(database: Database, path: Path, now: datetime, *, apart: bool = False) -> BackedUp:
    """Write a backup: one SQLite file with every record and every file of evidence, verified.

    An older backup of the same database is replaced atomically at the end; any other file is refused with
    InputError. Problems that `verify` finds in the backup are also in the database. The backup is kept all the same,
    but under the name of `unsound_name` where a sound backup has its name, or always if `apart` is set.
    """
    path = path.absolute()
    if not path.parent.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(path.parent)))
    _refuse_other_file(database, path)
    with temporary_database(path) as copy:
        write_backup(database, copy)
        found = verify(connect(str(copy)), None)
        if found.problems and (apart or _is_sound(path, now)):
            path = unsound_name(path)
            _refuse_other_file(database, path)
            if _is_sound(path, now):
                raise _other_file_error(path)
        replace_atomically(copy, path)
    return BackedUp(path, found)


def unsound_name(path: Path) -> Path:
    """Give the name of a backup with problems beside a sound one."""
    return path.with_name(f"{path.stem}{UNSOUND}{path.suffix}")


def _is_sound(path: Path, now: datetime) -> bool:
    return path.exists() and not check_backup(path, now).problems


def check_backup(path: Path, now: datetime) -> Verification:
    """Verify a backup, which stays as it is: one of an older revision is migrated in a copy. Raises CchcError."""
    if is_ready(connect(str(path))):
        return verify(connect(str(path)), None)
    with temporary_database(path.with_name(f"{path.name}.checked")) as copy:
        return _verify_copy(path, copy, now)


def _verify_copy(backup: Path, copy: Path, now: datetime) -> Verification:
    """Copy a backup, migrate the copy, and verify it."""
    copy_file(backup, copy)
    opened = open_database(str(copy), create=False, now=now)
    if opened is None:
        raise InputError(message("{path}: the file is empty", path=str(backup)))
    return verify(opened, None)


def _refuse_other_file(database: Database, path: Path) -> None:
    """Raise InputError where a file exists that is no older backup of this database."""
    if path.exists() and older_head(database, path) is None:
        raise _other_file_error(path)


def older_head(database: Database, path: Path) -> Head | None:
    """Give the head of a backup of an earlier or the present state of a database; None for any other file.

    Raises StorageError where that cannot be found out.
    """
    if not path.is_file() or (database.path is not None and path.samefile(database.path)):
        return None
    head = None
    with suppress(ForeignFileError, NewerDatabaseError):
        head = head_of_file(path)
    with database.reading() as connection:
        return head if head is not None and contains_head(connection, head) else None


def _other_file_error(path: Path) -> InputError:
    return InputError(
        message(
            "{path}: this file exists and is no backup of this database; choose another name", path=str(path)
        )
    )


def restore(target: str, backup: Path, *, force: bool, now: datetime) -> Restored:
    """Restore a backup into the database that a path or URL names.

    Raises InputError where the file is no sound backup, or the database is not empty and `force` is not
    set; then nothing is changed. With `force` the former content is saved beside the database first, and a backup
    that lacks evidence is restored without it.
    """
    _check_header(backup)
    database = connect(target)
    folder, name = backup_location(database)
    if not folder.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(folder)))
    if database.path is not None and database.path.exists() and database.path.samefile(backup):
        raise InputError(message("{path}: this is the database itself", path=str(backup)))
    # Refuses a database of another program or of a newer revision before anything is read.
    open_database(target, create=False, now=now)
    old = folder / f"{name}.kept-{now:%Y%m%dT%H%M%S}"
    with temporary_database(folder / f"{name}.restored") as copy:
        found = _verify_copy(backup, copy, now)
        _require_sound(backup, found, force=force)
        if database.path is not None:
            create_file(database.path)
        kept = restore_into(database, copy, old, force=force)
        return Restored(found.head, kept, [what for _, what in found.problems])


def _require_sound(backup: Path, found: Verification, *, force: bool) -> None:
    """Raise InputError where a backup has problems; with `force` only where they are not of evidence."""
    if not found.problems:
        return
    if any(kind != _EVIDENCE for kind, _ in found.problems):
        first = message("{path}: this backup is not sound; nothing was changed", path=str(backup))
    elif not force:
        first = message(
            "{path}: evidence is missing from this backup; nothing was changed; --force restores it without",
            path=str(backup),
        )
    else:
        return
    more = len(found.problems) - _MOST_SHOWN
    raise InputError(
        first,
        *(what for _, what in found.problems[:_MOST_SHOWN]),
        *([message("… and {number} more", number=more)] if more > 0 else []),
    )


def _check_header(path: Path) -> None:
    """Raise InputError where a file is no database of cchc."""
    try:
        header = read_header(path)
    except StorageError as error:
        raise InputError(*error.messages) from error
    if header is None:
        raise InputError(message("{path}: there is no such file", path=str(path)))
