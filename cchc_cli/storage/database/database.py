"""The database that a path or URL names, and its transactions: all of them are opened here.

Statements come compiled (`storage.compiled`) and run on the drivers directly, so that a command need not load
SQLAlchemy. Only work on whole tables, such as a copy or a migration, uses it.
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
from cchc_cli.storage.database.sqlite import BUSY_SECONDS, prepare_sqlite, refuse_views_as_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy

    from cchc_cli.storage.database.server import Server

WRITER_LOCK = 0x43434843
"""The key of the advisory lock on which the writers of a PostgreSQL database queue."""

_LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's code of an error where the time to wait for a lock has passed."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""The beginning of a URL, also of one that lacks a slash; a drive of Windows has a single letter."""


class Database:
    """A database, not yet opened: an SQLite file, or one on a PostgreSQL server."""

    __slots__ = ("path", "server")

    def __init__(self, path: Path | None, server: Server | None = None) -> None:
        """Keep the path of the SQLite file, or the server."""
        self.path = path
        self.server = server

    @property
    def name(self) -> str:
        """Give the path or URL, without any password."""
        return self.server.name if self.server else str(self.path)

    @contextmanager
    def driver_connection(self) -> Iterator[Any]:
        """Open a connection of the driver for several transactions, one after another; see `reading(on=…)`."""
        with translate_driver_errors(self):
            driver = self.open()
            try:
                yield driver
            finally:
                driver.close()

    @contextmanager
    def reading(self, *, on: Any = None, use_sqlalchemy: bool = False) -> Iterator[Connection]:
        """Open a read-only transaction, which sees one state of the database throughout.

        `on` is an open connection of the driver, see `driver_connection`. With `use_sqlalchemy` the transaction
        also has `Connection.core`.
        """
        begin = "BEGIN" if self.path else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._transaction(begin, on, use_sqlalchemy=use_sqlalchemy) as connection:
            yield connection

    @contextmanager
    def writing(self, *, on: Any = None, use_sqlalchemy: bool = False) -> Iterator[Connection]:
        """Open a transaction that holds the writers' lock; the arguments are those of `reading`."""
        with self._transaction(
            "BEGIN IMMEDIATE" if self.path else "BEGIN", on, use_sqlalchemy=use_sqlalchemy
        ) as connection:
            if self.server:
                connection.driver.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            yield connection

    @contextmanager
    def _transaction(self, begin: str, on: Any, *, use_sqlalchemy: bool) -> Iterator[Connection]:
        if use_sqlalchemy:
            from cchc_cli.storage.database.sqlalchemy_engine import sqlalchemy_transaction  # noqa: PLC0415 - SQLAlchemy only where asked

            with translate_driver_errors(self), sqlalchemy_transaction(self.engine(), begin) as connection:
                yield connection
            return
        with nullcontext(on) if on else self.driver_connection() as driver, self._begin(driver, begin) as end:
            try:
                if self.path:
                    refuse_views_as_tables(driver)
                yield Connection(driver)
            except BaseException:
                # The first error is the one to report.
                with suppress(Exception):
                    driver.execute("ROLLBACK")
                raise
            end()

    @contextmanager
    def _begin(self, driver: Any, begin: str) -> Iterator[Callable[[], None]]:
        """Begin a transaction, and give the function that commits it.

        This waits for the lock of an SQLite file itself. SQLite's own busy handler sleeps longer and longer, up to a
        tenth of a second, while the file may long be free.
        """
        if begin != "BEGIN IMMEDIATE" or self.path is None:
            driver.execute(begin)
            yield lambda: driver.execute("COMMIT")
            return
        driver.execute("PRAGMA busy_timeout = 0")
        with ExitStack() as stack:
            if not _try_execute(driver, begin):
                from cchc_cli.storage.database.lock_queue import queued  # noqa: PLC0415 - only where others write

                free = queued(self.path, lambda: _try_execute(driver, begin), BUSY_SECONDS)
                if not stack.enter_context(free):
                    # It fails, with the driver's error.
                    driver.execute(begin)
            # A transaction that outgrows the cache writes before it commits, and then may have to wait for readers.
            driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            yield lambda: _commit(driver)

    def engine(self) -> sqlalchemy.Engine:
        """Give an SQLAlchemy engine for the database; see `engine_for`."""
        from cchc_cli.storage.database.sqlalchemy_engine import engine_for  # noqa: PLC0415 - SQLAlchemy only where asked

        return engine_for(self.path, self.open)

    def open(self) -> Any:
        """Open a connection of the driver in autocommit mode."""
        if self.server is None:
            driver = sqlite3.connect(str(self.path), timeout=BUSY_SECONDS, isolation_level=None)
            prepare_sqlite(driver)
            return driver
        import psycopg  # noqa: PLC0415 - only where the database is on a server

        # Preparing a statement would cost one round trip more than it saves.
        return psycopg.connect(**_server_options(self.server), autocommit=True, prepare_threshold=None)


def _commit(driver: sqlite3.Connection) -> None:
    """Commit as soon as there are no readers."""
    driver.execute("PRAGMA busy_timeout = 0")
    if not _try_execute(driver, "COMMIT"):
        from cchc_cli.storage.database.lock_queue import poll  # noqa: PLC0415 - only where others read

        if not poll(lambda: _try_execute(driver, "COMMIT"), BUSY_SECONDS, alone=True):
            # It fails, with the driver's error.
            driver.execute("COMMIT")
    driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _try_execute(driver: sqlite3.Connection, statement: str) -> bool:
    """Run a statement; give False where another process holds a lock against it."""
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _server_options(server: Server) -> dict[str, Any]:
    return {
        "connect_timeout": 10,
        "options": f"-c lock_timeout={BUSY_SECONDS}s",
        # A server that can no longer be reached is noticed within a minute; the system would take hours.
        "keepalives_idle": 15,
        "keepalives_interval": 15,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
        **server.options,
    }


@contextmanager
def translate_driver_errors(database: Database) -> Iterator[None]:
    """Turn errors of the driver into StorageError, which shows no password."""
    try:
        yield
    except UnicodeDecodeError as error:
        # A damaged file: even SQLite's error message may not be valid text.
        raise StorageError(_failure_message(database, "the file holds broken text")) from error
    except Exception as error:
        reason = _driver_reason(error)
        if reason is None:
            raise
        raise StorageError(_failure_message(database, reason)) from error


def is_lock_timeout(error: BaseException) -> bool:
    """Tell whether an error of the driver, or of SQLAlchemy over it, says that another process kept a lock."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, sqlite3.Error):
        return (getattr(original, "sqlite_errorcode", None) or 0) & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(original, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def _driver_reason(error: Exception) -> str | None:
    """Give the error text of a driver, or of SQLAlchemy over it; None for any other error."""
    if is_lock_timeout(error):
        return "database is locked"
    if isinstance(error, sqlite3.Error):
        return str(error)
    # A module that was never loaded has raised nothing.
    psycopg, alchemy = (sys.modules.get(name) for name in ("psycopg", "sqlalchemy.exc"))
    if psycopg and isinstance(error, psycopg.Error):
        return str(error).strip()
    if alchemy and isinstance(error, alchemy.SQLAlchemyError):
        original = getattr(error, "orig", None)
        return str(original).strip() if original else type(error).__name__
    return None


def _failure_message(database: Database, reason: str) -> Any:
    for secret in database.server.secrets if database.server else ():
        reason = reason.replace(secret, "***")
    return message("the database {name} failed: {reason}", name=database.name, reason=reason_of(reason))


def connect(target: str) -> Database:
    """Give the database that a path or a URL names, without opening it; raises InputError where it names none."""
    if target.startswith("sqlite:///"):
        target = target.removeprefix("sqlite:///")
    elif "://" in target or _URL.match(target):
        from cchc_cli.storage.database.server import parse_server  # noqa: PLC0415 - only where the database is on a server

        return Database(None, parse_server(target))
    if not target or "\x00" in target or target == ":memory:":
        raise InputError(message("“{target}” cannot be the file of a database", target=target))
    path = Path(target)
    # What belongs to a database lies beside its file: under one name, also where links lead to it.
    return Database(path.resolve() if path.is_symlink() else path)
