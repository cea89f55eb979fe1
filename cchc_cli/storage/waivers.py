"""Waivers: versions added, never overwritten."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select
from sqlmodel import col

from cchc_cli.domain.execution import new_uid
from cchc_cli.domain.periods import Span
from cchc_cli.domain.waivers import Waiver
from cchc_cli.storage.tables import OPEN, ActivityRow, AgencyRow, RequirementRow, WaiverRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Result

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


def load_waivers(connection: Connection, plan_id: int) -> Waivers:
    """Give the waivers of a plan that are in force."""
    rows: Result[Any] = connection.execute(
        select(
            col(AgencyRow.code).label("agency"),
            col(ActivityRow.code).label("activity"),
            col(RequirementRow.code).label("requirement"),
            col(WaiverRow.starts),
            col(WaiverRow.ends),
            col(WaiverRow.reason),
            col(WaiverRow.document),
        )
        .select_from(WaiverRow)
        .join(AgencyRow, col(AgencyRow.id) == col(WaiverRow.agency_id))
        .join(ActivityRow, col(ActivityRow.id) == col(WaiverRow.activity_id))
        .outerjoin(RequirementRow, col(RequirementRow.id) == col(WaiverRow.requirement_id))
        .where(col(WaiverRow.plan_id) == plan_id, col(WaiverRow.until_seq) == OPEN, ~col(WaiverRow.ended))
        .order_by(col(WaiverRow.no))
    )
    found: Waivers = defaultdict(list)
    for row in rows:
        waiver = Waiver(
            row.agency, row.activity, row.requirement, Span(row.starts, row.ends), row.reason, row.document
        )
        found[waiver.agency].append(waiver)
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
