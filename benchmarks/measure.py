"""The cost of one run of a process, and the spread of several runs.

This process must stay small: the peak memory of a child starts with that of its parent.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MEGABYTE = 1_000_000


class Cost(NamedTuple):
    """The cost of one run: wall-clock seconds, CPU seconds, peak megabytes, and its output."""

    wall: float
    cpu: float
    peak: float
    out: str = ""


class FailedError(Exception):
    """A measured process failed, so its figure means nothing."""


class Spread(NamedTuple):
    """Several figures of the same thing."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> Spread:
        """Summarise at least one figure."""
        found = list(figures)
        return cls(statistics.median(found), min(found), max(found))

    def text(self, factor: float = 1, unit: str = "") -> str:
        """Write median and range, each times a factor; without the range where there is none."""
        median, low, high = (_figure(value * factor) for value in self)
        return f"{median}{unit}" if low == high else f"{median}{unit} ({low}–{high})"


def _figure(value: float) -> str:
    """Write a figure with three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1 else f"{value:.2f}"


def run(command: Sequence[str], environment: Mapping[str, str], folder: str | os.PathLike[str]) -> Cost:
    """Run a process; raises FailedError where its exit code is not 0.

    CPU time and peak are what the system counted for it and for the children that it waited for.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=dict(environment), cwd=folder
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise FailedError(f"{' '.join(command)}: exit {process.returncode}\n{err.read().decode()}")
        text = out.read().decode()
    # Linux counts the peak in kibibytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / MEGABYTE, text)


def json_output(cost: Cost) -> dict[str, Any]:
    """Parse the JSON document that a run printed."""
    found: dict[str, Any] = json.loads(cost.out)
    return found


def alternate(runs: int, *measured: Callable[[], Cost]) -> list[list[Cost]]:
    """Run each once to warm up, then all alternately, A B A B; give the costs of each."""
    for work in measured:
        work()
    costs: list[list[Cost]] = [[] for _ in measured]
    for _ in range(runs):
        for found, work in zip(costs, measured, strict=True):
            found.append(work())
    return costs


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Divide each run by the run of the yardstick that followed it."""
    return Spread.of(mine / other for mine, other in zip(ours, theirs, strict=True))


def instructions(
    command: Sequence[str], environment: Mapping[str, str], folder: str | os.PathLike[str]
) -> int | None:
    """Count the instructions of a whole process; None where valgrind is not installed.

    The command must have run before, so that its bytecode is cached.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    done = subprocess.run(
        [valgrind, "--tool=callgrind", f"--callgrind-out-file={os.devnull}", *command],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=dict(environment),
        cwd=folder,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise FailedError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return int(found[1])
