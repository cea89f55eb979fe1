"""Waivers: adds versions, which are never overwritten, and reads them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.records.execution import new_uid
from cchc_cli.domain.records.hash_chain import digest
from cchc_cli.domain.records.waiver import RecordedWaiver, Waiver
from cchc_cli.storage.compiled import waivers as sql
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from cchc_cli.domain.records.hash_chain import Part
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.database.connection import Connection, Row
    from cchc_cli.storage.plans.plans import StoredPlan

Waivers = dict[str, list[Waiver]]
"""Waivers by the agency's code."""


def add_waiver(
    connection: Connection, stored: StoredPlan, waiver: Waiver, change: Change, now: datetime
) -> int:
    """Add a waiver; give its number for people."""
    no = (connection.scalar(sql.HIGHEST_NO) or 0) + 1
    requirement = stored.requirements[waiver.activity, waiver.requirement] if waiver.requirement else None
    uid = new_uid(now)
    connection.run(
        sql.ADD,
        uid=uid,
        version=1,
        no=no,
        plan_id=stored.id,
        agency_id=stored.agencies[waiver.agency],
        activity_id=stored.activities[waiver.activity],
        requirement_id=requirement,
        starts=waiver.span.start,
        ends=waiver.span.end,
        reason=waiver.reason,
        document=waiver.document,
        ended=False,
        seq=change.seq,
        until_seq=OPEN,
    )
    change.cover("waiver", no, 1, digest(covered_values(stored.plan.code, uid, 1, no, waiver, ended=False)))
    return no


def covered_values(
    plan_code: str, uid: UUID, version: int, no: int, waiver: Waiver, *, ended: bool
) -> list[Part | Sequence[str]]:
    """Give the values of a version for the hash chain: all of them."""
    return [
        plan_code,
        uid,
        no,
        version,
        waiver.agency,
        waiver.activity,
        waiver.requirement,
        waiver.span.start,
        waiver.span.end,
        waiver.reason,
        waiver.document,
        ended,
    ]


def end_waiver(connection: Connection, no: int, reason: str, change: Change) -> bool:
    """Add a last version that ends a waiver; give False where none with this number is in force."""
    # Larger numbers than the database can hold are typed too.
    found = connection.first(sql.IN_FORCE_BY_NO, no=no) if 0 < no < OPEN else None
    if found is None:
        return False
    connection.run(sql.END, no=no, seq=change.seq)
    version = found.version + 1
    ending = {"version": version, "ended": True, "reason": reason, "seq": change.seq, "until_seq": OPEN}
    connection.run(sql.ADD, **{**vars(found), **ending})
    (row,) = connection.all(sql.VERSION, no=no, version=version)
    change.cover("waiver", no, version, digest(covered_row(row)))
    return True


def covered_row(row: Row) -> list[Part | Sequence[str]]:
    """Give the values for the hash chain of a row with its codes."""
    return covered_values(
        row.plan_code, row.uid, row.version, row.no, _recorded_of(row).waiver, ended=row.ended
    )


def every_version(connection: Connection) -> Iterator[Row]:
    """Give every version of every waiver, in the order of changes."""
    return connection.stream(sql.EVERY)


def latest_waivers(connection: Connection, plan_id: int | None) -> list[RecordedWaiver]:
    """Give the latest version of each waiver, of one plan or all, in the order of recording."""
    return [_recorded_of(row) for row in connection.all(sql.LATEST) if plan_id in {None, row.plan_id}]


def _recorded_of(row: Row) -> RecordedWaiver:
    span = Span(row.starts, row.ends)
    waiver = Waiver(row.agency, row.activity, row.requirement, span, row.reason, row.document)
    return RecordedWaiver(row.no, row.plan_code, waiver, row.ended, row.author, row.recorded_at)


def load_waivers(connection: Connection, plan_id: int, known: int | None = None) -> Waivers:
    """Give the waivers of a plan that are in force now, or were after the change `known`."""
    found: Waivers = defaultdict(list)
    for recorded in waivers_in_force(connection, plan_id, known):
        found[recorded.waiver.agency].append(recorded.waiver)
    return found


def waivers_in_force(
    connection: Connection, plan_id: int, known: int | None = None
) -> Iterator[RecordedWaiver]:
    """Give the versions of waivers that are in force now, or were after the change `known`."""
    rows = (
        connection.all(sql.IN_FORCE, plan_id=plan_id)
        if known is None
        else connection.all(sql.IN_FORCE_AS_KNOWN, plan_id=plan_id, known=known)
    )
    return map(_recorded_of, rows)


def waivers_since(connection: Connection, plan_id: int, seq: int) -> list[RecordedWaiver]:
    """Give the versions of a plan's waivers that were added after a change, in the order of changes."""
    rows = connection.all(sql.SINCE, plan_id=plan_id, seq=seq)
    return [_recorded_of(row) for row in rows]


def waivers_of_change(connection: Connection, seq: int) -> list[RecordedWaiver]:
    """Give the versions of waivers that a change wrote, in the order of recording."""
    return [_recorded_of(row) for row in connection.all(sql.OF_CHANGE, seq=seq)]


def waived_requirements(connection: Connection, plan_id: int) -> set[tuple[str, str, str | None]]:
    """Give (agency, activity, requirement) of every waiver ever recorded: an import must keep them."""
    return {
        (row.agency, row.activity, row.requirement)
        for row in connection.all(sql.EVER_RECORDED, plan_id=plan_id)
    }
