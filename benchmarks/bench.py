"""What every row needs: where data lie, how large they are, and the program run on them."""

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
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack

    from benchmarks.server import Server

ROOT = Path(__file__).resolve().parent.parent
EXECUTABLE = Path(sys.executable).with_name("cchc")

SMALL = 10_000
FULL = 10_000_000
"""Executions in the smallest and the largest database of a full run."""
STATION = "dai-buon-ho"
"""The agency of the bundled plan that is asked about, and that single executions are logged for."""

DECISION = "daklak"
"""The bundled plan of 240 agencies; any other name is a made-up plan of so many agencies."""


class Line(NamedTuple):
    """One line of the table of results; texts, but for whether the target was reached."""

    row: str
    measured: str
    yardstick: str = "–"
    ratio: str = "–"
    target: str = "–"
    reached: bool | None = None
    """None where there is no target, or nothing was measured."""
    note: str = ""


class Target(NamedTuple):
    """At most so much, or with `least` at least so much, of what the text names."""

    bound: float
    text: str
    least: bool = False
    judged: bool = True
    """False where this run is too small to tell: starting takes the most of it."""

    def only(self, large_enough: bool) -> Target:  # noqa: FBT001 - reads as a sentence where it is called
        """Give the target as it is told where it can be judged by full sizes alone."""
        return self if large_enough else self._replace(text=f"{self.text} at full size", judged=False)

    def reached(self, figure: float) -> bool | None:
        """Tell whether a figure keeps it; None where that is not judged."""
        if not self.judged:
            return None
        return figure >= self.bound if self.least else figure <= self.bound


class Bench:
    """One run of the benchmark: its folder, its sizes, and the program."""

    def __init__(self, folder: Path, closing: ExitStack, rows: int, runs: int) -> None:
        """Measure on up to so many executions, each figure so many times; `closing` ends what was started."""
        self.folder = folder
        self.rows = rows
        self.runs = runs
        self.instructions = True
        """Whether to count instructions."""
        self.quick = False
        """Whether to leave out most of what takes long."""
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self._closing = closing
        self._numbers = count(1)

    @cached_property
    def server(self) -> Server:
        """Give a PostgreSQL server, which is started once."""
        return self._closing.enter_context(server())

    @property
    def full(self) -> bool:
        """Tell whether this is the size that targets are set for."""
        return self.rows >= FULL

    @property
    def few(self) -> int:
        """Give how often to run what takes long."""
        return min(self.runs, 3)

    @property
    def sizes(self) -> list[int]:
        """Give the numbers of executions that growth is seen over."""
        steps = [SMALL * 10**power for power in range(4)]
        return [size for size in steps if size < self.rows] + [self.rows]

    @property
    def many_agencies(self) -> int:
        """Give how many agencies the large plan has: all communes of the country, less in a small run."""
        return min(10_600, max(20, self.rows // 500))

    @property
    def of_many(self) -> int:
        """Give how many executions those agencies have."""
        return self.rows // 10 if self.quick else self.rows

    @property
    def file_rows(self) -> int:
        """Give how long the longer rows file is."""
        return min(self.rows // (100 if self.quick else 10), 1_000_000)

    @property
    def served(self) -> int:
        """Give how many executions the two databases are compared on."""
        return min(self.rows // 10, 1_000_000)

    @property
    def crowd(self) -> int:
        """Give how many processes record at once; a few in a trial of the benchmark itself."""
        return 32 if self.rows >= SMALL else 4

    def environment(self, database: str | os.PathLike[str] = "") -> dict[str, str]:
        """Give the environment of every process: the same each time, and nothing of the caller's but paths."""
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
        """Run the program once, as people run it."""
        return run(command(*arguments), self.environment(database), self.home)

    def python(self, *arguments: object) -> Cost:
        """Run Python once, where it finds this package."""
        environment = self.environment()
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        return run([sys.executable, *map(str, arguments)], environment, self.home)

    def counted(self, database: str | os.PathLike[str], *arguments: object) -> int | None:
        """Count the instructions of one run of the program; None where that is not wanted or possible."""
        if not self.instructions:
            return None
        return instructions(command(*arguments), self.environment(database), self.home)

    def log(self) -> tuple[str, ...]:
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

    def imported(self, plan: str) -> Path:
        """Give a database that holds the plan and nothing else; it is not to be changed."""
        path = self.folder / f"{plan}-0.db"
        if not path.exists():
            with _whole(path) as made:
                self.cchc(made, "import", self.plan(plan))
        return path

    def filled(self, plan: str, rows: int) -> Path:
        """Give a database that holds the plan and so many executions."""
        path = self.folder / f"{plan}-{rows}.db"
        if not path.exists():
            with _whole(path) as made:
                shutil.copy(self.imported(plan), made)
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
            with _whole(path) as made:
                self.python("-m", "benchmarks.load", "duckdb", self.filled(plan, rows), made)
        return path

    def rows_file(self, rows: int) -> Path:
        """Give a rows file for the bundled plan."""
        path = self.folder / f"rows-{rows}.csv"
        if not path.exists():
            with _whole(path) as made:
                self.python("-m", "benchmarks.load", "csv", self.imported(DECISION), rows, made)
        return path

    def copy(self, database: Path) -> Path:
        """Give a copy that may be changed, over the copy that was given before."""
        made = self.folder / "copy.db"
        shutil.copy(database, made)
        return made


def command(*arguments: object) -> list[str]:
    """Give the command line of the installed program; told by its interpreter, for valgrind's sake."""
    return [sys.executable, str(EXECUTABLE), *map(str, arguments)]


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name to make a file under, which gets its own name only when it is done."""
    made = path.with_suffix(f".half{path.suffix}")
    made.unlink(missing_ok=True)
    yield made
    made.replace(path)


def cpu(costs: Sequence[Cost]) -> list[float]:
    """Give the seconds of processor of each run."""
    return [cost.cpu for cost in costs]


def wall(costs: Sequence[Cost]) -> list[float]:
    """Give the seconds of the clock of each run."""
    return [cost.wall for cost in costs]


def peak(costs: Sequence[Cost]) -> float:
    """Give the highest peak, in megabytes."""
    return max(cost.peak for cost in costs)


def milliseconds(seconds: Sequence[float]) -> str:
    """Write seconds as milliseconds."""
    return Spread.of(seconds).text(1000, " ms")


def both(costs: Sequence[Cost]) -> str:
    """Write the processor's time and the clock's."""
    return f"CPU {milliseconds(cpu(costs))}; wall {milliseconds(wall(costs))}"


def counted_line(row: str, found: int | None, target: Target) -> Line:
    """Give the line of a count of instructions."""
    if found is None:
        return Line(row, "not measured", target=target.text)
    return Line(
        row, f"{found / 1e6:,.0f} M instructions", target=target.text, reached=target.reached(found / 1e6)
    )


def ratio_line(
    row: str, measured: str, yardstick: str, ratio: Spread, target: Target | None, note: str = ""
) -> Line:
    """Give the line of a ratio, held to its median."""
    return Line(
        row,
        measured,
        yardstick,
        f"{ratio.text()} ×",
        target.text if target else "–",
        target.reached(ratio.median) if target else None,
        note,
    )


def within(row: str, what: str, figure: float, target: Target) -> Line:
    """Give the line of a figure that has a bound of its own."""
    return Line(row, what, target=target.text, reached=target.reached(figure))
