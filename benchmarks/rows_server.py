"""Rows of both databases: PostgreSQL against SQLite, and many processes that record at once."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

from benchmarks.bench import DECISION, STATION, Bench, Line, Target, command, milliseconds, ratio_line, wall
from benchmarks.data import AS_OF
from benchmarks.measure import Cost, FailedError, Spread, alternate, json_output, ratios

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Work = Callable[[Bench, str, int, int], float]


def postgresql(bench: Bench) -> Iterator[Line]:
    """Measure commands on both databases; in wall time, because the server's CPU time is not the command's."""
    size, length = bench.executions_on_server, max(bench.executions_on_server // 100, 10)
    there, here = bench.filled_on_server(DECISION, size), bench.filled_database(DECISION, size)
    commands: list[tuple[str, Callable[[], tuple[object, ...]]]] = [
        ("log", bench.log_command),
        ("status --agency", lambda: ("status", "--agency", STATION)),
        ("status of all", lambda: ("status", "--as-of", AS_OF)),
    ]
    for name, arguments in commands:
        ours, theirs = alternate(
            bench.runs,
            bench.runner(there, arguments),
            bench.runner(here, arguments),
        )
        yield _comparison_line(f"{name} on PostgreSQL, {size:,} executions", ours, theirs)
    rows = bench.rows_file(length)
    ours, theirs = alternate(
        bench.runs_of_slow,
        lambda: bench.cchc(bench.imported_on_server(DECISION), "log", "--file", rows),
        lambda: bench.cchc(bench.copy(bench.imported_database(DECISION)), "log", "--file", rows),
    )
    yield _comparison_line(f"log --file on PostgreSQL, {length:,} rows", ours, theirs)


def _comparison_line(row: str, ours: list[Cost], theirs: list[Cost]) -> Line:
    return ratio_line(
        row,
        f"wall {milliseconds(wall(ours))}",
        f"SQLite: wall {milliseconds(wall(theirs))}",
        ratios(wall(ours), wall(theirs)),
        None,
        "bundled plan; ratio of wall",
    )


def recorders(bench: Bench) -> Iterator[Line]:
    """Measure the records per second of 32 processes at once, against one process."""
    kinds: list[tuple[str, Callable[[], str]]] = [
        ("SQLite", lambda: str(bench.copy(bench.imported_database(DECISION)))),
        ("PostgreSQL", lambda: bench.imported_on_server(DECISION)),
    ]
    ways: list[tuple[str, _Work, int]] = [
        ("in one program", _forked, 20),
        ("as cchc log", _commands, max(1, min(10, bench.rows // 1_000_000))),
    ]
    for kind, fresh in kinds:
        for name, work, each in ways:
            yield _recorders_line(
                bench, f"{bench.recorders} record at once, {name}, {kind}", fresh, work, each
            )


def _recorders_line(bench: Bench, row: str, fresh: Callable[[], str], work: _Work, each: int) -> Line:
    alone: list[float] = []
    together: list[float] = []
    kept = 0
    for _ in range(bench.runs_of_slow):
        target = fresh()
        # The first write to a database costs more, and is not counted.
        bench.cchc(target, *bench.log_command())
        alone.append(work(bench, target, 1, each * bench.recorders // 2))
        together.append(work(bench, target, bench.recorders, each))
        acknowledged = 1 + each * bench.recorders // 2 + each * bench.recorders
        held = json_output(bench.python("-m", "benchmarks.recorders", "count", target))["executions"]
        if held != acknowledged:
            raise FailedError(f"{row}: {acknowledged} were acknowledged, {held} are there")
        kept += held
    return ratio_line(
        row,
        f"{Spread.of(together).text()} records a second",
        f"one alone: {Spread.of(alone).text()} a second",
        ratios(together, alone),
        Target(1.2, "≥ 1.2 ×", least=True),
        f"bundled plan; {kept:,} acknowledged, all there",
    )


def _forked(bench: Bench, target: str, number: int, each: int) -> float:
    """Give the records per second of processes that have loaded the program."""
    found = json_output(bench.python("-m", "benchmarks.recorders", "record", target, number, each))
    return float(found["recorded"] / found["wall"])


def _commands(bench: Bench, target: str, number: int, each: int) -> float:
    """Give the records per second of whole commands, so many at once."""
    began = time.perf_counter()
    for _ in range(each):
        started = [
            subprocess.Popen(
                command(*bench.log_command()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=bench.environment(target),
                cwd=bench.home,
            )
            for _ in range(number)
        ]
        # Wait for all, also after one that failed.
        codes = [process.wait() for process in started]
        if any(codes):
            raise FailedError("one of several cchc log at once has failed")
    return number * each / (time.perf_counter() - began)
