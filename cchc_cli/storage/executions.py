"""Executions: versions added, never overwritten; found again by identity, number and content."""

from __future__ import annotations

import json
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_cli.domain.evidence import evidence_key
from cchc_cli.domain.execution import Execution, Recorded
from cchc_cli.storage.compiled import executions as sql
from cchc_cli.storage.evidence import add_evidence
from cchc_cli.storage.sums import Sums
from cchc_cli.storage.versions import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from cchc_cli.domain.chain import Part
    from cchc_cli.domain.periods import Span
    from cchc_cli.storage.changes import Change
    from cchc_cli.storage.engine import Connection, Row
    from cchc_cli.storage.plans import StoredPlan


class Filter(NamedTuple):
    """Which executions are asked for; None asks for all."""

    plan_id: int
    span: Span
    agencies: Sequence[int] | None = None
    activity_id: int | None = None
    known: int | None = None
    """As it stood after this change; None: now."""


def next_no(connection: Connection) -> int:
    """Give the number of the next new execution. Only within `Database.writing`."""
    return (connection.scalar(sql.HIGHEST_NO) or 0) + 1


def add_versions(
    connection: Connection, stored: StoredPlan, versions: Sequence[Recorded], change: Change
) -> None:
    """Add versions; where one has a version before it, that one ends with this change."""
    sums = Sums()
    followed = [recorded.uid.hex for recorded in versions if recorded.version > 1]
    if followed:
        uids = json.dumps(followed)
        for ending in connection.tuples(sql.ENDING, uids=uids):
            sums.add(ending, -1)
        connection.run(sql.END, uids=uids, seq=change.seq)
    rows = [_values(stored, recorded, change.seq) for recorded in versions]
    for recorded, row in zip(versions, rows, strict=True):
        change.cover("execution", (recorded.no, recorded.version), covered(stored.plan.code, recorded))
        if not recorded.voided:
            sums.add(_counted(row))
    connection.many(sql.ADD, rows)
    sums.save(connection)
    add_evidence(
        connection, {recorded.uid: map(evidence_key, recorded.execution.evidence) for recorded in versions}
    )


_counted = itemgetter("activity_id", "agency_id", "day", "form_id", "repeat", "amount")


def covered(plan_code: str, recorded: Recorded) -> list[Part | Sequence[str]]:
    """Give what the chain covers of a version: all of it but the moment, which its change has."""
    execution = recorded.execution
    return [
        plan_code,
        recorded.uid,
        recorded.no,
        recorded.version,
        execution.agency,
        execution.activity,
        execution.day,
        execution.amount,
        execution.form,
        execution.repeat,
        execution.title,
        execution.note,
        execution.evidence,
        execution.external_id,
        recorded.voided,
        recorded.reason,
    ]


def _values(stored: StoredPlan, recorded: Recorded, seq: int) -> dict[str, Any]:
    execution = recorded.execution
    return {
        "uid": recorded.uid,
        "version": recorded.version,
        "no": recorded.no,
        "plan_id": stored.id,
        "agency_id": stored.agencies[execution.agency],
        "activity_id": stored.activities[execution.activity],
        "day": execution.day,
        "amount": execution.amount,
        "form_id": stored.forms[execution.form] if execution.form else None,
        "repeat": execution.repeat,
        "title": execution.title,
        "note": execution.note,
        "evidence": list(execution.evidence),
        "external_id": execution.external_id,
        "content": execution.content(),
        "voided": recorded.voided,
        "reason": recorded.reason,
        "seq": seq,
        "until_seq": OPEN,
    }


def _recorded(row: Row) -> Recorded:
    return Recorded(
        uid=row.uid,
        no=row.no,
        version=row.version,
        execution=Execution(
            agency=row.agency_code,
            activity=row.activity_code,
            day=row.day,
            amount=row.amount,
            form=row.form_code,
            repeat=row.repeat,
            title=row.title,
            note=row.note,
            evidence=tuple(row.evidence),
            external_id=row.external_id,
        ),
        recorded_at=row.recorded_at,
        author=row.author,
        voided=row.voided,
        reason=row.reason,
        logged_at=row.logged_at,
    )


def latest_executions(connection: Connection, wanted: Filter) -> Iterator[Recorded]:
    """Give the latest version of each execution asked for, by date, then in the order of logging."""
    asked = {
        "plan_id": wanted.plan_id,
        "any_agency": wanted.agencies is None,
        "agencies": json.dumps(list(wanted.agencies or ())),
        "any_activity": wanted.activity_id is None,
        "activity": wanted.activity_id,
        "start": wanted.span.start,
        "end": wanted.span.end,
    }
    rows = (
        connection.stream(sql.ASKED, **asked)
        if wanted.known is None
        else connection.stream(sql.ASKED_THEN, **asked, known=wanted.known)
    )
    return map(_recorded, rows)


def versions_of(connection: Connection, reference: UUID | int) -> tuple[str, list[Recorded]] | None:
    """Give an execution's plan and every version of it, oldest first; by its identity or number."""
    rows = (
        connection.all(sql.VERSIONS_BY_NO, no=reference)
        if isinstance(reference, int)
        else connection.all(sql.VERSIONS_BY_UID, uid=reference)
    )
    return (rows[0].plan_code, [_recorded(row) for row in rows]) if rows else None


def with_external_ids(connection: Connection, plan_id: int, ids: Iterable[str]) -> dict[str, Recorded]:
    """Give the latest versions that have one of these external ids."""
    wanted = json.dumps(sorted(set(ids)))
    rows = connection.all(sql.WITH_EXTERNAL_IDS, plan_id=plan_id, external_ids=wanted)
    return {row.external_id: _recorded(row) for row in rows}


def numbers_with(connection: Connection, plan_id: int, contents: Iterable[str]) -> dict[str, set[int]]:
    """Give the numbers of the executions that have one of these contents, by content."""
    wanted = json.dumps(sorted(set(contents)))
    found: dict[str, set[int]] = defaultdict(set)
    for content, no in connection.tuples(sql.WITH_CONTENTS, plan_id=plan_id, contents=wanted):
        found[content].add(no)
    return found


def first_shortage(connection: Connection, agency_id: int, activity_id: int) -> tuple[date, int] | None:
    """Give the first day at whose end the stock lies below zero, and that stock; None where none."""
    found = connection.first(sql.SHORTAGE, agency_id=agency_id, activity_id=activity_id)
    return (found.day, found.stock) if found else None


def every_version(connection: Connection) -> Iterator[tuple[int, str, Recorded, str]]:
    """Give (change, plan's code, version, key of content) of every version, in the order of changes."""
    rows = connection.stream(sql.EVERY)
    return ((row.seq, row.plan_code, _recorded(row), row.content) for row in rows)
