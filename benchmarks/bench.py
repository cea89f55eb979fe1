"""What every row needs: folders, sizes, databases to measure on, and running the program."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.data import made_up_plan
from benchmarks.measure import Cost, Spread, instructions, run
from benchmarks.server import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import ExitStack

    from benchmarks.server import Server

ROOT = Path(__file__).resolve().parent.parent
EXECUTABLE = Path(sys.executable).with_name("cchc")

SMALL = 10_000
FULL = 10_000_000
"""Executions in the smallest and the largest database of a full run."""
STATION = "dai-buon-ho"
"""The agency of the bundled plan for `status --agency` and single records."""

DECISION = "daklak"
"""The name of the bundled plan of 240 agencies; any other name is the number of agencies of a made-up plan."""


class Line(NamedTuple):
    """One line of the table of results."""

    row: str
    measured: str
    yardstick: str = "–"
    ratio: str = "–"
    target: str = "–"
    reached: bool | None = None
    """None where there is no target, or nothing was measured."""
    note: str = ""


class Target(NamedTuple):
    """An upper bound, or with `least` a lower one; the text shows it."""

    bound: float
    text: str
    least: bool = False
    judged: bool = True
    """False where this run is too small to judge: most of its time is start-up."""

    def judged_if(self, *, large_enough: bool) -> Target:
        """Give a target that is judged only if the run is large enough."""
        return self if large_enough else self._replace(text=f"{self.text} at full size", judged=False)

    def reached(self, figure: float) -> bool | None:
        """Give whether a figure reaches it; None where that is not judged."""
        if not self.judged:
            return None
        return figure >= self.bound if self.least else figure <= self.bound


class Bench:
    """One run of the benchmark: its folder, its sizes, and the program."""

    def __init__(self, folder: Path, closing: ExitStack, rows: int, runs: int) -> None:
        """Measure on up to so many executions, each figure so many times; `closing` stops the server."""
        self.folder = folder
        self.rows = rows
        self.runs = runs
        self.instructions = True
        """Whether to count instructions."""
        self.quick = False
        """Whether to shorten slow measurements."""
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self._closing = closing
        self._numbers = count(1)

    @cached_property
    def server(self) -> Server:
        """Give a PostgreSQL server; it is started at the first use."""
        return self._closing.enter_context(server())

    @property
    def full(self) -> bool:
        """Tell whether this is the size that targets are set for."""
        return self.rows >= FULL

    @property
    def runs_of_slow(self) -> int:
        """Give the runs of slow measurements."""
        return min(self.runs, 3)

    @property
    def sizes(self) -> list[int]:
        """Give the numbers of executions that growth is measured on."""
        steps = [SMALL * 10**power for power in range(4)]
        return [size for size in steps if size < self.rows] + [self.rows]

    @property
    def many_agencies(self) -> int:
        """Give the number of agencies of the large plan: all communes of the country, fewer in a small run."""
        return min(10_600, max(20, self.rows // 500))

    @property
    def executions_of_many(self) -> int:
        """Give the number of executions of the large plan."""
        return self.rows // 10 if self.quick else self.rows

    @property
    def file_rows(self) -> int:
        """Give the number of rows of the longer rows file."""
        return min(self.rows // (100 if self.quick else 10), 1_000_000)

    @property
    def executions_on_server(self) -> int:
        """Give the number of executions for comparing PostgreSQL with SQLite."""
        return min(self.rows // 10, 1_000_000)

    @property
    def recorders(self) -> int:
        """Give the number of processes that record at once; a few in a test of the benchmark itself."""
        return 32 if self.rows >= SMALL else 4

    def environment(self, database: str | os.PathLike[str] = "") -> dict[str, str]:
        """Give the environment of every process: always the same, only paths are the caller's."""
        passed = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        return {
            **passed,
            "HOME": str(self.home),
            "CCHC_DB": str(database),
            "CCHC_LANG": "en",
            "CCHC_AUTHOR": "benchmark",
            "PYTHONHASHSEED": "0",
        }

    def cchc(self, database: str | os.PathLike[str], *arguments: object) -> Cost:
        """Run the installed program once."""
        return run(command(*arguments), self.environment(database), self.home)

    def runner(
        self, database: str | os.PathLike[str], arguments: Callable[[], Sequence[object]]
    ) -> Callable[[], Cost]:
        """Give a function that runs the program once, each time with fresh arguments."""
        return lambda: self.cchc(database, *arguments())

    def python(self, *arguments: object) -> Cost:
        """Run Python once, with this package on its path."""
        environment = self.environment()
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        return run([sys.executable, *map(str, arguments)], environment, self.home)

    def count_instructions(self, database: str | os.PathLike[str], *arguments: object) -> int | None:
        """Count the instructions of one run of the program; None where that is not wanted or possible."""
        if not self.instructions:
            return None
        return instructions(command(*arguments), self.environment(database), self.home)

    def log_command(self) -> tuple[str, ...]:
        """Give a command that records an execution which no other has recorded."""
        title = f"Bench {os.getpid()}-{next(self._numbers)}"
        return (
            "log",
            "radio-column",
            "15",
            *f"--agency {STATION} --date 2024-03-14 --form radio".split(),
            "--title",
            title,
        )

    def plan(self, plan: str) -> Path:
        """Give the plan file of this name."""
        if plan == DECISION:
            return ROOT / "data" / "plan_2024.yaml"
        path = self.folder / f"plan-{plan}.yaml"
        path.write_text(made_up_plan(int(plan)), "utf-8")
        return path

    def imported_database(self, plan: str) -> Path:
        """Give a database that holds only the plan; do not change it."""
        path = self.folder / f"{plan}-0.db"
        if not path.exists():
            with _written_whole(path) as made:
                self.cchc(made, "import", self.plan(plan))
        return path

    def filled_database(self, plan: str, rows: int) -> Path:
        """Give a database that holds the plan and so many executions."""
        path = self.folder / f"{plan}-{rows}.db"
        if not path.exists():
            with _written_whole(path) as made:
                shutil.copy(self.imported_database(plan), made)
                self.python("-m", "benchmarks.load", "sqlite", made, rows)
        return path

    def imported_on_server(self, plan: str) -> str:
        """Create a database of the server that holds the plan; give its URL."""
        url = self.server.fresh()
        self.cchc(url, "import", self.plan(plan))
        return url

    def filled_on_server(self, plan: str, rows: int) -> str:
        """Create a database of the server that holds the plan and so many executions; give its URL."""
        url = self.imported_on_server(plan)
        self.python("-m", "benchmarks.load", "postgresql", url, rows)
        return url

    def duckdb(self, plan: str, rows: int) -> Path:
        """Give a DuckDB file with a table of the same executions."""
        path = self.folder / f"{plan}-{rows}.duckdb"
        if not path.exists():
            with _written_whole(path) as made:
                self.python("-m", "benchmarks.load", "duckdb", self.filled_database(plan, rows), made)
        return path

    def rows_file(self, rows: int) -> Path:
        """Give a rows file for the bundled plan."""
        path = self.folder / f"rows-{rows}.csv"
        if not path.exists():
            with _written_whole(path) as made:
                self.python("-m", "benchmarks.load", "csv", self.imported_database(DECISION), rows, made)
        return path

    def copy(self, database: Path) -> Path:
        """Give a copy that may be changed; it replaces the copy before."""
        made = self.folder / "copy.db"
        shutil.copy(database, made)
        return made


def command(*arguments: object) -> list[str]:
    """Give the command line of the installed program; valgrind needs the interpreter named."""
    return [sys.executable, str(EXECUTABLE), *map(str, arguments)]


@contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path for a file, which is renamed when the block ends."""
    made = path.with_suffix(f".half{path.suffix}")
    made.unlink(missing_ok=True)
    yield made
    made.replace(path)


def cpu(costs: Sequence[Cost]) -> list[float]:
    """Give the CPU seconds of each run."""
    return [cost.cpu for cost in costs]


def wall(costs: Sequence[Cost]) -> list[float]:
    """Give the wall-clock seconds of each run."""
    return [cost.wall for cost in costs]


def peak(costs: Sequence[Cost]) -> float:
    """Give the highest peak, in megabytes."""
    return max(cost.peak for cost in costs)


def milliseconds(seconds: Sequence[float]) -> str:
    """Write seconds as milliseconds."""
    return Spread.of(seconds).text(1000, " ms")


def cpu_and_wall(costs: Sequence[Cost]) -> str:
    """Write CPU time and wall time."""
    return f"CPU {milliseconds(cpu(costs))}; wall {milliseconds(wall(costs))}"


def instructions_line(row: str, found: int | None, target: Target) -> Line:
    """Give the line of a count of instructions."""
    if found is None:
        return Line(row, "not measured", target=target.text)
    return Line(
        row, f"{found / 1e6:,.0f} M instructions", target=target.text, reached=target.reached(found / 1e6)
    )


def ratio_line(
    row: str, measured: str, yardstick: str, ratio: Spread, target: Target | None, note: str = ""
) -> Line:
    """Give the line of a ratio; its median is compared with the target."""
    return Line(
        row,
        measured,
        yardstick,
        f"{ratio.text()} ×",
        target.text if target else "–",
        target.reached(ratio.median) if target else None,
        note,
    )


def bound_line(row: str, what: str, figure: float, target: Target) -> Line:
    """Give the line of a figure with an absolute bound."""
    return Line(row, what, target=target.text, reached=target.reached(figure))
