"""Finding agencies by what people type, and below one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.text import exact_key, fold
from cchc_cli.storage.compiled import agencies as sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.storage.engine import Connection, Row


def matching_agencies(connection: Connection, plan_id: int, text: str) -> list[tuple[int, str, str]]:
    """Give (key, code, name) of each agency that the text can mean, in the order of the plan.

    A code means its agency alone. A name with its diacritics goes before one without: whoever types
    “Ea Drông” does not mean Ea D'Rơng. A name without its words of office and kind is tried last.
    """
    found = next(filter(None, _tried(connection, plan_id, text)), [])
    return [(row.id, row.code, row.name) for row in found]


def _tried(connection: Connection, plan_id: int, text: str) -> Iterator[list[Row]]:
    yield connection.all(sql.BY_CODE, plan_id=plan_id, code=text.strip().lower())
    exact, folded = exact_key(text), fold(text)
    yield connection.all(sql.BY_NAME, plan_id=plan_id, exact=exact)
    yield connection.all(sql.BY_FOLDED_NAME, plan_id=plan_id, folded=folded)
    yield connection.all(sql.BY_SHORT_NAME, plan_id=plan_id, exact=exact)
    yield connection.all(sql.BY_FOLDED_SHORT_NAME, plan_id=plan_id, folded=folded)


def agency_names(connection: Connection, plan_id: int) -> list[str]:
    """Give every code and name of the plan's agencies, for suggestions."""
    return [text for row in connection.tuples(sql.NAMES, plan_id=plan_id) for text in row]


def subtree(connection: Connection, agency_id: int) -> list[int]:
    """Give the keys of the agency and of all below it, at any depth."""
    return list(connection.scalars(sql.SUBTREE, id=agency_id))
