"""The sums by month, as stored and as computed from the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from cchc_cli.storage.schema.columns import first_of_month
from cchc_cli.storage.schema.tables import ExecutionRow, MonthSumRow
from cchc_cli.storage.statements.parts import latest, table

if TYPE_CHECKING:
    from sqlalchemy import Select

_sum = table(MonthSumRow)
_execution = table(ExecutionRow)


def _add(dialect: Any) -> Any:
    """Insert a sum, or add to an existing one."""
    added = dialect.insert(_sum)
    return added.on_conflict_do_update(
        index_elements=list(_sum.primary_key),
        set_={name: _sum.c[name] + added.excluded[name] for name in ("executions", "amount")},
    )


ADD = (_add(sqlite), _add(postgresql))


def _by_month() -> Select[Any]:
    month = first_of_month(_execution.c.day)
    form = func.coalesce(_execution.c.form_id, 0)
    keys = (_execution.c.activity_id, _execution.c.agency_id, month, form, _execution.c.repeat)
    return (
        select(
            _execution.c.activity_id,
            _execution.c.agency_id,
            month.label("month"),
            form.label("form_id"),
            _execution.c.repeat,
            func.count().label("executions"),
            func.sum(_execution.c.amount).label("amount"),
        )
        .where(latest(ExecutionRow), ~col(ExecutionRow.voided))
        .group_by(*keys)
    )


COUNTED = _by_month()
"""The sums as computed from the versions."""
KEPT = select(_sum).where((_sum.c.executions != 0) | (_sum.c.amount != 0))
"""The sums as stored; one of zero is as good as none."""
