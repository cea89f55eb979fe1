"""What proves an execution: addresses on the web, or files, which are copied in."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.records.evidence import File, parse_file
from cchc_cli.services.files.safe_open import opened
from cchc_cli.storage.records.evidence import read_chunks, store_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

LARGEST = 512 * 1024 * 1024
"""Bytes of one file of evidence."""

_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


def evidence_address(text: str) -> str:
    """Check one piece of evidence and give what is recorded of it.

    A web address stays as it is. Of a file its name and SHA-256 are recorded: `photo.jpg sha256:…`.
    Raises InputError for anything else.
    """
    if _WEB.fullmatch(text):
        return text
    path = Path(text)
    if _SCHEME.match(text) and not path.exists():
        raise InputError(
            message(
                "“{text}”: evidence is a file or an address that begins with https:// or http://", text=text
            )
        )
    digest = hashlib.sha256()
    with opened(path, LARGEST, follow=False) as file:
        for chunk in read_chunks(file):
            digest.update(chunk)
    return File(path.name, digest.hexdigest()).address


def keep_files(database: Database, connection: Connection, addresses: Mapping[str, str]) -> None:
    """Copy the files among what was given into the store, before anything that names them is kept.

    `addresses` has what is recorded for each text given. Raises InputError where a file is not what
    it was when its address was made.
    """
    for text, address in addresses.items():
        file = parse_file(address)
        if file is None:
            continue
        with opened(Path(text), LARGEST, follow=False) as content:
            if not store_file(database, connection, file.digest, content):
                raise InputError(message("{path}: the file changed while it was read; try again", path=text))
