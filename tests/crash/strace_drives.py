"""A disk or network drive that fails or goes away while files are written or read: nothing half, and a clear word.

`make crash` runs this file; `make test` does not, since it needs strace.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cchc_cli.storage.database.database import connect
from tests.crash.helpers import ROUNDS, assert_sound, needs, with_plan
from tests.crash.strace_faults import CALLS, FAULTS, KILLED, faulted, fresh
from tests.program import EXECUTABLE, Outcome, Program

OUT = {
    "b.db": ("backup", "b.db"),
    "out.md": ("report", "--review", "past", "--as-of", "2024-03-20", "--to", "out.md"),
    "out.csv": ("status", "--as-of", "2024-03-20", "--to", "out.csv"),
}


@pytest.fixture
def template(cchc: Program, tmp_path: Path) -> Path:
    """Give a folder for the files before a run, with a database and what was written from an earlier state of it."""
    place = tmp_path / "before"
    place.mkdir()
    made = Program(cchc.home, str(place / "cchc.db"))
    with_plan(made, tmp_path)
    (cchc.home / "photo.jpg").write_bytes(b"photo" * 1000)
    for title in ("one", "two"):
        made.ok(
            *("log", "radio-column", "15", "--agency", "dai-buon-ho", "--date", "2024-03-14"),
            *("--form", "radio", "--title", title, "--evidence", cchc.home / "photo.jpg"),
        )
        if title == "one":
            for command in OUT.values():
                assert made.run(*command, cwd=place).code == 0
    cchc.db = str(tmp_path / "data" / "cchc.db")
    return place


@pytest.mark.parametrize("fault", [*FAULTS, "ESTALE"])
@pytest.mark.parametrize("name", OUT)
def test_a_file_is_old_or_new_whatever_call_failed(
    cchc: Program, template: Path, monkeypatch: pytest.MonkeyPatch, name: str, fault: str
) -> None:
    monkeypatch.setitem(FAULTS, "ESTALE", "error=ESTALE")
    folder = Path(cchc.db).parent
    command = [str(EXECUTABLE), *OUT[name][:-1], str(folder / name)]
    old = (template / name).read_bytes()
    fresh(folder, template)
    assert cchc.run(*command[1:]).code == 0
    expected = (folder / name).read_bytes()
    assert expected != old
    wrong: list[str] = []
    for point, outcome in faulted(cchc, command, template, fault):
        try:
            assert outcome.code in ({0, 3} if fault != "KILL" else {0, KILLED})
            assert "itself failed" not in outcome.err
            found = (folder / name).read_bytes()
            assert found != old or outcome.code
            if name == "b.db":
                assert_sound(connect(str(folder / name)))
            else:
                assert found in {old, expected}
            if fault != "KILL" and point.call not in {"unlink", "unlinkat"}:
                assert {path.name for path in folder.iterdir()} == {path.name for path in template.iterdir()}
            assert cchc.run(*OUT[name][:-1], folder / name).code == 0
        except AssertionError as error:
            wrong.append(f"{point}: {outcome}: {error}")
    assert not wrong, "\n".join(wrong)


READS = (
    *("read", "pread64", "readv", "preadv", "preadv2", "stat", "lstat", "fstat", "newfstatat", "statx"),
    *("access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "fcntl", "lseek"),
)
ASKED = {
    "status": ("status", "--as-of", "2024-03-20"),
    "verify": ("verify",),
    "log": (
        "log",
        "radio-column",
        "15",
        "--agency",
        "dai-buon-ho",
        "--date",
        "2024-03-15",
        "--form",
        "radio",
    ),
    "history": ("history", "--to", "{home}/out.csv"),
    "backup": ("backup", "{home}/b.db"),
    "restore": ("restore", "{home}/sound.db", "--force"),
    "evidence": ("evidence", "1", "--save", "{home}"),
}
BOUND = 60
"""Seconds after which a command must have ended, under strace."""

_NAME = re.compile(r"\d+\s+(\w+)\(")


def watched(command: list[str], cchc: Program, template: Path, *inject: str) -> tuple[Outcome, list[str]]:
    """Run a command under strace, which sees only calls on the files of the database; give the calls too."""
    folder, trace = Path(cchc.db).parent, cchc.home / "trace"
    fresh(folder, template)
    files = [
        folder,
        *(path for path in folder.rglob("*") if path.name not in OUT),
        Path(f"{cchc.db}-journal"),
    ]
    done = subprocess.run(
        [
            *(needs("strace", "strace"), "-f", "-qq", "-y", "-o", str(trace)),
            *(word for path in files for word in ("-P", str(path))),
            *("-e", "trace=" + ",".join(f"?{name}" for name in (*CALLS, *READS))),
            *inject,
            *command,
        ],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        env={
            **cchc.environ(),
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": ":".join(filter(None, sys.path)),
        },
        cwd=cchc.home,
        timeout=BOUND,
    )
    calls = [
        match[1] for line in trace.read_text("utf-8", "replace").splitlines() if (match := _NAME.match(line))
    ]
    return Outcome(done.returncode, done.stdout, done.stderr), calls


@pytest.mark.parametrize("error", ["ESTALE", "EIO", "ENOTCONN"])
@pytest.mark.parametrize("name", ASKED)
def test_a_drive_that_goes_away_is_told_in_bounded_time(
    cchc: Program, template: Path, name: str, error: str
) -> None:
    """From some call on, every call on the files of the database fails; afterwards the drive is back."""
    (cchc.home / "sound.db").write_bytes((template / "b.db").read_bytes())
    command = [str(EXECUTABLE), *(word.format(home=cchc.home) for word in ASKED[name])]
    outcome, calls = watched(command, cchc, template)
    assert outcome.code == 0, outcome
    assert len(calls) > 10
    wrong: list[str] = []
    failed = 0
    for place in range(0, len(calls), max(len(calls) // (200 if ROUNDS > 1 else 25), 1)):
        made = Counter(calls[:place])
        inject = [
            word
            for call in sorted(set(calls))
            for word in ("-e", f"inject={call}:error={error}:when={made[call] + 1}+")
        ]
        for path in (cchc.home / "out.csv", cchc.home / "b.db"):
            path.unlink(missing_ok=True)
        outcome, _ = watched(command, cchc, template, *inject)
        failed += outcome.code == 3
        try:
            assert outcome.code in {0, 1, 3} if name == "verify" else outcome.code in {0, 3}
            assert "Traceback" not in outcome.err
            assert "itself failed" not in outcome.err
            assert outcome.code == 0 or outcome.err.startswith("error: ") or outcome.code == 1
            assert_sound(connect(cchc.db))
            assert not list(cchc.home.glob(".*.new*"))
            if outcome.code and (cchc.home / "b.db").exists():
                assert_sound(connect(str(cchc.home / "b.db")))
        except AssertionError as error_of_test:
            wrong.append(f"{place} {calls[place]}: {outcome}: {error_of_test}")
    assert not wrong, "\n".join(wrong)
    assert failed > 5
