"""Finds agencies by code or name, and the agencies below one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cchc_cli.domain.language.text import fold
from cchc_cli.domain.plan.agency_names import AgencyNames, Name, candidate_agencies, qualifiers
from cchc_cli.storage.compiled import agencies as sql

if TYPE_CHECKING:
    from cchc_cli.storage.database.connection import Connection


def matching_agencies(connection: Connection, plan_id: int, text: str) -> list[int]:
    """Give the keys of the agencies with this code or else with this name, in the order of the plan."""
    coded = list(connection.scalars(sql.BY_CODE, plan_id=plan_id, code=text.strip().lower()))
    if coded:
        return coded
    rows = connection.all(sql.BY_NAME, plan_id=plan_id, folded=fold(text))
    return candidate_agencies(text, [Name(row.id, row.official, row.name, row.bare) for row in rows])


def qualifiers_of(connection: Connection, plan_id: int, agencies: list[int]) -> dict[str, str]:
    """Give the qualifiers of some agencies by code, see `agency_names.qualifiers`; none of those that need none."""
    rows = connection.all(sql.ALIKE, plan_id=plan_id, agencies=json.dumps(agencies))
    return qualifiers((row.folded, AgencyNames(row.code, row.name, row.short, row.above)) for row in rows)


def agency_names(connection: Connection, plan_id: int) -> list[tuple[str, str, str | None]]:
    """Give (code, name, qualifier) of each of the plan's agencies."""
    rows = connection.all(sql.NAMES, plan_id=plan_id)
    found = qualifiers_of(connection, plan_id, [row.id for row in rows])
    return [(row.code, row.name, found.get(row.code)) for row in rows]


def subtree(connection: Connection, agency_id: int) -> list[int]:
    """Give the keys of an agency and of all agencies below it, at any depth."""
    return list(connection.scalars(sql.SUBTREE, id=agency_id))
