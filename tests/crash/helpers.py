"""Shared parts of these tests: rounds, the driver as a process, and the checks afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from cchc_cli.services.maintenance.verification import verify
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.schema.tables import ChangeRow, ExecutionRow, LinkRow
from cchc_cli.storage.statements.parts import table
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.database.database import Database
    from tests.program import Program

ROUNDS = int(os.environ.get("CCHC_ROUNDS", "0"))
"""How many times `make crash` repeats the short form of `make test`; 0 in `make test`."""

HANGS = 600
"""Seconds after which a process is taken to hang; these tests do not measure speed."""


def rounds(short: int) -> int:
    """Give the number of repetitions, from that of `make test`."""
    return short * max(ROUNDS, 1)


def with_plan(cchc: Program, folder: Path) -> Program:
    """Import the small plan of the year 2024."""
    cchc.ok("import", write_plan(folder, frame=FIXED))
    return cchc


def driver(cchc: Program, job: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a job of `driver.py` on the program's database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.driver", job, cchc.db, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # PYTHONPATH has the folder of the tests; the home is the program's, for its intents.
        env={**cchc.environ(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def driven(cchc: Program, job: str, *arguments: object) -> list[str]:
    """Run a job of `driver.py` to its end; give the lines that it printed."""
    process = driver(cchc, job, *arguments)
    try:
        out, err = process.communicate(timeout=HANGS)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, ""), err
    return out.splitlines()


def acknowledged(lines: list[str]) -> dict[str, int]:
    """Give the acknowledged number of each title; lines that a kill cut off are ignored."""
    found: dict[str, int] = {}
    for line in lines:
        with suppress(ValueError):
            title, no, end = line.split(" ")
            if end == ".":
                found[title] = int(no)
    return found


def recorded(target: str) -> dict[str, int]:
    """Give the number of each title in the database, after checks.

    Each record has a change, a link and a row; `verify` finds nothing; numbers have no gap; no title occurs twice.
    """
    database = connect(target)
    assert_sound(database)
    execution = table(ExecutionRow)
    with database.reading(use_sqlalchemy=True) as opened:
        connection = opened.core
        rows = connection.execute(select(execution.c.title, execution.c.no).order_by(execution.c.no)).all()
        changes = connection.scalars(select(col(ChangeRow.seq)).order_by(col(ChangeRow.seq))).all()
        links = connection.scalar(select(func.count()).select_from(LinkRow))
    numbers = [row.no for row in rows]
    assert numbers == list(range(1, len(rows) + 1))
    assert list(changes) == list(range(1, len(changes) + 1))
    assert links == len(changes)
    titles = {row.title: int(row.no) for row in rows}
    assert len(titles) == len(rows), "a record was added twice"
    return titles


def assert_sound(database: Database) -> None:
    """Expect `verify` to find nothing."""
    assert [(kind, str(what)) for kind, what in verify(database, None).problems] == []


def assert_nothing_lost(target: str, known: dict[str, int]) -> dict[str, int]:
    """Expect every acknowledged record with its number; give the numbers of all records."""
    there = recorded(target)
    lost = {title: no for title, no in known.items() if there.get(title) != no}
    assert not lost, "acknowledged, but not there"
    return there


def needs(tool: str, package: str) -> str:
    """Give the path of a system tool; without it the test fails, and tells what to install."""
    from shutil import which  # noqa: PLC0415 - only tests that use a tool need it

    found = which(tool)
    if found is None:
        pytest.fail(f"this test needs {tool}; install it, on Debian with: apt-get install {package}")
    return found
