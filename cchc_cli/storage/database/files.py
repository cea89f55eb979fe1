"""Files that are written atomically; databases, backups and evidence may be read by their owner only."""

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
BY_UMASK = 0o666
"""The mode of files that are made for others: the umask of the user decides who may read them."""


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that the names in it survive a power cut; Windows neither has nor needs such a call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter. Raises StorageError."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be created: {reason}", path=str(folder), reason=reason_of(error))
        ) from error


def companion_folder(database: Path | None) -> Path:
    """Give the folder of further files of a database: that of its file, or for a server the user's data folder."""
    if database is not None:
        return database.absolute().parent
    from platformdirs import user_data_path  # noqa: PLC0415 - only where the database is on a server

    folder = user_data_path("cchc", appauthor=False)
    private_folder(folder)
    return folder


@contextmanager
def temporary_path(path: Path) -> Iterator[Path]:
    """Give a temporary path beside a path; what lies there is deleted when the block ends.

    Raises StorageError for any OSError in the block.
    """
    made = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        made.unlink(missing_ok=True)
        yield made
    except OSError as error:
        if error.filename not in {None, str(made), str(path)}:
            raise StorageError(
                message("{path}: {reason}", path=str(error.filename), reason=reason_of(error))
            ) from error
        raise StorageError(
            message("{path}: cannot be written: {reason}", path=str(path), reason=reason_of(error))
        ) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def replace_atomically(made: Path, path: Path) -> None:
    """Sync a file that was written under a temporary name, and rename it atomically."""
    handle = os.open(made, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    made.replace(path)
    sync_folder(path.parent)


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_chunks(chunks: Iterable[bytes]) -> str:
    """Give the SHA-256 of the chunks of a file in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def write_chunks(path: Path, chunks: Iterable[bytes], *, mode: int = PRIVATE) -> str:
    """Write a new file, which by default only its owner may read; give its SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
