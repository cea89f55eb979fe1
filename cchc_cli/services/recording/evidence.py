"""Evidence of an execution: web addresses, numbers of documents, or files, which are copied into the store."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.records.evidence import File, document_reference, is_web_address, parse_file
from cchc_cli.services.files.safe_open import open_regular
from cchc_cli.storage.records.evidence import is_stored, read_chunks, store_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

LARGEST_BYTES = 512 * 1024 * 1024
"""An evidence file is at most so large."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


def evidence_address(text: str) -> str:
    """Check one piece of evidence and give its address, which is recorded.

    A web address stays as it is. The address of a file is its name and SHA-256: `photo.jpg sha256:…`. The number of a
    document stays as it is too, unless there is a file of this name. Raises InputError for anything else.
    """
    if is_web_address(text):
        return text
    path = Path(text)
    document = document_reference(text)
    if document and not path.exists():
        return document
    if _SCHEME.match(text) and not path.exists():
        raise InputError(
            message(
                "“{text}”: evidence is a file, an address that begins with https:// or http://, or the number of a document such as 12/BB-UBND",
                text=text,
            )
        )
    digest = hashlib.sha256()
    with open_regular(path, LARGEST_BYTES, follow=False) as file:
        for piece in read_chunks(file):
            digest.update(piece)
    return File(path.name, digest.hexdigest()).address


def keep_files(database: Database, connection: Connection, addresses: Mapping[str, str]) -> None:
    """Copy the files among the evidence into the store, before the records that name them are committed.

    `addresses` maps each text as typed to its recorded address. Raises InputError where a file changed
    after its address was made.
    """
    for text, address in addresses.items():
        file = parse_file(address)
        if file is None:
            continue
        with open_regular(Path(text), LARGEST_BYTES, follow=False) as content:
            if not store_file(database, connection, file.digest, content):
                raise InputError(message("{path}: the file changed while it was read; try again", path=text))


def missing_files(database: Database, connection: Connection, addresses: Iterable[str]) -> tuple[str, ...]:
    """Give the names of the files among the evidence that the store lacks."""
    files = filter(None, map(parse_file, addresses))
    return tuple(file.name for file in files if not is_stored(database, connection, file.digest))
