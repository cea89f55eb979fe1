"""Reads every change and everything that it wrote, and compares them with the hash chain."""

from __future__ import annotations

from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.records.hash_chain import (
    EMPTY_CHAIN,
    GENESIS_LINK,
    CoveredRow,
    Head,
    content_digest,
    digest,
    next_link,
)
from cchc_cli.storage.changes.changes import Problem
from cchc_cli.storage.database.sqlalchemy_engine import stream_rows
from cchc_cli.storage.records import closed_reviews as closings
from cchc_cli.storage.records import executions, waivers
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
    from collections.abc import Iterator

    from sqlalchemy import Row

    from cchc_cli.storage.database.connection import Connection


def chain_problems(connection: Connection, against: Head | None) -> Iterator[Problem]:
    """Give the first change whose link is wrong; and `against`, an older head, where this chain does not contain it."""
    expected, before, broken, last = 1, GENESIS_LINK, False, None
    if against and not against.links and against != EMPTY_CHAIN:
        yield Problem("against", message("the older head names no changes, but a link"))
    for seq, parts in groupby(_parts_in_order(connection), key=lambda part: part[0]):
        found = {kind: value for _, kind, value in parts}
        change, link = found.get(_CHANGE), found.get(_LINK)
        if change is None:
            yield Problem("rows", message("there are records of change {seq}, but no such change", seq=seq))
            continue
        if last and change.recorded_at < last:
            yield Problem(
                "moment", message("change {seq} has an earlier moment than the change before it", seq=seq)
            )
        last = change.recorded_at
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
