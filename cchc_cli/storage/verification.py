"""Reading everything that was recorded again, to hold it against the chain."""

from __future__ import annotations

from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, text
from sqlmodel import SQLModel, col

from cchc_cli.domain.chain import BEGINNING, CoveredRow, Head, content_of, digest, next_link
from cchc_cli.domain.errors import Message, message
from cchc_cli.storage import executions, waivers
from cchc_cli.storage.plans import plan_heads, table
from cchc_cli.storage.tables import (
    OPEN,
    ChangeRow,
    ExecutionRow,
    LinkRow,
    PlanRow,
    PlanVersionRow,
    WaiverRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


class Problem(NamedTuple):
    """Something that is not as the program left it: its kind for scripts, and the sentence."""

    kind: str
    what: Message


def chain_problems(connection: Connection, against: Head | None) -> Iterator[Problem]:
    """Give the first change whose link does not hold, and an older head that this chain does not have."""
    contents = _contents(connection)
    links = {row.seq: row for row in connection.execute(select(table(LinkRow)))}
    expected, before, broken = 1, BEGINNING, False
    for change in connection.execute(select(table(ChangeRow)).order_by(col(ChangeRow.seq))):
        content = contents.pop(change.seq, content_of(()))
        link = links.pop(change.seq, None)
        found = next_link(before, change.seq, change.recorded_at, change.author, change.action, content)
        if not broken:
            problem = _change_problem(change.seq, expected, link, content, found)
            broken = problem is not None
            if problem:
                yield problem
        before, expected = (link.link if link else found), change.seq + 1
        if against and against.links == change.seq and before != against.link:
            yield Problem(
                "against", message("change {seq} is not the one that the older head names", seq=change.seq)
            )
    for seq in sorted({*contents, *links}):
        yield Problem("rows", message("there are records of change {seq}, but no such change", seq=seq))
    if against and against.links >= expected:
        yield Problem(
            "against",
            message(
                "the older head names {count} changes; here are only {found}",
                count=against.links,
                found=expected - 1,
            ),
        )


def _change_problem(seq: int, expected: int, link: object, content: str, found: str) -> Problem | None:
    if seq != expected:
        return Problem("change", message("change {seq} is missing", seq=expected))
    if link is None:
        return Problem("link", message("change {seq} was made outside the program: it has no link", seq=seq))
    if getattr(link, "content", None) != content:
        return Problem(
            "rows", message("the records of change {seq} are not those it was linked with", seq=seq)
        )
    if getattr(link, "link", None) != found:
        return Problem("link", message("the link of change {seq} does not hold", seq=seq))
    return None


def _contents(connection: Connection) -> dict[int, str]:
    """Give the digest of what each change brought, read anew."""
    rows = merge(_plan_rows(connection), _execution_rows(connection), _waiver_rows(connection))
    return {
        seq: content_of(row for _, row in group) for seq, group in groupby(rows, key=lambda pair: pair[0])
    }


_Covered = tuple[int, CoveredRow]


def _plan_rows(connection: Connection) -> Iterator[_Covered]:
    version = table(PlanVersionRow)
    for row in connection.execute(
        select(version, col(PlanRow.code))
        .join(PlanRow, col(PlanRow.id) == version.c.plan_id)
        .order_by(version.c.seq, version.c.plan_id, version.c.version)
    ):
        values = [row.code, row.version, row.digest, row.source]
        yield row.seq, CoveredRow("plan", (row.plan_id, row.version), digest(values))


def _execution_rows(connection: Connection) -> Iterator[_Covered]:
    for seq, plan_code, recorded in executions.every_version(connection):
        row = digest(executions.covered(plan_code, recorded))
        yield seq, CoveredRow("execution", (recorded.no, recorded.version), row)


def _waiver_rows(connection: Connection) -> Iterator[_Covered]:
    for row in waivers.every_version(connection):
        yield row.seq, CoveredRow("waiver", (row.no, row.version), digest(waivers.covered_row(row)))


def interval_problems(connection: Connection) -> Iterator[Problem]:
    """Give each version whose end is not the beginning of the next one: ends are not in the chain."""
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
        for found in connection.execute(select(ends.c.seq).where(wrong).order_by(ends.c.seq)):
            yield Problem(
                "versions",
                message("the versions around change {seq} do not follow one another", seq=found.seq),
            )


def content_problems(connection: Connection) -> Iterator[Problem]:
    """Give each record whose stored digest of content is not that of its content."""
    stored = connection.execute(
        select(col(ExecutionRow.no), col(ExecutionRow.version), col(ExecutionRow.content))
    )
    contents = {(row.no, row.version): row.content for row in stored}
    for _, _, recorded in executions.every_version(connection):
        if contents.get((recorded.no, recorded.version)) != recorded.execution.content():
            yield Problem(
                "content", message("the key of record no. {no} is not that of its content", no=recorded.no)
            )


def sources(connection: Connection) -> list[tuple[str, str, str]]:
    """Give (plan's code, text, SHA-256) of the latest version of every plan."""
    rows = connection.execute(
        select(col(PlanRow.code), col(PlanVersionRow.source), col(PlanVersionRow.digest))
        .join(PlanRow, col(PlanRow.id) == col(PlanVersionRow.plan_id))
        .where(col(PlanVersionRow.until_seq) == OPEN)
    )
    return [(row.code, row.source, row.digest) for row in rows]


def unimported(connection: Connection) -> list[str]:
    """Give the plans that no file was ever imported for."""
    imported = {code for code, _, _ in sources(connection)}
    return [head.code for head in plan_heads(connection) if head.code not in imported]


def integrity_problems(connection: Connection) -> Iterator[Problem]:
    """Ask the database for its own opinion; only SQLite has one to ask for."""
    if connection.dialect.name != "sqlite":
        return
    for row in connection.execute(text("PRAGMA integrity_check(5)")):
        if row[0] != "ok":
            yield Problem("database", message("the database file is damaged: {reason}", reason=str(row[0])))
    if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        yield Problem("database", message("a record refers to something that is not there"))


def missing_triggers(connection: Connection, tables: tuple[type[SQLModel], ...]) -> list[str]:
    """Give the names of guards that should stand in the database and do not."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    there = {row[0] for row in connection.execute(text(asked))}
    wanted = [f"{table(row).name}_keep_{what}" for row in tables for what in ("rows", "values")]
    return [name for name in wanted if name not in there]
