"""Backups that a scheduler makes: a name for each day, of which the newest sound ones are kept."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import CchcError, NewerDatabaseError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.services.maintenance.backup import UNSOUND, BackedUp, back_up, check_backup, older_head
from cchc_cli.storage.backup.copies import head_of_file
from cchc_cli.storage.database.file_header import ForeignFileError

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.storage.database.database import Database


class Kept(NamedTuple):
    """What became of the earlier backups: those that were deleted, and problems: damage, or a failed deletion."""

    deleted: list[Path]
    problems: list[Message]


def back_up_daily(database: Database, folder: Path, day: date, now: datetime) -> BackedUp:
    """Write a backup `NAME-YYYY-MM-DD.db` into a folder; with problems `NAME-YYYY-MM-DD.unsound.db`.

    A backup of the same day is replaced if the database still goes on from it; otherwise, and where another file has
    the name, a number is added. The rest is as in `back_up`.
    """
    names = (
        f"{_stem(database)}-{day.isoformat()}{f'-{number}' if number > 1 else ''}.db" for number in count(1)
    )
    path = next(
        path
        for path in map(folder.joinpath, names)
        if not path.exists() or older_head(database, path) is not None
    )
    return back_up(database, path, now, apart=True)


def delete_older(database: Database, written: BackedUp, keep: int, now: datetime) -> Kept:
    """Delete daily backups from the folder of the one that was just written; `keep` of them stay, at least 1.

    After a sound backup the newest `keep` sound ones stay: each is verified again, and one that is damaged does not
    count. Of those with problems the newest `keep` stay too. A file is touched only if it has such a name and a state
    that this database goes on from.
    """
    sound, unsound, problems = _daily_backups(database, written.path)
    superfluous, counted = unsound[keep:], 0
    for path in [] if written.found.problems else sound:
        if counted >= keep:
            superfluous.append(path)
            continue
        fault = None if path == written.path else _fault_of(path, now)
        if fault:
            problems.append(
                message("{path}: this earlier backup does not count: {what}", path=str(path), what=fault)
            )
        else:
            counted += 1
    failed = {path: fault for path in superfluous if (fault := _delete(path))}
    return Kept([path for path in superfluous if path not in failed], [*problems, *failed.values()])


def _stem(database: Database) -> str:
    return database.path.stem if database.path else database.server.database if database.server else ""


def _daily_backups(database: Database, written: Path) -> tuple[list[Path], list[Path], list[Message]]:
    """Give the sound and the unsound backups beside the one that was just written, by name, newest first; and problems.

    The chain tells which is newer: clocks may be wrong. The one that was just written is the first.
    """
    name = re.compile(
        rf"{re.escape(_stem(database))}-(\d{{4}}-\d\d-\d\d)(?:-(\d+))?({re.escape(UNSOUND)})?\.db"
    )
    found: tuple[list[tuple[bool, int, str, int, Path]], ...] = [], []
    problems: list[Message] = []
    for path in sorted(written.parent.iterdir()):
        parts = name.fullmatch(path.name)
        if not parts or path.is_symlink():
            continue
        try:
            head = older_head(database, path)
        except CchcError as error:
            problems += error.messages
            continue
        if head is None and path != written and _is_damaged(path):
            fault = message("{path}: this earlier backup cannot be read: it is damaged", path=str(path))
            problems.append(fault)
        if head:
            place = (path == written, head.links, parts[1], int(parts[2] or 1), path)
            found[bool(parts[3])].append(place)
    sound, unsound = ([place[-1] for place in sorted(places, reverse=True)] for places in found)
    return sound, unsound, problems


def _is_damaged(path: Path) -> bool:
    """Tell whether a file with the name of a daily backup is an empty or broken database of this program."""
    try:
        return path.is_file() and head_of_file(path) is None
    except (ForeignFileError, NewerDatabaseError):
        return False


def _fault_of(path: Path, now: datetime) -> Message | None:
    """Give the first problem of a backup; None where it is sound."""
    try:
        return next((what for _, what in check_backup(path, now).problems), None)
    except CchcError as error:
        return error.messages[0]


def _delete(path: Path) -> Message | None:
    """Delete a file; give the reason where that failed."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return message("{path}: cannot be deleted: {reason}", path=str(path), reason=reason_of(error))
    return None
