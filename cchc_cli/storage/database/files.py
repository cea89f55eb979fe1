"""Files that are there whole or not at all, and for their owner alone."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.domain.language.system_errors import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
            message("{path}: cannot be created: {reason}", path=str(folder), reason=reason_of(error))
        ) from error


@contextmanager
def temporary_path(path: Path) -> Iterator[Path]:
    """Give a name beside a path under which what is to lie there can be made; gone when the block ends.

    Raises StorageError where the disk does not take what is written in the block.
    """
    made = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        made.unlink(missing_ok=True)
        yield made
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be written: {reason}", path=str(path), reason=reason_of(error))
        ) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def replace_atomically(made: Path, path: Path) -> None:
    """Sync a file that was made under another name, and give it its own in one step."""
    handle = os.open(made, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    made.replace(path)
    sync_folder(path.parent)


def write_chunks(path: Path, pieces: Iterable[bytes]) -> str:
    """Write a new file that its owner alone may read; give the SHA-256 of what was written."""
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, PRIVATE), "wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()
