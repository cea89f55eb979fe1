"""The progress bar: on stderr, only on a terminal, after a second, and removed before the answer."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

WORK = """
import sys, time
from cchc_cli.cli.terminal import progress
from cchc_cli.domain.language.errors import message
progress.DELAY = float(sys.argv[1])
with progress.progress_bar(message("rows recorded")) as tick:
    deadline = time.monotonic() + 30
    tick(1234)
    while sys.argv[2] == "until shown" and "rich.progress" not in sys.modules and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1 if sys.argv[2] == "until shown" else 0)
print("answer")
"""


def on_a_terminal(folder: Path, *arguments: str, **environment: str) -> tuple[str, str]:
    """Run with stderr on a terminal; give stdout, and the output on the terminal."""
    ours, theirs = pty.openpty()
    base = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TERM": "xterm",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**base, **environment},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    out, _ = process.communicate()
    os.close(ours)
    assert process.returncode == 0
    return out.decode(), shown.decode()


def test_a_long_work_shows_how_far_it_is(tmp_path: Path) -> None:
    out, shown = on_a_terminal(tmp_path, "0.01", "until shown", CCHC_LANG="en")
    assert out == "answer\n"
    assert "1 234" in shown


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_bar_where_none_is_wanted(tmp_path: Path, environment: dict[str, str]) -> None:
    assert on_a_terminal(tmp_path, "0.01", "at once", **environment) == ("answer\n", "")


def test_what_is_done_at_once_shows_nothing(tmp_path: Path) -> None:
    assert on_a_terminal(tmp_path, "60", "at once") == ("answer\n", "")


def test_no_bar_where_nobody_looks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK, "0.01", "at once"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.stdout, done.stderr) == ("answer\n", "")
