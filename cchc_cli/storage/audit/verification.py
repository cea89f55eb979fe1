"""Reads all records again, and compares them with the hash chain, the plan files and the sums."""

from __future__ import annotations

import hashlib
import sqlite3
from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.records.evidence import countable_keys, parse_file
from cchc_cli.domain.records.hash_chain import (
    GENESIS_LINK,
    CoveredRow,
    Head,
    content_digest,
    digest,
    next_link,
)
from cchc_cli.storage.changes.changes import Problem
from cchc_cli.storage.compiled import evidence as evidence_sql
from cchc_cli.storage.compiled import month_sums
from cchc_cli.storage.database.connection import UnreadableValueError
from cchc_cli.storage.database.sqlalchemy_engine import stream_rows
from cchc_cli.storage.plans.plans import StoredPlan, plan_heads
from cchc_cli.storage.plans.saving import plan_rows
from cchc_cli.storage.records import closed_reviews as closings
from cchc_cli.storage.records import executions, waivers
from cchc_cli.storage.records.evidence import evidence_chunks
from cchc_cli.storage.schema.tables import (
    ChangeRow,
    ExecutionRow,
    LinkRow,
    PlanRow,
    PlanVersionRow,
    WaiverRow,
)
from cchc_cli.storage.schema.versions import OPEN
from cchc_cli.storage.statements.parts import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Row

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


READ_ERRORS = (
    UnreadableValueError,
    SQLAlchemyError,
    sqlite3.Error,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""The errors that reading a damaged row can raise."""


def chain_problems(connection: Connection, against: Head | None) -> Iterator[Problem]:
    """Give the first change whose link is wrong; and `against`, an older head, where this chain does not contain it."""
    expected, before, broken = 1, GENESIS_LINK, False
    for seq, parts in groupby(_parts_in_order(connection), key=lambda part: part[0]):
        found = {kind: value for _, kind, value in parts}
        change, link = found.get(_CHANGE), found.get(_LINK)
        if change is None:
            yield Problem("rows", message("there are records of change {seq}, but no such change", seq=seq))
            continue
        content = found.get(_CONTENT) or content_digest(())
        computed = next_link(before, seq, change.recorded_at, change.author, change.action, content)
        if not broken:
            problem = _change_problem(seq, expected, link, content, computed)
            broken = problem is not None
            if problem:
                yield problem
        before, expected = (link.link if link else computed), seq + 1
        if against and against.links == seq and before != against.link:
            yield Problem(
                "against", message("change {seq} is not the one that the older head names", seq=seq)
            )
    if against and against.links >= expected:
        yield Problem(
            "against",
            message(
                "the older head names {count} changes; this database has only {found}",
                count=against.links,
                found=expected - 1,
            ),
        )


_CHANGE, _LINK, _CONTENT = range(3)


def _parts_in_order(connection: Connection) -> Iterator[tuple[int, int, Any]]:
    """Give (number, kind of part, part) of every change, every link and every digest of a change's rows, in order."""
    return merge(
        ((row.seq, _CHANGE, row) for row in _rows_in_order(connection, ChangeRow)),
        ((row.seq, _LINK, row) for row in _rows_in_order(connection, LinkRow)),
        ((seq, _CONTENT, content) for seq, content in _change_contents(connection)),
        key=lambda part: part[:2],
    )


def _rows_in_order(connection: Connection, row: type[ChangeRow | LinkRow]) -> Iterator[Row[Any]]:
    source = table(row)
    return iter(stream_rows(connection.core, select(source).order_by(source.c.seq)))


def _change_problem(seq: int, expected: int, link: Any, content: str, found: str) -> Problem | None:
    if seq != expected:
        return Problem("change", message("change {seq} is missing", seq=expected))
    if link is None:
        return Problem("link", message("change {seq} was made outside the program: it has no link", seq=seq))
    if link.content != content:
        return Problem(
            "rows", message("the records of change {seq} differ from those that its link covers", seq=seq)
        )
    if link.link != found:
        return Problem("link", message("the link of change {seq} is wrong", seq=seq))
    return None


def _change_contents(connection: Connection) -> Iterator[tuple[int, str]]:
    """Compute the digest of the rows of each change from the tables; give (number, digest)."""
    rows = merge(
        _plan_rows(connection),
        _execution_rows(connection),
        _waiver_rows(connection),
        _closing_rows(connection),
    )
    for seq, group in groupby(rows, key=lambda pair: pair[0]):
        yield seq, content_digest(row for _, row in group)


_Covered = tuple[int, CoveredRow]


def _plan_rows(connection: Connection) -> Iterator[_Covered]:
    version = table(PlanVersionRow)
    for row in connection.core.execute(
        select(version, col(PlanRow.code))
        .join(PlanRow, col(PlanRow.id) == version.c.plan_id)
        .order_by(version.c.seq, version.c.plan_id, version.c.version)
    ):
        values = [row.code, row.version, row.digest, row.source]
        yield row.seq, CoveredRow("plan", (row.plan_id, row.version), digest(values))


def _execution_rows(connection: Connection) -> Iterator[_Covered]:
    for seq, plan_code, recorded, _ in executions.every_version(connection):
        row = executions.covered_digest(plan_code, recorded)
        yield seq, CoveredRow("execution", (recorded.no, recorded.version), row)


def _waiver_rows(connection: Connection) -> Iterator[_Covered]:
    for row in waivers.every_version(connection):
        yield row.seq, CoveredRow("waiver", (row.no, row.version), digest(waivers.covered_row(row)))


def _closing_rows(connection: Connection) -> Iterator[_Covered]:
    for seq, no, row in closings.every_closing(connection):
        yield seq, CoveredRow("closing", (no, 1), row)


def interval_problems(connection: Connection) -> Iterator[Problem]:
    """Give each version that does not end where the next one begins: the chain does not cover ends."""
    for row, key in ((PlanVersionRow, "plan_id"), (ExecutionRow, "uid"), (WaiverRow, "uid")):
        version = table(row)
        following = func.lead(version.c.seq).over(partition_by=version.c[key], order_by=version.c.version)
        number = func.row_number().over(partition_by=version.c[key], order_by=version.c.version)
        ends = select(
            version.c.seq,
            version.c.version,
            version.c.until_seq,
            following.label("next"),
            number.label("number"),
        ).subquery()
        wrong = (ends.c.until_seq != func.coalesce(ends.c.next, OPEN)) | (ends.c.version != ends.c.number)
        for found in connection.core.execute(select(ends.c.seq).where(wrong).order_by(ends.c.seq)):
            yield Problem(
                "versions",
                message("the versions around change {seq} do not follow one another", seq=found.seq),
            )


def record_problems(database: Database, connection: Connection) -> Iterator[Problem]:
    """Give each record whose details or evidence differ from its content, and each missing or altered file.

    Files of evidence from before revision 0002 were not copied into the database, and are not looked for.
    """
    last_without_files = (
        connection.core.scalar(
            select(func.max(col(ChangeRow.seq))).where(col(ChangeRow.action).startswith("migrate from 0001 "))
        )
        or 0
    )
    expected = set()
    files: dict[str, int] = {}
    for seq, _, recorded, details in executions.every_version(connection):
        if recorded.execution.details() != details:
            yield Problem(
                "content",
                message("the stored key of record no. {no} does not match its content", no=recorded.no),
            )
        expected |= {(key, recorded.uid) for key in countable_keys(recorded.execution.evidence)}
        for address in recorded.execution.evidence:
            if seq > last_without_files and (file := parse_file(address)):
                files.setdefault(file.digest, recorded.no)
    indexed = set(connection.tuples(evidence_sql.EVERY))
    for key, _ in sorted(expected ^ indexed, key=str):
        yield Problem("evidence", message("the list of evidence is wrong about {key}", key=key))
    for found, no in files.items():
        problem = _file_problem(database, connection, found, no)
        if problem:
            yield problem


def _file_problem(database: Database, connection: Connection, wanted: str, no: int) -> Problem | None:
    kept = evidence_chunks(database, connection, wanted)
    if kept is None:
        return Problem(
            "evidence", message("the file {digest} that proves no. {no} is missing", digest=wanted, no=no)
        )
    content = hashlib.sha256()
    for piece in kept:
        content.update(piece)
    if content.hexdigest() == wanted:
        return None
    return Problem(
        "evidence", message("the file {digest} that proves no. {no} was altered", digest=wanted, no=no)
    )


def latest_sources(connection: Connection) -> list[tuple[str, str, str]]:
    """Give (plan's code, text, SHA-256) of the latest version of every plan."""
    rows = connection.core.execute(
        select(col(PlanRow.code), col(PlanVersionRow.source), col(PlanVersionRow.digest))
        .join(PlanRow, col(PlanRow.id) == col(PlanVersionRow.plan_id))
        .where(col(PlanVersionRow.until_seq) == OPEN)
    )
    return [(row.code, row.source, row.digest) for row in rows]


def plans_without_file(connection: Connection) -> list[str]:
    """Give the codes of the plans without an imported file."""
    imported = {code for code, _, _ in latest_sources(connection)}
    return [head.code for head in plan_heads(connection) if head.code not in imported]


def wrong_tables(connection: Connection, stored: StoredPlan, plan: Plan) -> list[str]:
    """Give the names of the tables whose rows differ from those that importing this plan would write."""
    wrong = []
    for row, expected in plan_rows(stored, plan):
        target = table(row)
        columns = list(expected[0]) if expected else [column.name for column in target.columns]
        owner = target.c.id if row is PlanRow else target.c.plan_id
        found = connection.core.execute(
            select(*(target.c[name] for name in columns)).where(owner == stored.id)
        ).mappings()
        if _sorted_texts(found, columns) != _sorted_texts(expected, columns):
            wrong.append(target.name)
    return wrong


def _sorted_texts(rows: Iterable[Any], columns: list[str]) -> list[str]:
    return sorted(repr([row[name] for name in columns]) for row in rows)


def sum_problems(connection: Connection) -> Iterator[Problem]:
    """Give the months whose sums differ from those of the versions in force."""
    kept, counted = (
        {row[:-2]: row[-2:] for row in connection.tuples(statement)}
        for statement in (month_sums.KEPT, month_sums.COUNTED)
    )
    for key in sorted(kept.keys() | counted.keys()):
        if kept.get(key) != counted.get(key):
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
