"""What proves an execution: addresses on the web, or files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from cchc_cli.domain.errors import InputError, message

LARGEST_MEGABYTES = 512
_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


def evidence_address(text: str) -> str:
    """Check one piece of evidence and give what is recorded of it.

    A web address stays as it is. Of a file its name and SHA-256 are recorded, so that it can be
    recognised: `photo.jpg sha256:…`. Raises InputError for anything else.
    """
    if _WEB.fullmatch(text):
        return text
    if _SCHEME.match(text) and not Path(text).exists():
        raise InputError(
            message(
                "“{text}”: evidence is a file or an address that begins with https:// or http://", text=text
            )
        )
    path = Path(text)
    return f"{path.name} sha256:{_hash(path)}"


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise InputError(message("{path}: this is not a regular file", path=str(path)))
            if found.st_size > LARGEST_MEGABYTES * 1024 * 1024:
                raise InputError(
                    message("{path}: larger than {megabytes} MB", path=str(path), megabytes=LARGEST_MEGABYTES)
                )
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except FileNotFoundError:
        raise InputError(message("{path}: there is no such file", path=str(path))) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=reason)
        ) from error
    return digest.hexdigest()
