"""Compares the schema, whole, with the one that the revisions create. It reads no table of ours."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import create_engine, text

from cchc_cli.domain.language.errors import message
from cchc_cli.storage.audit.server_schema import expected_server_objects, server_objects
from cchc_cli.storage.changes.changes import Problem
from cchc_cli.storage.schema.alembic_runner import upgrade
from cchc_cli.storage.schema.revisions import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy

    from cchc_cli.storage.database.connection import Connection

Objects = dict[tuple[str, str], str]
"""The definition of each object of a schema, by (type, name)."""


class Difference(NamedTuple):
    """An object of the schema that is missing, was added, or differs from the program's own."""

    kind: str
    problem: Problem

    @property
    def changes_reading(self) -> bool:
        """Tell whether what a SELECT gives, or whether it ever ends, may depend on it."""
        return self.kind not in _READ_ANYWAY


_GUARDS = frozenset({"trigger", "function"})
_READ_ANYWAY = _GUARDS | {"index", "constraint", "sequence"}


def schema_differences(connection: Connection) -> Iterator[Difference]:
    """Compare every object of the schema with the program's own."""
    if connection.is_sqlite:
        actual, expected = _sqlite_objects(connection.core), _expected_sqlite_objects()
    else:
        actual, expected = server_objects(connection), expected_server_objects()
    for key in sorted({*actual, *expected}):
        if actual.get(key) != expected.get(key):
            kind, name = key
            if key not in actual:
                what = message("the {kind} {name} is missing from the database", kind=kind, name=name)
            elif key not in expected:
                what = message("the {kind} {name} was added to the database", kind=kind, name=name)
            else:
                what = message(
                    "the {kind} {name} of the database differs from the program’s own", kind=kind, name=name
                )
            yield Difference(kind, Problem("guard" if kind in _GUARDS else "schema", what))


def revision_problems(connection: Connection) -> Iterator[Problem]:
    """Give a problem where the database names another revision than that of its schema."""
    found = list(connection.core.scalars(text("SELECT version_num FROM alembic_version")))
    if found != [REVISIONS[-1]]:
        yield Problem(
            "schema",
            message(
                "the database names the schema {found} as its own, not {revision}",
                found=found or "–",
                revision=REVISIONS[-1],
            ),
        )


def _sqlite_objects(connection: sqlalchemy.Connection) -> Objects:
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return {(row.type, row.name): f"{row.tbl_name} {row.sql}" for row in rows}


@cache
def _expected_sqlite_objects() -> Objects:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection, REVISIONS[-1])
        found = _sqlite_objects(connection)
    engine.dispose()
    return found
