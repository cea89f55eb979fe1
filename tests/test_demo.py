"""`make demo` works in any folder, and so do the commands that it suggests."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.generated_docs import ROOT
from tests.program import EXECUTABLE, Program

if TYPE_CHECKING:
    from pathlib import Path


def sh(script: str, *arguments: str, cwd: Path, home: Path, language: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "-eu", script, *arguments] if arguments else ["/bin/sh", "-euc", script],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "CCHC_LANG": language},
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_is_said_to_type_next_works(tmp_path: Path, language: str) -> None:
    """The database stays where the demo says; a second run creates it again."""
    folder, home = tmp_path / "a folder", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    program = folder / "bin" / "cchc"
    program.parent.mkdir()
    program.symlink_to(EXECUTABLE)
    demo = str(ROOT / "docs" / "demo.sh")
    told = [sh(demo, "bin/cchc", cwd=folder, home=home, language=language) for _ in range(2)]
    assert told[0] == told[1]
    shown, _, below = told[1].rpartition("build/demo/demo.db. ")
    assert "$ cchc import plan_2024.yaml" in shown
    lines = [line for line in below.splitlines() if line.startswith("  ")]
    assert len(lines) > 3
    answers = sh("\n".join(lines), cwd=folder, home=home, language=language)
    assert ("Usage: cchc" if language == "en" else "Cách dùng: cchc") in answers
    assert (folder / "build" / "demo" / "h1.html").stat().st_size > 0
    stays = Program(home, str(folder / "build" / "demo" / "demo.db"))
    assert len(stays.ok("history", "-f", "json").json["executions"]) > 100


def test_installing_says_what_it_does_and_how_long_that_takes() -> None:
    make = shutil.which("make")
    assert make
    for language, words in (("en", "one to three minutes"), ("vi", "từ một đến ba phút")):
        planned = subprocess.run(
            [make, "-n", "demo", "VENV=not-there"],
            check=True,
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "CCHC_LANG": language},
        ).stdout.splitlines()
        assert planned[0].startswith("echo ")
        assert words in planned[0]
        assert planned[-1] == "sh docs/demo.sh not-there/bin/cchc"
