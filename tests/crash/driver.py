"""Jobs that a test runs in a process of its own, to kill it or to run many at the same time.

`python -m tests.crash.driver JOB DATABASE …`. A job acknowledges a record with an unbuffered line `TITLE NO .`. It
prints `ready` after it has loaded the program, so that a test can measure from there.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Engine, create_engine, event, text

from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.plan_choice import choose_plan_of_day
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record, recording
from cchc_cli.services.rows.reader import read_rows
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.migrations.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier

AUTHOR = "tester"


def _now() -> datetime:
    return datetime.now(UTC)


def _print(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _draft(title: str) -> Draft:
    return Draft(
        agency="dai-buon-ho",
        activity="radio-column",
        date="2024-03-14",
        amount="15",
        form="radio",
        title=title,
    )


def _crowd(number: int, work: Callable[[int, Barrier], None]) -> None:
    """Run so many processes that begin at the same moment; exit with an error where one failed."""
    import_module("alembic.command")  # Once, and not in each child.
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(number)
    processes = [context.Process(target=work, args=(place, barrier)) for place in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    failed = [process.exitcode for process in processes if process.exitcode]
    if failed:
        sys.exit(f"{len(failed)} of {number} processes failed")


def record_crowd(target: str, number: str, each: str) -> None:
    """Record from many processes at once."""

    def work(place: int, barrier: Barrier) -> None:
        database = connect(target)
        barrier.wait()
        for turn in range(int(each)):
            title = f"{place}-{turn}"
            entry = record(database, _draft(title), plan=None, author=AUTHOR, now=_now())
            _print(f"{title} {entry.recorded.no} .")

    _crowd(int(number), work)


def import_crowd(target: str, number: str, plan: str) -> None:
    """Import the same plan from many processes at once, into a database that need not exist."""

    def work(_: int, barrier: Barrier) -> None:
        barrier.wait()
        _print(import_plan(Path(plan), target, author=AUTHOR, now=_now()).result.value)

    _crowd(int(number), work)


def count_naively(target: str, number: str, each: str) -> None:
    """Count up as a program would that leaves transactions to the library's defaults.

    In the first round all processes have read before one writes.
    """
    # A long timeout for locks, so that updates are lost only for want of a transaction.
    engine = create_engine(target, connect_args={"timeout": 600} if target.startswith("sqlite") else {})
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (value INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    engine.dispose()

    def work(_: int, barrier: Barrier) -> None:
        for turn in range(int(each)):
            with engine.begin() as connection:
                value = connection.scalar(text("SELECT value FROM counter"))
                if turn == 0:
                    barrier.wait()
                connection.execute(text("UPDATE counter SET value = :value"), {"value": (value or 0) + 1})

    _crowd(int(number), work)


def keep_recording(target: str, first: str) -> None:
    """Record one after another until killed, and acknowledge inside the block, as `cchc log` does."""
    database = connect(target)
    with database.reading() as connection:
        choose_plan_of_day(connection, None, _now())
    _print("ready")
    for turn in range(int(first), sys.maxsize):
        title = f"r{turn}"
        with recording(database, _draft(title), plan=None, author=AUTHOR, now=_now()) as entry:
            _print(f"{title} {entry.recorded.no} .")


def acknowledge_early(target: str, first: str) -> None:
    """Acknowledge a record just before it is committed, and wait to be killed; the tests must detect this."""
    title = f"r{first}"

    class EarlyOnFile(sqlite3.Connection):
        def execute(self, text: str, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401
            _acknowledge_commit(text)
            return super().execute(text, *values)

    class EarlyOnServer(psycopg.Connection[Any]):
        def execute(self, query: Any, *values: Any, **options: Any) -> Any:  # noqa: ANN401
            _acknowledge_commit(query)
            return super().execute(query, *values, **options)

    def _acknowledge_commit(statement: str) -> None:
        if statement == "COMMIT":
            _print(f"{title} {first} .")
            signal.pause()

    sqlite3.connect = partial(sqlite3.connect, factory=EarlyOnFile)  # type: ignore[assignment]
    psycopg.connect = EarlyOnServer.connect
    _print("ready")
    record(connect(target), _draft(title), plan=None, author=AUTHOR, now=_now())


def record_file(target: str, rows: str) -> None:
    """Record a rows file."""
    database = connect(target)
    _print("ready")
    given = read_rows(Path(rows)).rows
    found = record_rows(
        database, given, plan=None, source=Path(rows).name, author=AUTHOR, now=_now(), dry_run=False
    )
    _print(f"done {found.created} .")


def import_file(target: str, plan: str) -> None:
    """Import a plan, into a database that need not exist."""
    _print("ready")
    _print(f"done {len(import_plan(Path(plan), target, author=AUTHOR, now=_now()).changes)} .")


class InjectedError(Exception):
    """The error that a statement is made to fail with."""


def migrate_each(_: str, manner: str) -> None:
    """Migrate a database for each line `DATABASE N` on stdin, and abort at the statement N.

    `manner` is raise or kill. Prints `N ended CODE` where there are fewer statements, else `N broken CODE`.
    """
    import_module("alembic.command")  # Once, and not in each child.
    for line in sys.stdin:
        target, _, number = line.rstrip("\n").rpartition(" ")
        child = os.fork()
        if not child:
            os._exit(_migrate_until(target, int(number), manner))
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        _print(f"{number} {'ended' if ended == 0 else 'broken'} {ended}")


def _migrate_until(target: str, last: int, manner: str) -> int:
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == last:
            if manner == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise InjectedError

    # The backup before the migration has an engine of its own; its statements count too.
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    try:
        open_database(target, create=False, now=_now())
    except InjectedError:
        return 1
    return 0


def write_unsafely(target: str, setting: str) -> None:
    """Write one record into two tables with an unsafe pragma; the tests must detect the damage."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute(setting)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO change (title) SELECT 'x' WHERE NOT EXISTS (SELECT 1 FROM change)")
        # Larger than a page, so that the pages of the two tables are written one after another.
        connection.execute("INSERT INTO record VALUES (1, randomblob(20000)) ON CONFLICT DO NOTHING")
        connection.execute("COMMIT")
    _print("x 1 .")


JOBS: dict[str, Callable[..., Any]] = {
    "record-crowd": record_crowd,
    "import-crowd": import_crowd,
    "count-naively": count_naively,
    "keep-recording": keep_recording,
    "acknowledge-early": acknowledge_early,
    "record-file": record_file,
    "import-file": import_file,
    "migrate": migrate_each,
    "write-unsafely": write_unsafely,
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
