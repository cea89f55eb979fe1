"""A database that another program holds: every command says so in bounded time, and changes nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from cchc_cli.storage.database.database import connect
from tests.program import Outcome, Program
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Server

_IMPATIENT = """
from cchc_cli.storage.database import sqlite
sqlite.BUSY_SECONDS = 1
from cchc_cli.cli.error_handling import main
main()
"""
HANGS = 120
"""Seconds after which a command is taken to hang; it waits for one second, some more than once."""

LOG = ("log", "A.4", "--agency", "so-noi-vu", "--date", "2024-03-15")
COMMANDS = (
    ("status",),
    ("due", "--ics", "out.ics"),
    ("history", "--to", "out.csv"),
    ("report", "--review", "past", "--to", "out.md"),
    ("verify",),
    ("verify", "-f", "json"),
    ("doctor",),
    LOG,
    ("amend", "1", "--note", "x", "--reason", "x"),
    ("review", "close", "past"),
    ("backup", "b.db"),
    ("backup", "--to", ".", "--keep", "2"),
    ("restore", "sound.db", "--force"),
)


def impatient(program: Program, *arguments: object) -> Outcome:
    """Run the program, which waits for locks for a second only."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPATIENT, *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**program.environ(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=program.home,
        timeout=HANGS,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@contextmanager
def held(target: str) -> Iterator[None]:
    """Hold a database so that nobody else can read or write it."""
    if "://" in target:
        with psycopg.connect(target) as connection:
            connection.execute("LOCK TABLE change, link, plan, alembic_version IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()
        return
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def assert_told(outcome: Outcome) -> None:
    assert outcome.code == 3, outcome
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert line.startswith("error: ")
    assert "locked by another program" in line
    assert "try again" in line


@pytest.fixture
def year(cchc_on: Program, tmp_path: Path) -> Program:
    cchc_on.ok("import", write_plan(tmp_path, frame=FIXED))
    cchc_on.ok(*LOG)
    cchc_on.ok("backup", cchc_on.home / "sound.db")
    return cchc_on


def contents(program: Program) -> dict[str, bytes]:
    """Give the files in the home, without what the program keeps for itself."""
    return {path.name: path.read_bytes() for path in program.home.iterdir() if path.is_file()}


def test_a_held_database_is_told(year: Program) -> None:
    before, history = contents(year), year.ok("history", "-f", "json").json
    with held(year.db):
        for command in COMMANDS:
            assert_told(impatient(year, *command))
            assert contents(year) == before, command
    assert year.ok("history", "-f", "json").json == history
    year.ok("verify")
    assert year.ok(*LOG, "-f", "json").json["executions"][0]["no"] == 2


def test_a_held_backup_is_told(cchc: Program, tmp_path: Path) -> None:
    """Copying from a locked file would wait without end."""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    cchc.ok("backup", cchc.home / "b.db")
    new = Program(cchc.home, str(tmp_path / "new.db"))
    with held(str(cchc.home / "b.db")):
        assert_told(impatient(new, "restore", "b.db"))
    assert not Path(new.db).exists()
    new.ok("restore", cchc.home / "b.db")


def test_a_held_lock_file_holds_nobody_up(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    lock = Path(f"{cchc.db}.lock")
    lock.touch()
    holder = [sys.executable, "-c", _HOLDER, str(lock)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with held(cchc.db):
            assert_told(impatient(cchc, *LOG))
        cchc.ok(*LOG)
        process.communicate(b"\n")


_HOLDER = """
import fcntl, sys
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_server_that_is_gone_is_noticed_within_a_minute(postgres: Server) -> None:
    """The connection is probed; a URL may set other values."""
    address = postgres.fresh()
    for url, idle in ((address, "15"), (f"{address}&keepalives_idle=5", "5")):
        driver = connect(url).open()
        found = driver.info.get_parameters()
        driver.close()
        assert found["keepalives_idle"] == idle
        assert found["tcp_user_timeout"] == "60000"
        assert int(found["keepalives_idle"]) + 15 * int(found["keepalives_count"]) <= 60
