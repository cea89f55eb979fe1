"""Closed reviews, which are added and never changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.records.hash_chain import digest
from cchc_cli.domain.results.reviews import ClosedReview
from cchc_cli.domain.verdicts.rules import CutOff
from cchc_cli.storage.compiled import closed_reviews as sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from cchc_cli.domain.records.hash_chain import Part
    from cchc_cli.domain.results.reviews import ClosedVerdict
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.database.connection import Connection, Row


def next_no(connection: Connection) -> int:
    """Give the number of the next closing. Only within `Database.writing`."""
    return (connection.scalar(sql.HIGHEST_NO) or 0) + 1


def add_closing(
    connection: Connection,
    plan: tuple[int, str],
    closing: ClosedReview,
    verdicts: list[ClosedVerdict],
    change: Change,
) -> None:
    """Add a closing with its verdicts; `plan` is the plan's key and code."""
    plan_id, code = plan
    text = json.dumps(verdicts, ensure_ascii=False, separators=(",", ":"))
    connection.run(
        sql.ADD,
        no=closing.no,
        plan_id=plan_id,
        review=closing.review,
        starts=closing.window.start,
        ends=closing.window.end,
        cutoff=closing.cutoff.day,
        day_over=closing.cutoff.over,
        known=closing.known,
        head=closing.head,
        plan_digest=closing.plan_digest,
        verdicts=text,
        rules=closing.rules,
        seq=change.seq,
    )
    change.cover("closing", closing.no, 1, digest(_covered_values(code, closing, text)))


def _covered_values(plan_code: str, closing: ClosedReview, verdicts: str) -> list[Part]:
    return [
        plan_code,
        closing.no,
        closing.review,
        closing.window.start,
        closing.window.end,
        closing.cutoff.day,
        closing.cutoff.over,
        closing.known,
        closing.head,
        closing.plan_digest,
        verdicts,
        # Closings of the first rule set were linked before rule sets had numbers.
        *([closing.rules] if closing.rules != 1 else []),
    ]


def closings_of(connection: Connection, plan_id: int) -> list[ClosedReview]:
    """Give every closing of a plan's reviews, oldest first."""
    return [_closing_of(row) for row in connection.all(sql.OF_PLAN, plan_id=plan_id)]


def verdicts_of(connection: Connection, no: int) -> list[ClosedVerdict]:
    """Give the verdicts of a closing, in the order of the plan."""
    found: list[list[Any]] = json.loads(connection.scalar(sql.VERDICTS, no=no))
    return [tuple(one) for one in found]


def change_of(connection: Connection, no: int) -> int:
    """Give the number of the change that added a closing."""
    found: int = connection.scalar(sql.CHANGE, no=no)
    return found


def every_closing(connection: Connection) -> Iterator[tuple[int, int, str]]:
    """Give (change, number, digest for the chain) of every closing, in order."""
    for row in connection.stream(sql.EVERY):
        yield row.seq, row.no, digest(_covered_values(row.plan_code, _closing_of(row), row.verdicts))


def _closing_of(row: Row) -> ClosedReview:
    return ClosedReview(
        row.no,
        row.review,
        Span(row.starts, row.ends),
        CutOff(row.cutoff, row.day_over),
        row.known,
        row.head,
        row.plan_digest,
        row.rules,
        row.author,
        row.recorded_at,
    )


class VersionSince(NamedTuple):
    """A version of an execution that was added after a change."""

    agency: str
    activity: str
    no: int
    version: int
    day: date
    day_before: date | None
    """The day of the version before; None where this is the first."""
    voided: bool
    reason: str | None
    author: str
    recorded_at: datetime


def versions_since(connection: Connection, plan_id: int, seq: int) -> list[VersionSince]:
    """Give the versions of a plan's executions that were added after a change, by number and version."""
    rows = connection.tuples(sql.VERSIONS_SINCE, plan_id=plan_id, seq=seq)
    return [VersionSince(*row) for row in rows]
