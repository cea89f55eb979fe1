"""Finding agencies by what people type, and below one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.domain.text import exact_key, fold
from cchc_cli.storage.plans import table
from cchc_cli.storage.tables import AgencyNameRow, AgencyRow

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select


def matching_agencies(connection: Connection, plan_id: int, text: str) -> list[tuple[int, str, str]]:
    """Give (key, code, name) of each agency that the text can mean, in the order of the plan.

    A code means its agency alone. A name with its diacritics goes before one without: whoever types
    “Ea Drông” does not mean Ea D'Rơng. A name without its words of office and kind is tried last.
    """
    by_code = _found(connection, plan_id, func.lower(col(AgencyRow.code)) == text.strip().lower())
    exact, folded = col(AgencyNameRow.name) == exact_key(text), col(AgencyNameRow.folded) == fold(text)
    whole = ~col(AgencyNameRow.short)
    return (
        by_code
        or _named(connection, plan_id, exact, whole)
        or _named(connection, plan_id, folded, whole)
        or _named(connection, plan_id, exact)
        or _named(connection, plan_id, folded)
    )


def _named(connection: Connection, plan_id: int, *conditions: Any) -> list[tuple[int, str, str]]:  # noqa: ANN401
    ids = select(col(AgencyNameRow.agency_id)).where(col(AgencyNameRow.plan_id) == plan_id, *conditions)
    return _found(connection, plan_id, col(AgencyRow.id).in_(ids))


def _found(connection: Connection, plan_id: int, condition: Any) -> list[tuple[int, str, str]]:  # noqa: ANN401
    rows = connection.execute(
        select(col(AgencyRow.id), col(AgencyRow.code), col(AgencyRow.name))
        .where(col(AgencyRow.plan_id) == plan_id, condition)
        .order_by(col(AgencyRow.position))
    )
    return [(row.id, row.code, row.name) for row in rows]


def agency_names(connection: Connection, plan_id: int) -> list[str]:
    """Give every code and name of the plan's agencies, for suggestions."""
    rows = connection.execute(
        select(col(AgencyRow.code), col(AgencyRow.name))
        .where(col(AgencyRow.plan_id) == plan_id)
        .order_by(col(AgencyRow.position))
    )
    return [text for row in rows for text in (row.code, row.name)]


def only_agency(agency_id: int) -> Select[Any]:
    """Select the one agency."""
    return select(col(AgencyRow.id)).where(col(AgencyRow.id) == agency_id)


def subtree(agency_id: int) -> Select[Any]:
    """Select the agency and all below it, at any depth."""
    rows = table(AgencyRow)
    top = select(rows.c.id, rows.c.plan_id, rows.c.code).where(rows.c.id == agency_id)
    below = top.cte("below", recursive=True)
    further = select(rows.c.id, rows.c.plan_id, rows.c.code).join(
        below, (rows.c.plan_id == below.c.plan_id) & (rows.c.parent == below.c.code)
    )
    return select(below.union(further).c.id)
