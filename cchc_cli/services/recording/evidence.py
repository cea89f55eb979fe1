"""Evidence of an execution: web addresses, numbers of documents, or files, which are copied into the store."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.records.evidence import File, document_reference, is_web_address, parse_file
from cchc_cli.services.files.safe_open import open_regular
from cchc_cli.storage.database.files import digest_of_chunks
from cchc_cli.storage.records.evidence import is_stored, read_chunks, store_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

LARGEST_BYTES = 512 * 1024 * 1024
"""An evidence file is at most so large."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


def evidence_address(text: str, below: Path | None = None) -> str:
    """Check one piece of evidence and give its address, which is recorded.

    A web address stays as it is. The address of a file is its name and SHA-256: `photo.jpg sha256:…`. The number of a
    document stays as it is too, unless there is a file of this name. With `below` the text comes from a rows file: a
    file lies in this folder or below it, and an address is taken as `history` writes it. Raises InputError for
    anything else.
    """
    if is_web_address(text) or (below and parse_file(text)):
        return text
    document = document_reference(text)
    path = path_below(below, text) if below else Path(text)
    if document and not path.exists():
        return document
    if _SCHEME.match(text) and not path.exists():
        raise InputError(
            message(
                "“{text}”: evidence is a file, an address that begins with https:// or http://, or the number of a document such as 12/BB-UBND",
                text=text,
            )
        )
    with open_regular(path, LARGEST_BYTES, follow=False) as file:
        return File(path.name, digest_of_chunks(read_chunks(file))).address


def path_below(folder: Path, text: str) -> Path:
    """Give the path of a file that a rows file names: in the folder or below it. Raises InputError for any other."""
    named = PureWindowsPath(text)
    outside = named.drive or named.root or ".." in named.parts
    path = folder.joinpath(*named.parts) if not outside else folder
    if outside or not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            message(
                "“{text}”: a rows file can only name files in its own folder or below it; put the file there, or name the folder of the evidence with --evidence-from",
                text=text,
            )
        )
    return path


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
