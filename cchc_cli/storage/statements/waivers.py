"""Waivers: adding versions, and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, update
from sqlmodel import col

from cchc_cli.storage.schema.tables import (
    ActivityRow,
    AgencyRow,
    ChangeRow,
    PlanRow,
    RequirementRow,
    WaiverRow,
)
from cchc_cli.storage.statements.parts import in_force, latest, parameter, table

if TYPE_CHECKING:
    from sqlalchemy import Select

_waiver = table(WaiverRow)
_OF_PLAN = _waiver.c.plan_id == parameter(_waiver.c.plan_id)
_IN_FORCE_BY_NO = and_(_waiver.c.no == parameter(_waiver.c.no), latest(WaiverRow), ~_waiver.c.ended)


def _with_codes() -> Select[Any]:
    return (
        select(
            _waiver,
            col(PlanRow.code).label("plan_code"),
            col(AgencyRow.code).label("agency"),
            col(ActivityRow.code).label("activity"),
            col(RequirementRow.code).label("requirement"),
            col(ChangeRow.author),
            col(ChangeRow.recorded_at),
        )
        .select_from(WaiverRow)
        .join(PlanRow, col(PlanRow.id) == _waiver.c.plan_id)
        .join(AgencyRow, col(AgencyRow.id) == _waiver.c.agency_id)
        .join(ActivityRow, col(ActivityRow.id) == _waiver.c.activity_id)
        .outerjoin(RequirementRow, col(RequirementRow.id) == _waiver.c.requirement_id)
        .join(ChangeRow, col(ChangeRow.seq) == _waiver.c.seq)
    )


def _in_force(*, as_known: bool) -> Select[Any]:
    return _with_codes().where(_OF_PLAN, in_force(_waiver.c, as_known=as_known), ~_waiver.c.ended)


HIGHEST_NO = select(func.max(_waiver.c.no))
ADD = insert(_waiver)
IN_FORCE_BY_NO = select(_waiver).where(_IN_FORCE_BY_NO)
END = update(_waiver).where(_IN_FORCE_BY_NO).values(until_seq=parameter(_waiver.c.seq))
VERSION = _with_codes().where(
    _waiver.c.no == parameter(_waiver.c.no), _waiver.c.version == parameter(_waiver.c.version)
)
EVERY = _with_codes().order_by(_waiver.c.seq, _waiver.c.no, _waiver.c.version)
SINCE = EVERY.where(_OF_PLAN, _waiver.c.seq > parameter(_waiver.c.seq))
OF_CHANGE = EVERY.where(_waiver.c.seq == parameter(_waiver.c.seq))
LATEST = _with_codes().where(latest(WaiverRow)).order_by(_waiver.c.no)
IN_FORCE = _in_force(as_known=False)
IN_FORCE_AS_KNOWN = _in_force(as_known=True)
EVER_RECORDED: Any = (
    select(
        col(AgencyRow.code).label("agency"),
        col(ActivityRow.code).label("activity"),
        col(RequirementRow.code).label("requirement"),
    )
    .select_from(WaiverRow)
    .join(AgencyRow, col(AgencyRow.id) == _waiver.c.agency_id)
    .join(ActivityRow, col(ActivityRow.id) == _waiver.c.activity_id)
    .outerjoin(RequirementRow, col(RequirementRow.id) == _waiver.c.requirement_id)
    .where(_OF_PLAN)
)
