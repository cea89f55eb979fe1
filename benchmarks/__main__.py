"""`python -m benchmarks`: measure, print as it goes, and write the results. See docs/performance.md."""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import report, rows, rows_large, rows_server
from benchmarks.bench import FULL, ROOT, Bench
from benchmarks.growth import growth, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.bench import Line
    from benchmarks.growth import Point

ROWS: dict[str, Callable[[Bench], Iterator[Line]]] = {
    "sound": rows.verify,
    "log": rows.log,
    "status-agency": rows.status_agency,
    "help": rows.help_text,
    "status-all": rows_large.status_all,
    "status-all-large": rows_large.status_all_large,
    "rows-file": rows_large.rows_file,
    "import": rows_large.import_large,
    "crowd": rows_server.recorders,
    "postgresql": rows_server.postgresql,
    "others": rows.other_programs,
}
GROWTH = "growth"

_FULL, _QUICK = (FULL, 7), (1_000_000, 1)
"""The most executions, and the runs of each measurement."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each, on up to 1 M executions")
    parser.add_argument("--rows", type=int, help="executions at most; default: 10 M, quick 1 M")
    parser.add_argument("--runs", type=int, help="runs of each; default: 7, quick 1; long ones 3 at most")
    parser.add_argument(
        "--only", action="append", choices=[*ROWS, GROWTH], help="this row alone; nothing is written"
    )
    parser.add_argument("--no-instructions", action="store_true", help="do not count instructions")
    parser.add_argument(
        "--output", type=Path, default=ROOT, help="folder that results go into; default: this one"
    )
    return parser.parse_args()


@contextmanager
def _folder() -> Iterator[Path]:
    """Give the folder for data: BENCH_FOLDER, whose databases the next run uses again, or a temporary one."""
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        yield Path(kept).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        yield Path(folder)


def _print_line(line: Line) -> Line:
    print(report.terminal_text(line), flush=True)
    return line


def main() -> None:
    """Measure the chosen rows; write the results if that was all of them."""
    given = _arguments()
    most, runs = _QUICK if given.quick else _FULL
    with _folder() as folder, ExitStack() as closing:
        bench = Bench(folder, closing, given.rows or most, given.runs or runs)
        bench.instructions, bench.quick = not given.no_instructions, given.quick
        wanted = given.only or [*ROWS, GROWTH]
        found = [
            _print_line(line) for name, measure in ROWS.items() if name in wanted for line in measure(bench)
        ]
        points = list(growth(bench)) if GROWTH in wanted else []
        found += map(_print_line, lines(points))
        if not given.only:
            _write(given.output, bench, found, points)


def _write(output: Path, bench: Bench, found: list[Line], points: list[Point]) -> None:
    about = report.environment_facts(bench, rows.versions())
    page = report.page(bench, about, found, points)
    for place, text in (
        ("benchmarks/results.md", page),
        ("docs/pictures/growth.svg", report.picture(points)),
    ):
        path = output / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
