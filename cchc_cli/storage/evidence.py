"""Files that prove what was done: kept by their SHA-256, beside an SQLite file or in the database itself.

Beside `cchc.db` lies the folder `cchc.db.evidence`, a file an entry. A server has no folder that all
its offices reach, and a backup is to be one file: there they are pieces in the table
`evidence_part`. What is asked for is looked up in both.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from cchc_cli.storage.files import private_folder, put_in_place, temporary, write_pieces
from cchc_cli.storage.plans import table
from cchc_cli.storage.tables import OPEN, EvidencePartRow, EvidenceRow, ExecutionRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection

    from cchc_cli.storage.engine import Database

PIECE = 1 << 20
"""Bytes that are held in memory at a time."""


def store_folder(path: Path) -> Path:
    """Give the folder of the files that belong to an SQLite database."""
    return path.with_name(f"{path.name}.evidence")


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Give a file piece by piece."""
    return iter(lambda: file.read(PIECE), b"")


def keep_file(database: Database, connection: Connection, digest: str, file: BinaryIO) -> bool:
    """Take a file in under its SHA-256, synced to the disk; tell whether it had that SHA-256.

    On a server it is part of the transaction. One that is there already is not written again.
    """
    if database.path is None:
        return _keep_in_table(connection, digest, file)
    folder = store_folder(database.path)
    place = folder / digest
    if place.is_file() and _digest_of(place) == digest:
        return True
    return _keep_in_folder(folder, digest, pieces(file))


def _keep_in_folder(folder: Path, digest: str, content: Iterable[bytes]) -> bool:
    private_folder(folder)
    with temporary(folder / digest) as made:
        same = write_pieces(made, content) == digest
        if same:
            put_in_place(made, folder / digest)
    return same


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_in_table(connection: Connection, digest: str, file: BinaryIO) -> bool:
    part = table(EvidencePartRow)
    if connection.scalar(select(func.count()).where(part.c.digest == digest)):
        return True
    found = hashlib.sha256()
    for place, piece in enumerate(pieces(file)):
        found.update(piece)
        connection.execute(insert(part).values(digest=digest, place=place, data=piece))
    return found.hexdigest() == digest


def kept_pieces(database: Database, connection: Connection, digest: str) -> Iterator[bytes] | None:
    """Give a kept file piece by piece; None where it is not there."""
    if database.path is not None:
        place = store_folder(database.path) / digest
        if place.is_file() and not place.is_symlink():
            return _pieces_of(place)
    part = table(EvidencePartRow)
    rows = connection.execute(
        select(part.c.data).where(part.c.digest == digest).order_by(part.c.place).limit(1)
    ).first()
    return None if rows is None else _pieces_in(connection, digest)


def _pieces_of(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        yield from pieces(file)


def _pieces_in(connection: Connection, digest: str) -> Iterator[bytes]:
    part = table(EvidencePartRow)
    for number in range(1 << 30):
        data = connection.scalar(select(part.c.data).where(part.c.digest == digest, part.c.place == number))
        if data is None:
            return
        yield bytes(data)


def kept_sizes(database: Database, connection: Connection) -> dict[str, int]:
    """Give the bytes of every kept file by its SHA-256, whether or not a record has it."""
    part = table(EvidencePartRow)
    sizes = {
        row.digest: int(row.bytes)
        for row in connection.execute(
            select(part.c.digest, func.sum(func.length(part.c.data)).label("bytes")).group_by(part.c.digest)
        )
    }
    if database.path is not None and (folder := store_folder(database.path)).is_dir():
        with os.scandir(folder) as entries:
            sizes |= {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    return sizes


def add_evidence(connection: Connection, keys: Mapping[UUID, Iterable[str]]) -> None:
    """List what executions are proven by, beside what is listed of them already."""
    wanted = {(key, uid) for uid, given in keys.items() for key in given}
    if not wanted:
        return
    evidence = table(EvidenceRow)
    there = connection.execute(
        select(evidence.c.key, evidence.c.uid).where(evidence.c.uid.in_({uid for _, uid in wanted}))
    )
    rows = [{"key": key, "uid": uid} for key, uid in sorted(wanted - {(row.key, row.uid) for row in there})]
    if rows:
        connection.execute(insert(evidence), rows)


def listed_keys(connection: Connection) -> set[str]:
    """Give every piece of evidence that any version of any record names."""
    return set(connection.scalars(select(table(EvidenceRow).c.key).distinct()))


def others_with(connection: Connection, keys: Iterable[str], uid: UUID) -> dict[str, list[int]]:
    """Give the numbers of the other executions, not voided, that have one of these pieces of evidence."""
    evidence = table(EvidenceRow)
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    return _numbers_by_key(connection, evidence.c.key.in_(wanted), evidence.c.uid != uid)


def shared_evidence(connection: Connection, seq: int | None = None) -> dict[str, list[int]]:
    """Give each piece of evidence that several executions, not voided, have, with their numbers.

    With `seq` only such as an execution has that this change brought.
    """
    evidence = table(EvidenceRow)
    several = select(evidence.c.key).group_by(evidence.c.key).having(func.count() > 1)
    if seq is not None:
        brought = select(col(ExecutionRow.uid)).where(col(ExecutionRow.seq) == seq)
        several = several.where(evidence.c.key.in_(select(evidence.c.key).where(evidence.c.uid.in_(brought))))
    return {
        key: numbers
        for key, numbers in _numbers_by_key(connection, evidence.c.key.in_(several)).items()
        if len(numbers) > 1
    }


def _numbers_by_key(connection: Connection, *conditions: ColumnElement[bool]) -> dict[str, list[int]]:
    evidence = table(EvidenceRow)
    rows = connection.execute(
        select(evidence.c.key, col(ExecutionRow.no))
        .join(ExecutionRow, col(ExecutionRow.uid) == evidence.c.uid)
        .where(*conditions, col(ExecutionRow.until_seq) == OPEN, ~col(ExecutionRow.voided))
        .order_by(evidence.c.key, col(ExecutionRow.no))
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row.no)
    return found


def store_parts(database: Database, source: Connection) -> None:
    """Put the files that another database holds in pieces into the folder beside this one."""
    part = table(EvidencePartRow)
    for digest in source.scalars(select(part.c.digest).distinct()).all():
        if database.path is not None and not (store_folder(database.path) / digest).is_file():
            _keep_in_folder(store_folder(database.path), digest, _pieces_in(source, digest))


def drop_parts(connection: Connection) -> None:
    """Empty the table of pieces, where the files now lie in the folder."""
    connection.execute(delete(EvidencePartRow))
