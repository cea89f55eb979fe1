"""Intents: records that were begun and not yet acknowledged. They keep a repeated command from recording twice.

Before a record is written, a small file is written beside the database. Its name has a digest of the author and the
record, and the identity that the record will have. It is deleted after the acknowledgement was printed. Where a run
died in between, the next run of the same command finds the file, and looks for a record with that identity. A running
command holds a lock on its file, so that another one that records the same at the same time does not take it for dead.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.records.execution import new_uid
from cchc_cli.storage.database.files import PRIVATE, companion_folder, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from cchc_cli.storage.database.database import Database

_MARK = b"begun"
_MOST_NOTED = 1000


class Intent:
    """The intent of one record: `uid` is its identity; `resumed` tells that an earlier run began it."""

    def __init__(self, path: Path, uid: UUID, handle: int, *, resumed: bool) -> None:
        """Keep the lock that `handle` holds."""
        self.uid = uid
        self.resumed = resumed
        self._path = path
        self._handle = handle

    def note(self, text: str) -> None:
        """Keep what the run is about to commit, synced, in place of what was noted before."""
        os.lseek(self._handle, len(_MARK), os.SEEK_SET)
        os.write(self._handle, text.encode())
        os.ftruncate(self._handle, len(_MARK) + len(text.encode()))
        os.fsync(self._handle)

    @property
    def noted(self) -> str:
        """What the run that died noted; empty if nothing."""
        os.lseek(self._handle, len(_MARK), os.SEEK_SET)
        return os.read(self._handle, _MOST_NOTED).decode(errors="replace")

    def discard(self) -> None:
        """Delete it: the record was acknowledged, or nothing was recorded."""
        # It is emptied before it is unlocked: a process that locks it now must not take it for unfinished.
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
        self.release()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Release the lock, but leave the file for the next run; may be called again."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1


def begin(database: Database, who_and_what: str, now: datetime) -> Intent:
    """Give the intent of a run that died, or a new one, synced; `who_and_what` identifies author and record.

    Raises StorageError where the file cannot be written; then nothing may be recorded.
    """
    folder, stem = _location(database)
    digest = hashlib.sha256(f"{database.name}\n{who_and_what}".encode()).hexdigest()[:32]
    try:
        return _take_abandoned(folder, f"{stem}{digest}-") or _create_intent(folder, f"{stem}{digest}-", now)
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be written: {reason}", path=str(folder), reason=reason_of(error))
        ) from error


def unfinished_intents(database: Database) -> list[Path]:
    """Give the files of runs that died before they acknowledged their record."""
    folder, stem = _location(database)
    found = []
    for path, _, handle in _unlocked_files(folder, stem):
        os.close(handle)
        found.append(path)
    return found


def _location(database: Database) -> tuple[Path, str]:
    """Give the folder of the intents of a database and the beginning of their names."""
    folder = companion_folder(database.path)
    return folder, f"{database.path.name}-pending-" if database.path else "pending-"


def _unlocked_files(folder: Path, stem: str) -> Iterator[tuple[Path, UUID, int]]:
    """Lock each file that no process holds and that is not empty; give (path, identity, handle)."""
    with os.scandir(folder) as entries:
        names = sorted(
            entry.name
            for entry in entries
            if entry.name.startswith(stem) and entry.is_file(follow_symlinks=False)
        )
    for path in (folder / name for name in names):
        try:
            uid = UUID(path.name.removeprefix(stem)[-36:])
            handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except (ValueError, FileNotFoundError):
            continue
        if _lock(handle) and os.fstat(handle).st_size:
            yield path, uid, handle
        else:
            os.close(handle)


def _take_abandoned(folder: Path, stem: str) -> Intent | None:
    for path, uid, handle in _unlocked_files(folder, stem):
        return Intent(path, uid, handle, resumed=True)
    return None


def _create_intent(folder: Path, stem: str, now: datetime) -> Intent:
    uid = new_uid(now)
    path = folder / f"{stem}{uid}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
    intent = Intent(path, uid, handle, resumed=False)
    try:
        # A process in `_unlocked_files` may hold the lock for a moment, until it sees that the file is empty.
        _lock(handle, wait=True)
        os.write(handle, _MARK)
        os.fsync(handle)
        sync_folder(folder)
    except OSError:
        intent.discard()
        raise
    return intent


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool = False) -> bool:
        """Lock a file, at once or with `wait` when it becomes free; give False where that failed."""
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int, *, wait: bool = False) -> bool:
        """Lock a file, at once or with `wait` when it becomes free; give False where that failed."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            return False
        return True
