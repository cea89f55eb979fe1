"""Rows of single commands: `--help`, one record, the status of one agency; and of other programs."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from benchmarks.bench import (
    DECISION,
    STATION,
    Bench,
    Line,
    Target,
    cpu,
    cpu_and_wall,
    instructions_line,
    milliseconds,
    ratio_line,
)
from benchmarks.measure import alternate, ratios, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PASS = ("-c", "pass")


def log(bench: Bench) -> Iterator[Line]:
    """Measure recording one execution, on the smallest and the largest database."""
    small, large = (bench.filled_database(DECISION, size) for size in (bench.sizes[0], bench.rows))
    few, many, nothing = alternate(
        bench.runs,
        lambda: bench.cchc(small, *bench.log_command()),
        lambda: bench.cchc(large, *bench.log_command()),
        lambda: bench.python(*_PASS),
    )
    for size, database, costs in ((bench.sizes[0], small, few), (bench.rows, large, many)):
        row = f"log, {size:,} executions there"
        yield instructions_line(
            row, bench.count_instructions(database, *bench.log_command()), Target(420, "≤ 420 M")
        )
        yield ratio_line(
            row,
            cpu_and_wall(costs),
            f"python -c pass: {cpu_and_wall(nothing)}",
            ratios(cpu(costs), cpu(nothing)),
            Target(12, "≤ 12 × CPU"),
            "bundled plan; ratio of CPU",
        )


def status_agency(bench: Bench) -> Iterator[Line]:
    """Measure the status of one agency, on the smallest and the largest database."""
    small, large = (bench.filled_database(DECISION, size) for size in (bench.sizes[0], bench.rows))
    asked = ("status", "--agency", STATION)
    few, many = alternate(bench.runs, lambda: bench.cchc(small, *asked), lambda: bench.cchc(large, *asked))
    row = f"status --agency, {bench.rows:,} executions"
    yield instructions_line(row, bench.count_instructions(large, *asked), Target(700, "≤ 700 M"))
    yield ratio_line(
        row,
        cpu_and_wall(many),
        f"with {bench.sizes[0]:,}: {cpu_and_wall(few)}",
        ratios(cpu(many), cpu(few)),
        Target(1.3, "≤ 1.3 ×"),
        "bundled plan; ratio of CPU",
    )


def help_text(bench: Bench) -> Iterator[Line]:
    """Measure the program's own help, which is mostly start-up."""
    asked = ("--help",)
    costs, nothing = alternate(bench.runs, lambda: bench.cchc("", *asked), lambda: bench.python(*_PASS))
    yield instructions_line("--help", bench.count_instructions("", *asked), Target(600, "≤ 600 M"))
    yield ratio_line(
        "--help",
        cpu_and_wall(costs),
        f"python -c pass: {cpu_and_wall(nothing)}",
        ratios(cpu(costs), cpu(nothing)),
        None,
        "ratio of CPU",
    )


def other_programs(bench: Bench) -> Iterator[Line]:
    """Measure well-known programs for other purposes, where they are installed."""
    yield from _taskwarrior(bench)
    yield from _hledger(bench)


def _taskwarrior(bench: Bench) -> Iterator[Line]:
    row = "log beside taskwarrior's task add"
    task = shutil.which("task")
    if task is None:
        yield Line(row, "not installed")
        return
    database, folder = bench.filled_database(DECISION, bench.sizes[0]), bench.folder / "task"
    folder.mkdir(exist_ok=True)
    (bench.home / ".taskrc").touch()
    added = [task, "rc.confirmation=off", f"rc.data.location={folder}", "add", "Radio", "column"]
    ours, theirs = alternate(
        bench.runs,
        lambda: bench.cchc(database, *bench.log_command()),
        lambda: run(added, bench.environment(), bench.home),
    )
    yield ratio_line(
        row,
        cpu_and_wall(ours),
        f"task: {cpu_and_wall(theirs)}",
        ratios(cpu(ours), cpu(theirs)),
        None,
        "ratio of CPU",
    )


def _hledger(bench: Bench) -> Iterator[Line]:
    row = f"status of all beside hledger's monthly balance, {bench.sizes[0]:,} entries"
    hledger = shutil.which("hledger")
    if hledger is None:
        yield Line(row, "not installed")
        return
    database, journal = bench.filled_database(DECISION, bench.sizes[0]), _journal(bench)
    asked = [hledger, "-f", str(journal), "balance", "--monthly"]
    ours, theirs = alternate(
        bench.runs,
        lambda: bench.cchc(database, "status"),
        lambda: run(asked, bench.environment(), bench.home),
    )
    yield ratio_line(
        row,
        cpu_and_wall(ours),
        f"hledger: {cpu_and_wall(theirs)}",
        ratios(cpu(ours), cpu(theirs)),
        None,
        "ratio of CPU",
    )


def _journal(bench: Bench) -> Path:
    """Write a rows file as a journal of hledger, with an account for each agency and activity."""
    _, *rows = bench.rows_file(bench.sizes[0]).read_text("utf-8").splitlines()
    path = bench.folder / "rows.journal"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            day, agency, activity, amount, _, title = row.split(",")
            file.write(f"{day} {title}\n    {agency}:{activity}  {amount}\n    done\n\n")
    return path


def verify(bench: Bench) -> Iterator[Line]:
    """Verify the smallest database that was filled in bulk."""
    size = bench.sizes[0]
    cost = bench.cchc(bench.filled_database(DECISION, size), "verify")
    yield Line(
        f"verify, {size:,} executions", f"nothing found; wall {milliseconds([cost.wall])}", note="data check"
    )


def versions() -> dict[str, str]:
    """Give the versions of the tools that were found."""
    found = {}
    for tool, asked in (("valgrind", "--version"), ("task", "--version"), ("hledger", "--version")):
        path = shutil.which(tool)
        if path:
            done = subprocess.run([path, asked], check=False, capture_output=True, encoding="utf-8")
            found[tool] = (
                done.stdout.strip().removeprefix(f"{tool}-").removeprefix(f"{tool} ").partition(",")[0]
            )
    return found
