"""A path or URL to an open database: pragmas, permissions, and the one way to open a transaction.

Statements come compiled (`storage.compiled`) and run on the bare drivers, so that a command need not
load what makes them. Only what works on whole tables, a copy or a migration, asks for SQLAlchemy.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain, count
from operator import itemgetter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.errors import InputError, StorageError, message
from cchc_cli.domain.reasons import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    import sqlalchemy

    from cchc_cli.storage.server import Server
    from cchc_cli.storage.statement import Statement

BUSY_SECONDS = 60
"""How long a command waits for another that is writing."""

LOCK = 0x43434843
"""The advisory lock that writers of one PostgreSQL database queue at."""

_ROOM = 120_000
"""KiB that a command which writes much may hold of an SQLite file."""

BATCH = 1000
"""Rows that are fetched or written at a time."""

_numbers = count()

Row = SimpleNamespace
"""One row of an answer: its columns are attributes."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""How a URL begins, also one that lacks a slash; a drive of Windows has a single letter."""


class UnreadableError(StorageError):
    """A value in the database is none of its column's kind: the file is damaged."""


class Database:
    """Where the records are. Nothing is opened before a transaction is asked for."""

    __slots__ = ("path", "server")

    def __init__(self, path: Path | None, server: Server | None = None) -> None:
        """Keep the file, where it is SQLite, or the server."""
        self.path = path
        self.server = server

    @property
    def name(self) -> str:
        """Give what can be shown of it: never a password."""
        return self.server.name if self.server else str(self.path)

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Open a connection of the driver for several transactions, one after another."""
        with translated(self):
            driver = self.open()
            try:
                yield driver
            finally:
                driver.close()

    @contextmanager
    def reading(self, *, on: Any = None, whole: bool = False) -> Iterator[Connection]:  # noqa: ANN401
        """Open a transaction that sees one state of the database throughout, and changes nothing.

        With `on` on a connection that is there already, see `opened`; with `whole` it can be asked
        through SQLAlchemy too: `Connection.core`.
        """
        begin = "BEGIN" if self.path else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._transaction(begin, on, whole=whole) as connection:
            yield connection

    @contextmanager
    def writing(self, *, on: Any = None, whole: bool = False) -> Iterator[Connection]:  # noqa: ANN401
        """Open a transaction that no other writer runs beside: all of it is kept, or nothing."""
        with self._transaction("BEGIN IMMEDIATE" if self.path else "BEGIN", on, whole=whole) as connection:
            if self.server:
                connection.driver.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield connection

    @contextmanager
    def _transaction(self, begin: str, on: Any, *, whole: bool) -> Iterator[Connection]:  # noqa: ANN401
        if whole:
            from cchc_cli.storage.core import core_transaction  # noqa: PLC0415 - SQLAlchemy only where asked

            with translated(self), core_transaction(self, begin) as connection:
                yield connection
            return
        with nullcontext(on) if on else self.opened() as driver, self._turn(driver, begin) as end:
            try:
                yield Connection(driver)
            except BaseException:
                # The error that leads here is the one to be told.
                with suppress(Exception):
                    driver.execute("ROLLBACK")
                raise
            end()

    @contextmanager
    def _turn(self, driver: Any, begin: str) -> Iterator[Callable[[], None]]:  # noqa: ANN401
        """Begin a transaction, and give what commits it.

        To write to an SQLite file is waited for here: SQLite itself would wait longer and longer, up to a
        tenth of a second, while the file lies idle, and of many writers one must be there when another is done.
        """
        if begin != "BEGIN IMMEDIATE" or self.path is None:
            driver.execute(begin)
            yield lambda: driver.execute("COMMIT")
            return
        driver.execute("PRAGMA busy_timeout = 0")
        with ExitStack() as standing:
            if not _worked(driver, begin):
                from cchc_cli.storage.turns import line  # noqa: PLC0415 - only where others write

                _insist(driver, begin, alone=standing.enter_context(line(self.path)))
            # What is too much to be held in memory may have to wait for readers.
            driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            yield lambda: _commit(driver)

    def open(self) -> Any:  # noqa: ANN401 - the driver's own type
        """Open a connection of the driver that begins no transaction of its own accord."""
        if self.server is None:
            driver = sqlite3.connect(str(self.path), timeout=BUSY_SECONDS, isolation_level=None)
            prepare_sqlite(driver)
            return driver
        import psycopg  # noqa: PLC0415 - only where the database is on a server

        # A statement that is prepared on the side would cost a round more than it saves.
        return psycopg.connect(**_server_options(self.server), autocommit=True, prepare_threshold=None)


def _commit(driver: sqlite3.Connection) -> None:
    """Commit, once nobody reads."""
    driver.execute("PRAGMA busy_timeout = 0")
    if not _worked(driver, "COMMIT"):
        _insist(driver, "COMMIT", alone=True)
    driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _insist(driver: sqlite3.Connection, statement: str, *, alone: bool) -> None:
    """Run a statement as soon as nobody stands in its way any more, or once more at the end of the time."""
    from cchc_cli.storage.turns import wait  # noqa: PLC0415 - only where there are others

    if not wait(lambda: _worked(driver, statement), BUSY_SECONDS, alone=alone):
        driver.execute(statement)


def _worked(driver: sqlite3.Connection, statement: str) -> bool:
    """Run a statement, and tell whether it worked: False where others stand in the way."""
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _server_options(server: Server) -> dict[str, Any]:
    return {"connect_timeout": 10, "options": f"-c lock_timeout={BUSY_SECONDS}s", **server.options}


@contextmanager
def translated(database: Database) -> Iterator[None]:
    """Turn what the driver raises into StorageError, which shows no password."""
    try:
        yield
    except UnicodeDecodeError as error:
        # A damaged file: even what SQLite says of it may be no text.
        raise StorageError(_say(database, "the file holds broken text")) from error
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        raise StorageError(_say(database, reason)) from error


def _reason(error: Exception) -> str | None:
    """Give what a driver, or SQLAlchemy over it, says went wrong; None for any other error."""
    if isinstance(error, sqlite3.Error):
        return str(error)
    # What was never loaded has raised nothing.
    psycopg, alchemy = (sys.modules.get(name) for name in ("psycopg", "sqlalchemy.exc"))
    if psycopg and isinstance(error, psycopg.Error):
        return str(error).strip()
    if alchemy and isinstance(error, alchemy.SQLAlchemyError):
        original = getattr(error, "orig", None)
        return str(original).strip() if original else type(error).__name__
    return None


def _say(database: Database, reason: str) -> Any:  # noqa: ANN401
    for secret in database.server.secrets if database.server else ():
        reason = reason.replace(secret, "***")
    return message("the database {name} failed: {reason}", name=database.name, reason=reason_of(reason))


class Connection:
    """One transaction on one of the databases, for compiled statements."""

    __slots__ = ("_core", "driver", "is_sqlite")

    def __init__(self, driver: Any, core: sqlalchemy.Connection | None = None) -> None:  # noqa: ANN401
        """Use a driver's connection; `core` is SQLAlchemy's over the same one."""
        self.driver = driver
        self.is_sqlite = isinstance(driver, sqlite3.Connection)
        self._core = core

    @property
    def core(self) -> sqlalchemy.Connection:
        """Give the same transaction as SQLAlchemy sees it; only where it was opened `whole`."""
        assert self._core is not None
        return self._core

    def make_room(self) -> None:
        """Let SQLite hold more of the file in memory, for a command that writes much of it."""
        if self.is_sqlite:
            self.driver.execute(f"PRAGMA cache_size = -{_ROOM}")

    def run(self, statement: Statement, /, **values: Any) -> None:  # noqa: ANN401
        """Run a statement that has no answer."""
        self._execute(statement, values)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a statement once for each row of values."""
        given = [self._given(statement, values) for values in rows]
        if given:
            self._cursor().executemany(self._text(statement), given)

    def load(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement once for each row of values that stand in its order, in the plainest form.

        Days are text and flags are 0 or 1: SQLite's driver looks for an adapter of each value that is
        neither text nor number, and takes its time. For the same reason it is not given what is nothing
        in every row.
        """
        if not rows:
            return
        if self.is_sqlite:
            given = [
                place
                for place, value in enumerate(rows[0])
                if value is not None or any(row[place] is not None for row in rows)
            ]
            self.driver.executemany(_with(statement.sqlite, tuple(given)), map(itemgetter(*given), rows))
        else:
            named = [
                {
                    name: bool(value) if kind == "bool" else value
                    for (name, kind), value in zip(statement.parameters, row, strict=True)
                }
                for row in rows
            ]
            # Of many rows the server need read and plan the statement but once.
            self.driver.prepare_threshold = 0 if len(rows) > 1 else None
            self._cursor().executemany(statement.postgresql, named)
            self.driver.prepare_threshold = None

    def matching(self, statement: Statement, rows: Collection[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Give what matches any of these rows of values, some hundreds at most, in the plainest form as for `load`.

        The statement has them as the one row of its VALUES, which is repeated.
        """
        text = _repeated(self._text(statement), len(rows))
        return self._converted(statement, self._cursor().execute(text, list(chain.from_iterable(rows))))

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:  # noqa: ANN401
        """Give every row of the answer."""
        return list(self._rows(statement, self._execute(statement, values)))

    def first(self, statement: Statement, /, **values: Any) -> Row | None:  # noqa: ANN401
        """Give the first row; None where there is none."""
        return next(self._rows(statement, self._execute(statement, values)), None)

    def scalar(self, statement: Statement, /, **values: Any) -> Any:  # noqa: ANN401
        """Give the first column of the first row; None where there is none."""
        return next(self.scalars(statement, **values), None)

    def scalars(self, statement: Statement, /, **values: Any) -> Iterator[Any]:  # noqa: ANN401
        """Give the first column of every row."""
        return (row[0] for row in self.tuples(statement, **values))

    def tuples(self, statement: Statement, /, **values: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
        """Give every row as its values alone: the cheapest form."""
        return self._converted(statement, self._execute(statement, values))

    def stream(self, statement: Statement, /, **values: Any) -> Iterator[Row]:  # noqa: ANN401
        """Give rows that are fetched as they are read, however many there are."""
        if self.is_sqlite:
            return self._rows(statement, self._execute(statement, values))
        return self._streamed(statement, values)

    def _streamed(self, statement: Statement, values: Mapping[str, Any]) -> Iterator[Row]:
        with self.driver.cursor(name=f"rows_{next(_numbers)}") as cursor:
            cursor.itersize = BATCH
            cursor.execute(statement.postgresql, self._given(statement, values))
            yield from self._rows(statement, cursor)

    def _cursor(self) -> Any:  # noqa: ANN401
        return self.driver.cursor()

    def _text(self, statement: Statement) -> str:
        return statement.sqlite if self.is_sqlite else statement.postgresql

    def _execute(self, statement: Statement, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
        return self._cursor().execute(self._text(statement), self._given(statement, values))

    def _given(self, statement: Statement, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
        writers = _INTO_SQLITE if self.is_sqlite else _INTO_POSTGRESQL
        given = [
            writers[kind](values[name]) if kind in writers and values[name] is not None else values[name]
            for name, kind in statement.parameters
        ]
        return (
            given
            if self.is_sqlite
            else dict(zip((name for name, _ in statement.parameters), given, strict=True))
        )

    def _rows(self, statement: Statement, cursor: Any) -> Iterator[Row]:  # noqa: ANN401
        names = [name for name, _ in statement.columns]
        return (
            SimpleNamespace(**dict(zip(names, row, strict=True)))
            for row in self._converted(statement, cursor)
        )

    def _converted(self, statement: Statement, cursor: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
        readers = _FROM_SQLITE if self.is_sqlite else _FROM_POSTGRESQL
        needed = [
            (place, readers[kind]) for place, (_, kind) in enumerate(statement.columns) if kind in readers
        ]
        if not needed:
            return iter(cursor)
        return (_read(row, needed) for row in cursor)


@lru_cache(100)
def _with(text: str, given: tuple[int, ...]) -> str:
    """Write a statement for SQLite that is given some of its parameters, by place; the others are NULL."""
    numbers = {place + 1: number for number, place in enumerate(given, start=1)}

    def written(found: re.Match[str]) -> str:
        number = numbers.get(int(found[1]))
        return f"?{number}" if number else "NULL"

    return re.sub(r"\?(\d+)", written, text)


@lru_cache(100)
def _repeated(text: str, times: int) -> str:
    """Write the row of a statement's VALUES so many times, its parameters without names."""
    before, row, after = re.split(r"(?<=VALUES )(\(.*?\))(?=\))", text, maxsplit=1)
    row = re.sub(r"%\(\w+\)s", "%s", re.sub(r"\?\d+", "?", row))
    return f"{before}{', '.join([row] * times)}{after}"


def _read(row: tuple[Any, ...], needed: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    try:
        for place, read in needed:
            if values[place] is not None:
                values[place] = read(values[place])
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableError(message("the database holds a value that cannot be read")) from error
    return tuple(values)


def _moment_into_sqlite(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment_from_sqlite(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _json(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value)


def _uuid(text: str) -> Any:  # noqa: ANN401
    from uuid import UUID  # noqa: PLC0415 - only where there are identities

    return UUID(text)


_INTO_SQLITE: dict[str, Callable[[Any], Any]] = {
    "date": date.isoformat,
    "moment": _moment_into_sqlite,
    "uuid": lambda uid: uid.hex,
    "json": _json,
}
_FROM_SQLITE: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "moment": _moment_from_sqlite,
    "uuid": _uuid,
    "json": json.loads,
    "bool": bool,
}
_INTO_POSTGRESQL: dict[str, Callable[[Any], Any]] = {"json": _json}
_FROM_POSTGRESQL: dict[str, Callable[[Any], Any]] = {
    "moment": lambda moment: moment.astimezone(UTC),
    "whole": int,
    "bytes": bytes,
}


def connect(target: str) -> Database:
    """Give the database that a path or a URL names; raises InputError where it names none."""
    if target.startswith("sqlite:///"):
        target = target.removeprefix("sqlite:///")
    elif "://" in target or _URL.match(target):
        from cchc_cli.storage.server import parse_server  # noqa: PLC0415 - only where the database is on a server

        return Database(None, parse_server(target))
    if not target or "\x00" in target or target == ":memory:":
        raise InputError(message("“{target}” is no file that a database can lie in", target=target))
    return Database(Path(target))


def prepare_sqlite(driver: sqlite3.Connection) -> None:
    """Set what durability and integrity rest on, and the functions that statements use."""
    for pragma in (
        "foreign_keys = ON",
        # INSERT OR REPLACE deletes without firing triggers otherwise.
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        # A rollback journal also works on network folders, where WAL corrupts; with it only EXTRA
        # keeps the last commit through a power loss.
        "synchronous = EXTRA",
    ):
        driver.execute(f"PRAGMA {pragma}")
    driver.create_function("civil_day", 2, _civil_day, deterministic=True)


def _civil_day(moment: str, zone: str) -> str:
    """Give the civil date in a time zone of a moment as SQLite keeps it; see `columns.civil_day`."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only plans that ask for it

    return _moment_from_sqlite(moment).astimezone(ZoneInfo(zone)).date().isoformat()
