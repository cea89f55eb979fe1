"""Files of evidence, stored by their SHA-256, and the index of evidence of all records.

Beside an SQLite file `cchc.db` they lie in the folder `cchc.db.evidence`. A server has no folder that all its offices
can reach, and a backup is to be one file: there they are stored in chunks in the table `evidence_part`. Reading looks
in both.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, BinaryIO

from cchc_cli.storage.compiled import evidence as sql
from cchc_cli.storage.database.files import (
    digest_of,
    digest_of_chunks,
    private_folder,
    replace_atomically,
    temporary_path,
    write_chunks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from uuid import UUID

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

CHUNK_BYTES = 1 << 20
"""The size of a chunk, in bytes."""


def evidence_folder(path: Path) -> Path:
    """Give the folder of the files of evidence of an SQLite database."""
    return path.with_name(f"{path.name}.evidence")


def read_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Read a file in chunks."""
    return iter(lambda: file.read(CHUNK_BYTES), b"")


def store_file(database: Database, connection: Connection, digest: str, file: BinaryIO) -> bool:
    """Store a file under its SHA-256, synced to the disk; give False where its SHA-256 is another.

    On a server it is part of the transaction. A file that is stored already is not written again.
    """
    if database.path is None:
        return _store_in_table(connection, digest, file)
    folder = evidence_folder(database.path)
    place = folder / digest
    if place.is_file() and digest_of(place) == digest:
        return True
    return _store_in_folder(folder, digest, read_chunks(file))


def _store_in_folder(folder: Path, digest: str, content: Iterable[bytes]) -> bool:
    private_folder(folder)
    with temporary_path(folder / digest) as made:
        same = write_chunks(made, content) == digest
        if same:
            replace_atomically(made, folder / digest)
    return same


def _store_in_table(connection: Connection, digest: str, file: BinaryIO) -> bool:
    if is_in_table(connection, digest):
        if is_sound_in_table(connection, digest):
            return True
        connection.run(sql.DROP_FILE, digest=digest)
    found = hashlib.sha256()
    for place, chunk in enumerate(read_chunks(file)):
        found.update(chunk)
        connection.run(sql.ADD_PART, digest=digest, place=place, data=chunk)
    return found.hexdigest() == digest


def is_stored(database: Database, connection: Connection, digest: str) -> bool:
    """Tell whether a file is in the store, with its own content."""
    chunks = evidence_chunks(database, connection, digest)
    return chunks is not None and digest_of_chunks(chunks) == digest


def is_in_table(connection: Connection, digest: str) -> bool:
    """Tell whether a file is stored in the table of chunks."""
    return connection.first(sql.HAS_PART, digest=digest) is not None


def is_in_folder(database: Database, digest: str) -> bool:
    """Tell whether a file is stored in the folder beside an SQLite file."""
    return database.path is not None and (evidence_folder(database.path) / digest).is_file()


def is_sound_in_table(connection: Connection, digest: str) -> bool:
    """Tell whether the chunks of a file have its SHA-256."""
    return digest_of_chunks(_chunks_in_table(connection, digest)) == digest


def evidence_chunks(database: Database, connection: Connection, digest: str) -> Iterator[bytes] | None:
    """Read a stored file in chunks; None where it is missing."""
    if database.path is not None:
        place = evidence_folder(database.path) / digest
        if place.is_file() and not place.is_symlink():
            return _chunks_of_file(place)
    return _chunks_in_table(connection, digest) if is_in_table(connection, digest) else None


def _chunks_of_file(place: Path) -> Iterator[bytes]:
    try:
        with place.open("rb") as file:
            yield from read_chunks(file)
    except OSError as error:
        # An error of a read has no name.
        raise OSError(error.errno, error.strerror, str(place)) from error


def _chunks_in_table(connection: Connection, digest: str) -> Iterator[bytes]:
    for place in range(1 << 30):
        data = connection.scalar(sql.PART, digest=digest, place=place)
        if data is None:
            return
        yield data


def evidence_sizes(database: Database, connection: Connection) -> dict[str, int]:
    """Give the size in bytes of every stored file by its SHA-256, whether or not a record names it."""
    sizes: dict[str, int] = dict(connection.tuples(sql.SIZES))
    if database.path is not None and (folder := evidence_folder(database.path)).is_dir():
        with os.scandir(folder) as entries:
            sizes |= {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    return sizes


def add_evidence(connection: Connection, keys: Mapping[UUID, Iterable[str]]) -> None:
    """Add evidence of executions to the index, unless it is there."""
    wanted = {(key, uid) for uid, given in keys.items() for key in given}
    if not wanted:
        return
    uids = json.dumps(sorted({uid.hex for _, uid in wanted}))
    missing = wanted - set(connection.tuples(sql.LISTED_OF, uids=uids))
    connection.run_many(sql.ADD, [{"key": key, "uid": uid} for key, uid in sorted(missing)])


def evidence_keys(connection: Connection) -> set[str]:
    """Give the keys of all evidence that any version of any record names."""
    return set(connection.scalars(sql.KEYS))


def executions_sharing(connection: Connection, keys: Iterable[str], uid: UUID) -> dict[str, list[int]]:
    """Give the numbers of the other executions, not voided, that share some of this evidence, by key."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    return _by_key(connection.tuples(sql.OTHERS, keys=json.dumps(wanted), uid=uid))


def shared_evidence(connection: Connection, among: Iterable[str] | None = None) -> dict[str, list[int]]:
    """Give the evidence that several executions share, by key, with their numbers; voided ones do not count."""
    rows = (
        connection.tuples(sql.SHARED)
        if among is None
        else connection.tuples(sql.SHARED_AMONG, keys=json.dumps(sorted(among)))
    )
    return {key: numbers for key, numbers in _by_key(rows).items() if len(numbers) > 1}


def _by_key(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, no in rows:
        found.setdefault(key, []).append(no)
    return found


def extract_files(database: Database, source: Connection) -> None:
    """Copy the files in another database's table of chunks to the folder beside this database, if they are sound."""
    for digest in list(source.scalars(sql.DIGESTS)):
        if database.path is not None:
            place = evidence_folder(database.path) / digest
            if not (place.is_file() and digest_of(place) == digest):
                _store_in_folder(place.parent, digest, _chunks_in_table(source, digest))


def delete_parts(connection: Connection) -> None:
    """Empty the table of chunks, after `extract_files`."""
    connection.run(sql.DROP_PARTS)


def embed_files(database: Database, source: Connection, target: Connection, digests: Iterable[str]) -> None:
    """Copy stored files to the table of chunks of another database."""
    for digest in digests:
        if not is_in_table(target, digest):
            for place, chunk in enumerate(evidence_chunks(database, source, digest) or ()):
                target.run(sql.ADD_PART, digest=digest, place=place, data=chunk)
