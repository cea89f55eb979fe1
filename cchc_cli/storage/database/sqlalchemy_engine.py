"""SQLAlchemy engines and transactions, for whole tables, copies and migrations."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event
from sqlalchemy import text as sqlalchemy_text

from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.sqlite import BUSY_SECONDS, prepare_sqlite, refuse_views_as_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import sqlalchemy
    from sqlalchemy import CursorResult, Select


def engine_for(path: Path | None, connect: Callable[[], Any]) -> Engine:
    """Give an engine whose connections begin no transaction implicitly.

    `path` is that of an SQLite file; where it is None, `connect` opens a connection to the server.
    """
    if path is not None:
        engine = create_engine(
            URL.create("sqlite", database=str(path)),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"timeout": BUSY_SECONDS},
        )
        event.listen(engine, "connect", _prepare)
    else:
        engine = create_engine(
            "postgresql+psycopg://", poolclass=NullPool, hide_parameters=True, creator=connect
        )
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def sqlalchemy_transaction(engine: Engine, begin: str) -> Iterator[Connection]:
    """Open a transaction with this statement; `core` of the result is SQLAlchemy's connection."""
    with engine.connect() as core:
        core.execution_options(cchc_begin=begin)
        with core.begin():
            connection = as_connection(core)
            if connection.is_sqlite:
                refuse_views_as_tables(connection.driver)
            yield connection


def as_connection(core: sqlalchemy.Connection) -> Connection:
    """Wrap SQLAlchemy's connection for compiled statements, in the same transaction."""
    return Connection(core.connection.driver_connection, core)


def stream_rows(core: sqlalchemy.Connection, chosen: Select[Any]) -> CursorResult[Any]:
    """Select rows that are fetched as they are read, for results of any size."""
    # Set for this statement only: on the connection it would also apply to DDL, which cannot be streamed.
    return core.execute(chosen, execution_options={"stream_results": True})


def stream_text(core: sqlalchemy.Connection, statement: str) -> Iterable[Any]:
    """Do the same for a statement that is given as text."""
    return core.execute(sqlalchemy_text(statement), execution_options={"stream_results": True})


def _prepare(driver: Any, _record: object) -> None:
    # Otherwise the driver opens transactions implicitly, and a deferred one before a write.
    driver.isolation_level = None
    prepare_sqlite(driver)


def _begin(core: sqlalchemy.Connection) -> None:
    core.exec_driver_sql(core.get_execution_options().get("cchc_begin", "BEGIN"))
