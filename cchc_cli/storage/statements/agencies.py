"""Agencies by code or name, the agencies below one, and agencies that share a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import AgencyNameRow, AgencyRow
from cchc_cli.storage.statements.parts import json_list, parameter, table

if TYPE_CHECKING:
    from sqlalchemy import Select

_OF_PLAN = col(AgencyRow.plan_id) == parameter(col(AgencyRow.plan_id))


BY_CODE = select(col(AgencyRow.id)).where(
    _OF_PLAN, func.lower(col(AgencyRow.code)) == parameter(col(AgencyRow.code))
)

BY_NAME: Any = (
    select(
        col(AgencyRow.id),
        col(AgencyRow.name).label("official"),
        col(AgencyNameRow.name),
        col(AgencyNameRow.short).label("bare"),
    )
    .join(AgencyNameRow, col(AgencyNameRow.agency_id) == col(AgencyRow.id))
    .where(
        col(AgencyNameRow.plan_id) == parameter(col(AgencyRow.plan_id)),
        col(AgencyNameRow.folded) == parameter(col(AgencyNameRow.folded)),
    )
    .order_by(col(AgencyRow.position), col(AgencyNameRow.name))
)

NAMES = (
    select(col(AgencyRow.id), col(AgencyRow.code), col(AgencyRow.name))
    .where(_OF_PLAN)
    .order_by(col(AgencyRow.position))
)


def _subtree() -> Select[Any]:
    """Select an agency and all agencies below it, at any depth."""
    rows = table(AgencyRow)
    top = select(rows.c.id, rows.c.plan_id, rows.c.code).where(rows.c.id == parameter(rows.c.id))
    below = top.cte("below", recursive=True)
    further = select(rows.c.id, rows.c.plan_id, rows.c.code).join(
        below, (rows.c.plan_id == below.c.plan_id) & (rows.c.parent == below.c.code)
    )
    return select(below.union(further).c.id)


SUBTREE = _subtree()


def _alike() -> Select[Any]:
    """Select every bearer of the names, whole and folded, that some agencies share with others of the plan."""
    rows, above = table(AgencyRow), table(AgencyRow).alias("above")
    names, own, others = (table(AgencyNameRow).alias(name) for name in ("names", "own", "others"))
    other = select(others.c.agency_id).where(
        others.c.plan_id == own.c.plan_id,
        others.c.folded == own.c.folded,
        others.c.agency_id != own.c.agency_id,
        ~others.c.short,
    )
    shared = select(own.c.folded).where(
        own.c.plan_id == parameter(own.c.plan_id),
        own.c.agency_id.in_(json_list("agencies")),
        ~own.c.short,
        other.exists(),
    )
    return (
        select(
            names.c.folded,
            rows.c.code,
            rows.c.name,
            rows.c.short,
            func.coalesce(above.c.short, above.c.name).label("above"),
        )
        .select_from(names)
        .join(rows, rows.c.id == names.c.agency_id)
        .outerjoin(above, (above.c.plan_id == rows.c.plan_id) & (above.c.code == rows.c.parent))
        .where(names.c.plan_id == parameter(names.c.plan_id), ~names.c.short, names.c.folded.in_(shared))
    )


ALIKE = _alike()
