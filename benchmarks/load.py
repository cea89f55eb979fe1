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
import json
import sqlite3
import sys
from collections import deque
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import duckdb
import psycopg

from benchmarks.data import CHUNK, DAYS, drawn
from cchc_cli.domain.amounts import THOUSANDTHS
from cchc_cli.domain.chain import digest, encode, next_link
from cchc_cli.domain.execution import Execution
from cchc_cli.storage.versions import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.data import Drawn

AUTHOR, ACTION = "benchmark", "log --file made-up.csv"

_WORKERS = 2
_AHEAD = 6
"""Chunks that may wait to be written."""

_COLUMNS = (
    "uid, version, no, plan_id, agency_id, activity_id, day, amount, form_id, repeat, title, note, evidence,"
    " external_id, content, voided, reason, seq, until_seq"
)

_SUMS = (
    "INSERT INTO month_sum (activity_id, agency_id, month, form_id, repeat, executions, amount)"  # noqa: S608 - a constant goes in
    " SELECT activity_id, agency_id, {month}, coalesce(form_id, 0), repeat, count(*), sum(amount)"
    f" FROM execution WHERE until_seq = {OPEN} GROUP BY 1, 2, 3, 4, 5"
)

Values = tuple[Any, ...]


class Form(NamedTuple):
    """A form that an execution can take, or none: its key and code."""

    id: int | None
    code: str | None


class Roster(NamedTuple):
    """What executions refer to: keys and codes of the plan's rows."""

    plan_id: int
    plan_code: str
    agencies: list[tuple[int, str]]
    activities: list[tuple[int, str, list[Form]]]


def roster(connection: Any) -> Roster:  # noqa: ANN401 - a connection of either driver
    """Read what the plan has; agencies that live the whole year only."""
    plan_id, plan_code = connection.execute("SELECT id, code FROM plan").fetchone()
    forms = {code: Form(key, code) for key, code in connection.execute("SELECT id, code FROM form")}
    agencies = connection.execute(
        "SELECT id, code FROM agency WHERE starts IS NULL AND ends IS NULL ORDER BY position"
    ).fetchall()
    activities = connection.execute("SELECT id, code, forms FROM activity ORDER BY position").fetchall()
    return Roster(
        plan_id,
        plan_code,
        agencies,
        [
            (key, code, [forms[form] for form in _listed(taken)] or [Form(None, None)])
            for key, code, taken in activities
        ],
    )


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - SQLite gives JSON as text
    found: list[str] = json.loads(value) if isinstance(value, str) else value
    return found


class Writer:
    """Makes rows of what was drawn, as the program would write them, with their digests for the chain."""

    def __init__(self, roster: Roster, rows: int, seq: int) -> None:
        """Write so many executions in all, as part of one change."""
        self._roster = roster
        self._rows = rows
        self._seq = seq
        # Most of what is digested is the same in many rows: it is encoded once.
        self._encoded = cache(lambda part: encode([part]))

    def chunk(self, number: int) -> tuple[list[Values], bytes]:
        """Give the rows of a chunk, and what they add to the digest of their change."""
        rows: list[Values] = []
        content = bytearray()
        agencies, activities = len(self._roster.agencies), len(self._roster.activities)
        for one in drawn(number, self._rows, agencies, activities):
            values, of_row = self._row(one)
            if not rows:
                self._check(one, values, of_row)
            rows.append(values)
            content += b"s9:execution" + _whole(one.no) + b"i1:1" + b"s64:" + of_row.encode()
        return rows, bytes(content)

    def _row(self, one: Drawn) -> tuple[Values, str]:
        agency_id, agency = self._roster.agencies[one.agency]
        activity_id, activity, forms = self._roster.activities[one.activity]
        form = forms[int(one.form * len(forms))]
        day, amount, title = DAYS[one.day], one.amount * THOUSANDTHS, one.title
        encoded = self._encoded
        of_row = b"".join(
            (
                encoded(self._roster.plan_code),
                b"u36:018c8000-0000-7000-8%03x-%012x" % (one.no >> 48, one.no),
                _whole(one.no),
                b"i1:1",
                encoded(agency),
                encoded(activity),
                encoded(day),
                _whole(amount),
                encoded(form.code),
                b"b0",
                b"s%d:%s" % (len(title), title.encode()),
                b"nl0:nb0n",
            )
        )
        parts = (agency, activity, day.isoformat(), str(amount), form.code or "", "", title, "")
        content = hashlib.sha256(b"".join(map(_sized, parts))).hexdigest()[:32]
        values = (
            *(_uid(one.no), 1, one.no, self._roster.plan_id, agency_id, activity_id),
            *(day.isoformat(), amount, form.id, 0, title, None, "[]", None, content, 0, None),
            *(self._seq, OPEN),
        )
        return values, hashlib.sha256(of_row).hexdigest()

    def _check(self, one: Drawn, values: Values, of_row: str) -> None:
        """Hold a row against what the program makes of the same execution."""
        _, agency = self._roster.agencies[one.agency]
        _, activity, forms = self._roster.activities[one.activity]
        execution = Execution(
            agency,
            activity,
            DAYS[one.day],
            one.amount * THOUSANDTHS,
            forms[int(one.form * len(forms))].code,
            title=one.title,
        )
        assert values[14] == execution.content(), "a content is not what the program makes of it"
        covered = [self._roster.plan_code, UUID(_uid(one.no)), one.no, 1, *execution, False, None]
        assert of_row == digest(covered), "a digest is not what the program makes of it"


def _uid(no: int) -> str:
    """Give an identity of version 7, all of one moment, in the order of the numbers."""
    return f"018c8000000070008{no:015x}"


def _whole(number: int) -> bytes:
    text = str(number)
    return f"i{len(text)}:{text}".encode()


@cache
def _short(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(8, "big") + encoded


def _sized(text: str) -> bytes:
    # Titles are all different, and would fill the memory.
    return _short.__wrapped__(text) if text.startswith("Tin ") else _short(text)


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
        adding = f"INSERT INTO execution ({_COLUMNS}) VALUES ({', '.join('?' * (_COLUMNS.count(',') + 1))})"  # noqa: S608 - constants
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
        with connection.cursor() as cursor, cursor.copy(f"COPY execution ({_COLUMNS}) FROM STDIN") as copy:
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
