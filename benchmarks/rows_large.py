"""Rows of large work: status of all agencies, a rows file, a plan of all communes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.bench import (
    DECISION,
    Bench,
    Line,
    Target,
    bound_line,
    cpu,
    cpu_and_wall,
    milliseconds,
    peak,
    ratio_line,
    wall,
)
from benchmarks.data import AS_OF
from benchmarks.measure import Cost, Spread, alternate, json_output, ratios

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def figures(costs: Sequence[Cost], name: str = "wall") -> list[float]:
    """Give one of the figures that jobs of `benchmarks.inside` printed."""
    return [json_output(cost)[name] for cost in costs]


def status_all(bench: Bench) -> Iterator[Line]:
    """Measure the statements of `status` of 240 agencies, against DuckDB summing up the same rows."""
    # A quick run uses the database that exists already.
    plan, name = (DECISION, "bundled plan") if bench.quick else ("240", "made-up plan")
    ours, theirs = alternate(
        bench.runs,
        lambda: bench.python(
            "-m", "benchmarks.inside", "statements", bench.filled_database(plan, bench.rows)
        ),
        lambda: bench.python("-m", "benchmarks.inside", "duckdb", bench.duckdb(plan, bench.rows)),
    )
    alone = ratios(figures(ours), figures(theirs, "alone"))
    yield ratio_line(
        f"status of all, 240 agencies, {bench.rows:,} executions: the database's part",
        f"wall {milliseconds(figures(ours))} in {figures(ours, 'statements')[0]:.0f} statements",
        f"DuckDB: wall {milliseconds(figures(theirs))}",
        ratios(figures(ours), figures(theirs)),
        Target(1, "< 1 ×").judged_if(large_enough=bench.full),
        f"{name}; both with their rows fetched; DuckDB without fetching: {alone.text()} ×",
    )


def status_all_large(bench: Bench) -> Iterator[Line]:
    """Measure `status --summary` of all communes of the country, against DuckDB only summing up and fetching."""
    plan = str(bench.many_agencies)
    asked = ("status", "--summary", "-f", "json", "--as-of", AS_OF)
    row = (
        f"status --summary -f json, {bench.many_agencies:,} agencies, {bench.executions_of_many:,} executions"
    )
    ours, theirs = alternate(
        bench.runs_of_slow,
        lambda: bench.cchc(bench.filled_database(plan, bench.executions_of_many), *asked),
        lambda: bench.python(
            "-m", "benchmarks.inside", "duckdb", bench.duckdb(plan, bench.executions_of_many)
        ),
    )
    yield ratio_line(
        row,
        cpu_and_wall(ours),
        f"DuckDB, the sums alone: wall {milliseconds(figures(theirs))}",
        ratios(wall(ours), figures(theirs)),
        Target(3, "≤ 3 ×").judged_if(large_enough=bench.full),
        "made-up plan; ratio of wall; DuckDB with its rows fetched;"
        f" without fetching: {ratios(wall(ours), figures(theirs, 'alone')).text()} ×",
    )
    yield bound_line(
        row,
        f"peak {peak(ours):.0f} MB",
        peak(ours),
        Target(600, "≤ 600 MB").judged_if(large_enough=bench.full),
    )


def rows_file(bench: Bench) -> Iterator[Line]:
    """Measure recording a rows file, against inserting the rows into a bare table; for two sizes."""
    yield from _rows_file_lines(bench, bench.file_rows // 10)
    yield from _rows_file_lines(bench, bench.file_rows)


def _rows_file_lines(bench: Bench, size: int) -> Iterator[Line]:
    rows, empty = bench.rows_file(size), bench.imported_database(DECISION)
    ours, theirs = alternate(
        bench.runs_of_slow,
        lambda: bench.cchc(bench.copy(empty), "log", "--file", rows),
        lambda: bench.python("-m", "benchmarks.inside", "sqlite", rows, bench.folder / "plain.db"),
    )
    counted = bench.python("-m", "benchmarks.recorders", "count", bench.folder / "copy.db")
    held = json_output(counted)["executions"]
    row = f"log --file, {size:,} rows"
    yield ratio_line(
        row,
        cpu_and_wall(ours),
        f"sqlite3 executemany: wall {milliseconds(figures(theirs))}",
        ratios(wall(ours), figures(theirs)),
        Target(2.5, "≤ 2.5 ×").judged_if(large_enough=size >= 1_000_000),
        f"bundled plan; ratio of wall; of CPU {ratios(cpu(ours), figures(theirs, 'cpu')).text()} ×; {held:,} kept",
    )
    yield bound_line(row, f"peak {peak(ours):.0f} MB", peak(ours), Target(250, "≤ 250 MB"))


def import_large(bench: Bench) -> Iterator[Line]:
    """Measure importing a plan of all communes, against parsing it into plain objects."""
    plan = bench.plan(str(bench.many_agencies))
    database = bench.folder / "copy.db"

    def load() -> Cost:
        database.unlink(missing_ok=True)
        return bench.cchc(database, "import", plan)

    ours, theirs = alternate(
        bench.runs_of_slow, load, lambda: bench.python("-m", "benchmarks.inside", "yaml", plan)
    )
    ratio: Spread = ratios(cpu(ours), figures(theirs, "cpu"))
    yield ratio_line(
        f"import, {bench.many_agencies:,} agencies",
        f"{cpu_and_wall(ours)}; peak {peak(ours):.0f} MB",
        f"CSafeLoader: CPU {milliseconds(figures(theirs, 'cpu'))}",
        ratio,
        Target(8, "≤ 8 ×").judged_if(large_enough=bench.full),
        "made-up plan; ratio of CPU",
    )
