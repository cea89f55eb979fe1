"""Databases of earlier versions of the program, from the dumps in `tests/data/old`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Boolean, Connection, Date, DateTime, MetaData, Table, Uuid, create_engine, text
from sqlalchemy.types import JSON, TypeEngine

from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.file_header import create_file
from cchc_cli.storage.schema.alembic_runner import upgrade
from tests.crash.make_old import OLD, PHOTO

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = dict[str, list[tuple[str, ...]]]
"""Every row of every table as text, sorted for comparison."""


def answers_of(revision: str) -> tuple[str, dict[str, Any]]:
    """Give the moment and the answers of the program of a revision, see `make_old.asked`."""
    found = json.loads((OLD / f"{revision}.json").read_text("utf-8"))
    return found["moment"], found["answers"]


def restore_old(revision: str, target: str, folder: Path) -> None:
    """Make the database of a revision with its rows, at a path or in an empty database of a server."""
    script = (OLD / f"{revision}.sql").read_text("utf-8")
    if "://" in target:
        copy = folder / f"{revision}-rows.db"
        _run_script(copy, script)
        _copy_rows(revision, copy, target)
        copy.unlink()
    else:
        path = connect(target).path or folder
        _run_script(path, script)
        _store_photo(path)


def _store_photo(path: Path) -> None:
    """Store the evidence of no. 7 beside an SQLite file; the first revision ignores it."""
    store = Path(f"{path}.evidence")
    store.mkdir(0o700, exist_ok=True)
    kept = store / sha256(PHOTO).hexdigest()
    kept.write_bytes(PHOTO)
    kept.chmod(0o600)


def _run_script(path: Path, script: str) -> None:
    create_file(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def _copy_rows(revision: str, source: Path, target: str) -> None:
    """Make the tables of a revision on a server with its migrations, and copy the rows."""
    rows = create_engine(f"sqlite:///{source}")
    with connect(target).engine().begin() as into, rows.connect() as given:
        upgrade(into, revision)
        into.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        found = MetaData()
        found.reflect(into)
        for table in found.sorted_tables:
            if table.name == "alembic_version":
                continue
            content = [
                {name: _value(table, name, value) for name, value in row.items()}
                for row in given.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings()  # noqa: S608
            ]
            if content:
                into.execute(table.insert(), content)
            _reset_sequence(into, table)
        if "evidence_part" in found.tables:
            part = {"digest": sha256(PHOTO).hexdigest(), "place": 0, "data": PHOTO}
            into.execute(found.tables["evidence_part"].insert(), part)
    rows.dispose()


_READ: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {
    Uuid: UUID,
    Boolean: bool,
    Date: date.fromisoformat,
    DateTime: lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC),
    JSON: json.loads,
}


def _value(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    if value is None:
        return None
    read = next((read for kind, read in _READ.items() if isinstance(table.c[name].type, kind)), None)
    return read(value) if read else value


def _reset_sequence(into: Connection, table: Table) -> None:
    """Set the sequence of the server to continue after the copied rows."""
    if "id" in table.c:
        into.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""  # noqa: S608
            )
        )


def rows_of(target: str, like: Rows | None = None) -> Rows:
    """Give all rows; with `like`, only its tables and columns."""
    with connect(target).reading(use_sqlalchemy=True) as opened:
        connection = opened.core
        found = MetaData()
        found.reflect(connection)
        names = {name: [*table.c.keys()] for name, table in found.tables.items()}
        if like is not None:
            names = {name: list(rows[0]) for name, rows in like.items()}
        return {
            name: [tuple(columns), *sorted(_texts(connection, name, columns))]
            for name, columns in names.items()
        }


def _texts(connection: Connection, name: str, columns: list[str]) -> list[tuple[str, ...]]:
    listed = ", ".join(f'"{column}"' for column in columns)
    rows = connection.exec_driver_sql(f'SELECT {listed} FROM "{name}"')  # noqa: S608 - names of our tables
    return [tuple(map(str, row)) for row in rows]
