"""A migration that fails or is killed at any statement leaves the old database or the new one, never a mixture."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, MetaData, Table, text

from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.file_header import read_header
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.schema.revisions import REVISIONS
from cchc_cli.storage.schema.versions import OPEN
from tests.crash.helpers import HANGS, ROUNDS, assert_sound, driver
from tests.crash.make_old import OLD, asked
from tests.crash.old_database import Rows, answers_of, restore_old, rows_of
from tests.program import Program
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

BEFORE = REVISIONS[:-1]


class Old:
    """An old database with its rows, and copies of it."""

    def __init__(self, revision: str, folder: Path, target: str) -> None:
        """Make it, as a file or in an empty database of a server."""
        self.revision = revision
        self.folder = folder
        self.target = target
        restore_old(revision, target, folder)
        self.rows = rows_of(target)

    def another(self, name: object) -> str:
        """Give a copy of a file; of a server the same database, in which an aborted migration left nothing."""
        if "://" in self.target:
            return self.target
        (self.folder / str(name)).mkdir()
        made = shutil.copy(self.target, self.folder / str(name) / "old.db")
        shutil.copytree(f"{self.target}.evidence", f"{made}.evidence")
        return str(made)


@pytest.fixture(params=BEFORE)
def old(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Old:
    """Give a database of each earlier revision, on each kind of database."""
    return Old(request.param, tmp_path, database)


def test_there_is_an_old_database_of_every_earlier_revision() -> None:
    """Before a revision is added, `python -m tests.crash.make_old` keeps one of the newest so far."""
    assert sorted(path.stem for path in OLD.glob("*.sql")) == sorted(BEFORE)


def revision_of(target: str) -> str:
    database = connect(target)
    with database.reading() as connection:
        found = connection.driver.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if database.path:
        header = read_header(database.path)
        assert header is not None
        assert REVISIONS[header.user_version - 1] == found
    return str(found)


def held_in(old: Any, new: Any) -> bool:  # noqa: ANN401 - any part of a document
    """Tell whether a document contains an old one; keys may have been added."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(key in new and held_in(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(held_in, old, new))
    return bool(old == new)


def without_chain(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out the head of the chain: the migration itself is a change."""
    return {key: value for key, value in answer.items() if key not in {"chain", "count", "head"}}


def by_agency(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave the order of agencies and the rates out of a status: both are new."""
    if not answer.get("format", "").startswith("cchc-status/"):
        return answer
    rates = ("rate", "rate_stated", "rate_interpreted")
    kept = {key: value for key, value in answer.items() if key not in {"format", "agencies", "summary"}}
    summaries = {one["agency"]: one for one in answer["agencies"]} | {"": answer["summary"]}
    counts = {
        code: {key: value for key, value in one.items() if key not in rates}
        for code, one in summaries.items()
    }
    return kept | {"counts": counts}


def assert_answers_as_before(cchc: Program, revision: str) -> None:
    moment, answers = answers_of(revision)
    for name, command in asked(moment).items():
        new = cchc.ok(*command).json
        assert held_in(by_agency(without_chain(answers[name])), by_agency(new)), name
    head = answers["verify"]
    cchc.ok("verify", "--against", f"{head['count']}:{head['head']}")


def test_an_old_database_answers_as_it_did(old: Old, tmp_path: Path) -> None:
    """Also as known at a moment before the migration. Numbers continue, and versions can be added."""
    cchc = Program(tmp_path, old.target)
    assert_answers_as_before(cchc, old.revision)
    assert revision_of(old.target) == REVISIONS[-1]
    last = max(one["no"] for one in cchc.ok("history", "-f", "json").json["executions"])
    done = cchc.ok("log", "meetings", "--agency", "snv", "--date", "2024-05-10", "-f", "json").json
    assert done["executions"][0]["no"] == last + 1
    cchc.ok("amend", "1", "--amount", "26", "--reason", "đo lại lần nữa")
    cchc.ok("verify")


WITH_PARTIAL = ("        per: month\n", "        per: month\n        partial: waive\n")


def test_what_a_plan_says_of_cut_periods_is_read_from_its_file(tmp_path: Path, database: str) -> None:
    """Also where a plan has no activities, or leaves the value blank."""
    restore_old("0004", database, tmp_path)
    small = plan_text(frame=FIXED)
    blank = small.replace("        per: quarter\n", "        per: quarter\n        partial:\n", 1)
    sources = {
        "said": blank.replace(*WITH_PARTIAL),
        "none": small[: small.index("activities:")],
    }
    assert sources["said"].count("partial:") == 3
    with connect(database).writing(use_sqlalchemy=True) as connection:
        for code, source in sources.items():
            _copy_plan(connection.core, code, source)
    open_database(database, create=False)
    with connect(database).reading(use_sqlalchemy=True) as connection:
        found = connection.core.execute(
            text(
                "SELECT plan.code, requirement.code, requirement.partial, requirement.partial_given"
                " FROM requirement JOIN plan ON plan.id = requirement.plan_id"
            )
        ).all()
    given = {(plan, code): bool(said) for plan, code, _, said in found}
    assert {key for key, said in given.items() if said} == {
        ("small", "quarterly"),
        ("said", "quarterly"),
        ("said", "minutes"),
    }
    assert not given["said", "standing"]
    assert {partial for _, code, partial, _ in found if code != "quarterly"} == {"waive"}


def _copy_plan(connection: Connection, code: str, source: str) -> None:
    """Add another plan with the rows of the small one and a plan file of its own."""
    found = MetaData()
    found.reflect(connection)
    plans = found.tables["plan"]
    row = dict(connection.execute(plans.select().where(plans.c.code == "small")).mappings().one())
    old = row.pop("id")
    new = _insert(connection, plans, {**row, "code": code})
    version = found.tables["plan_version"]
    head = dict(connection.execute(version.select().where(version.c.plan_id == old)).mappings().first() or {})
    head |= {"plan_id": new, "source": source, "version": 1, "until_seq": OPEN}
    head.pop("id", None)
    connection.execute(version.insert().values(head))
    if code == "none":
        return
    activities, requirements = found.tables["activity"], found.tables["requirement"]
    for activity in (
        connection.execute(activities.select().where(activities.c.plan_id == old)).mappings().all()
    ):
        values = {key: value for key, value in activity.items() if key != "id"} | {"plan_id": new}
        number = _insert(connection, activities, values)
        chosen = requirements.select().where(requirements.c.activity_id == activity["id"])
        for one in connection.execute(chosen).mappings().all():
            values = {key: value for key, value in one.items() if key != "id"}
            connection.execute(requirements.insert().values(values | {"plan_id": new, "activity_id": number}))


def _insert(connection: Connection, into: Table, values: dict[str, Any]) -> int:
    key = connection.execute(into.insert().values(values)).inserted_primary_key
    assert key
    return int(key[0])


def check(old: Old, target: str) -> str:
    """Expect one of the two revisions with all rows, and that opening a file again finishes; give the revision."""
    found = revision_of(target)
    assert found in {old.revision, REVISIONS[-1]}
    assert_rows(old.rows, target, same=found == old.revision)
    if "://" not in target:
        finish(old, target)
        copy = Path(f"{target}.before-{REVISIONS[-1]}")
        assert rows_of(str(copy)) == old.rows, "the backup before the migration differs"
        assert {*Path(target).parent.iterdir()} == {Path(target), copy, Path(f"{target}.evidence")}
    return found


def finish(old: Old, target: str) -> None:
    database = open_database(target, create=False)
    assert database is not None
    assert revision_of(target) == REVISIONS[-1]
    assert_rows(old.rows, target, same=False)
    assert_sound(database)


COMPUTED_COLUMNS = {"execution": {"content", "details"}}
"""Columns that were replaced or computed anew; the program computes them from the rest."""


def without(rows: list[tuple[str, ...]], columns: set[str]) -> list[tuple[str, ...]]:
    """Leave some columns out of rows; the first row has the names."""
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return [tuple(row[place] for place in kept) for row in rows]


def assert_rows(before: Rows, target: str, *, same: bool) -> None:
    """Expect the same rows; after a migration, in the old tables and columns."""
    if same:
        assert rows_of(target) == before
        return
    before = {name: without(rows, COMPUTED_COLUMNS.get(name, set())) for name, rows in before.items()}
    now = rows_of(target, before)
    for name, rows in before.items():
        if name != "alembic_version":
            assert set(rows) <= set(now[name]), name
            assert len(now[name]) - len(rows) == (1 if name in {"change", "link"} else 0), name


def aborted_migrations(
    cchc: Program, manner: str, jobs: Iterator[tuple[int, str]]
) -> Iterator[tuple[int, str, bool]]:
    """Migrate copies, each aborted some statements later; give (statement, database, whether it ended)."""
    process = driver(cchc, "migrate", manner)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for number, target in jobs:
            process.stdin.write(f"{target} {number}\n")
            process.stdin.flush()
            said, how, code = process.stdout.readline().split()
            assert (int(said), how in {"ended", "broken"}) == (number, True)
            assert int(code) == (0 if how == "ended" else {"kill": -9, "raise": 1}[manner])
            yield number, target, how == "ended"
            if how == "ended":
                return
    finally:
        process.kill()
        process.communicate(timeout=HANGS)


@pytest.mark.parametrize("manner", ["raise", "kill"])
def test_a_migration_broken_off_at_any_statement_is_whole(old: Old, tmp_path: Path, manner: str) -> None:
    """`make test` takes some of the statements, `make crash` all of them."""
    cchc = Program(tmp_path, old.target)
    step = 1 if ROUNDS else 31 if "://" in old.target else 5
    jobs = ((number, old.another(number)) for number in range(1, 1000, step))
    found = []
    for number, target, ended in aborted_migrations(cchc, manner, jobs):
        found.append((number, check(old, target), ended))
    assert len(found) > 15 // step
    assert found[0][1] == old.revision
    assert found[-1][1:] == (REVISIONS[-1], True)
    finish(old, old.target)
