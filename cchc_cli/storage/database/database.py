"""A path or URL to an open database: pragmas, permissions, and the one way to open a transaction.

Statements come compiled (`storage.compiled`) and run on the bare drivers, so that a command need not
load what makes them. Only what works on whole tables, a copy or a migration, asks for SQLAlchemy.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import InputError, StorageError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.sqlite import BUSY_SECONDS, prepare_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy

    from cchc_cli.storage.database.server import Server

WRITER_LOCK = 0x43434843
"""The advisory lock that writers of one PostgreSQL database queue at."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""How a URL begins, also one that lacks a slash; a drive of Windows has a single letter."""


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
    def driver_connection(self) -> Iterator[Any]:
        """Open a connection of the driver for several transactions, one after another."""
        with translate_driver_errors(self):
            driver = self.open()
            try:
                yield driver
            finally:
                driver.close()

    @contextmanager
    def reading(self, *, on: Any = None, use_sqlalchemy: bool = False) -> Iterator[Connection]:  # noqa: ANN401
        """Open a transaction that sees one state of the database throughout, and changes nothing.

        With `on` on a connection that is there already, see `opened`; with `whole` it can be asked
        through SQLAlchemy too: `Connection.core`.
        """
        begin = "BEGIN" if self.path else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._transaction(begin, on, use_sqlalchemy=use_sqlalchemy) as connection:
            yield connection

    @contextmanager
    def writing(self, *, on: Any = None, use_sqlalchemy: bool = False) -> Iterator[Connection]:  # noqa: ANN401
        """Open a transaction that no other writer runs beside: all of it is kept, or nothing."""
        with self._transaction(
            "BEGIN IMMEDIATE" if self.path else "BEGIN", on, use_sqlalchemy=use_sqlalchemy
        ) as connection:
            if self.server:
                connection.driver.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            yield connection

    @contextmanager
    def _transaction(self, begin: str, on: Any, *, use_sqlalchemy: bool) -> Iterator[Connection]:  # noqa: ANN401
        if use_sqlalchemy:
            from cchc_cli.storage.database.sqlalchemy_engine import sqlalchemy_transaction  # noqa: PLC0415 - SQLAlchemy only where asked

            with translate_driver_errors(self), sqlalchemy_transaction(self.engine(), begin) as connection:
                yield connection
            return
        with nullcontext(on) if on else self.driver_connection() as driver, self._begin(driver, begin) as end:
            try:
                yield Connection(driver)
            except BaseException:
                # The error that leads here is the one to be told.
                with suppress(Exception):
                    driver.execute("ROLLBACK")
                raise
            end()

    @contextmanager
    def _begin(self, driver: Any, begin: str) -> Iterator[Callable[[], None]]:  # noqa: ANN401
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
            if not _try_execute(driver, begin):
                from cchc_cli.storage.database.lock_queue import line  # noqa: PLC0415 - only where others write

                _execute_when_free(driver, begin, alone=standing.enter_context(line(self.path)))
            # What is too much to be held in memory may have to wait for readers.
            driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            yield lambda: _commit(driver)

    def engine(self) -> sqlalchemy.Engine:
        """Give an SQLAlchemy engine for the database, whose connections begin no transaction of their own."""
        from cchc_cli.storage.database.sqlalchemy_engine import engine_for  # noqa: PLC0415 - the same

        return engine_for(self.path, self.open)

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
    if not _try_execute(driver, "COMMIT"):
        _execute_when_free(driver, "COMMIT", alone=True)
    driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _execute_when_free(driver: sqlite3.Connection, statement: str, *, alone: bool) -> None:
    """Run a statement as soon as nobody stands in its way any more, or once more at the end of the time."""
    from cchc_cli.storage.database.lock_queue import wait  # noqa: PLC0415 - only where there are others

    if not wait(lambda: _try_execute(driver, statement), BUSY_SECONDS, alone=alone):
        driver.execute(statement)


def _try_execute(driver: sqlite3.Connection, statement: str) -> bool:
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
def translate_driver_errors(database: Database) -> Iterator[None]:
    """Turn what the driver raises into StorageError, which shows no password."""
    try:
        yield
    except UnicodeDecodeError as error:
        # A damaged file: even what SQLite says of it may be no text.
        raise StorageError(_failure_message(database, "the file holds broken text")) from error
    except Exception as error:
        reason = _driver_reason(error)
        if reason is None:
            raise
        raise StorageError(_failure_message(database, reason)) from error


def _driver_reason(error: Exception) -> str | None:
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


def _failure_message(database: Database, reason: str) -> Any:  # noqa: ANN401
    for secret in database.server.secrets if database.server else ():
        reason = reason.replace(secret, "***")
    return message("the database {name} failed: {reason}", name=database.name, reason=reason_of(reason))


def connect(target: str) -> Database:
    """Give the database that a path or a URL names; raises InputError where it names none."""
    if target.startswith("sqlite:///"):
        target = target.removeprefix("sqlite:///")
    elif "://" in target or _URL.match(target):
        from cchc_cli.storage.database.server import parse_server  # noqa: PLC0415 - only where the database is on a server

        return Database(None, parse_server(target))
    if not target or "\x00" in target or target == ":memory:":
        raise InputError(message("“{target}” is no file that a database can lie in", target=target))
    return Database(Path(target))
