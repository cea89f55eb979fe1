"""The pager: shows long answers in full, and only on a terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.program import Program
from tests.small_plan import import_once
from tests.terminal import Terminal

FAKE = """#!{python}
import os, sys
with open({seen!r}, "w", encoding="utf-8") as file:
    print(sys.argv[1:], os.environ.get("LESS"), os.environ.get("LESSCHARSET"), file=file)
    file.write(sys.stdin.buffer.read().decode("utf-8"))
print("left the pager")
"""
HASTY = "#!{python}\nimport os\nos.close(0)\nprint('left at once')\n"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small plan once."""
    return import_once(tmp_path_factory.mktemp("stored"))


@pytest.fixture
def screen(cchc: Program, stored: Path, tmp_path: Path) -> Program:
    """Give the program on a screen of 12 lines, with a `less` of the test's own before any other."""
    shutil.copy(stored, cchc.db)
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("less", FAKE), ("mine", FAKE), ("hasty", HASTY)):
        program = folder / name
        program.write_text(text.format(python=sys.executable, seen=str(tmp_path / f"{name}.txt")), "utf-8")
        program.chmod(0o755)
    environment = {
        "PATH": f"{folder}:{cchc.environ()['PATH']}",
        "LINES": "12",
        "COLUMNS": "80",
        "TERM": "xterm-256color",
    }
    return Program(cchc.home, cchc.db, environment)


def shown(program: Program, *arguments: str, **variables: str) -> str:
    """Run on a terminal to its end; give all that was shown there."""
    run = Program(program.home, program.db, {**program.environment, **variables})
    with Terminal(run, *arguments) as terminal:
        assert terminal.code() == 0
        return terminal.shown


def seen(program: Program, name: str) -> str | None:
    """Give the input of the pager of this name; None if it was not started."""
    path = Path(program.environment["PATH"].partition(":")[0]).parent / f"{name}.txt"
    return path.read_text("utf-8") if path.exists() else None


def test_long_answers_go_through_less(screen: Program) -> None:
    """Without any setting it is `less`, with what it needs for colours and Vietnamese; the answer is whole."""
    told = shown(screen, "plan")
    assert "left the pager" in told
    assert "Kế hoạch" not in told
    text = seen(screen, "less")
    assert text is not None
    first, _, answer = text.partition("\n")
    assert first == "['-FRX'] FRX utf-8"
    assert "\x1b[" in answer
    plain = screen.ok("plan").out.split()
    for word in plain:
        assert word in answer, word


@pytest.mark.parametrize(
    "command", [("agencies",), ("status", "--agency", "so-noi-vu"), ("plan", "--source")]
)
def test_every_long_text(screen: Program, command: tuple[str, ...]) -> None:
    assert "left the pager" in shown(screen, *command, LINES="5")


def test_short_answers_do_not(screen: Program) -> None:
    """What leaves room on the screen is written as ever."""
    assert "so-noi-vu" in shown(screen, "agencies", "nội vụ")
    assert "Pa nô" in shown(screen, "plan", LINES="500")
    assert seen(screen, "less") is None


def test_which_pager(screen: Program) -> None:
    """CCHC_PAGER goes before PAGER, PAGER before less; options may be given, quoted as in a shell."""
    shown(screen, "plan", PAGER="mine -x 'a b'")
    assert (seen(screen, "mine") or "").startswith("['-x', 'a b'] FRX utf-8\n")
    shown(screen, "plan", PAGER="less", CCHC_PAGER="mine -y", LESS="iM", LESSCHARSET="latin1")
    assert (seen(screen, "mine") or "").startswith("['-y'] -R iM latin1\n")
    assert seen(screen, "less") is None


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--no-pager", "plan"), {}),
        (("plan", "--no-pager"), {}),
        (("plan",), {"CCHC_PAGER": ""}),
        (("plan",), {"CCHC_PAGER": "", "PAGER": "mine"}),
        (("plan",), {"PAGER": ""}),
        (("plan",), {"PAGER": "cat"}),
        (("plan",), {"PAGER": "no-such-program"}),
        (("plan",), {"PAGER": "mine 'open"}),
        (("plan",), {"TERM": "dumb"}),
        (("plan", "-f", "json"), {}),
        (("agencies", "-f", "csv"), {"LINES": "5"}),
    ],
    ids=str,
)
def test_no_pager(screen: Program, arguments: tuple[str, ...], variables: dict[str, str]) -> None:
    """If the pager is disabled or not found, or for a JSON or CSV answer, the answer is printed in full."""
    told = shown(screen, *arguments, **variables)
    assert "Pa nô" in told or "panels" in told or "Buôn Hồ" in told
    assert "left the pager" not in told
    assert seen(screen, "less") is None
    assert seen(screen, "mine") is None


def test_without_less_there_is_none(screen: Program, tmp_path: Path) -> None:
    """Where there is no `less` the answer is written as ever."""
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "Pa nô" in shown(screen, "plan", PATH=str(empty))


def test_never_where_stdout_is_no_terminal(screen: Program) -> None:
    """A pipe or a file gets the answer itself, without colours, whatever is set."""
    told = Program(screen.home, screen.db, {**screen.environment, "CCHC_PAGER": "mine", "FORCE_COLOR": "1"})
    assert "Pa nô" in told.ok("plan").out
    assert "\x1b[" not in told.ok("plan").out
    assert seen(screen, "mine") is None


def test_no_color(screen: Program) -> None:
    """NO_COLOR holds in a pager too."""
    shown(screen, "plan", NO_COLOR="1", PAGER="mine")
    text = seen(screen, "mine")
    assert text is not None
    # Weight and dimness are no colours.
    assert not [code for code in text.split("\x1b[")[1:] if code.partition("m")[0].startswith(("3", "9"))]


def test_leaving_early(screen: Program) -> None:
    """Leaving the pager before the end is no error; the exit code is 0."""
    told = shown(screen, "plan", "--source", PAGER="hasty", LINES="5")
    assert "left at once" in told
    assert "error" not in told
    assert "Traceback" not in told


def test_nobody_is_kept_from_recording(screen: Program, tmp_path: Path) -> None:
    """While somebody looks at a long history, others record."""
    for _ in range(8):
        screen.ok("log", "A.4", "--agency", "so-noi-vu")
    waiting = tmp_path / "bin" / "waiting"
    waiting.write_text("#!/bin/sh\necho looking\nread answer < /dev/tty\n", "utf-8")
    waiting.chmod(0o755)
    reader = Program(screen.home, screen.db, {**screen.environment, "PAGER": "waiting", "LINES": "5"})
    with Terminal(reader, "history") as terminal:
        terminal.until("looking")
        screen.ok("log", "A.4", "--agency", "so-noi-vu")
        terminal.types("\n")
        assert terminal.code() == 0
