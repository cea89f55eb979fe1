"""Many processes write or start at the same moment: each record is added once, and no process fails."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, func, select, text

from cchc_cli.storage.database.database import connect
from cchc_cli.storage.schema.tables import PlanVersionRow
from tests.crash.helpers import (
    HANGS,
    ROUNDS,
    acknowledged,
    assert_nothing_lost,
    assert_sound,
    driven,
    rounds,
    with_plan,
)
from tests.program import EXECUTABLE, Program
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Server

PROCESSES, EACH = 32, 20

# Starting the installed program 640 times takes long; only `make crash` does it.
WAYS = ("services", "program") if ROUNDS else ("services",)


def run_together(cchc: Program, commands: list[list[str]]) -> list[str]:
    """Run commands of the installed program at the same time, expect success; give their outputs."""
    started = [
        subprocess.Popen(
            [EXECUTABLE, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            env=cchc.environ(),
        )
        for command in commands
    ]
    ended = [(*process.communicate(timeout=HANGS), process.returncode) for process in started]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * len(commands)
    return [out for out, _, _ in ended]


def log_together(cchc: Program) -> list[str]:
    said = []
    for turn in range(EACH):
        titles = [f"{place}-{turn}" for place in range(PROCESSES)]
        outs = run_together(
            cchc,
            [
                [
                    *("log", "radio-column", "15", "--agency", "dai-buon-ho", "--date", "2024-03-14"),
                    *("--form", "radio", "--title", title),
                ]
                for title in titles
            ],
        )
        numbers = (out.removeprefix("no. ").partition(":")[0] for out in outs)
        said += [f"{title} {no} ." for title, no in zip(titles, numbers, strict=True)]
    return said


@pytest.mark.parametrize("way", WAYS)
def test_many_record_at_once_and_each_record_is_there_once(
    cchc_on: Program, tmp_path: Path, way: str
) -> None:
    with_plan(cchc_on, tmp_path)
    said = driven(cchc_on, "record-crowd", PROCESSES, EACH) if way == "services" else log_together(cchc_on)
    known = acknowledged(said)
    assert sorted(known.values()) == list(range(1, PROCESSES * EACH + 1))
    assert assert_nothing_lost(cchc_on.db, known) == known


def test_without_a_writers_lock_the_same_crowd_loses_records(cchc_on: Program) -> None:
    """A control: 32 processes that read, add one and write, with the library's own transactions."""
    target = (
        cchc_on.db.replace("postgresql://", "postgresql+psycopg://")
        if "://" in cchc_on.db
        else f"sqlite:///{cchc_on.db}"
    )
    cchc_on.db = target
    driven(cchc_on, "count-naively", PROCESSES, EACH)
    engine = create_engine(target)
    with engine.connect() as connection:
        assert (connection.scalar(text("SELECT value FROM counter")) or 0) < PROCESSES * EACH
    engine.dispose()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_starts_on_an_absent_database_make_one(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, way: str
) -> None:
    plan = write_plan(tmp_path, frame=FIXED)
    (tmp_path / "home").mkdir()
    for turn in range(rounds(1) if way == "services" else (ROUNDS + 1) // 2):
        cchc = Program(tmp_path / "home", str(tmp_path / f"{turn}.db"))
        if kind == "postgresql":
            server: Server = request.getfixturevalue("postgres")
            cchc.db = server.fresh()
        if way == "services":
            results = driven(cchc, "import-crowd", PROCESSES, plan)
        else:
            outs = run_together(cchc, [["import", str(plan), "-f", "json"]] * PROCESSES)
            results = [out.partition('"result": "')[2].partition('"')[0] for out in outs]
        assert sorted(results) == ["created"] + ["unchanged"] * (PROCESSES - 1)
        database = connect(cchc.db)
        assert_sound(database)
        with database.reading(use_sqlalchemy=True) as connection:
            assert connection.core.scalar(select(func.count()).select_from(PlanVersionRow)) == 1
