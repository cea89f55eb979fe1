"""The installed program, run as a process."""

from __future__ import annotations

import atexit
import json
import os
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.fork_server import ForkServer

EXECUTABLE = Path(sys.executable).with_name("cchc.exe" if os.name == "nt" else "cchc")


@cache
def _fork_server() -> ForkServer:
    server = ForkServer()
    atexit.register(server.stop)
    return server


@dataclass(frozen=True)
class Outcome:
    """The exit code and the output of a run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the document holds
        """Give the one JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Program:
    """`cchc` with its own environment: an empty home, one database, English."""

    home: Path
    db: str
    environment: dict[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, str]:
        """Give the environment of a run; only PATH is inherited."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "CCHC_DB": self.db,
            "CCHC_LANG": "en",
            "CCHC_AUTHOR": "tester",
            # A test with a full disk would leave truncated .pyc files in the checkout.
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
        }

    def run(self, *arguments: object, stdin: str | None = None, cwd: Path | None = None) -> Outcome:
        """Run once, without a terminal; `stdin` is the input."""
        return Outcome(
            *_fork_server().run(list(map(str, arguments)), self.environ(), cwd or self.home, stdin)
        )

    def ok(self, *arguments: object) -> Outcome:
        """Run once and expect success."""
        outcome = self.run(*arguments)
        assert outcome.code == 0, (arguments, outcome)
        assert "Traceback" not in outcome.err
        return outcome

    def fails(self, code: int, *arguments: object) -> str:
        """Run once, expect this exit code and no traceback; give stderr."""
        outcome = self.run(*arguments)
        assert outcome.code == code, (arguments, outcome)
        assert "Traceback" not in outcome.err
        assert outcome.err.strip()
        return outcome.err
