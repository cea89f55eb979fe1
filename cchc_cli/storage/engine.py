"""A path or URL to an open database: pragmas, permissions, and the one way to open a transaction."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from cchc_cli.domain.errors import InputError, NewerDatabaseError, StorageError, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import CursorResult, Select

BUSY_SECONDS = 60
"""How long a command waits for another that is writing."""

APPLICATION_ID = 0x43434843
"""“CCHC” in the header of an SQLite file: how a database of ours is told from a foreign file."""

LOCK = 0x43434843
"""The advisory lock that writers of one PostgreSQL database queue at."""

_MAGIC = b"SQLite format 3\x00"
_URL = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""How a URL begins, also one that lacks a slash; a drive of Windows has a single letter."""
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


@dataclass(frozen=True, slots=True)
class Database:
    """Where the records are. Nothing is opened before a transaction is asked for."""

    engine: Engine
    path: Path | None
    """The file, where it is SQLite."""

    @property
    def name(self) -> str:
        """Give what can be shown of it: never a password."""
        if self.path:
            return str(self.path)
        # The query may hold passwords of its own.
        return self.engine.url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database throughout, and changes nothing."""
        with translated(self), self.engine.connect() as connection:
            if self.path is None:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that no other writer runs beside: all of it is kept, or nothing."""
        with translated(self), self.engine.connect() as connection:
            connection.execution_options(cchc_begin="BEGIN IMMEDIATE")
            with connection.begin():
                if self.path is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection


@contextmanager
def translated(database: Database) -> Iterator[None]:
    """Turn what the driver raises into StorageError, which shows no password."""
    try:
        yield
    except DBAPIError as error:
        raise StorageError(_say(database, str(error.orig).strip())) from error
    except UnicodeDecodeError as error:
        # A damaged file: even what SQLite says of it may be no text.
        raise StorageError(_say(database, "the file holds broken text")) from error
    except SQLAlchemyError as error:
        raise StorageError(_say(database, type(error).__name__)) from error


def _say(database: Database, reason: str) -> Any:  # noqa: ANN401
    url = database.engine.url
    secrets = [url.password, *(value for name, value in url.query.items() if "password" in name)]
    for secret in secrets:
        if secret:
            reason = reason.replace(str(secret), "***")
    return message("the database {name} failed: {reason}", name=database.name, reason=reason)


def connect(target: str) -> Database:
    """Give the database that a path or a URL names; raises InputError where it names none."""
    if target.startswith("sqlite:///"):
        target = target.removeprefix("sqlite:///")
    elif "://" in target or _URL.match(target):
        return _server(target)
    if not target or "\x00" in target or target == ":memory:":
        raise InputError(message("“{target}” is no file that a database can lie in", target=target))
    path = Path(target)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, path)


def _server(target: str) -> Database:
    try:
        url = make_url(target)
        driver = _DRIVERS.get(url.drivername.partition("+")[0])
        if driver is None:
            raise InputError(
                message(
                    "a database URL begins with sqlite:/// or postgresql://, not with {scheme}://",
                    scheme=url.drivername,
                )
            )
        engine = create_engine(
            url.set(drivername=driver),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "options": f"-c lock_timeout={BUSY_SECONDS}s"},
        )
    except (ArgumentError, ValueError):
        # The URL itself is not shown: it may hold a password.
        raise InputError(
            message("the database URL cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/NAME")
        ) from None
    except (ImportError, NoSuchModuleError):
        raise InputError(
            message("PostgreSQL needs its driver; install it with: pip install 'cchc[postgres]'")
        ) from None
    return Database(engine, None)


def streamed(connection: Connection, chosen: Select[Any]) -> CursorResult[Any]:
    """Ask for rows that are fetched as they are read, however many there are."""
    # For this statement alone: set on a connection it would stay, and DDL cannot be streamed.
    return connection.execute(chosen, execution_options={"stream_results": True})


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    # The driver must not open transactions of its own accord, and never a deferred one before a write.
    connection.isolation_level = None
    for pragma in (
        "foreign_keys = ON",
        # INSERT OR REPLACE deletes without firing triggers otherwise.
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        # A rollback journal also works on network folders, where WAL corrupts; with it only EXTRA
        # keeps the last commit through a power loss.
        "synchronous = EXTRA",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("civil_day", 2, _civil_day, deterministic=True)


def _civil_day(moment: str, zone: str) -> str:
    """Give the civil date in a time zone of a moment as SQLite keeps it; see `columns.civil_day`."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("cchc_begin", "BEGIN"))


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of an SQLite file say; read without opening it as a database."""

    application_id: int
    user_version: int


def read_header(path: Path) -> Header | None:
    """Read a file's header; None where there is no file yet, or an empty one.

    Raises StorageError where the file is no SQLite database or cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise StorageError(message("{path}: this is not a regular file", path=str(path)))
        with path.open("rb") as file:
            start = file.read(100)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be read: {reason}", path=str(path), reason=error.strerror)
        ) from error
    if not start:
        return None
    if not start.startswith(_MAGIC):
        raise StorageError(
            message("{path}: this is not a database of cchc; it was left as it is", path=str(path))
        )
    return Header(int.from_bytes(start[68:72], "big"), int.from_bytes(start[60:64], "big"))


def check_header(path: Path, header: Header, newest: int) -> None:
    """Refuse a file of another program, or of a newer version of this one."""
    if header.application_id != APPLICATION_ID:
        raise StorageError(
            message("{path}: this is not a database of cchc; it was left as it is", path=str(path))
        )
    if header.user_version > newest:
        raise NewerDatabaseError(
            message("{path}: written by a newer version of cchc; update the program", path=str(path))
        )


def create_file(path: Path) -> None:
    """Create an empty file that only its owner may read; do nothing where there is one."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise StorageError(
            message("{path}: cannot be created: {reason}", path=str(path), reason=error.strerror)
        ) from error
