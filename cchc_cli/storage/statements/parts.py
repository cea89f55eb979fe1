"""Parts of statements: tables of models, parameters, lists as JSON, conditions on versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, cast, column, func, literal_column, select, values
from sqlmodel import SQLModel, col

from cchc_cli.storage.schema.columns import json_scalar
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, Select, Subquery, Table
    from sqlalchemy.types import TypeEngine


def table(row: type[SQLModel]) -> Table:
    """Give the table of a model."""
    found: Table = row.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    return found


def parameter(column: Any, name: str | None = None) -> ColumnElement[Any]:
    """Give a parameter with the type of a column, and by default its name."""
    return bindparam(name or column.key, type_=column.type)


def json_list(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]] = Integer) -> Select[Any]:
    """Select the members of a JSON list that is passed as a parameter."""
    rows = func.json_rows(bindparam(name)).table_valued("value", name=name)
    return select(cast(json_scalar(rows.c.value), kind).label("member"))


def json_members(name: str, kind: type[TypeEngine[Any]] = Integer) -> Subquery:
    """Give the members of such a list as a table with one column, `member`, to begin a join with."""
    return json_list(name, kind).subquery(f"each_{name}")


def values_table(name: str, *columns: ColumnElement[Any]) -> CTE:
    """Give rows of values as a table with these columns, to begin a join with; see `Connection.matching`.

    With a JSON list, extracting four values from each member would cost as much as the look-up itself.
    """
    shape = (column(one.name, one.type) for one in columns)
    return values(*shape, name=name).data([tuple(parameter(one) for one in columns)]).cte(name)


OPEN_NOW: ColumnElement[int] = literal_column(str(OPEN))
"""A literal, not a parameter: a partial index is used only where the statement has its very condition."""


def latest(row: type[Any]) -> ColumnElement[bool]:
    """Select the latest version."""
    return col(row.until_seq) == OPEN_NOW


def in_force_parts(row: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Select the versions in force after the change `known`, in two parts: each has an index.

    The first are the latest versions, the second those that another version has followed since.
    """
    known = bindparam("known", type_=row.seq.type)
    latest_now = row.until_seq == OPEN_NOW
    return and_(latest_now, row.seq <= known), and_(~latest_now, row.seq <= known, row.until_seq > known)


def in_force(row: Any, *, as_known: bool) -> ColumnElement[bool]:
    """Select the version that is in force now, or was after the change `known`."""
    if as_known:
        known = bindparam("known", type_=row.seq.type)
        return and_(row.seq <= known, row.until_seq > known)
    found: ColumnElement[bool] = row.until_seq == OPEN_NOW
    return found
