"""Measurements inside a process: `python -m benchmarks.inside JOB …` prints the seconds of its work as JSON.

Each job warms up first where its work can be repeated, and times only the work: no start-up, no imports.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from benchmarks.data import AS_OF
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.question import Question
from cchc_cli.storage.compiled import counts
from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.sqlite import prepare_sqlite
from cchc_cli.storage.database.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

Timed = dict[str, float]


def _timed(work: Callable[[], object]) -> Timed:
    began, before = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - began, "cpu": time.process_time() - before}


class _Clock:
    """Adds up the time of the statements of `storage.compiled.counts`, rows fetched, on every connection."""

    def __init__(self) -> None:
        """Patch `Connection`, so that every statement from now on is timed."""
        self.wall = self.cpu = 0.0
        self.executed = 0
        of_counts = [value for value in vars(counts).values() if isinstance(value, (Statement, dict))]
        self._statements = {
            id(one)
            for value in of_counts
            for one in (value.values() if isinstance(value, dict) else (value,))
        }
        tuples, every = Connection.tuples, Connection.all
        self._wrap("tuples", lambda *args, **values: list(tuples(*args, **values)), iter)
        self._wrap("all", every, list)

    def _wrap(self, name: str, ask: Callable[..., Any], give: Callable[[Any], Any]) -> None:
        def timed(connection: Connection, statement: Statement, /, **values: Any) -> Any:  # noqa: ANN401 - whatever the patched method gives
            if id(statement) not in self._statements:
                return give(ask(connection, statement, **values))
            began, before = time.perf_counter(), time.process_time()
            rows = ask(connection, statement, **values)
            self.wall += time.perf_counter() - began
            self.cpu += time.process_time() - before
            self.executed += 1
            return give(rows)

        setattr(Connection, name, timed)

    def read_and_reset(self) -> Timed:
        """Give the sums since the last call, and reset them."""
        found = {"wall": self.wall, "cpu": self.cpu, "statements": self.executed}
        assert self.executed, "no statement of the verdicts was timed"
        self.wall = self.cpu = 0.0
        self.executed = 0
        return found


def statements(target: str) -> Timed:
    """Time the statements of `status` of all agencies."""
    clock = _Clock()
    database = connect(target)
    for _ in range(2):
        found = assess(database, Question(now=datetime.now(UTC), as_of=AS_OF))
        assert found.findings
        sums = clock.read_and_reset()
    return sums


_MONTHS = "SELECT agency_id, activity_id, date_trunc('month', day) AS month, count(*) AS n, sum(amount) AS amount FROM execution GROUP BY ALL"


def in_duckdb(path: str) -> Timed:
    """Time the sums by agency, activity and month in DuckDB; `alone` is without fetching the rows."""
    with duckdb.connect(path, read_only=True) as connection:
        alone = f"SELECT count(*), sum(n), sum(amount), max(month) FROM ({_MONTHS})"  # noqa: S608 - a constant
        for _ in range(2):
            fetched = _timed(lambda: connection.execute(_MONTHS).fetchall())
            only = _timed(lambda: connection.execute(alone).fetchall())
    return {**fetched, "alone": only["wall"]}


_PLAIN = """
CREATE TABLE execution (
  day TEXT NOT NULL, agency TEXT NOT NULL, activity TEXT NOT NULL, amount INTEGER NOT NULL, form TEXT, title TEXT
);
CREATE INDEX covering ON execution (agency, activity, day, amount, form);
"""


def in_sqlite(rows: str, path: str) -> Timed:
    """Time inserting a rows file into one indexed table: same pragmas, one transaction, on disk; no checks."""
    Path(path).unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        prepare_sqlite(connection)
        connection.executescript(_PLAIN)

        def insert() -> None:
            with Path(rows).open(encoding="utf-8", newline="") as file:
                reader = csv.reader(file)
                next(reader)
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT INTO execution VALUES (?, ?, ?, ?, ?, ?)", reader)
                connection.execute("COMMIT")

        return _timed(insert)


def in_yaml(path: str) -> Timed:
    """Time parsing a plan file into plain objects by PyYAML's C reader."""
    text = Path(path).read_text("utf-8")
    return _timed(lambda: yaml.load(text, yaml.CSafeLoader))


JOBS: dict[str, Callable[..., Timed]] = {
    "statements": statements,
    "duckdb": in_duckdb,
    "sqlite": in_sqlite,
    "yaml": in_yaml,
}

if __name__ == "__main__":
    json.dump(JOBS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
