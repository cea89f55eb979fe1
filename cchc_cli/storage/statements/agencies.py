"""Agencies by code or name, the agencies below one, and agencies that share a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import AgencyNameRow, AgencyRow
from cchc_cli.storage.statements.parts import json_list, parameter, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, FromClause, Select

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


def _sharing_a_name() -> Select[Any]:
    """Select pairs of some agency and another one of the plan with the same folded name; short names do not count."""
    name, others_name = table(AgencyNameRow), table(AgencyNameRow).alias("others_name")
    one, above = table(AgencyRow), table(AgencyRow).alias("above")
    other, above_other = table(AgencyRow).alias("other"), table(AgencyRow).alias("above_other")
    return (
        select(*_name_columns(one, above, ""), *_name_columns(other, above_other, "other_"))
        .select_from(name)
        .join(
            others_name,
            (others_name.c.plan_id == name.c.plan_id)
            & (others_name.c.folded == name.c.folded)
            & (others_name.c.agency_id != name.c.agency_id),
        )
        .join(one, one.c.id == name.c.agency_id)
        .join(other, other.c.id == others_name.c.agency_id)
        .outerjoin(above, (above.c.plan_id == one.c.plan_id) & (above.c.code == one.c.parent))
        .outerjoin(
            above_other, (above_other.c.plan_id == other.c.plan_id) & (above_other.c.code == other.c.parent)
        )
        .where(
            name.c.plan_id == parameter(name.c.plan_id),
            name.c.agency_id.in_(json_list("agencies")),
            ~name.c.short,
            ~others_name.c.short,
        )
        .distinct()
    )


def _name_columns(of: FromClause, above: FromClause, prefix: str) -> Iterator[ColumnElement[Any]]:
    yield from (of.c[name].label(f"{prefix}{name}") for name in ("code", "name", "short"))
    yield func.coalesce(above.c.short, above.c.name).label(f"{prefix}above")


SHARING_A_NAME = _sharing_a_name()
