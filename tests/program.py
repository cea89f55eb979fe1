"""The installed program, run as a process the way people run it."""

from __future__ import annotations

import atexit
import json
import os
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.fork_server import Forks

EXECUTABLE = Path(sys.executable).with_name("cchc.exe" if os.name == "nt" else "cchc")


@cache
def _forks() -> Forks:
    forks = Forks()
    atexit.register(forks.stop)
    return forks


@dataclass(frozen=True)
class Outcome:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the document holds
        """Give the one JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Program:
    """`cchc` with an environment of its own: an empty home, one database, English."""

    home: Path
    db: str
    environment: dict[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, str]:
        """Give the environment of a run: nothing of the caller's but the path."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "CCHC_DB": self.db,
            "CCHC_LANG": "en",
            "CCHC_AUTHOR": "tester",
            # Where a test lets the disk be full, Python would leave cut modules in the checkout.
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
        }

    def run(self, *arguments: object, stdin: str | None = None, cwd: Path | None = None) -> Outcome:
        """Run once; without a terminal, and without input unless some is given."""
        return Outcome(*_forks().run(list(map(str, arguments)), self.environ(), cwd or self.home, stdin))

    def ok(self, *arguments: object) -> Outcome:
        """Run once and expect success."""
        outcome = self.run(*arguments)
        assert outcome.code == 0, (arguments, outcome)
        assert "Traceback" not in outcome.err
        return outcome

    def fails(self, code: int, *arguments: object) -> str:
        """Run once, expect this exit code and no traceback; give what was said on stderr."""
        outcome = self.run(*arguments)
        assert outcome.code == code, (arguments, outcome)
        assert "Traceback" not in outcome.err
        assert outcome.err.strip()
        return outcome.err
