"""Opens a file that a user named: only a regular file, not too large, and never blocking on a FIFO."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.system_errors import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def open_regular(path: Path, largest: int, *, follow: bool) -> Iterator[BinaryIO]:
    """Open a regular file of at most so many bytes; without `follow` no symbolic link. Raises InputError."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise InputError(message("{path}: this is not a regular file", path=str(path)))
            if found.st_size > largest:
                raise too_large(path, largest)
            yield file
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except (OSError, ValueError) as error:
        raise InputError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=reason_of(error))
        ) from error


def too_large(path: Path, largest: int) -> InputError:
    """Say that a file is larger than so many bytes."""
    return InputError(
        message("{path}: larger than {megabytes} MB", path=str(path), megabytes=largest // 1024 // 1024)
    )
