"""The installed program, run as a process the way people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EXECUTABLE = Path(sys.executable).with_name("cchc.exe" if os.name == "nt" else "cchc")


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
            **self.environment,
        }

    def run(self, *arguments: object, stdin: str | None = None, cwd: Path | None = None) -> Outcome:
        """Run once; without a terminal, and without input unless some is given."""
        done = subprocess.run(
            [str(EXECUTABLE), *map(str, arguments)],
            check=False,
            capture_output=True,
            encoding="utf-8",
            env=self.environ(),
            cwd=cwd or self.home,
            stdin=subprocess.DEVNULL if stdin is None else None,
            input=stdin,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

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
