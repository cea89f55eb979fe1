"""Counts the references of executions to the rows of a plan, which an import must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import ActivityRow, AgencyRow, ExecutionRow, FormRow, PlanRow
from cchc_cli.storage.schema.versions import OPEN
from cchc_cli.storage.statements.parts import table

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


class References(NamedTuple):
    """The number of executions that refer, in any version, to each code; and the first and last day of each agency."""

    agencies: dict[str, int]
    activities: dict[str, int]
    forms: dict[str, int]
    days: dict[str, tuple[date, date]]


def count_references(connection: Connection, plan_code: str) -> References:
    """Count the references of the executions of a plan. The days are those of the latest versions."""
    execution = table(ExecutionRow)
    plan_id = select(col(PlanRow.id)).where(col(PlanRow.code) == plan_code).scalar_subquery()

    def counts(row: Any, key: Any) -> dict[str, int]:
        chosen = (
            select(row.code, func.count(execution.c.no.distinct()))
            .join(execution, key == row.id)
            .where(execution.c.plan_id == plan_id)
            .group_by(row.code)
        )
        return {code: int(number) for code, number in connection.execute(chosen)}

    spans = connection.execute(
        select(col(AgencyRow.code), func.min(execution.c.day), func.max(execution.c.day))
        .join(execution, execution.c.agency_id == col(AgencyRow.id))
        .where(execution.c.plan_id == plan_id, execution.c.until_seq == OPEN)
        .group_by(col(AgencyRow.code))
    )
    return References(
        counts(AgencyRow, execution.c.agency_id),
        counts(ActivityRow, execution.c.activity_id),
        counts(FormRow, execution.c.form_id),
        {code: (first, last) for code, first, last in spans},
    )
