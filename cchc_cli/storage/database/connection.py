"""One transaction on a database: runs compiled statements on the driver, and converts their values."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain, count
from operator import itemgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.storage.database.sqlite import moment_from_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    import sqlalchemy

    from cchc_cli.storage.database.statement import Statement

_CACHE_KIB = 120_000
"""The page cache of SQLite, in KiB, for a command that writes many rows."""

BATCH = 1000
"""Rows that are fetched or written at a time."""

_cursor_numbers = count()

Row = SimpleNamespace
"""One row of a result: its columns are attributes."""


class UnreadableValueError(StorageError):
    """A value in the database is not of its column's type: the file is damaged."""


class Connection:
    """One transaction, on SQLite or PostgreSQL, for compiled statements."""

    __slots__ = ("__weakref__", "_core", "driver", "is_sqlite")

    def __init__(self, driver: Any, core: sqlalchemy.Connection | None = None) -> None:
        """Use a driver's connection; `core` is SQLAlchemy's connection over the same one."""
        self.driver = driver
        self.is_sqlite = isinstance(driver, sqlite3.Connection)
        self._core = core

    @property
    def core(self) -> sqlalchemy.Connection:
        """Give SQLAlchemy's connection in the same transaction; only where it was opened with `use_sqlalchemy`."""
        assert self._core is not None
        return self._core

    def enlarge_cache(self) -> None:
        """Let SQLite hold more of the file in memory, for a command that writes many rows."""
        if self.is_sqlite:
            self.driver.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")

    def run(self, statement: Statement, /, **values: Any) -> None:
        """Run a statement that returns no rows."""
        self._execute(statement, values)

    def run_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a statement once for each row of values, which are named."""
        bound = [self._driver_values(statement, values) for values in rows]
        if bound:
            self._cursor().executemany(self._sql(statement), bound)

    def bulk_insert(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement once for each row of values, which stand in the order of its parameters.

        Days are ISO text and flags are 0 or 1, because SQLite's driver is slow with any value that is neither text
        nor number: it looks for an adapter. None is such a value; a parameter that is None in every row is
        therefore written into the statement as NULL.
        """
        if not rows:
            return
        if self.is_sqlite:
            used = [
                place
                for place, value in enumerate(rows[0])
                if value is not None or any(row[place] is not None for row in rows)
            ]
            self.driver.executemany(
                _without_nulls(statement.sqlite, tuple(used)), map(itemgetter(*used), rows)
            )
        else:
            named = [
                {
                    name: bool(value) if kind == "bool" else value
                    for (name, kind), value in zip(statement.parameters, row, strict=True)
                }
                for row in rows
            ]
            # With many rows, the server parses and plans the statement only once.
            self.driver.prepare_threshold = 0 if len(rows) > 1 else None
            self._cursor().executemany(statement.postgresql, named)
            self.driver.prepare_threshold = None

    def matching(self, statement: Statement, rows: Collection[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Give the rows that match any of these rows of values: some hundreds at most, in the form of `bulk_insert`.

        The statement has one row of VALUES, which is repeated for each of them.
        """
        text = _with_rows(self._sql(statement), len(rows))
        return self._convert(statement, self._cursor().execute(text, list(chain.from_iterable(rows))))

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        """Give every row."""
        return list(self._named_rows(statement, self._execute(statement, values)))

    def first(self, statement: Statement, /, **values: Any) -> Row | None:
        """Give the first row; None where there is none."""
        return next(self._named_rows(statement, self._execute(statement, values)), None)

    def scalar(self, statement: Statement, /, **values: Any) -> Any:
        """Give the first column of the first row; None where there is none."""
        return next(self.scalars(statement, **values), None)

    def scalars(self, statement: Statement, /, **values: Any) -> Iterator[Any]:
        """Give the first column of every row."""
        return (row[0] for row in self.tuples(statement, **values))

    def tuples(self, statement: Statement, /, **values: Any) -> Iterator[tuple[Any, ...]]:
        """Give every row as a tuple: the cheapest form."""
        return self._convert(statement, self._execute(statement, values))

    def stream(self, statement: Statement, /, **values: Any) -> Iterator[Row]:
        """Give rows that are fetched as they are read, for results of any size."""
        if self.is_sqlite:
            return self._named_rows(statement, self._execute(statement, values))
        return self._stream_from_server(statement, values)

    def _stream_from_server(self, statement: Statement, values: Mapping[str, Any]) -> Iterator[Row]:
        with self.driver.cursor(name=f"rows_{next(_cursor_numbers)}") as cursor:
            cursor.itersize = BATCH
            cursor.execute(statement.postgresql, self._driver_values(statement, values))
            yield from self._named_rows(statement, cursor)

    def _cursor(self) -> Any:
        return self.driver.cursor()

    def _sql(self, statement: Statement) -> str:
        return statement.sqlite if self.is_sqlite else statement.postgresql

    def _execute(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        return self._cursor().execute(self._sql(statement), self._driver_values(statement, values))

    def _driver_values(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        writers = _INTO_SQLITE if self.is_sqlite else _INTO_POSTGRESQL
        bound = [
            writers[kind](values[name]) if kind in writers and values[name] is not None else values[name]
            for name, kind in statement.parameters
        ]
        return (
            bound
            if self.is_sqlite
            else dict(zip((name for name, _ in statement.parameters), bound, strict=True))
        )

    def _named_rows(self, statement: Statement, cursor: Any) -> Iterator[Row]:
        names = [name for name, _ in statement.columns]
        return (
            SimpleNamespace(**dict(zip(names, row, strict=True))) for row in self._convert(statement, cursor)
        )

    def _convert(self, statement: Statement, cursor: Any) -> Iterator[tuple[Any, ...]]:
        readers = _FROM_SQLITE if self.is_sqlite else _FROM_POSTGRESQL
        needed = [
            (place, readers[kind]) for place, (_, kind) in enumerate(statement.columns) if kind in readers
        ]
        if not needed:
            return iter(cursor)
        return (_convert_row(row, needed) for row in cursor)


@lru_cache(100)
def _without_nulls(text: str, used: tuple[int, ...]) -> str:
    """Give a statement for SQLite with only these parameters, by position; the others become NULL."""
    numbers = {place + 1: number for number, place in enumerate(used, start=1)}

    def replacement(found: re.Match[str]) -> str:
        number = numbers.get(int(found[1]))
        return f"?{number}" if number else "NULL"

    return re.sub(r"\?(\d+)", replacement, text)


@lru_cache(100)
def _with_rows(text: str, times: int) -> str:
    """Repeat the row of a statement's VALUES so many times, with positional parameters."""
    before, row, after = re.split(r"(?<=VALUES )(\(.*?\))(?=\))", text, maxsplit=1)
    row = re.sub(r"%\(\w+\)s", "%s", re.sub(r"\?\d+", "?", row))
    return f"{before}{', '.join([row] * times)}{after}"


def _convert_row(row: tuple[Any, ...], needed: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    try:
        for place, read in needed:
            if values[place] is not None:
                values[place] = read(values[place])
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableValueError(message("the database holds a value that cannot be read")) from error
    return tuple(values)


def _moment_into_sqlite(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _json(value: Any) -> str:
    return json.dumps(value)


def _uuid(text: str) -> Any:
    from uuid import UUID  # noqa: PLC0415 - only for statements with identities

    return UUID(text)


_INTO_SQLITE: dict[str, Callable[[Any], Any]] = {
    "date": date.isoformat,
    "moment": _moment_into_sqlite,
    "uuid": lambda uid: uid.hex,
    "json": _json,
}
_FROM_SQLITE: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "moment": moment_from_sqlite,
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
