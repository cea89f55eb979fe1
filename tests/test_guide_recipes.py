"""The recipes of the guide to backups: the line for cron, the command for the Windows Task Scheduler, and the rest."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.generated_docs import ROOT
from tests.program import EXECUTABLE
from tests.small_plan import write_plan

if TYPE_CHECKING:
    from tests.program import Program

GUIDE = ROOT / "docs" / "huong-dan-sao-luu.md"
LONGEST_TASK = 261
"""The most characters that schtasks takes after /TR."""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def office(cchc: Program, tmp_path: Path) -> Program:
    """A home with the program and a database where an office has them, and no variable set."""
    programs = cchc.home / ".local" / "bin"
    programs.mkdir(parents=True)
    (programs / "cchc").symlink_to(EXECUTABLE)
    cchc.db = str(cchc.home / ".local" / "share" / "cchc" / "cchc.db")
    Path(cchc.db).parent.mkdir(parents=True)
    cchc.ok("import", write_plan(tmp_path))
    return cchc


def test_the_line_for_cron(office: Program, tmp_path: Path) -> None:
    """Run by sh with the few variables that cron sets; on success cron has nothing to mail."""
    (line,) = blocks("cron")
    *times, command = line.strip().split(maxsplit=5)
    assert len(times) == 5
    assert "%" not in command  # cron would end the line there
    folder = tmp_path / "drive" / "cchc"
    command = command.replace("/mnt/sao-luu/cchc", shlex.quote(str(folder)))
    assert str(folder) in command

    def run() -> subprocess.CompletedProcess[str]:
        environment = {
            "HOME": str(office.home),
            "PATH": "/usr/bin:/bin",
            "SHELL": "/bin/sh",
            "LOGNAME": "lan",
        }
        return subprocess.run(
            ["/bin/sh", "-c", command],
            check=True,
            capture_output=True,
            encoding="utf-8",
            env=environment,
            cwd=office.home,
        )

    # The drive is not there.
    assert "sao-luu.log" in run().stdout
    assert "không có thư mục này" in (office.home / "sao-luu.log").read_text("utf-8")
    assert not folder.exists()
    folder.mkdir(parents=True)
    done = run()
    assert (done.stdout, done.stderr) == ("", "")
    (made,) = folder.iterdir()
    assert re.fullmatch(r"cchc-\d{4}-\d\d-\d\d\.db", made.name)
    office.db = str(made)
    office.ok("verify")


def windows_arguments(command_line: str) -> list[str]:
    """Split a command line as Windows programs do: a backslash only escapes a quote."""
    words = re.findall(r'(?:[^\s"]|"(?:\\"|[^"])*")+', command_line)
    return [re.sub(r'(?<!\\)"', "", word).replace('\\"', '"') for word in words]


def test_the_command_for_the_task_scheduler(office: Program, tmp_path: Path) -> None:
    create, query = blocks("bat")
    words = windows_arguments(create.strip().replace("%USERPROFILE%", r"C:\Users\Nguyễn Lan"))
    assert words[:2] == ["schtasks", "/Create"]
    options = dict(zip(words[2::2], words[3::2], strict=True))
    assert options.keys() == {"/TN", "/SC", "/ST", "/TR"}
    assert (options["/SC"], re.fullmatch(r"\d\d:\d\d", options["/ST"]) is not None) == ("DAILY", True)
    assert len(options["/TR"]) <= LONGEST_TASK
    assert windows_arguments(query.strip())[:4] == ["schtasks", "/Query", "/TN", options["/TN"]]
    program, *arguments = windows_arguments(options["/TR"])
    assert program == r"C:\Users\Nguyễn Lan\.local\bin\cchc.exe"
    folder = tmp_path / "drive"
    folder.mkdir()
    office.ok(*(str(folder) if word == r"E:\sao-luu\cchc" else word for word in arguments))
    assert len(list(folder.iterdir())) == 1


def test_the_other_commands(office: Program) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) == 4
    for line in lines:
        office.ok(*shlex.split(line)[1:])
