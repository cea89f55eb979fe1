"""Compares records with what follows from them, and with their files of evidence; runs SQLite's own checks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.records.evidence import countable_keys, parse_file
from cchc_cli.domain.records.hash_chain import content_digest
from cchc_cli.storage.changes.changes import Problem
from cchc_cli.storage.compiled import evidence as evidence_sql
from cchc_cli.storage.compiled import month_sums
from cchc_cli.storage.database.files import digest_of_chunks
from cchc_cli.storage.records import executions
from cchc_cli.storage.records.evidence import evidence_chunks, is_in_folder, is_sound_in_table
from cchc_cli.storage.schema.tables import ChangeRow, EvidencePartRow, LinkRow
from cchc_cli.storage.statements.parts import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


def record_problems(database: Database, connection: Connection, notes: list[Message]) -> Iterator[Problem]:
    """Give each record whose details or evidence differ from its content, and each missing or altered file.

    Revision 0001 kept no files: a missing file of a record from then is no problem, but is added to `notes`.
    """
    last_without_files = _last_change_without_files(connection)
    expected = set()
    files: dict[str, tuple[int, int]] = {}
    for seq, _, recorded, details in executions.every_version(connection):
        if recorded.execution.details() != details:
            yield Problem(
                "content",
                message("the stored key of record no. {no} does not match its content", no=recorded.no),
            )
        expected |= {(key, recorded.uid) for key in countable_keys(recorded.execution.evidence)}
        for address in recorded.execution.evidence:
            if file := parse_file(address):
                # The latest record that names it: files are kept once.
                files[file.digest] = (recorded.no, seq)
    indexed = Counter(connection.tuples(evidence_sql.EVERY))
    for key, _ in sorted(set((Counter(expected) - indexed) + (indexed - Counter(expected))), key=str):
        yield Problem("evidence", message("the list of evidence is wrong about {key}", key=key))
    never_kept = {found for found, (_, seq) in files.items() if seq <= last_without_files}
    missing = {found for found in never_kept if evidence_chunks(database, connection, found) is None}
    if missing != never_kept:
        # Where some were kept, all were.
        missing = set()
    for found, (no, _) in files.items():
        if found in missing:
            notes.append(_never_kept_note(found, no))
        elif problem := _file_problem(database, connection, found, no):
            yield problem


def _never_kept_note(digest: str, no: int) -> Message:
    return message(
        "the file {digest} that proves no. {no} cannot be checked: it was recorded by the first version of the program, which kept no files",
        digest=digest,
        no=no,
    )


def _last_change_without_files(connection: Connection) -> int:
    """Give the migration from revision 0001; 0 where there was none, or where it cannot have been one.

    Whoever can write the database can add such a change. So it must be the first migration, by the program and
    without records, and come before everything that revision 0001 could not do.
    """
    change, link = table(ChangeRow), table(LinkRow)
    rows = connection.core.execute(
        select(change.c.seq, change.c.author, change.c.action, link.c.content)
        .join(link, link.c.seq == change.c.seq)
        .where(change.c.action.startswith("migrate from ") | change.c.action.startswith("close review "))
        .order_by(change.c.seq)
        .limit(1)
    )
    for row in rows:
        if (
            row.action.startswith("migrate from 0001 ")
            and row.author == "cchc"
            and row.content == content_digest(())
        ):
            return int(row.seq)
    return 0


def _file_problem(database: Database, connection: Connection, wanted: str, no: int) -> Problem | None:
    kept = evidence_chunks(database, connection, wanted)
    if kept is None:
        return Problem(
            "evidence", message("the file {digest} that proves no. {no} is missing", digest=wanted, no=no)
        )
    if digest_of_chunks(kept) == wanted:
        return None
    return Problem(
        "evidence", message("the file {digest} that proves no. {no} was altered", digest=wanted, no=no)
    )


def part_problems(database: Database, connection: Connection) -> Iterator[Problem]:
    """Give each file in the table of chunks whose chunks are not numbered from 0 without a gap, or that no record names.

    Beside an SQLite file the folder of evidence is read first, so a file that lies in both places is compared here: a
    backup would take it from the table.
    """
    part = table(EvidencePartRow)
    named = {key for key, _ in connection.tuples(evidence_sql.EVERY)}
    for digest in connection.core.scalars(select(part.c.digest).distinct().order_by(part.c.digest)):
        if digest not in named:
            yield Problem("evidence", message("no record names the stored file {digest}", digest=digest))
        elif is_in_folder(database, digest) and not is_sound_in_table(connection, digest):
            yield Problem("evidence", message("the chunks of the file {digest} were altered", digest=digest))
    last, number = func.max(part.c.place), func.count()
    wrong = (
        select(part.c.digest)
        .group_by(part.c.digest)
        .having((last != number - 1) | (func.min(part.c.place) != 0))
    )
    for digest in connection.core.scalars(wrong.order_by(part.c.digest)):
        yield Problem("evidence", message("the chunks of the file {digest} are not complete", digest=digest))


def sum_problems(connection: Connection) -> Iterator[Problem]:
    """Give the months whose sums differ from those of the versions in force."""
    kept, counted = (
        Counter(connection.tuples(statement)) for statement in (month_sums.KEPT, month_sums.COUNTED)
    )
    different = (kept - counted) + (counted - kept)
    for key in sorted({row[:-2] for row in different}):
        yield Problem("sums", message("the sums of {month} differ from the records", month=key[2]))


def integrity_problems(connection: Connection) -> Iterator[Problem]:
    """Run the integrity checks of SQLite; PostgreSQL has none."""
    if not connection.is_sqlite:
        return
    for row in connection.core.execute(text("PRAGMA integrity_check(5)")):
        if row[0] != "ok":
            yield Problem("database", message("the database file is damaged: {reason}", reason=str(row[0])))
    if connection.core.execute(text("PRAGMA foreign_key_check")).first() is not None:
        yield Problem("database", message("a record refers to a row that does not exist"))
