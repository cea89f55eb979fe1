"""Files for others: who may read them, and when an existing one is replaced."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.program import Program

DAYS = ("2024-04-09", "2024-05-10")
COMMANDS: dict[str, tuple[str, ...]] = {
    **{
        f"report{ending}": ("report", "--review", "running", "--to", f"out{ending}")
        for ending in (".docx", ".xlsx", ".html", ".pdf", ".md")
    },
    "calendar": ("due", "--ics", "out.ics"),
    "due": ("due", "--to", "out.csv"),
    "status": ("status", "--to", "out.csv"),
}


@pytest.fixture
def year(cchc: Program, tmp_path: Path) -> Program:
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    cchc.ok("log", "A.1", 15, "--agency", "dai-buon-ho", "--date", "2024-03-14", "--form", "radio")
    return cchc


def written(program: Program, name: str, day: str, *more: str) -> Path:
    """Run a command of the list as of a day; give the file that it wrote in the home."""
    program.ok(*COMMANDS[name], "--as-of", day, *more)
    return program.home / COMMANDS[name][-1]


def memory(program: Program) -> Path:
    return program.home / ".local" / "share" / "cchc" / "written"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_is_replaced_until_somebody_edits_it(year: Program, name: str) -> None:
    path = written(year, name, DAYS[0])
    first = path.read_bytes()
    other = written(year, name, DAYS[1]).read_bytes()
    assert other != first
    written(year, name, DAYS[0])
    assert path.read_bytes() == first
    # What was written earlier and put back is no edit either.
    path.write_bytes(other)
    written(year, name, DAYS[0])
    edited = first + b"\n"
    path.write_bytes(edited)
    assert "--force" in year.fails(2, *COMMANDS[name], "--as-of", DAYS[1])
    assert path.read_bytes() == edited
    assert sorted(year.home.glob(".out*")) == []
    assert written(year, name, DAYS[1], "--force").read_bytes() == other
    written(year, name, DAYS[0])


def test_every_command_that_writes_csv_keeps_an_edited_file(year: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    for command in ("agencies", "history", "status", "due"):
        path.write_text("của tôi", "utf-8")
        year.fails(2, command, "--to", path)
        assert path.read_text("utf-8") == "của tôi"
        year.ok(command, "--to", path, "--force")


@contextmanager
def masked(umask: int) -> Iterator[None]:
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_the_umask_decides_who_reads_reports_but_not_backups(
    year: Program, tmp_path: Path, umask: int
) -> None:
    (tmp_path / "proof.txt").write_text("minh chứng", "utf-8")
    with masked(umask):
        for name in COMMANDS:
            path = written(year, name, DAYS[0])
            assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask, name
            path.unlink()
        year.ok("backup", tmp_path / "b.db")
        year.ok(
            "amend", 1, "--evidence", tmp_path / "proof.txt", "--reason", "x", "--lang", "en"
        )  # the store of evidence
    private = (tmp_path / "b.db", memory(year), Path(year.db), *Path(f"{year.db}.evidence").iterdir())
    assert len(private) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_what_cannot_be_remembered_is_written_all_the_same(year: Program) -> None:
    """Without the memory equal bytes are still no edit; other bytes need --force."""
    memory(year).mkdir(parents=True)
    outcome = year.run(*COMMANDS["calendar"], "--as-of", DAYS[0])
    assert outcome.code == 0
    assert "note: " in outcome.err
    assert "--force" in outcome.err
    written(year, "calendar", DAYS[0])
    year.fails(2, *COMMANDS["calendar"], "--as-of", DAYS[1])
    written(year, "calendar", DAYS[1], "--force")


def test_a_line_that_was_cut_short_hides_no_other(year: Program) -> None:
    written(year, "calendar", DAYS[0])
    with memory(year).open("ab") as file:
        file.write(b"0123456789")
    written(year, "calendar", DAYS[1])
    written(year, "calendar", DAYS[0])


def test_a_database_is_never_replaced(year: Program, tmp_path: Path) -> None:
    """Neither by its name nor through a link, nor a backup of it; `--force` is for reports that somebody edited."""
    backup = tmp_path / "backup.db"
    year.ok("backup", backup)
    link = year.home / "out.csv"
    link.symlink_to(backup)
    content = backup.read_bytes()
    assert "this is a database" in year.fails(2, *COMMANDS["due"], "--force")
    assert backup.read_bytes() == content


def test_only_a_file_is_replaced_and_a_link_stays_a_link(year: Program, tmp_path: Path) -> None:
    os.mkfifo(year.home / "out.csv")
    (year.home / "out.md").mkdir()
    for name in ("due", "report.md"):
        assert "not a regular file" in year.fails(3, *COMMANDS[name], "--force")
    assert stat.S_ISFIFO((year.home / "out.csv").stat().st_mode)
    link = year.home / "out.ics"
    link.symlink_to(tmp_path / "shared.ics")
    for day in DAYS:
        written(year, "calendar", day)
    assert link.is_symlink()
    assert (tmp_path / "shared.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
