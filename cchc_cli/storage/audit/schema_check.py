"""Compares tables, indexes and triggers with those that the revisions create."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from cchc_cli.domain.language.errors import message
from cchc_cli.storage.changes.changes import Problem
from cchc_cli.storage.schema.alembic_runner import upgrade
from cchc_cli.storage.schema.revisions import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def schema_problems(connection: Connection) -> Iterator[Problem]:
    """Give each table, index or trigger that differs from the one that the revisions create."""
    if connection.dialect.name != "sqlite":
        yield from _missing_guards(connection)
        return
    actual, expected = _objects(connection), _expected_objects()
    for name in sorted({*actual, *expected}):
        if actual.get(name) != expected.get(name):
            kind, what = name
            yield Problem(
                "guard" if kind == "trigger" else "schema",
                message(
                    "the {kind} {name} of the database differs from the program’s own", kind=kind, name=what
                ),
            )


_Objects = dict[tuple[str, str], str | None]
"""The table and SQL of each object of a schema, by (type, name)."""


def _objects(connection: Connection) -> _Objects:
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return {(row.type, row.name): f"{row.tbl_name} {row.sql}" for row in rows}


@cache
def _expected_objects() -> _Objects:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection, REVISIONS[-1])
        found = _objects(connection)
    engine.dispose()
    return found


_GUARDED_TABLES = ("change", "link", "plan_version", "execution", "waiver", "closing")


def _missing_guards(connection: Connection) -> Iterator[Problem]:
    present = set(
        connection.scalars(
            text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        )
    )
    for name in (f"{table}_keep_{what}" for table in _GUARDED_TABLES for what in ("rows", "values", "all")):
        if name not in present:
            yield Problem("guard", message("the guard {name} is missing from the database", name=name))
    body = connection.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'cchc_refuse'"))
    if "RAISE EXCEPTION" not in (body or ""):
        yield Problem("guard", message("the guard {name} is missing from the database", name="cchc_refuse"))
