"""Waivers: versions added, never overwritten."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlmodel import col

from cchc_cli.domain.execution import new_uid
from cchc_cli.domain.periods import Span
from cchc_cli.domain.waivers import RecordedWaiver, Waiver
from cchc_cli.storage.plans import table
from cchc_cli.storage.tables import OPEN, ActivityRow, AgencyRow, ChangeRow, RequirementRow, WaiverRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from cchc_cli.storage.plans import StoredPlan

Waivers = dict[str, list[Waiver]]
"""By the agency's code."""


def add_waiver(connection: Connection, stored: StoredPlan, waiver: Waiver, seq: int, now: datetime) -> int:
    """Add a waiver; give its number for people."""
    no = (connection.scalar(select(func.max(col(WaiverRow.no)))) or 0) + 1
    requirement = stored.requirements[waiver.activity, waiver.requirement] if waiver.requirement else None
    connection.execute(
        insert(WaiverRow).values(
            uid=new_uid(now),
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
            seq=seq,
            until_seq=OPEN,
        )
    )
    return no


def end_waiver(connection: Connection, no: int, reason: str, seq: int) -> bool:
    """Add a last version that ends the waiver; tell whether there was one in force."""
    waiver = table(WaiverRow)
    latest = (waiver.c.no == no) & (waiver.c.until_seq == OPEN) & ~waiver.c.ended
    found = connection.execute(select(waiver).where(latest)).mappings().first()
    if found is None:
        return False
    connection.execute(update(waiver).where(latest).values(until_seq=seq))
    ending = {"version": found["version"] + 1, "ended": True, "reason": reason, "seq": seq, "until_seq": OPEN}
    connection.execute(insert(waiver).values({**found, **ending}))
    return True


def latest_waivers(connection: Connection, plan_id: int | None) -> list[RecordedWaiver]:
    """Give the latest version of each waiver, of one plan or all, in the order of recording."""
    chosen = (
        select(
            table(WaiverRow),
            col(AgencyRow.code).label("agency"),
            col(ActivityRow.code).label("activity"),
            col(RequirementRow.code).label("requirement"),
            col(ChangeRow.author),
            col(ChangeRow.recorded_at),
        )
        .select_from(WaiverRow)
        .join(AgencyRow, col(AgencyRow.id) == col(WaiverRow.agency_id))
        .join(ActivityRow, col(ActivityRow.id) == col(WaiverRow.activity_id))
        .outerjoin(RequirementRow, col(RequirementRow.id) == col(WaiverRow.requirement_id))
        .join(ChangeRow, col(ChangeRow.seq) == col(WaiverRow.seq))
        .where(col(WaiverRow.until_seq) == OPEN)
        .order_by(col(WaiverRow.no))
    )
    if plan_id is not None:
        chosen = chosen.where(col(WaiverRow.plan_id) == plan_id)
    return [_recorded(row) for row in connection.execute(chosen)]


def _recorded(row: Row[Any]) -> RecordedWaiver:
    span = Span(row.starts, row.ends)
    waiver = Waiver(row.agency, row.activity, row.requirement, span, row.reason, row.document)
    return RecordedWaiver(row.no, waiver, row.ended, row.author, row.recorded_at)


def load_waivers(connection: Connection, plan_id: int) -> Waivers:
    """Give the waivers of a plan that are in force."""
    found: Waivers = defaultdict(list)
    for recorded in latest_waivers(connection, plan_id):
        if not recorded.ended:
            found[recorded.waiver.agency].append(recorded.waiver)
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
