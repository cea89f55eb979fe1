"""Agencies by code or name, the agencies below one, and agencies that share a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, func, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import AgencyNameRow, AgencyRow
from cchc_cli.storage.statements.parts import json_list, json_members, parameter, table

if TYPE_CHECKING:
    from sqlalchemy import Select

_OF_PLAN = col(AgencyRow.plan_id) == parameter(col(AgencyRow.plan_id))


BY_CODE = select(col(AgencyRow.id)).where(
    _OF_PLAN, func.lower(col(AgencyRow.code)) == parameter(col(AgencyRow.code))
)


def _named() -> Select[Any]:
    """Select every whole name of the agencies of a plan."""
    rows, names = table(AgencyRow), table(AgencyNameRow)
    return (
        select(rows.c.id, rows.c.code, rows.c.name.label("official"), rows.c.parent, names.c.name)
        .join(names, names.c.agency_id == rows.c.id)
        .where(names.c.plan_id == parameter(names.c.plan_id), ~names.c.short)
        .order_by(rows.c.position, names.c.name)
    )


NAMED = _named()


def _ending() -> Select[Any]:
    """Select these of the agencies with a name that ends in one of some texts, and of all agencies above them.

    Blanks and diacritics are left out of the texts and the names.
    """
    rows, names = table(AgencyRow), table(AgencyNameRow).alias("ending")
    ends = json_members("ends", String)
    ending = select(names.c.agency_id).where(
        names.c.plan_id == parameter(names.c.plan_id),
        ~names.c.short,
        func.replace(names.c.folded, " ", "").endswith(ends.c.member),
    )
    found = (
        select(rows.c.id, rows.c.plan_id, rows.c.parent)
        .where(rows.c.id.in_(ending))
        .cte("found", recursive=True)
    )
    above = select(rows.c.id, rows.c.plan_id, rows.c.parent).join(
        found, (rows.c.plan_id == found.c.plan_id) & (rows.c.code == found.c.parent)
    )
    return _named().where(rows.c.id.in_(select(found.union(above).c.id)))


ENDING = _ending()

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
