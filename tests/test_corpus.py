"""Files that once made reading fail, or that try to: each is read as its name says, or refused in our words.

`refused-…` must be refused as a whole; `taken-…` is a plan; `3-rows-…` gives three rows, right or wrong, so
that none gets lost; `refused-or-3-rows-…` does one of the two, and `any-…` whichever. `python -m tests.fuzz`
finds more of them, and holds the largest ones, which are made here and not kept.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path, PosixPath
from typing import NamedTuple

from tests.fuzz import LARGE, read

CORPUS = Path(__file__).parent / "data" / "corpus"
PLANS = sorted((CORPUS / "plans").iterdir())
ROWS = sorted((CORPUS / "rows").iterdir())
_NAME = re.compile(r"(?P<taken>taken)|(?P<any>any)|(?P<refused>refused)?(-or-)?((?P<rows>\d+)-rows?)?")


class Told(NamedTuple):
    """What the child process says of one file."""

    outcome: str
    why: str
    rows: int


def replayed(*paths: Path) -> dict[str, Told]:
    """Read the files in a child process, which limits memory and time; without any, the largest ones."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--replay", *map(str, paths)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["name"]: Told(line["outcome"], line["why"], line["rows"]) for line in lines}


def as_named(name: str, told: Told) -> bool:
    """Tell whether what became of a file is what its name says."""
    said = _NAME.match(name)
    assert said, name
    assert said[0], name
    if told.outcome == "refused":
        return bool(said["refused"] or said["any"])
    if told.outcome == "taken":
        return bool(said["taken"] or said["any"] or (said["rows"] and int(said["rows"]) == told.rows))
    return False


def wrong(paths: list[Path]) -> dict[str, Told]:
    """Give the files that were not read as their names say."""
    told = replayed(*paths)
    assert list(told) == [path.name for path in paths]
    return {name: found for name, found in told.items() if not as_named(name, found)}


def test_plan_files_are_read_or_refused_as_their_names_say() -> None:
    assert wrong(PLANS) == {}


def test_rows_files_are_read_or_refused_as_their_names_say() -> None:
    assert wrong(ROWS) == {}


def test_largest_files_are_read_or_refused_within_bounds() -> None:
    told = replayed()
    assert list(told) == list(LARGE)
    assert {name: found for name, found in told.items() if found.outcome == "broken"} == {}


def test_a_failure_would_be_seen(tmp_path: Path) -> None:
    """The judge itself: another exception is a failure, a refusal in our words is none."""
    path = tmp_path / "refused.yaml"
    path.write_text("a: [", "utf-8")
    assert read(path).outcome == "refused"
    path.with_suffix(".csv").write_text("date,agency,activity\n", "utf-8")
    assert read(path.with_suffix(".csv")).outcome == "taken"
    assert read(_Broken("refused.yaml")).outcome == "broken"
    assert not as_named("refused-x.yaml", Told("taken", "", 0))
    assert not as_named("3-rows-x.csv", Told("taken", "", 2))
    assert not as_named("any-x.csv", Told("broken", "", 0))


class _Broken(PosixPath):
    """A path that cannot say whether it exists."""

    __slots__ = ()

    def exists(self) -> bool:
        """Fail as a defect would."""
        raise KeyError(self.name)
