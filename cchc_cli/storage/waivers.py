"""Waivers: versions added, never overwritten."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, update
from sqlmodel import col

from cchc_cli.domain.execution import new_uid
from cchc_cli.domain.periods import Span
from cchc_cli.domain.waivers import RecordedWaiver, Waiver
from cchc_cli.storage.plans import table
from cchc_cli.storage.tables import (
    OPEN,
    ActivityRow,
    AgencyRow,
    ChangeRow,
    PlanRow,
    RequirementRow,
    WaiverRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Row, Select

    from cchc_cli.domain.chain import Part
    from cchc_cli.storage.changes import Change
    from cchc_cli.storage.plans import StoredPlan

Waivers = dict[str, list[Waiver]]
"""By the agency's code."""


def add_waiver(
    connection: Connection, stored: StoredPlan, waiver: Waiver, change: Change, now: datetime
) -> int:
    """Add a waiver; give its number for people."""
    no = (connection.scalar(select(func.max(col(WaiverRow.no)))) or 0) + 1
    requirement = stored.requirements[waiver.activity, waiver.requirement] if waiver.requirement else None
    uid = new_uid(now)
    connection.execute(
        insert(WaiverRow).values(
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
    )
    change.cover("waiver", (no, 1), covered(stored.plan.code, uid, 1, no, waiver, ended=False))
    return no


def covered(
    plan_code: str, uid: UUID, version: int, no: int, waiver: Waiver, *, ended: bool
) -> list[Part | Sequence[str]]:
    """Give what the chain covers of a version: all of it."""
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
    """Add a last version that ends the waiver; tell whether there was one in force."""
    waiver = table(WaiverRow)
    latest = (waiver.c.no == no) & (waiver.c.until_seq == OPEN) & ~waiver.c.ended
    found = connection.execute(select(waiver).where(latest)).mappings().first()
    if found is None:
        return False
    connection.execute(update(waiver).where(latest).values(until_seq=change.seq))
    version = found["version"] + 1
    ending = {"version": version, "ended": True, "reason": reason, "seq": change.seq, "until_seq": OPEN}
    connection.execute(insert(waiver).values({**found, **ending}))
    row = connection.execute(_whole().where(waiver.c.no == no, waiver.c.version == version)).one()
    change.cover("waiver", (no, version), covered_row(row))
    return True


def covered_row(row: Row[Any]) -> list[Part | Sequence[str]]:
    """Give what the chain covers of a row of `_whole`."""
    return covered(row.plan_code, row.uid, row.version, row.no, _recorded(row).waiver, ended=row.ended)


def every_version(connection: Connection) -> Iterator[Row[Any]]:
    """Give every version of every waiver, in the order of changes."""
    waiver = table(WaiverRow)
    return iter(connection.execute(_whole().order_by(waiver.c.seq, waiver.c.no, waiver.c.version)))


def _whole() -> Select[Any]:
    return (
        select(
            table(WaiverRow),
            col(PlanRow.code).label("plan_code"),
            col(AgencyRow.code).label("agency"),
            col(ActivityRow.code).label("activity"),
            col(RequirementRow.code).label("requirement"),
            col(ChangeRow.author),
            col(ChangeRow.recorded_at),
        )
        .select_from(WaiverRow)
        .join(PlanRow, col(PlanRow.id) == col(WaiverRow.plan_id))
        .join(AgencyRow, col(AgencyRow.id) == col(WaiverRow.agency_id))
        .join(ActivityRow, col(ActivityRow.id) == col(WaiverRow.activity_id))
        .outerjoin(RequirementRow, col(RequirementRow.id) == col(WaiverRow.requirement_id))
        .join(ChangeRow, col(ChangeRow.seq) == col(WaiverRow.seq))
    )


def latest_waivers(connection: Connection, plan_id: int | None) -> list[RecordedWaiver]:
    """Give the latest version of each waiver, of one plan or all, in the order of recording."""
    chosen = _whole().where(col(WaiverRow.until_seq) == OPEN).order_by(col(WaiverRow.no))
    if plan_id is not None:
        chosen = chosen.where(col(WaiverRow.plan_id) == plan_id)
    return [_recorded(row) for row in connection.execute(chosen)]


def _recorded(row: Row[Any]) -> RecordedWaiver:
    span = Span(row.starts, row.ends)
    waiver = Waiver(row.agency, row.activity, row.requirement, span, row.reason, row.document)
    return RecordedWaiver(row.no, waiver, row.ended, row.author, row.recorded_at)


def load_waivers(connection: Connection, plan_id: int, known: int | None = None) -> Waivers:
    """Give the waivers of a plan that are in force, or were after a change."""
    waiver = table(WaiverRow)
    in_force = (
        waiver.c.until_seq == OPEN
        if known is None
        else and_(waiver.c.seq <= known, waiver.c.until_seq > known)
    )
    found: Waivers = defaultdict(list)
    rows = connection.execute(_whole().where(waiver.c.plan_id == plan_id, in_force, ~waiver.c.ended))
    for row in rows:
        found[row.agency].append(_recorded(row).waiver)
    return found


def waived(connection: Connection, plan_id: int) -> set[tuple[str, str, str | None]]:
    """Give (agency, activity, requirement) of every waiver ever recorded: the plan must keep them."""
    rows = connection.execute(
        select(col(AgencyRow.code), col(ActivityRow.code), col(RequirementRow.code))
        .select_from(WaiverRow)
        .join(AgencyRow, col(AgencyRow.id) == col(WaiverRow.agency_id))
        .join(ActivityRow, col(ActivityRow.id) == col(WaiverRow.activity_id))
        .outerjoin(RequirementRow, col(RequirementRow.id) == col(WaiverRow.requirement_id))
        .where(col(WaiverRow.plan_id) == plan_id)
    )
    return {(row[0], row[1], row[2]) for row in rows}
