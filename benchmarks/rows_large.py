"""Rows of large work: status of everybody, a rows file, a plan of every commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.bench import (
    DECISION,
    Bench,
    Line,
    Target,
    both,
    cpu,
    milliseconds,
    peak,
    ratio_line,
    wall,
    within,
)
from benchmarks.data import AS_OF
from benchmarks.measure import Cost, Spread, alternate, ratios, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def inside(costs: Sequence[Cost], name: str = "wall") -> list[float]:
    """Give one of the figures that jobs of `benchmarks.inside` told."""
    return [said(cost)[name] for cost in costs]


def status_all(bench: Bench) -> Iterator[Line]:
    """The database's part of `status` of 240 agencies, against DuckDB summing up the same rows."""
    # In a quick run the database that is there already must do.
    plan, name = (DECISION, "bundled plan") if bench.quick else ("240", "made-up plan")
    ours, theirs = alternate(
        bench.runs,
        lambda: bench.python("-m", "benchmarks.inside", "statements", bench.filled(plan, bench.rows)),
        lambda: bench.python("-m", "benchmarks.inside", "duckdb", bench.duckdb(plan, bench.rows)),
    )
    alone = ratios(inside(ours), inside(theirs, "alone"))
    yield ratio_line(
        f"status of all, 240 agencies, {bench.rows:,} executions: the database's part",
        f"wall {milliseconds(inside(ours))} in {inside(ours, 'statements')[0]:.0f} statements",
        f"DuckDB: wall {milliseconds(inside(theirs))}",
        ratios(inside(ours), inside(theirs)),
        Target(1, "< 1 ×").only(bench.full),
        f"{name}; both with their rows fetched; DuckDB without fetching: {alone.text()} ×",
    )


def status_all_large(bench: Bench) -> Iterator[Line]:
    """The whole command for every commune of the country, against DuckDB's time to sum up alone, rows fetched."""
    plan = str(bench.many_agencies)
    asked = ("status", "--summary", "-f", "json", "--as-of", AS_OF)
    row = f"status --summary -f json, {bench.many_agencies:,} agencies, {bench.of_many:,} executions"
    ours, theirs = alternate(
        bench.few,
        lambda: bench.cchc(bench.filled(plan, bench.of_many), *asked),
        lambda: bench.python("-m", "benchmarks.inside", "duckdb", bench.duckdb(plan, bench.of_many)),
    )
    yield ratio_line(
        row,
        both(ours),
        f"DuckDB, the sums alone: wall {milliseconds(inside(theirs))}",
        ratios(wall(ours), inside(theirs)),
        Target(3, "≤ 3 ×").only(bench.full),
        "made-up plan; ratio of wall; DuckDB with its rows fetched;"
        f" without fetching: {ratios(wall(ours), inside(theirs, 'alone')).text()} ×",
    )
    yield within(row, f"peak {peak(ours):.0f} MB", peak(ours), Target(600, "≤ 600 MB").only(bench.full))


def rows_file(bench: Bench) -> Iterator[Line]:
    """A rows file, checked, linked and all or nothing, against rows put into a bare table."""
    most = bench.file_rows
    for size in (most // 10, most):
        rows, empty = bench.rows_file(size), bench.imported(DECISION)
        database = bench.folder / "copy.db"

        def load(rows: object = rows, empty: object = empty) -> Cost:
            return bench.cchc(bench.copy(empty), "log", "--file", rows)  # type: ignore[arg-type]

        ours, theirs = alternate(
            bench.few,
            load,
            lambda rows=rows: bench.python(
                "-m", "benchmarks.inside", "sqlite", rows, bench.folder / "plain.db"
            ),  # type: ignore[misc]
        )
        held = said(bench.python("-m", "benchmarks.recorders", "held", database))["executions"]
        row = f"log --file, {size:,} rows"
        yield ratio_line(
            row,
            both(ours),
            f"sqlite3 executemany: wall {milliseconds(inside(theirs))}",
            ratios(wall(ours), inside(theirs)),
            Target(2.5, "≤ 2.5 ×").only(size >= 1_000_000),
            f"bundled plan; ratio of wall; of CPU {ratios(cpu(ours), inside(theirs, 'cpu')).text()} ×; {held:,} kept",
        )
        yield within(row, f"peak {peak(ours):.0f} MB", peak(ours), Target(250, "≤ 250 MB"))


def import_large(bench: Bench) -> Iterator[Line]:
    """A plan file of every commune, against parsing it into plain objects."""
    plan = bench.plan(str(bench.many_agencies))
    database = bench.folder / "copy.db"

    def load() -> Cost:
        database.unlink(missing_ok=True)
        return bench.cchc(database, "import", plan)

    ours, theirs = alternate(bench.few, load, lambda: bench.python("-m", "benchmarks.inside", "yaml", plan))
    ratio: Spread = ratios(cpu(ours), inside(theirs, "cpu"))
    yield ratio_line(
        f"import, {bench.many_agencies:,} agencies",
        f"{both(ours)}; peak {peak(ours):.0f} MB",
        f"CSafeLoader: CPU {milliseconds(inside(theirs, 'cpu'))}",
        ratio,
        Target(8, "≤ 8 ×").only(bench.full),
        "made-up plan; ratio of CPU",
    )
