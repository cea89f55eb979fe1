"""A full disk, a read-only folder, an answer that cannot be written: an error is reported, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cchc_cli.storage.database.database import connect
from tests.crash.helpers import assert_sound, needs, recorded, rounds, with_plan
from tests.program import EXECUTABLE, Outcome, Program
from tests.small_plan import FIXED, write_plan

ONE = (
    *("log", "radio-column", "15", "--agency", "dai-buon-ho", "--date", "2024-03-14", "--form", "radio"),
    *("--title", "one"),
)
ROWS = 400


def run_with_prefix(cchc: Program, before: list[str], *arguments: object, out: int | None = None) -> Outcome:
    """Run the program after a command prefix, with a stdout of choice."""
    done = subprocess.run(
        [*before, str(EXECUTABLE), *map(str, arguments)],
        check=False,
        stdout=subprocess.PIPE if out is None else out,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        env={**cchc.environ(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=cchc.home,
    )
    return Outcome(done.returncode, done.stdout or "", done.stderr)


def without_root() -> list[str]:
    """Give the command prefix under which permissions hold for root too."""
    if os.geteuid() != 0:
        return []
    return [needs("setpriv", "util-linux"), "--bounding-set=-dac_override,-dac_read_search"]


def confined(cchc: Program, size: int, *arguments: object) -> Outcome:
    """Run the program where no file can grow beyond a size."""
    return run_with_prefix(cchc, [sys.executable, "-m", "tests.crash.confined", str(size)], *arguments)


def assert_reported(outcome: Outcome) -> None:
    """Expect an error in one sentence; there may be notes."""
    assert outcome.code == 3, outcome
    assert "itself failed" not in outcome.err
    assert [line.partition(":")[0] for line in outcome.err.splitlines() if line[:6] != "note: "] == ["error"]
    assert outcome.out == ""


def write_rows(folder: Path) -> Path:
    path = folder / "rows.csv"
    lines = [f"2024-03-14,dai-buon-ho,radio-column,15,radio,{place} {'dài ' * 30}" for place in range(ROWS)]
    path.write_text("date,agency,activity,amount,form,title\n" + "\n".join(lines), "utf-8")
    return path


def test_a_full_disk_refuses_a_rows_file_and_keeps_what_was_there(cchc: Program, tmp_path: Path) -> None:
    with_plan(cchc, tmp_path)
    cchc.ok(*ONE)
    rows, database = write_rows(tmp_path), Path(cchc.db)
    size = database.stat().st_size
    # No journal at all; a part of it; the database cannot grow; it cannot grow enough.
    for limit in [0, 512, 4096, size // 2, *range(size, size + 20_000, 20_000 // rounds(2))]:
        assert_reported(confined(cchc, limit, "log", "--file", rows))
        assert recorded(cchc.db) == {"one": 1}, limit
        # The next command has deleted the journal and all other files.
        assert [path.name for path in tmp_path.glob("cchc.db*")] == ["cchc.db"]
    assert cchc.ok("log", "--file", rows, "-f", "json").json["created"] == ROWS
    assert len(recorded(cchc.db)) == 1 + ROWS


@pytest.mark.parametrize("extra", [[], ["--evidence", "photo.jpg"]], ids=["bare", "evidence"])
def test_one_record_on_a_full_disk_is_there_once_in_the_end(
    cchc_on: Program, tmp_path: Path, extra: list[str]
) -> None:
    """Wherever the disk is full: in the intent, the evidence, the journal or the database."""
    with_plan(cchc_on, tmp_path)
    (cchc_on.home / "photo.jpg").write_bytes(bytes(30_000))
    failed = 0
    for limit in (0, 3, 512, 8192):
        outcome = confined(cchc_on, limit, *ONE, *extra)
        if outcome.code == 0:
            break
        assert_reported(outcome)
        failed += 1
        assert recorded(cchc_on.db) == {}
    assert failed >= (1 if "://" in cchc_on.db else 2)
    if outcome.code != 0:
        cchc_on.ok(*ONE, *extra)
    assert recorded(cchc_on.db) == {"one": 1}


def test_a_read_only_file_or_folder_is_told_and_works_again_afterwards(cchc: Program, tmp_path: Path) -> None:
    with_plan(cchc, tmp_path)
    folder = tmp_path / "archive"
    folder.mkdir()
    database = Path(cchc.db).rename(folder / "cchc.db")
    cchc.db = str(database)
    before = without_root()
    for place, narrow, wide in ((folder, 0o555, 0o755), (database, 0o444, 0o600)):
        place.chmod(narrow)
        try:
            assert_reported(run_with_prefix(cchc, before, *ONE))
            assert run_with_prefix(cchc, before, "status").code == 0
        finally:
            place.chmod(wide)
        assert recorded(cchc.db) == {}
    cchc.ok(*ONE)
    assert recorded(cchc.db) == {"one": 1}


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_that_cannot_be_written_is_no_success(cchc_on: Program, tmp_path: Path, form: str) -> None:
    """A repeated command does not record a second time after its number could not be printed."""
    with_plan(cchc_on, tmp_path)
    with Path("/dev/full").open("wb") as full:
        for _ in range(2):
            assert_reported(run_with_prefix(cchc_on, [], *ONE, "-f", form, out=full.fileno()))
            assert recorded(cchc_on.db) == {"one": 1}
        for asked in (("status", "-f", "csv"), ("history", "-f", "json"), ("history", "-f", "csv")):
            assert_reported(run_with_prefix(cchc_on, [], *asked, out=full.fileno()))
    said = cchc_on.ok(*ONE)
    assert said.out.startswith("no. 1:")
    assert "earlier run" in said.err
    assert recorded(cchc_on.db) == {"one": 1}


def test_a_failed_import_leaves_no_half_of_a_database(cchc: Program, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, frame=FIXED)
    for limit in (0, 4096, 65_536):
        assert_reported(confined(cchc, limit, "import", plan))
        assert "import" in cchc.fails(2, "status")
    cchc.ok("import", plan)
    assert_sound(connect(cchc.db))


@pytest.mark.parametrize("name", ["b.db", "out.md", "out.csv", "out.ics"])
def test_what_a_full_disk_cuts_short_replaces_nothing(cchc: Program, tmp_path: Path, name: str) -> None:
    """The file of that name stays as it was, and nothing is left beside it."""
    with_plan(cchc, tmp_path)
    cchc.ok(*ONE)
    path = cchc.home / "kept" / name
    path.parent.mkdir()
    command: tuple[object, ...] = {
        "b.db": ("backup", path),
        "out.md": ("report", "--review", "past", "--as-of", "2024-03-20", "--to", path),
        "out.csv": ("status", "--as-of", "2024-03-20", "--to", path),
        "out.ics": ("due", "--as-of", "2024-03-20", "--ics", path),
    }[name]
    for limit in (0, 512):
        assert_reported(confined(cchc, limit, *command))
        assert list(path.parent.iterdir()) == []
    cchc.ok(*command)
    before = path.read_bytes()
    cchc.ok(*ONE[:-1], "two")
    for limit in (0, 512, len(before) // 2):
        assert_reported(confined(cchc, limit, *command))
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]
    cchc.ok(*command)


def test_a_full_disk_deletes_no_earlier_backup(cchc: Program, tmp_path: Path) -> None:
    with_plan(cchc, tmp_path)
    folder = tmp_path / "backups"
    folder.mkdir()
    earlier = Path(cchc.ok("backup", "--to", folder).out.partition(": backup written")[0])
    earlier.rename(folder / "cchc-2024-01-01.db")
    size = (folder / "cchc-2024-01-01.db").stat().st_size
    for limit in (0, 4096, size // 2):
        assert_reported(confined(cchc, limit, "backup", "--to", folder, "--keep", 1))
        assert [path.name for path in folder.iterdir()] == ["cchc-2024-01-01.db"]
    cchc.ok("backup", "--to", folder, "--keep", 1)
    assert [path.name for path in folder.iterdir()] != ["cchc-2024-01-01.db"]


def test_a_restore_on_a_full_disk_changes_nothing(cchc_on: Program, tmp_path: Path) -> None:
    with_plan(cchc_on, tmp_path)
    cchc_on.ok("backup", tmp_path / "b.db")
    cchc_on.ok(*ONE)
    there = set(tmp_path.iterdir())
    for limit in (0, 4096, (tmp_path / "b.db").stat().st_size // 2):
        assert_reported(confined(cchc_on, limit, "restore", tmp_path / "b.db", "--force"))
        assert recorded(cchc_on.db) == {"one": 1}
        assert set(tmp_path.iterdir()) == there


def test_a_read_only_folder_for_files_is_told(cchc: Program, tmp_path: Path) -> None:
    with_plan(cchc, tmp_path)
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        for command in (
            ("backup", folder / "b.db"),
            ("backup", "--to", folder, "--keep", 2),
            ("report", "--review", "past", "--to", folder / "out.docx"),
            ("due", "--ics", folder / "out.ics"),
            ("status", "--to", folder / "out.csv"),
        ):
            outcome = run_with_prefix(cchc, without_root(), *command)
            assert_reported(outcome)
            assert str(folder) in outcome.err
            assert ".new" not in outcome.err
            assert list(folder.iterdir()) == []
    finally:
        folder.chmod(0o755)
