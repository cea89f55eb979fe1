"""The header of an SQLite file: the program it belongs to and its revision, read without opening the database."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import NewerDatabaseError, StorageError, message
from cchc_cli.domain.language.system_errors import reason_of

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x43434843
"""“CCHC” in the header of an SQLite file: it tells our databases from those of other programs."""

_MAGIC = b"SQLite format 3\x00"


class ForeignFileError(StorageError):
    """The file is no database of cchc."""


class Header(NamedTuple):
    """The fields of the header that the program uses."""

    application_id: int
    user_version: int


def is_sqlite_file(path: Path) -> bool:
    """Tell whether a file is an SQLite database of any program. Raises OSError."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_header(path: Path) -> Header | None:
    """Read a file's header; None where there is no file yet, or an empty one.

    Raises ForeignFileError where the file is no SQLite database, StorageError where it cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise StorageError(message("{path}: this is not a regular file", path=str(path)))
        with path.open("rb") as file:
            start = file.read(100)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=reason_of(error))
        ) from error
    if not start:
        return None
    if not start.startswith(_MAGIC):
        raise ForeignFileError(
            message(
                "{path}: this is not a database of cchc; it was left as it is; name another with --db",
                path=str(path),
            )
        )
    return Header(int.from_bytes(start[68:72], "big"), int.from_bytes(start[60:64], "big"))


def check_header(path: Path, header: Header, newest: int) -> None:
    """Refuse a file of another program, or of a newer version of this one."""
    if header.application_id != APPLICATION_ID:
        raise ForeignFileError(
            message(
                "{path}: this is not a database of cchc; it was left as it is; name another with --db",
                path=str(path),
            )
        )
    if header.user_version > newest:
        raise NewerDatabaseError(
            message("{path}: written by a newer version of cchc; update the program", path=str(path))
        )


def create_file(path: Path) -> None:
    """Create an empty file that only its owner may read; an existing file is left alone. Raises StorageError."""
    try:
        create_private(path)
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be created: {reason}", path=str(path), reason=reason_of(error))
        ) from error


def create_private(path: Path) -> None:
    """Do as `create_file` does, but let an OSError out; for a path from `temporary_path`, which nobody need read."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
