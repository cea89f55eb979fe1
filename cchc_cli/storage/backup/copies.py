"""Copies and compares whole databases. A backup is always an SQLite file, also of a database on a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, Table, func, insert, inspect, select, text

from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.records.hash_chain import EMPTY_CHAIN, Head
from cchc_cli.storage.database.connection import BATCH
from cchc_cli.storage.database.file_header import check_header, create_private, read_header
from cchc_cli.storage.database.files import temporary_path
from cchc_cli.storage.database.sqlalchemy_engine import stream_rows
from cchc_cli.storage.database.sqlite import BUSY_SECONDS
from cchc_cli.storage.records.evidence import CHUNK_BYTES, read_chunks
from cchc_cli.storage.schema.revisions import REVISIONS
from cchc_cli.storage.schema.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Select


@contextmanager
def temporary_database(path: Path) -> Iterator[Path]:
    """Give a temporary path beside a path for an SQLite file; it and its companions are deleted when the block ends.

    Companions are a journal that a failure left, and the copy that a migration keeps. Raises StorageError for any
    OSError in the block.
    """
    with temporary_path(path) as made:
        try:
            yield made
        finally:
            for companion in list(made.parent.iterdir()):
                if companion.name.startswith(made.name) and companion != made:
                    companion.unlink(missing_ok=True)


def copy_file(source: Path, target: Path) -> None:
    """Copy one state of an SQLite database to a new file. Raises StorageError."""
    create_private(target)
    with closing(_open_plainly(source)) as from_file, closing(_open_plainly(target)) as to_file:
        with _translate_errors(source):
            # A read lock: without it the copy would wait for another program's lock without end.
            from_file.execute("BEGIN")
            from_file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with _translate_errors(source, target):
            from_file.backup(to_file)


_COUNTERS = (slice(24, 28), slice(40, 44), slice(92, 100))
"""The change counters and the version of SQLite in a file's first page: they may differ in a copy."""


def same_content(first: Path, second: Path) -> bool:
    """Tell whether one SQLite file is a copy of another, byte for byte but for `_COUNTERS`."""
    with first.open("rb") as ours, second.open("rb") as theirs:
        heads = [bytearray(file.read(CHUNK_BYTES)) for file in (ours, theirs)]
        for part in _COUNTERS:
            heads[0][part] = heads[1][part]
        return heads[0] == heads[1] and all(
            left == right for left, right in zip_longest(read_chunks(ours), read_chunks(theirs))
        )


def _open_plainly(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


@contextmanager
def _translate_errors(path: Path, copy: Path | None = None) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if copy is None:
            raise StorageError(
                message("the database {name} failed: {reason}", name=str(path), reason=reason_of(error))
            ) from error
        raise StorageError(
            message(
                "{path}: cannot be copied to {folder}: {reason}",
                path=str(path),
                folder=str(copy.parent),
                reason=reason_of(error),
            )
        ) from error


@contextmanager
def exclusive_lock(path: Path) -> Iterator[sqlite3.Connection]:
    """Lock an SQLite file, so that no other process reads or writes it until the block ends. Raises StorageError."""
    with _translate_errors(path), closing(_open_plainly(path)) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        # This mode keeps the lock after the transaction: SQLite's backup cannot begin within one.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection


def head_of_file(path: Path) -> Head | None:
    """Give the head of the chain of an SQLite file of any revision, unchecked; None where there is none to read.

    The file is only read. Raises ForeignFileError where it is no database of cchc, NewerDatabaseError where it is one
    of a newer version, StorageError where it cannot be read.
    """
    header = read_header(path)
    if header is None:
        return None
    check_header(path, header, len(REVISIONS))
    address = f"{path.absolute().as_uri()}?mode=ro"
    with _translate_errors(path), closing(sqlite3.connect(address, timeout=BUSY_SECONDS, uri=True)) as opened:
        try:
            found = opened.execute("SELECT seq, link FROM link ORDER BY seq DESC LIMIT 1").fetchone()
        except sqlite3.Error as error:
            # Without such a table, or damaged; any other error may be gone the next time.
            if error.sqlite_errorcode not in {
                sqlite3.SQLITE_ERROR,
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            }:
                raise
            return None
    return Head(*found) if found else EMPTY_CHAIN


def is_empty(connection: sqlite3.Connection) -> bool:
    """Tell whether an SQLite database has no table."""
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def copy_from_file(source: Path, into: sqlite3.Connection) -> None:
    """Replace the content of an open database by that of an SQLite file, in one transaction."""
    with closing(_open_plainly(source)) as from_file:
        from_file.backup(into)


def copy_to_file(connection: sqlite3.Connection, target: Path) -> None:
    """Copy the database of an open connection to a new file."""
    create_private(target)
    with closing(_open_plainly(target)) as to_file:
        connection.backup(to_file)


def _reflected_table(connection: Connection, ours: Table) -> Table:
    """Give one of our tables with the columns that it has in a database, perhaps of an older revision."""
    found = {column["name"]: column["type"] for column in inspect(connection).get_columns(ours.name)}
    return Table(
        ours.name,
        MetaData(),
        *(
            Column(name, ours.c[name].type if name in ours.c else there.as_generic())
            for name, there in found.items()
        ),
    )


def _select_tables(connection: Connection) -> Iterator[tuple[Table, Select[Any]]]:
    """Give each of our tables that a database has, perhaps of an older revision, and a SELECT of all its rows."""
    names = set(inspect(connection).get_table_names())
    for ours in metadata.sorted_tables:
        if ours.name in names:
            there = _reflected_table(connection, ours)
            yield there, select(there).order_by(*(there.c[key.name] for key in ours.primary_key))


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy all rows of all tables to an empty database of the same revision."""
    for table, statement in _select_tables(source):
        rows = stream_rows(source, statement).mappings()
        for batch in rows.partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in batch])


def first_different_table(source: Connection, target: Connection) -> str | None:
    """Give the first table whose rows differ between two databases of the same revision; None where they are equal."""
    for table, statement in _select_tables(source):
        ours, theirs = (stream_rows(one, statement) for one in (source, target))
        if any(left != right for left, right in zip_longest(_as_tuples(ours), _as_tuples(theirs))):
            return table.name
    return None


def _as_tuples(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in rows)


def reset_sequences(connection: Connection) -> None:
    """Set PostgreSQL's sequences to continue after the keys of rows that were copied in."""
    for there in metadata.sorted_tables:
        key = there.autoincrement_column
        if key is not None:
            highest = connection.scalar(select(func.max(key)))
            if highest:
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, :key), :highest)"),
                    {"name": there.name, "key": key.name, "highest": highest},
                )
