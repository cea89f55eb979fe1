"""Closed reviews, and the versions that were added since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import (
    ActivityRow,
    AgencyRow,
    ChangeRow,
    ClosingRow,
    ExecutionRow,
    PlanRow,
)
from cchc_cli.storage.statements.parts import parameter, table

if TYPE_CHECKING:
    from sqlalchemy import Select

_closing = table(ClosingRow)
_execution = table(ExecutionRow)
_before = _execution.alias("before")

HIGHEST_NO = select(func.max(_closing.c.no))
ADD = insert(_closing)


def _with_change(*columns: Any) -> Select[Any]:
    return (
        select(
            *columns, col(PlanRow.code).label("plan_code"), col(ChangeRow.author), col(ChangeRow.recorded_at)
        )
        .select_from(_closing)
        .join(PlanRow, col(PlanRow.id) == _closing.c.plan_id)
        .join(ChangeRow, col(ChangeRow.seq) == _closing.c.seq)
    )


OF_PLAN = (
    _with_change(*(column for column in _closing.c if column.name != "verdicts"))
    .where(_closing.c.plan_id == parameter(_closing.c.plan_id))
    .order_by(_closing.c.no)
)
EVERY = _with_change(_closing).order_by(_closing.c.no)
CHANGE = select(_closing.c.seq).where(_closing.c.no == parameter(_closing.c.no))
VERDICTS = select(_closing.c.verdicts).where(_closing.c.no == parameter(_closing.c.no))

VERSIONS_SINCE = (
    select(
        col(AgencyRow.code).label("agency"),
        col(ActivityRow.code).label("activity"),
        _execution.c.no,
        _execution.c.version,
        _execution.c.day,
        _before.c.day.label("day_before"),
        _execution.c.voided,
        _execution.c.reason,
        col(ChangeRow.author),
        col(ChangeRow.recorded_at),
    )
    .join(AgencyRow, col(AgencyRow.id) == _execution.c.agency_id)
    .join(ActivityRow, col(ActivityRow.id) == _execution.c.activity_id)
    .join(ChangeRow, col(ChangeRow.seq) == _execution.c.seq)
    .outerjoin(
        _before, and_(_before.c.uid == _execution.c.uid, _before.c.version == _execution.c.version - 1)
    )
    .where(
        _execution.c.plan_id == parameter(_execution.c.plan_id),
        _execution.c.seq > parameter(_execution.c.seq),
    )
    .order_by(_execution.c.no, _execution.c.version)
)
