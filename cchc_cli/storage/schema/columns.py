"""Column types, SQL functions and joins that SQLite and PostgreSQL write differently."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.selectable import Join

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite stores no offset, so it is removed on the way in and added on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError for a moment without an offset, which is ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(value)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment in UTC, with its offset."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class json_rows(GenericFunction[Any]):
    """The members of a JSON list as rows, each in the column `value`."""

    inherit_cache = True
    name = "json_rows"


@compiles(json_rows, "sqlite")
def _json_rows_sqlite(element: json_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(json_rows, "postgresql")
def _json_rows_postgresql(element: json_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **kw)} AS jsonb))"


class json_text(GenericFunction[str]):
    """One member of a JSON list as text, by its position from 0."""

    type = Text()
    inherit_cache = True
    name = "json_text"


@compiles(json_text)
def _json_text(element: json_text, compiler: SQLCompiler, **kw: Any) -> str:
    member, position = element.clauses
    return f"({compiler.process(member, **kw)} ->> {int(position.value)})"


class json_scalar(GenericFunction[str]):
    """A JSON member that is itself a word or number, as text."""

    type = Text()
    inherit_cache = True
    name = "json_scalar"


@compiles(json_scalar, "sqlite")
def _json_scalar_sqlite(element: json_scalar, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(json_scalar, "postgresql")
def _json_scalar_postgresql(element: json_scalar, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)} #>> '{{}}')"


class as_date(GenericFunction[Any]):
    """ISO text as a date; SQLite stores dates as ISO text."""

    type = Date()
    inherit_cache = True
    name = "as_date"


@compiles(as_date, "sqlite")
def _as_date_sqlite(element: as_date, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(as_date, "postgresql")
def _as_date_postgresql(element: as_date, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS date)"


class civil_day(GenericFunction[Any]):
    """The civil date of a moment in a time zone; SQLite gets the function from `prepare_sqlite`."""

    type = Date()
    inherit_cache = True
    name = "civil_day"


@compiles(civil_day, "postgresql")
def _civil_day_postgresql(element: civil_day, compiler: SQLCompiler, **kw: Any) -> str:
    moment, zone = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST({moment} AT TIME ZONE {zone} AS date)"


class day_number(GenericFunction[int]):
    """Days since a fixed day, which differs between the databases: use only differences."""

    type = Integer()
    inherit_cache = True
    name = "day_number"


@compiles(day_number, "sqlite")
def _day_number_sqlite(element: day_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **kw)}) + 0.5 AS INTEGER)"


@compiles(day_number, "postgresql")
def _day_number_postgresql(element: day_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(({compiler.process(element.clauses, **kw)}) - DATE '2000-01-01')"


class first_of_month(GenericFunction[Any]):
    """The first day of a date's month."""

    type = Date()
    inherit_cache = True
    name = "first_of_month"


@compiles(first_of_month, "sqlite")
def _first_of_month_sqlite(element: first_of_month, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(substr({compiler.process(element.clauses, **kw)}, 1, 8) || '01')"


@compiles(first_of_month, "postgresql")
def _first_of_month_postgresql(element: first_of_month, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(date_trunc('month', {compiler.process(element.clauses, **kw)}) AS date)"


class OrderedJoin(Join):
    """A join that SQLite runs in the order in which it is written; PostgreSQL's planner chooses its own order."""

    inherit_cache = True


class NestedLoopJoin(OrderedJoin):
    """A join that PostgreSQL too runs in this order, with a look-up for each row on the left.

    Its planner has no statistics of a table that the same transaction fills, and would scan the whole table
    for every few rows.
    """

    inherit_cache = True


@compiles(NestedLoopJoin, "postgresql")
def _nested_loop_join_postgresql(element: NestedLoopJoin, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = (compiler.process(side, **{**kw, "asfrom": True}) for side in (element.left, element.right))
    condition: Any = element.onclause
    # OFFSET 0 keeps the planner from flattening the subquery.
    lookup = f"SELECT * FROM {right} WHERE {compiler.process(condition, **kw)} OFFSET 0"  # noqa: S608 - our own tables
    return f"{left} CROSS JOIN LATERAL ({lookup}) AS {right}"


@compiles(NestedLoopJoin, "sqlite")
@compiles(OrderedJoin, "sqlite")
def _ordered_join_sqlite(element: OrderedJoin, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = (compiler.process(side, **{**kw, "asfrom": True}) for side in (element.left, element.right))
    condition: Any = element.onclause
    return f"{left} CROSS JOIN {right} ON {compiler.process(condition, **kw)}"
