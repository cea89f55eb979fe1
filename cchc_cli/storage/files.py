"""Files that are there whole or not at all, and for their owner alone."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cchc_cli.domain.errors import StorageError, message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder survive a power cut; Windows has no such call and no need."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> None:
    """Make a folder that its owner alone may enter. Raises StorageError."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be created: {reason}", path=str(folder), reason=error.strerror)
        ) from error


class _Replacement:
    """A file being written under another name."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f".{path.name}.{os.getpid()}.new")
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self.handle = os.open(self.path, flags, PRIVATE)
        self.wanted = True

    def write(self, data: bytes) -> None:
        """Add to the file."""
        while data:
            data = data[os.write(self.handle, data) :]

    def discard(self) -> None:
        """Leave the file that is there as it is."""
        self.wanted = False


@contextmanager
def replaced(path: Path) -> Iterator[_Replacement]:
    """Write a file beside its place, sync it and put it there in one step; on an error nothing changes.

    Raises StorageError where the disk does not take it.
    """
    try:
        target = _Replacement(path)
        try:
            yield target
            os.fsync(target.handle)
        finally:
            os.close(target.handle)
        if target.wanted:
            target.path.replace(path)
            sync_folder(path.parent)
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be written: {reason}", path=str(path), reason=error.strerror)
        ) from error
    finally:
        with suppress(OSError, UnboundLocalError):
            target.path.unlink(missing_ok=True)
