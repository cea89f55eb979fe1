"""Checks each value of each column: its form, and on a server the constraints of its table again.

One rule for all columns: they are taken from the tables, not listed here. SQLite checks the constraints itself
(`integrity_check`). PostgreSQL has no such check, and whoever owns a table can remove a constraint and add it again.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.types import JSON

from cchc_cli.domain.language.errors import message
from cchc_cli.storage.changes.changes import Problem
from cchc_cli.storage.database.sqlalchemy_engine import stream_text
from cchc_cli.storage.schema.tables import metadata
from cchc_cli.storage.schema.written_form import is_written_json, sqlite_condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column, Table

    from cchc_cli.storage.database.connection import Connection

_MOST_NAMED = 5
"""Rows of a table that are named."""


def value_problems(connection: Connection) -> Iterator[Problem]:
    """Give the rows with a value that the program would not have written so, or that breaks a constraint."""
    for table in metadata.sorted_tables:
        if connection.is_sqlite:
            yield from _form_problems(connection, table)
        else:
            yield from _constraint_problems(connection, table)
        yield from _json_problems(connection, table)


def _form_problems(connection: Connection, table: Table) -> Iterator[Problem]:
    conditions = [sqlite_condition(column) for column in table.columns]
    # NOT INDEXED: an index has values of its own.
    statement = (
        f"SELECT {_key(table)}, {', '.join(conditions)} FROM {_quoted(table)} NOT INDEXED"  # noqa: S608 - our tables
        f" WHERE NOT ({' AND '.join(conditions)}) LIMIT {_MOST_NAMED}"
    )
    for row in connection.driver.execute(statement):
        for column, is_sound in zip(table.columns, row[1:], strict=True):
            if not is_sound:
                yield _value_problem(table, column.name, row[0])


def _json_problems(connection: Connection, table: Table) -> Iterator[Problem]:
    for column in table.columns:
        if isinstance(column.type, JSON):
            value = f'CAST("{column.name}" AS text)'
            statement = f"SELECT {_key(table)}, {value} FROM {_quoted(table)} WHERE {value} <> '[]'"  # noqa: S608 - our tables
            rows = stream_text(connection.core, statement)
            wrong = (row[0] for row in rows if not is_written_json(row[1]))
            for key in islice(wrong, _MOST_NAMED):
                yield _value_problem(table, column.name, key)


def _value_problem(table: Table, column: str, key: object) -> Problem:
    return Problem(
        "value",
        message(
            "{table}, row {row}: the value of {column} is not as the program writes it",
            table=table.name,
            row=str(key),
            column=column,
        ),
    )


def _key(table: Table) -> str:
    """Give the primary key of a row as one text, in SQL."""
    columns = (f"coalesce(CAST(\"{column.name}\" AS text), '')" for column in table.primary_key)
    return " || ' ' || ".join(columns)


def _quoted(table: Table, *, alias: str = "") -> str:
    return f'"{table.name}"{alias and f" AS {alias}"}'


def _constraint_problems(connection: Connection, table: Table) -> Iterator[Problem]:
    """Give each constraint of a table that its rows on a server break."""
    rules = [*_null_rules(table), *_check_rules(table), *_reference_rules(table)]
    for name, condition in rules:
        statement = f"SELECT 1 FROM {_quoted(table, alias='mine')} WHERE {condition} LIMIT 1"  # noqa: S608 - our tables
        yield from _broken(connection, table, name, statement)
    for name, columns, where in _unique_rules(table):
        listed = ", ".join(f'"{column.name}"' for column in columns)
        present = " AND ".join([*(f'"{column.name}" IS NOT NULL' for column in columns), where or "true"])
        statement = (
            f"SELECT 1 FROM {_quoted(table)} WHERE {present} GROUP BY {listed} HAVING count(*) > 1 LIMIT 1"  # noqa: S608 - our tables
        )
        yield from _broken(connection, table, name, statement)


def _broken(connection: Connection, table: Table, name: str, statement: str) -> Iterator[Problem]:
    if connection.core.execute(text(statement)).first() is not None:
        yield Problem(
            "value",
            message("{table}: a row breaks the constraint {name}", table=table.name, name=name),
        )


def _null_rules(table: Table) -> Iterator[tuple[str, str]]:
    """Give the name of each constraint, and the SQL condition on rows that break it; so do the next two."""
    for column in table.columns:
        if not column.nullable:
            yield f"{column.name} NOT NULL", f'"{column.name}" IS NULL'


def _check_rules(table: Table) -> Iterator[tuple[str, str]]:
    for one in _sorted(table.constraints):
        if isinstance(one, CheckConstraint):
            yield str(one.name), f"NOT ({one.sqltext})"


def _reference_rules(table: Table) -> Iterator[tuple[str, str]]:
    for one in _sorted(table.constraints):
        if isinstance(one, ForeignKeyConstraint):
            pairs = [(element.parent.name, element.column.name) for element in one.elements]
            present = " AND ".join(f'mine."{mine}" IS NOT NULL' for mine, _ in pairs)
            same = " AND ".join(f'other."{theirs}" = mine."{mine}"' for mine, theirs in pairs)
            other = _quoted(one.referred_table, alias="other")
            yield str(one.name), f"{present} AND NOT EXISTS (SELECT 1 FROM {other} WHERE {same})"  # noqa: S608 - our tables


def _unique_rules(table: Table) -> Iterator[tuple[str, list[Column[Any]], str | None]]:
    yield f"pk_{table.name}", list(table.primary_key.columns), None
    for constraint in _sorted(table.constraints):
        if isinstance(constraint, UniqueConstraint):
            yield str(constraint.name), list(constraint.columns), None
    for index in _sorted(table.indexes):
        if isinstance(index, Index) and index.unique:
            where = index.dialect_options["postgresql"]["where"]
            yield str(index.name), list(index.columns), None if where is None else str(where)


def _sorted(named: Iterable[Any]) -> list[Any]:
    return sorted(named, key=lambda one: str(one.name))
