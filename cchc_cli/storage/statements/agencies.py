"""Agencies by what people type, and below one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.storage.statements.parts import given, table
from cchc_cli.storage.tables import AgencyNameRow, AgencyRow

if TYPE_CHECKING:
    from sqlalchemy import Select

_OF_PLAN = col(AgencyRow.plan_id) == given(col(AgencyRow.plan_id))


def _found(condition: Any) -> Select[Any]:  # noqa: ANN401
    found: Any = select(col(AgencyRow.id), col(AgencyRow.code), col(AgencyRow.name))
    asked: Select[Any] = found.where(_OF_PLAN, condition).order_by(col(AgencyRow.position))
    return asked


def _named(*conditions: Any) -> Select[Any]:  # noqa: ANN401
    ids = select(col(AgencyNameRow.agency_id)).where(
        col(AgencyNameRow.plan_id) == given(col(AgencyRow.plan_id)), *conditions
    )
    return _found(col(AgencyRow.id).in_(ids))


_EXACT = col(AgencyNameRow.name) == given(col(AgencyNameRow.name), "exact")
_FOLDED = col(AgencyNameRow.folded) == given(col(AgencyNameRow.folded))
_WHOLE = ~col(AgencyNameRow.short)

BY_CODE = _found(func.lower(col(AgencyRow.code)) == given(col(AgencyRow.code)))
BY_NAME = _named(_EXACT, _WHOLE)
BY_FOLDED_NAME = _named(_FOLDED, _WHOLE)
BY_SHORT_NAME = _named(_EXACT)
BY_FOLDED_SHORT_NAME = _named(_FOLDED)

NAMES = select(col(AgencyRow.code), col(AgencyRow.name)).where(_OF_PLAN).order_by(col(AgencyRow.position))


def _subtree() -> Select[Any]:
    """Select the agency and all below it, at any depth."""
    rows = table(AgencyRow)
    top = select(rows.c.id, rows.c.plan_id, rows.c.code).where(rows.c.id == given(rows.c.id))
    below = top.cte("below", recursive=True)
    further = select(rows.c.id, rows.c.plan_id, rows.c.code).join(
        below, (rows.c.plan_id == below.c.plan_id) & (rows.c.parent == below.c.code)
    )
    return select(below.union(further).c.id)


SUBTREE = _subtree()
