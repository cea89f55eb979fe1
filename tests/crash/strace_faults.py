"""Every system call that writes is made to fail, or kills its process, one at a time.

`make crash` runs this file; `make test` does not, since it needs strace. A first run under strace lists the calls that
touch the database's folder or print the answer. Then each of them fails in a run of its own.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cchc_cli.storage.database.database import connect
from cchc_cli.storage.schema.revisions import REVISIONS
from tests.crash.helpers import HANGS, ROUNDS, assert_sound, needs, recorded, with_plan
from tests.crash.old_database import restore_old, rows_of
from tests.crash.test_migrations import assert_rows, revision_of
from tests.program import EXECUTABLE, Outcome, Program

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = (
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "fsync", "fdatasync", "sync_file_range"),
    *("ftruncate", "truncate", "fallocate", "copy_file_range", "sendfile", "openat", "mkdir", "mkdirat"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"),
    *("chmod", "fchmod", "fchmodat", "flock"),
)
FAULTS = {"ENOSPC": "error=ENOSPC", "EIO": "error=EIO", "KILL": "signal=KILL"}
KILLED = -9
STEP = 1 if ROUNDS > 1 else 9
"""A short run lets only one in so many writes of database pages fail."""

_CALL = re.compile(r"(\d+)\s+(\w+)\(")
_ANSWER = re.compile(r"write\(1<")


@dataclass(frozen=True)
class Point:
    """The `nth` call of its name in a run."""

    call: str
    nth: int


def traced(command: list[str], cchc: Program, trace: Path, *inject: str) -> Outcome:
    """Run a command under strace."""
    names = ",".join(f"?{name}" for name in CALLS)
    done = subprocess.run(
        [
            needs("strace", "strace"),
            *("-f", "-qq", "-y", "-o", str(trace), "-e", f"trace={names}"),
            # It makes the run faster, but some versions of strace do not inject signals with it.
            *([] if "KILL" in "".join(inject) else ["--seccomp-bpf"]),
            *inject,
            *command,
        ],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        # The same calls each time: no bytecode is written, and hashes are not random.
        env={
            **cchc.environ(),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": ":".join(filter(None, sys.path)),
        },
        cwd=cchc.home,
        timeout=HANGS,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def points(trace: Path, folder: Path, step: int) -> list[Point]:
    """List the calls of a traced run that touch a folder or print the answer."""
    numbers = {name: count(1) for name in CALLS}
    found, pages = [], count()
    first = None
    for line in trace.read_text("utf-8", "replace").splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        first = first or match[1]
        assert match[1] == first, "strace counts calls for each thread; this run has several"
        point = Point(match[2], next(numbers[match[2]]))
        touches = str(folder) in line or _ANSWER.search(line)
        if touches and (point.call != "pwrite64" or next(pages) % step == 0):
            found.append(point)
    return found


def struck(trace: Path, folder: Path, outcome: Outcome, fault: str) -> bool:
    """Tell whether the fault struck a call that `points` lists.

    Runs differ now and then: identities are random, so that a run may write one page less, and Python may open another
    file of its own.
    """
    lines = trace.read_text("utf-8", "replace").splitlines()
    if fault == "KILL":
        found = [line for line in lines if _CALL.match(line)][-1:] if outcome.code == KILLED else []
    else:
        found = [line for line in lines if "(INJECTED)" in line]
    return bool(found) and (str(folder) in found[0] or _ANSWER.search(found[0]) is not None)


def fresh(folder: Path, template: Path) -> None:
    """Replace a folder by a copy of the template."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)


def faulted(
    cchc: Program, command: list[str], template: Path, fault: str, step: int = STEP
) -> Iterator[tuple[Point, Outcome]]:
    """Run a command once for each listed call, which fails; give the call and the outcome."""
    folder, trace = Path(cchc.db).parent, cchc.home / "trace"
    for _ in range(2):  # The second run finds the system's caches filled, as all later ones do.
        fresh(folder, template)
        outcome = traced(command, cchc, trace)
        assert outcome.code == 0, outcome
    wanted, missed = points(trace, folder, step), 0
    for point in wanted:
        fresh(folder, template)
        inject = f"inject={point.call}:{FAULTS[fault]}:when={point.nth}"
        outcome = traced(command, cchc, trace, "-e", inject)
        if struck(trace, folder, outcome, fault):
            assert "Traceback" not in outcome.err, (point, outcome)
            yield point, outcome
        else:
            missed += 1
    assert len(wanted) >= 10
    assert missed <= len(wanted) // 4


@pytest.fixture
def template(cchc: Program, tmp_path: Path) -> Path:
    """Give a folder for the files before a run; the program's database lies in a copy of it."""
    place = tmp_path / "before"
    place.mkdir()
    (cchc.home / "photo.jpg").write_bytes(b"\xff\xd8 not quite a picture")
    cchc.db = str(tmp_path / "data" / "cchc.db")
    return place


def left_open(cchc: Program) -> bool:
    """Tell whether an intent was left that is not empty: then the same command does not record again.

    A run that is killed after it emptied its intent has printed its whole answer; nobody need repeat it.
    """
    return any(path.stat().st_size for path in Path(cchc.db).parent.glob("cchc.db-pending-*"))


def one_record(extra: list[str]) -> list[str]:
    return [
        *("log", "radio-column", "15", "--agency", "dai-buon-ho", "--date", "2024-03-14"),
        *("--form", "radio", "--title", "one", *extra),
    ]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("extra", [[], ["--evidence", "photo.jpg"]], ids=["bare", "evidence"])
def test_a_record_stands_once_whatever_call_failed(
    cchc: Program, tmp_path: Path, template: Path, fault: str, extra: list[str]
) -> None:
    """Repeating the command leaves one record, whether or not the first run succeeded."""
    with_plan(Program(cchc.home, str(template / "cchc.db")), tmp_path)
    command = [str(EXECUTABLE), *one_record(extra)]
    wrong: list[str] = []
    for point, outcome in faulted(cchc, command, template, fault):
        try:
            if outcome.code == 0 or (outcome.out.endswith("met\n") and not left_open(cchc)):
                assert recorded(cchc.db) == {"one": 1}, "told as recorded"
            else:
                assert recorded(cchc.db) in ({}, {"one": 1})
                cchc.ok(*one_record(extra))
                assert recorded(cchc.db) == {"one": 1}, "after the same command again"
            assert "itself failed" not in outcome.err
        except AssertionError as error:
            wrong.append(f"{point}: {outcome}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rows_file_is_there_whole_or_not_at_all_whatever_call_failed(
    cchc: Program, tmp_path: Path, template: Path, fault: str
) -> None:
    with_plan(Program(cchc.home, str(template / "cchc.db")), tmp_path)
    rows = cchc.home / "rows.csv"
    lines = [f"2024-03-14,dai-buon-ho,radio-column,15,radio,{place},photo.jpg" for place in range(10)]
    rows.write_text("date,agency,activity,amount,form,title,evidence\n" + "\n".join(lines), "utf-8")
    wrong: list[str] = []
    command = ["log", "--file", str(rows)]
    for point, outcome in faulted(cchc, [str(EXECUTABLE), *command], template, fault):
        try:
            assert len(recorded(cchc.db)) in ({10} if outcome.code == 0 else {0, 10})
            cchc.ok(*command)
            assert len(recorded(cchc.db)) == 10
            assert "itself failed" not in outcome.err
        except AssertionError as error:
            wrong.append(f"{point}: {outcome}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_migration_is_whole_whatever_call_failed(
    cchc: Program, tmp_path: Path, template: Path, fault: str, revision: str
) -> None:
    restore_old(revision, str(template / "cchc.db"), tmp_path)
    before = rows_of(str(template / "cchc.db"))
    wrong: list[str] = []
    command = ["status", "--as-of", "2024-05-15", "--summary"]
    for point, outcome in faulted(cchc, [str(EXECUTABLE), *command], template, fault):
        try:
            found = revision_of(cchc.db)
            assert found in {revision, REVISIONS[-1]}
            assert_rows(before, cchc.db, same=found == revision)
            cchc.ok(*command)
            assert revision_of(cchc.db) == REVISIONS[-1]
            assert_rows(before, cchc.db, same=False)
            assert_sound(connect(cchc.db))
            assert "itself failed" not in outcome.err
        except AssertionError as error:
            wrong.append(f"{point}: {outcome}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("setting", ["PRAGMA journal_mode = OFF", "PRAGMA journal_mode = DELETE"])
def test_without_a_journal_a_kill_leaves_half_a_record(cchc: Program, template: Path, setting: str) -> None:
    """A control: the same kills must damage the data of a writer without a journal, and only those."""
    with closing(sqlite3.connect(template / "cchc.db")) as connection:
        connection.executescript(
            "CREATE TABLE change (title); CREATE TABLE record (no INTEGER PRIMARY KEY, data)"
        )
    command = [sys.executable, "-m", "tests.crash.driver", "write-unsafely", cchc.db, setting]
    damaged = [
        point for point, _ in faulted(cchc, command, template, "KILL", 1) if not is_whole(Path(cchc.db))
    ]
    assert bool(damaged) == setting.endswith("OFF")


def is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        try:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            numbers = [
                connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - two constants
                for name in ("change", "record")
            ]
        except sqlite3.DatabaseError:
            return False
    return sound and numbers[0] == numbers[1]
