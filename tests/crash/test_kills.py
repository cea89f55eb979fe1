"""`kill -9` at any moment: an acknowledged record is never lost, others are whole or absent, and work goes on."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from cchc_cli.storage.database.database import connect
from cchc_cli.storage.schema.tables import ExecutionRow, PlanVersionRow
from tests.crash.helpers import (
    HANGS,
    acknowledged,
    assert_nothing_lost,
    assert_sound,
    driver,
    recorded,
    rounds,
    with_plan,
)
from tests.program import Program
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 200


def killed(cchc: Program, job: str, argument: object, after: float | None) -> list[str]:
    """Kill a job so many seconds after it is ready, or with None after its next line; give the lines that it printed."""
    process = driver(cchc, job, argument)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    said = []
    if after is None:
        said.append(process.stdout.readline().rstrip())
    else:
        # A random moment, not a condition: this is what the test is about.
        time.sleep(after)
    process.kill()
    out, err = process.communicate(timeout=HANGS)
    assert err == ""
    return [*said, *out.splitlines()]


def duration_of(cchc: Program, job: str, argument: object) -> float:
    """Give the seconds that a job runs after it is ready."""
    process = driver(cchc, job, argument)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    began = time.monotonic()
    process.communicate(timeout=HANGS)
    assert process.returncode == 0
    return time.monotonic() - began


def count(target: str, row: type[ExecutionRow | PlanVersionRow]) -> int:
    with connect(target).reading(use_sqlalchemy=True) as connection:
        return connection.core.scalar(select(func.count()).select_from(row)) or 0


def log_again(cchc: Program, title: str) -> int:
    """Repeat the command that a killed writer may have begun; give the number that it prints."""
    done = cchc.ok(
        *("log", "radio-column", "15", "--agency", "dai-buon-ho", "--date", "2024-03-14"),
        *("--form", "radio", "--title", title, "-f", "json"),
    )
    return int(done.json["executions"][0]["no"])


def test_a_writer_killed_again_and_again_leaves_each_record_once(cchc_on: Program, tmp_path: Path) -> None:
    """After each kill the next command works without repair, and the interrupted record is added once."""
    with_plan(cchc_on, tmp_path)
    draw = random.Random(613)  # noqa: S311 - the same moments each time
    known: dict[str, int] = {}
    for turn in range(rounds(8)):
        first = len(known) + 1
        said = acknowledged(killed(cchc_on, "keep-recording", first, draw.uniform(0, 0.8)))
        assert list(said) == [f"r{first + place}" for place in range(len(said))]
        known |= said
        if turn % 2:
            # Half of the time the first command after the kill is a reader.
            assert len(assert_nothing_lost(cchc_on.db, known)) - len(known) in {0, 1}
        title = f"r{len(known) + 1}"
        known[title] = log_again(cchc_on, title)
        assert assert_nothing_lost(cchc_on.db, known) == known
    assert len(known) > rounds(8), "no writer was killed after its first record"


def test_a_writer_that_acknowledges_before_it_commits_is_found_out(cchc_on: Program, tmp_path: Path) -> None:
    """A control: the same check must detect a lost record."""
    with_plan(cchc_on, tmp_path)
    known = acknowledged(killed(cchc_on, "acknowledge-early", 1, None))
    assert known == {"r1": 1}
    with pytest.raises(AssertionError, match="acknowledged, but not there"):
        assert_nothing_lost(cchc_on.db, known)
    assert log_again(cchc_on, "r1") == 1
    assert assert_nothing_lost(cchc_on.db, known) == known


def write_rows(folder: Path, turn: int) -> Path:
    path = folder / f"rows-{turn}.csv"
    lines = [f"2024-03-14,dai-buon-ho,radio-column,15,radio,{turn}-{place}" for place in range(ROWS)]
    path.write_text("date,agency,activity,amount,form,title\n" + "\n".join(lines), "utf-8")
    return path


def test_a_rows_file_whose_run_is_killed_is_there_whole_or_not_at_all(
    cchc_on: Program, tmp_path: Path
) -> None:
    with_plan(cchc_on, tmp_path)
    draw = random.Random(76)  # noqa: S311 - the same moments each time
    longest = duration_of(cchc_on, "record-file", write_rows(tmp_path, 0))
    for turn in range(1, 1 + rounds(3)):
        rows = write_rows(tmp_path, turn)
        said = killed(cchc_on, "record-file", rows, draw.uniform(0, longest))
        found = cchc_on.ok("log", "--file", rows, "-f", "json").json
        assert (found["created"], found["unchanged"]) in ({(0, ROWS)} if said else {(0, ROWS), (ROWS, 0)})
        assert len(recorded(cchc_on.db)) == count(cchc_on.db, ExecutionRow) == (turn + 1) * ROWS


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_import_that_is_killed_leaves_the_plan_of_before_or_the_new_one(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Into an absent database, and over an existing plan."""
    (tmp_path / "home").mkdir()
    draw = random.Random(2024)  # noqa: S311 - the same moments each time
    longest = [0.0, 0.0]
    for turn in range(1 + rounds(2)):
        cchc = Program(tmp_path / "home", str(tmp_path / f"{turn}.db"))
        if kind == "postgresql":
            cchc.db = request.getfixturevalue("postgres").fresh()
        for step, changes in enumerate(([], [("at_least: 15", "at_least: 20")])):
            plan = write_plan(tmp_path, *changes, frame=FIXED)
            if turn == 0:
                longest[step] = duration_of(cchc, "import-file", plan)
            else:
                killed(cchc, "import-file", plan, draw.uniform(0, longest[step]))
            results = {"created", "updated"} if turn else set()
            assert cchc.ok("import", plan, "-f", "json").json["result"] in {"unchanged", *results}
            assert_sound(connect(cchc.db))
            assert count(cchc.db, PlanVersionRow) == step + 1
