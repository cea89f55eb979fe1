"""Translates error texts of the operating system and of libraries.

Libraries give a finished English text. If it matches a template listed here, it becomes a `Message` with the
values of the template's placeholders. Other texts stay unchanged.
"""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterable

_SYSTEM_ERRORS = {
    errno.ENOENT: message("No such file or directory"),
    errno.EACCES: message("Permission denied"),
    errno.EPERM: message("Operation not permitted"),
    errno.EEXIST: message("File exists"),
    errno.ENOTDIR: message("Not a directory"),
    errno.EISDIR: message("Is a directory"),
    errno.ENOTEMPTY: message("Directory not empty"),
    errno.ENOSPC: message("No space left on device"),
    # Windows has no quotas of this kind.
    getattr(errno, "EDQUOT", -1): message("Disk quota exceeded"),
    errno.EROFS: message("Read-only file system"),
    errno.EIO: message("Input/output error"),
    errno.ENAMETOOLONG: message("File name too long"),
    errno.ELOOP: message("Too many levels of symbolic links"),
    errno.EMFILE: message("Too many open files"),
    errno.EBADF: message("Bad file descriptor"),
    errno.EPIPE: message("Broken pipe"),
    errno.EFBIG: message("File too large"),
    **dict.fromkeys(
        (
            *(errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN),
            *(errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH),
            # Windows has no such error.
            getattr(errno, "EHOSTDOWN", -1),
        ),
        message("the disk or the network drive is no longer connected"),
    ),
}
"""By `errno`, because the text differs between systems."""

_EXPLAINED = {
    # SQLite; for PostgreSQL the program says the same.
    "database is locked": message(
        "database is locked by another program; close that program, or try again later"
    ),
    "disk I/O error": message("disk I/O error; is the disk or the network drive still connected?"),
}
"""Texts of libraries that do not say what to do."""

_LIBRARY_ERRORS = (
    # SQLite
    message("database or disk is full"),
    message("attempt to write a readonly database"),
    message("unable to open database file"),
    message("file is not a database"),
    message("database disk image is malformed"),
    message("the file holds broken text"),
    # YAML, read by libyaml and by Python
    message("mapping values are not allowed here"),
    message("mapping values are not allowed in this context"),
    message("mapping keys are not allowed in this context"),
    message("block sequence entries are not allowed in this context"),
    message("sequence entries are not allowed here"),
    message("found character that cannot start any token"),
    message("found character {character} that cannot start any token"),
    message("could not find expected ':'"),
    message("did not find expected key"),
    message("did not find expected '-' indicator"),
    message("did not find expected ',' or ']'"),
    message("did not find expected ',' or '}}'"),
    message("did not find expected <document start>"),
    message("did not find expected node content"),
    message("expected <block end>, but found {token}"),
    message("expected ',' or ']', but got {token}"),
    message("expected ',' or '}}', but got {token}"),
    message("found unexpected end of stream"),
    message("found unexpected document indicator"),
    message("found a tab character that violates indentation"),
    message("found a tab character where an indentation space is expected"),
    message("found unknown escape character"),
    message("found unknown directive name"),
    message("did not find expected comment or line break"),
    message("did not find expected alphabetic or numeric character"),
    message("unacceptable character {code}: control characters are not allowed"),
    message("unacceptable character {code}: special characters are not allowed"),
    # CSV
    message("unexpected end of data"),
    message("{sign} expected after {quote}"),
    message("line contains NUL"),
)


def reason_of(error: BaseException | str) -> Message | str:
    """Give the reason of an error as a message if it is known, else as the original text."""
    if isinstance(error, OSError) and error.errno is not None:
        return _SYSTEM_ERRORS.get(error.errno) or error.strerror or str(error)
    text = str(error)
    return _EXPLAINED.get(text) or recognise(text, _LIBRARY_ERRORS) or text


def recognise(text: str, known: Iterable[Message]) -> Message | None:
    """Give the first known message whose template matches the text, with its values; None if none does."""
    for sentence in known:
        found = re.fullmatch(_pattern(sentence.template), text, re.DOTALL)
        if found:
            return Message(sentence.template, found.groupdict())
    return None


def _pattern(template: str) -> str:
    # Every second piece is the name of a field.
    pieces = re.split(r"\{(\w+)\}", template)
    literals = (re.escape(piece.replace("{{", "{").replace("}}", "}")) for piece in pieces[::2])
    fields = (f"(?P<{name}>.+?)" for name in (*pieces[1::2],))
    return "".join(piece for pair in zip(literals, (*fields, ""), strict=True) for piece in pair)
