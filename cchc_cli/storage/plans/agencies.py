"""Finds agencies by code or name, and the agencies below one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from cchc_cli.domain.language.text import unquoted
from cchc_cli.domain.plan.agency_names import AgencyNames, qualifiers
from cchc_cli.storage.compiled import agencies as sql

if TYPE_CHECKING:
    from cchc_cli.domain.plan.name_index import NameIndex
    from cchc_cli.storage.database.connection import Connection


def matching_agencies(connection: Connection, plan_id: int, text: str) -> list[int]:
    """Give the keys of the agencies with this code or else with this name, in the order of the plan."""
    coded = list(connection.scalars(sql.BY_CODE, plan_id=plan_id, code=unquoted(text).lower()))
    if coded:
        return coded
    from cchc_cli.domain.plan.name_reading import possible_names  # noqa: PLC0415 - only for names, not for codes

    # Most names are found among the few that a part of the text is the end of; other ways to write one need all.
    rows = list(connection.tuples(sql.ENDING, plan_id=plan_id, ends=json.dumps(possible_names(text))))
    found = _index(rows).find_unit(text) if rows else []
    return found or name_index(connection, plan_id).find(text)


_indexes: WeakKeyDictionary[Connection, dict[int, NameIndex]] = WeakKeyDictionary()
"""The indexes of plans, by transaction: the rows of a file may name agencies in many ways."""


def name_index(connection: Connection, plan_id: int) -> NameIndex:
    """Give the names of all agencies of a plan; read once in each transaction."""
    found = _indexes.setdefault(connection, {})
    if plan_id not in found:
        found[plan_id] = _index(list(connection.tuples(sql.NAMED, plan_id=plan_id)))
    return found[plan_id]


def _index(rows: list[tuple[Any, ...]]) -> NameIndex:
    """Make an index of rows that are ordered by agency."""
    from cchc_cli.domain.plan.name_index import NamedAgency, NameIndex  # noqa: PLC0415 - as above

    agencies: dict[int, NamedAgency] = {}
    for key, code, official, parent, name in rows:
        agency = agencies.get(key)
        if agency is None:
            agency = agencies[key] = NamedAgency(key, code, official, [], parent)
        agency.names.append(name)
    return NameIndex(agencies.values())


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
