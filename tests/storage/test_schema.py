"""The schema: migrations make the tables of the models, and the database itself has the constraints and guards."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import LargeBinary, insert, text
from sqlalchemy.exc import IntegrityError

from cchc_cli.services.plans.importing import import_plan
from cchc_cli.storage.compiled import changes
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.schema.alembic_runner import alembic_config
from cchc_cli.storage.schema.revisions import REVISIONS
from cchc_cli.storage.schema.tables import ExecutionRow, RequirementRow, metadata
from cchc_cli.storage.schema.versions import OPEN
from cchc_cli.storage.statements.parts import table
from tests.small_plan import write_plan
from tests.tampering import build

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.database.database import Database

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def opened(target: str) -> Database:
    database = open_database(target, create=True)
    assert database is not None
    return database


def test_the_revisions_are_those_that_the_program_knows() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == REVISIONS


def test_migrations_make_exactly_the_tables(database: str) -> None:
    configuration = alembic_config()
    with opened(database).engine().connect() as connection:
        configuration.attributes["connection"] = connection
        command.check(configuration)


def test_sqlite_is_opened_durable_and_strict(tmp_path: Path) -> None:
    with opened(str(tmp_path / "x.db")).reading() as connection:
        found = {
            name: connection.driver.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "foreign_keys",
                "synchronous",
                "recursive_triggers",
                "journal_mode",
                "trusted_schema",
            )
        }
    assert found == {
        "foreign_keys": 1,
        "synchronous": 3,
        "recursive_triggers": 1,
        "journal_mode": "delete",
        "trusted_schema": 0,
    }


def execution(**other: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "uid": uuid4(),
        "version": 1,
        "no": 1,
        "plan_id": 1,
        "agency_id": 1,
        "activity_id": 1,
        "day": date(2026, 1, 5),
        "amount": 1000,
        "form_id": None,
        "repeat": False,
        "title": None,
        "note": None,
        "evidence": [],
        "external_id": None,
        "details": 0,
        "voided": False,
        "reason": None,
        "seq": 1,
        "until_seq": OPEN,
        **other,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"agency_id": 999},
        {"activity_id": 999},
        {"form_id": 999},
        {"seq": 999},
        {"version": 0},
        {"no": 0},
        {"until_seq": 0},
        {"version": 2},
        {"amount": None},
        {"day": None},
    ],
    ids=str,
)
def test_the_database_itself_refuses_what_cannot_be(
    database: str, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    """A statement past the program is refused by foreign keys, CHECK and NOT NULL."""
    import_plan(write_plan(tmp_path), database, author="t", now=NOW)
    found = opened(database)
    with pytest.raises(IntegrityError), found.engine().begin() as connection:
        connection.execute(insert(table(ExecutionRow)), execution(**wrong))


def test_two_latest_versions_of_one_record_cannot_stand_side_by_side(database: str, tmp_path: Path) -> None:
    import_plan(write_plan(tmp_path), database, author="t", now=NOW)
    row = execution()
    for other in ({**row, "version": 2, "reason": "x"}, {**row, "uid": uuid4()}):
        with pytest.raises(IntegrityError), opened(database).engine().begin() as connection:
            connection.execute(insert(table(ExecutionRow)), [row, other])


def test_a_requirement_needs_one_window_and_its_grounds(database: str, tmp_path: Path) -> None:
    import_plan(write_plan(tmp_path), database, author="t", now=NOW)
    rows = table(RequirementRow)
    for change in (
        "per = NULL",
        "by_day = '2026-01-01'",
        "at_least = NULL, at_most = NULL",
        "basis = 'felt'",
    ):
        with pytest.raises(IntegrityError), opened(database).engine().begin() as connection:
            connection.execute(text(f"UPDATE {rows.name} SET {change}"))  # noqa: S608 - constants of this test


def test_a_failed_transaction_leaves_nothing(database: str) -> None:
    found = opened(database)
    with suppress(ZeroDivisionError), found.writing() as connection:
        connection.run(changes.ADD, seq=1, recorded_at=NOW, author="t", action="x")
        raise ZeroDivisionError
    with found.reading() as connection:
        assert connection.scalar(changes.LAST) is None


def test_an_interrupted_first_migration_leaves_an_empty_database(tmp_path: Path) -> None:
    """SQLite rolls DDL back only in a transaction that was begun explicitly."""
    path = tmp_path / "x.db"
    path.touch()
    database = connect(str(path))
    with suppress(ZeroDivisionError), database.writing(use_sqlalchemy=True) as connection:
        configuration = alembic_config()
        configuration.attributes["connection"] = connection.core
        command.upgrade(configuration, "head")
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.driver.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    opened(str(path))


OPEN_AND_COUNT = """
import sys
from cchc_cli.storage.migrations.opening import open_database
with open_database(sys.argv[1], create=True).reading() as connection:
    print(connection.driver.execute("SELECT count(*) FROM change").fetchone()[0])
"""


def test_many_processes_start_on_an_absent_database(database: str) -> None:
    """One creates it, the others wait; none fails."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_COUNT, database], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(8)
    ]
    ended = [(*process.communicate(), process.returncode) for process in started]
    assert ended == [(b"0\n", b"", 0)] * 8


def test_every_column_refuses_a_value_of_another_form(tmp_path: Path) -> None:
    """Each column of each table, whoever writes: a value of another storage class."""
    target = build(str(tmp_path / "x.db"), tmp_path)
    with closing(sqlite3.connect(target, isolation_level=None)) as plain:
        for (guard,) in plain.execute("SELECT name FROM sqlite_master WHERE name LIKE '%_keep_%'").fetchall():
            plain.execute(f"DROP TRIGGER {guard}")
        for one in metadata.sorted_tables:
            for column in one.columns:
                other = "'x'" if isinstance(column.type, LargeBinary) else "x'3132'"
                names = ", ".join(f'"{each.name}"' for each in one.columns)
                copied = ", ".join(other if each is column else f'"{each.name}"' for each in one.columns)
                for statement in (
                    f'UPDATE "{one.name}" SET "{column.name}" = {other}',  # noqa: S608
                    f'INSERT INTO "{one.name}" ({names}) SELECT {copied} FROM "{one.name}"',  # noqa: S608
                ):
                    with pytest.raises(
                        sqlite3.IntegrityError, match=r"CHECK constraint failed|datatype mismatch"
                    ):
                        plain.execute(statement)
