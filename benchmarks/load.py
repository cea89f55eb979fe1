"""Fills databases of any size in bulk: `python -m benchmarks.load JOB …`, in a process of its own.

Recording millions of executions would take longer than measuring on them. So they are inserted directly
into the tables of a database that `cchc import` made: as one change, linked as `cchc log --file` links it,
with its sums by month. The first row of each chunk is compared with what the program's functions give, and
`cchc verify` checks the smallest database. The indexes are built afterwards, so they lack the gaps that
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

from benchmarks.data import CHUNK, DAYS, draw_executions
from benchmarks.writer import COLUMNS, Roster, Values, Writer, read_roster
from cchc_cli.domain.records.hash_chain import next_link
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator


AUTHOR, ACTION = "benchmark", "log --file made-up.csv"

_WORKERS = 2
_AHEAD = 6
"""Chunks that may wait to be inserted."""

_SUMS = (
    "INSERT INTO month_sum (activity_id, agency_id, month, form_id, repeat, executions, amount)"  # noqa: S608 - a constant goes in
    " SELECT activity_id, agency_id, {month}, coalesce(form_id, 0), repeat, count(*), sum(amount)"
    f" FROM execution WHERE until_seq = {OPEN} GROUP BY 1, 2, 3, 4, 5"
)


def chunks(roster: Roster, rows: int, seq: int) -> Iterator[tuple[list[Values], bytes]]:
    """Give every chunk in order; worker processes make them, a few ahead."""
    last = -(-rows // CHUNK)
    writer = Writer(roster, rows, seq)
    if last < 2 * _WORKERS:
        yield from map(writer.chunk, range(last))
        return
    global _writer  # noqa: PLW0603 - forked workers inherit it
    _writer = writer
    with get_context("fork").Pool(_WORKERS) as pool:
        waiting = deque(pool.apply_async(_write_chunk, (number,)) for number in range(min(_AHEAD, last)))
        for number in count(len(waiting)):
            if not waiting:
                return
            yield waiting.popleft().get()
            if number < last:
                waiting.append(pool.apply_async(_write_chunk, (number,)))


_writer: Writer


def _write_chunk(number: int) -> tuple[list[Values], bytes]:
    return _writer.chunk(number)


def fill_sqlite(path: str, rows: int) -> None:
    """Fill a database that holds only one imported plan; no other process may use it meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # An interrupted file is thrown away, so it needs no protection against crashes.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'execution' AND type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        seq, moment, before = _last_change(connection)
        connection.execute(
            "INSERT INTO change (seq, recorded_at, author, action) VALUES (?, ?, ?, ?)",
            (seq, moment, AUTHOR, ACTION),
        )
        insert = f"INSERT INTO execution ({COLUMNS}) VALUES ({', '.join('?' * (COLUMNS.count(',') + 1))})"  # noqa: S608 - constants
        content = hashlib.sha256()
        for values, covered_rows in chunks(read_roster(connection), rows, seq):
            connection.executemany(insert, values)
            content.update(covered_rows)
        recorded_at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        link = next_link(before, seq, recorded_at, AUTHOR, ACTION, content.hexdigest())
        connection.execute("INSERT INTO link VALUES (?, ?, ?)", (seq, content.hexdigest(), link))
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute(_SUMS.format(month="substr(day, 1, 8) || '01'"))
        connection.execute("COMMIT")


def _last_change(connection: Any) -> tuple[int, Any, str]:  # noqa: ANN401 - a connection of either driver
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
        seq, moment, before = _last_change(connection)
        connection.execute("INSERT INTO change VALUES (%s, %s, %s, %s)", (seq, moment, AUTHOR, ACTION))
        content = hashlib.sha256()
        found = read_roster(connection)
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
        # Autovacuum would do this only after a minute.
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")


def write_csv(database: str, rows: int, path: str) -> None:
    """Write a rows file for `cchc log --file` that the plan of a database takes."""
    with closing(sqlite3.connect(database)) as connection:
        found = read_roster(connection)
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("date", "agency", "activity", "amount", "form", "title"))
        for chunk in range(-(-rows // CHUNK)):
            for one in draw_executions(chunk, rows, len(found.agencies), len(found.activities)):
                _, activity, forms = found.activities[one.activity]
                form = forms[int(one.form * len(forms))].code
                agency = found.agencies[one.agency][1]
                writer.writerow((DAYS[one.day], agency, activity, one.amount, form, one.title))


def fill_duckdb(database: str, path: str) -> None:
    """Copy the executions into a table of DuckDB, in the same order."""
    csv_file = Path(f"{path}.csv")
    with closing(sqlite3.connect(database)) as source, csv_file.open("w", newline="") as file:
        csv.writer(file).writerows(
            source.execute("SELECT agency_id, activity_id, day, amount FROM execution ORDER BY no")
        )
    with duckdb.connect(path) as connection:
        columns = "{'agency_id': 'INTEGER', 'activity_id': 'INTEGER', 'day': 'DATE', 'amount': 'BIGINT'}"
        connection.execute(
            f"CREATE TABLE execution AS SELECT * FROM read_csv(?, header = false, columns = {columns})",  # noqa: S608 - constants
            [str(csv_file)],
        )
    csv_file.unlink()


def _main(job: str, *arguments: str) -> None:
    match job, arguments:
        case "sqlite", (path, rows):
            fill_sqlite(path, int(rows))
        case "postgresql", (url, rows):
            fill_postgresql(url, int(rows))
        case "csv", (database, rows, path):
            write_csv(database, int(rows), path)
        case "duckdb", (database, path):
            fill_duckdb(database, path)
        case _:
            sys.exit(f"no such job: {job}")


if __name__ == "__main__":
    _main(*sys.argv[1:])
