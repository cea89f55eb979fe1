"""Plans: their heads, versions and contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import SQLModel, col

from cchc_cli.storage.schema.tables import (
    ActivityRow,
    AgencyRow,
    ChangeRow,
    FormRow,
    GroupRow,
    PlanRow,
    PlanVersionRow,
    RequirementRow,
    ReviewRow,
)
from cchc_cli.storage.statements.parts import json_list, latest, parameter, table

if TYPE_CHECKING:
    from sqlalchemy import Select

_BY_CODE = col(PlanRow.code) == parameter(col(PlanRow.code))

HEADS = select(
    col(PlanRow.id),
    col(PlanRow.code),
    col(PlanRow.title),
    col(PlanRow.effective_from),
    col(PlanRow.effective_to),
    col(PlanRow.timezone),
).order_by(col(PlanRow.code))

WHOLE = select(table(PlanRow)).where(_BY_CODE)

DIGEST = (
    select(col(PlanVersionRow.digest))
    .join(PlanRow, col(PlanRow.id) == col(PlanVersionRow.plan_id))
    .where(_BY_CODE, latest(PlanVersionRow))
)

VERSION_NO = select(col(PlanVersionRow.version)).where(
    col(PlanVersionRow.plan_id) == parameter(col(PlanVersionRow.plan_id)), latest(PlanVersionRow)
)

SOURCE_AT = select(col(PlanVersionRow.source)).where(
    col(PlanVersionRow.plan_id) == parameter(col(PlanVersionRow.plan_id)),
    col(PlanVersionRow.seq) <= parameter(col(PlanVersionRow.seq)),
    col(PlanVersionRow.until_seq) > parameter(col(PlanVersionRow.seq)),
)

VERSIONS = (
    select(table(PlanVersionRow), col(ChangeRow.author), col(ChangeRow.recorded_at))
    .join(ChangeRow, col(ChangeRow.seq) == col(PlanVersionRow.seq))
    .where(col(PlanVersionRow.plan_id) == parameter(col(PlanVersionRow.plan_id)))
    .order_by(col(PlanVersionRow.version))
)


def _of_plan(row: type[SQLModel]) -> Select[Any]:
    source = table(row)
    return select(source).where(source.c.plan_id == parameter(source.c.plan_id)).order_by(source.c.position)


FORMS = _of_plan(FormRow)
REVIEWS = _of_plan(ReviewRow)
GROUPS = _of_plan(GroupRow)
ACTIVITIES = _of_plan(ActivityRow)
REQUIREMENTS = _of_plan(RequirementRow)
AGENCIES = _of_plan(AgencyRow)
SOME_AGENCIES = AGENCIES.where(col(AgencyRow.id).in_(json_list("agencies")))
