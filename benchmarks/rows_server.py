"""Rows of the two databases: PostgreSQL beside SQLite, and many who record at once."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

from benchmarks.bench import DECISION, STATION, Bench, Line, Target, command, milliseconds, ratio_line, wall
from benchmarks.data import AS_OF
from benchmarks.measure import Cost, FailedError, Spread, alternate, ratios, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Work = Callable[[Bench, str, int, int], float]


def postgresql(bench: Bench) -> Iterator[Line]:
    """The same commands on both databases; the server's work is not the child's, so the clock is taken."""
    size, length = bench.served, max(bench.served // 100, 10)
    there, here = bench.filled_on_server(DECISION, size), bench.filled(DECISION, size)
    commands: list[tuple[str, Callable[[], tuple[object, ...]]]] = [
        ("log", bench.log),
        ("status --agency", lambda: ("status", "--agency", STATION)),
        ("status of all", lambda: ("status", "--as-of", AS_OF)),
    ]
    for name, asked in commands:
        ours, theirs = alternate(
            bench.runs,
            lambda asked=asked: bench.cchc(there, *asked()),  # type: ignore[misc]
            lambda asked=asked: bench.cchc(here, *asked()),  # type: ignore[misc]
        )
        yield _beside(f"{name} on PostgreSQL, {size:,} executions", ours, theirs)
    rows = bench.rows_file(length)
    ours, theirs = alternate(
        bench.few,
        lambda: bench.cchc(bench.imported_on_server(DECISION), "log", "--file", rows),
        lambda: bench.cchc(bench.copy(bench.imported(DECISION)), "log", "--file", rows),
    )
    yield _beside(f"log --file on PostgreSQL, {length:,} rows", ours, theirs)


def _beside(row: str, ours: list[Cost], theirs: list[Cost]) -> Line:
    return ratio_line(
        row,
        f"wall {milliseconds(wall(ours))}",
        f"SQLite: wall {milliseconds(wall(theirs))}",
        ratios(wall(ours), wall(theirs)),
        None,
        "bundled plan; ratio of wall",
    )


def crowd(bench: Bench) -> Iterator[Line]:
    """Records a second of 32 processes at once, against one process alone."""
    kinds: list[tuple[str, Callable[[], str]]] = [
        ("SQLite", lambda: str(bench.copy(bench.imported(DECISION)))),
        ("PostgreSQL", lambda: bench.imported_on_server(DECISION)),
    ]
    ways: list[tuple[str, _Work, int]] = [
        ("in one program", _forked, 20),
        ("as cchc log", _commands, max(1, min(10, bench.rows // 1_000_000))),
    ]
    for kind, fresh in kinds:
        for name, work, each in ways:
            yield _crowd(bench, f"{bench.crowd} record at once, {name}, {kind}", fresh, work, each)


def _crowd(bench: Bench, row: str, fresh: Callable[[], str], work: _Work, each: int) -> Line:
    alone: list[float] = []
    beside: list[float] = []
    kept = 0
    for _ in range(bench.few):
        target = fresh()
        # What a database costs when it is first written to is not counted.
        bench.cchc(target, *bench.log())
        alone.append(work(bench, target, 1, each * bench.crowd // 2))
        beside.append(work(bench, target, bench.crowd, each))
        acknowledged = 1 + each * bench.crowd // 2 + each * bench.crowd
        held = said(bench.python("-m", "benchmarks.recorders", "held", target))["executions"]
        if held != acknowledged:
            raise FailedError(f"{row}: {acknowledged} were acknowledged, {held} are there")
        kept += held
    return ratio_line(
        row,
        f"{Spread.of(beside).text()} records a second",
        f"one alone: {Spread.of(alone).text()} a second",
        ratios(beside, alone),
        Target(1.2, "≥ 1.2 ×", least=True),
        f"bundled plan; {kept:,} acknowledged, all there",
    )


def _forked(bench: Bench, target: str, number: int, each: int) -> float:
    """Give the records a second of processes that have loaded the program."""
    found = said(bench.python("-m", "benchmarks.recorders", "crowd", target, number, each))
    return float(found["recorded"] / found["wall"])


def _commands(bench: Bench, target: str, number: int, each: int) -> float:
    """Give the records a second of whole commands, so many running at any time."""
    began = time.perf_counter()
    for _ in range(each):
        started = [
            subprocess.Popen(
                command(*bench.log()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=bench.environment(target),
                cwd=bench.home,
            )
            for _ in range(number)
        ]
        # Each is waited for, also after one that failed.
        codes = [process.wait() for process in started]
        if any(codes):
            raise FailedError("a cchc log beside others has failed")
    return number * each / (time.perf_counter() - began)
