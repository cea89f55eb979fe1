"""Writes the results to a terminal and as a page; neither identifies the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks.picture import growth_svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.bench import Bench, Line
    from benchmarks.growth import Point

_HEADING = ("row", "measured", "yardstick", "ratio", "target", "reached", "note")

_METHOD = """\
Each row was measured beside its yardstick in the same run, in turn (A B A B), after one run of each that does not count.
Figures are medians, with the least and the most in brackets; a ratio is taken run by run. CPU and peak memory are those
that the system counts for the process (`wait4`). Instructions are those of the whole process, by callgrind, once.
A target is held to the median. [docs/performance.md](../docs/performance.md) tells more.
"""

_LOADED = """\
The databases were filled in bulk, as one linked change. `cchc verify` was run on the one of {size:,} executions and found
nothing; it was not run on the larger ones.
"""


def cells_of(line: Line) -> tuple[str, ...]:
    """Give the cells of a line."""
    reached = {True: "yes", False: "**no**", None: "–"}[line.reached]
    return (line.row, line.measured, line.yardstick, line.ratio, line.target, reached, line.note)


def terminal_text(line: Line) -> str:
    """Write a line for a terminal."""
    cells = cells_of(line)
    return "\n    ".join(
        [
            cells[0],
            *(
                f"{name}: {cell}"
                for name, cell in zip(_HEADING[1:], cells[1:], strict=True)
                if cell not in {"", "–"}
            ),
        ]
    )


def environment_facts(bench: Bench, tools: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give versions and sizes of the environment."""
    yield "Python", platform.python_version()
    yield "SQLite", sqlite3.sqlite_version
    yield "PostgreSQL", bench.server.version()
    for package in ("duckdb", "pyyaml"):
        yield package, version(package)
    yield from tools.items()
    yield "cores", str(os.cpu_count())
    yield "system", f"{platform.system()} on {platform.machine()}"
    yield "executions at most", f"{bench.rows:,}"
    yield "runs", f"{bench.runs} ({bench.runs_of_slow} of slow measurements)"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"| {' | '.join('---:' if letter == 'r' else '---' for letter in align)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def page(
    bench: Bench, about: Iterable[tuple[str, str]], lines: Sequence[Line], points: Sequence[Point]
) -> str:
    """Write the page of results."""
    judged = [line for line in lines if line.reached is not None]
    missed = [line for line in judged if not line.reached]
    how = "`make bench-quick`: single runs, which tell little" if bench.quick else "`make bench`"
    parts = [
        "# Results",
        "",
        f"Measured on {datetime.now(UTC).date()} by {how}; not written by hand.",
        "",
        _METHOD,
        _LOADED.format(size=bench.sizes[0]),
        *_table(("", ""), about, "ll"),
        "",
        f"Targets: {len(judged)}, reached: {len(judged) - len(missed)}, missed: {len(missed)}.",
        "",
        *(f"- missed: {line.row} ({line.target}): {_figure(line)}" for line in missed),
        *([""] if missed else []),
        *_table(_HEADING, map(cells_of, lines), "lllllll"),
        "",
        "## Growth",
        "",
        "![CPU seconds by number of executions](../docs/pictures/growth.svg)",
        "",
        *_growth_table(points),
    ]
    return "\n".join(parts) + "\n"


def _growth_table(points: Sequence[Point]) -> Iterator[str]:
    rows = (
        (point.command, f"{point.executions:,}", point.cpu.text(1000, " ms"), point.wall.text(1000, " ms"))
        for point in points
    )
    return _table(("command", "executions", "CPU", "wall"), rows, "lrrr")


def _figure(line: Line) -> str:
    return line.ratio if line.ratio != "–" else line.measured


def picture(points: Sequence[Point]) -> str:
    """Draw the growth of each command."""
    curves = {
        name: [(point.executions, point.cpu.median) for point in points if point.command == name]
        for name in dict.fromkeys(point.command for point in points)
    }
    return growth_svg(curves, "CPU time of a command by what was recorded before")
