"""Remembers what the program wrote for people: a file that it wrote and nobody edited may be replaced.

The memory is one file in the user's data folder: the SHA-256 of each file that was written, one a line, and no path.
A digest is added before its file gets its name, and none is removed, so that commands may run at the same time and
may die at any moment.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.storage.database.files import PRIVATE, companion_folder

if TYPE_CHECKING:
    from pathlib import Path


def remember_written(digest: str) -> None:
    """Remember the SHA-256, in hexadecimal, of a file that is about to be written. Raises StorageError."""
    path = _memory()
    try:
        if not _contains(path, digest):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
            try:
                os.write(handle, f"{digest}\n".encode())
            finally:
                os.close(handle)
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be written: {reason}", path=str(path), reason=reason_of(error))
        ) from error


def was_written(digest: str) -> bool:
    """Tell whether this user's program wrote a file with this SHA-256; False where that is not known."""
    try:
        return _contains(_memory(), digest)
    except (OSError, StorageError):
        return False


def _memory() -> Path:
    return companion_folder(None) / "written"


def _contains(memory: Path, digest: str) -> bool:
    # A line that a full disk cut short may stand before a digest on the same line.
    return memory.exists() and digest.encode() in memory.read_bytes()
