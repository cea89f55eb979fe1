"""Databases of any size, filled in bulk: `python -m benchmarks.load JOB …`, a process of its own.

Recording millions of executions would take longer than measuring on them. So they are written straight
into the tables of a database that `cchc import` made: one change, linked as `cchc log --file` links it,
with its sums by month. The first of each chunk is held against the program's own functions, and the
smallest database against `cchc verify`. The indexes are built afterwards, hence without the gaps that
years of single records leave.
"""

from __future__ import annotations

import csv
import hashlib
import sqlite3
import sys
from collections import deque
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg

from benchmarks.data import CHUNK, DAYS, drawn
from benchmarks.writer import COLUMNS, Roster, Values, Writer, roster
from cchc_cli.domain.records.hash_chain import next_link
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator


AUTHOR, ACTION = "benchmark", "log --file made-up.csv"

_WORKERS = 2
_AHEAD = 6
"""Chunks that may wait to be written."""

_SUMS = (
    "INSERT INTO month_sum (activity_id, agency_id, month, form_id, repeat, executions, amount)"  # noqa: S608 - a constant goes in
    " SELECT activity_id, agency_id, {month}, coalesce(form_id, 0), repeat, count(*), sum(amount)"
    f" FROM execution WHERE until_seq = {OPEN} GROUP BY 1, 2, 3, 4, 5"
)


def chunks(roster: Roster, rows: int, seq: int) -> Iterator[tuple[list[Values], bytes]]:
    """Give every chunk in order, made by a few processes that run a little ahead."""
    last = -(-rows // CHUNK)
    writer = Writer(roster, rows, seq)
    if last < 2 * _WORKERS:
        yield from map(writer.chunk, range(last))
        return
    global _writer  # noqa: PLW0603 - forked processes find it there
    _writer = writer
    with get_context("fork").Pool(_WORKERS) as pool:
        waiting = deque(pool.apply_async(_made, (number,)) for number in range(min(_AHEAD, last)))
        for number in count(len(waiting)):
            if not waiting:
                return
            yield waiting.popleft().get()
            if number < last:
                waiting.append(pool.apply_async(_made, (number,)))


_writer: Writer


def _made(number: int) -> tuple[list[Values], bytes]:
    return _writer.chunk(number)


def fill_sqlite(path: str, rows: int) -> None:
    """Fill a database that holds one imported plan and nothing else; nobody else uses it meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A cut-off file is thrown away, so nothing need be safe yet.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'execution' AND type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        seq, moment, before = _last(connection)
        connection.execute(
            "INSERT INTO change (seq, recorded_at, author, action) VALUES (?, ?, ?, ?)",
            (seq, moment, AUTHOR, ACTION),
        )
        adding = f"INSERT INTO execution ({COLUMNS}) VALUES ({', '.join('?' * (COLUMNS.count(',') + 1))})"  # noqa: S608 - constants
        content = hashlib.sha256()
        for values, covered_rows in chunks(roster(connection), rows, seq):
            connection.executemany(adding, values)
            content.update(covered_rows)
        recorded_at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        link = next_link(before, seq, recorded_at, AUTHOR, ACTION, content.hexdigest())
        connection.execute("INSERT INTO link VALUES (?, ?, ?)", (seq, content.hexdigest(), link))
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute(_SUMS.format(month="substr(day, 1, 8) || '01'"))
        connection.execute("COMMIT")


def _last(connection: Any) -> tuple[int, Any, str]:  # noqa: ANN401 - a connection of either driver
    """Give the number of the next change, the moment of the last one, and its link."""
    seq, moment, link = connection.execute(
        "SELECT change.seq, recorded_at, link FROM change JOIN link ON link.seq = change.seq"
        " ORDER BY change.seq DESC LIMIT 1"
    ).fetchone()
    return seq + 1, moment, link


def fill_postgresql(url: str, rows: int) -> None:
    """Fill a database of a server in the same way."""
    with psycopg.connect(url) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'execution' AND indexdef LIKE '% WHERE %' AND schemaname = 'public'"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        seq, moment, before = _last(connection)
        connection.execute("INSERT INTO change VALUES (%s, %s, %s, %s)", (seq, moment, AUTHOR, ACTION))
        content = hashlib.sha256()
        found = roster(connection)
        with connection.cursor() as cursor, cursor.copy(f"COPY execution ({COLUMNS}) FROM STDIN") as copy:
            for values, covered_rows in chunks(found, rows, seq):
                for one in values:
                    copy.write_row(one)
                content.update(covered_rows)
        link = next_link(before, seq, moment.astimezone(UTC), AUTHOR, ACTION, content.hexdigest())
        connection.execute("INSERT INTO link VALUES (%s, %s, %s)", (seq, content.hexdigest(), link))
        for _, sql in indexes:
            connection.execute(sql.encode())
        connection.execute(_SUMS.format(month="CAST(date_trunc('month', day) AS date)").encode())
        connection.commit()
        # The server does this of its own accord, but only after a minute.
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")


def write_csv(database: str, rows: int, path: str) -> None:
    """Write a rows file for `cchc log --file` that the plan of a database takes."""
    with closing(sqlite3.connect(database)) as connection:
        found = roster(connection)
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("date", "agency", "activity", "amount", "form", "title"))
        for chunk in range(-(-rows // CHUNK)):
            for one in drawn(chunk, rows, len(found.agencies), len(found.activities)):
                _, activity, forms = found.activities[one.activity]
                form = forms[int(one.form * len(forms))].code
                agency = found.agencies[one.agency][1]
                writer.writerow((DAYS[one.day], agency, activity, one.amount, form, one.title))


def into_duckdb(database: str, path: str) -> None:
    """Give DuckDB a table of its own of the same executions, in the same order."""
    between = Path(f"{path}.csv")
    with closing(sqlite3.connect(database)) as source, between.open("w", newline="") as file:
        csv.writer(file).writerows(
            source.execute("SELECT agency_id, activity_id, day, amount FROM execution ORDER BY no")
        )
    with duckdb.connect(path) as connection:
        columns = "{'agency_id': 'INTEGER', 'activity_id': 'INTEGER', 'day': 'DATE', 'amount': 'BIGINT'}"
        connection.execute(
            f"CREATE TABLE execution AS SELECT * FROM read_csv(?, header = false, columns = {columns})",  # noqa: S608 - constants
            [str(between)],
        )
    between.unlink()


def _main(job: str, *arguments: str) -> None:
    match job, arguments:
        case "sqlite", (path, rows):
            fill_sqlite(path, int(rows))
        case "postgresql", (url, rows):
            fill_postgresql(url, int(rows))
        case "csv", (database, rows, path):
            write_csv(database, int(rows), path)
        case "duckdb", (database, path):
            into_duckdb(database, path)
        case _:
            sys.exit(f"no such job: {job}")


if __name__ == "__main__":
    _main(*sys.argv[1:])
