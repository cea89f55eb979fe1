"""The installed program on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

import pytest

from tests.program import EXECUTABLE, Program

if TYPE_CHECKING:
    from pathlib import Path


class Terminal:
    """The program on a pseudo-terminal, with typed input."""

    def __init__(self, cchc: Program, *arguments: str, executable: Path = EXECUTABLE) -> None:
        """Start a run whose three streams are the terminal, which can also interrupt it."""
        self.master, slave = pty.openpty()
        start = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
        self.process = subprocess.Popen(
            [sys.executable, "-c", start, str(executable), *arguments],
            stdin=slave,
            env={"TERM": "dumb", **cchc.environ()},
            cwd=cchc.home,
        )
        os.close(slave)
        self.shown = ""

    def __enter__(self) -> Self:
        """Enter the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the program if it still runs, as after a failed test."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def until(self, words: str) -> None:
        """Read on until these words are shown."""
        deadline = time.monotonic() + 30
        _, _, rest = self.shown.rpartition("\0")
        while words not in rest:
            assert self._ready(deadline - time.monotonic()), f"{words!r} was not shown: {self.shown!r}"
            more = self._read()
            assert more, f"ended before {words!r}: {self.shown!r}"
            rest += more

    def _ready(self, seconds: float) -> bool:
        return bool(select.select([self.master], [], [], max(seconds, 0))[0])

    def _read(self) -> str:
        try:
            more = os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:
            # Linux raises this after the last process has closed the terminal.
            return ""
        self.shown += more
        return more

    def types(self, text: str) -> None:
        """Type; `until` ignores output from before."""
        self.shown += "\0"
        os.write(self.master, text.encode())

    def code(self, insisting: str = "") -> int:
        """Read to the end; give the exit code. `insisting` is typed again each second until then.

        Python may see a signal that comes just before it begins to read only after the next one, so an
        interrupt may have to be typed twice.
        """
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not self._ready(1):
                os.write(self.master, insisting.encode())
            elif not self._read():
                return self.process.wait(30)
        pytest.fail(f"the program does not end: {self.shown!r}")
