"""The same databases through SQLAlchemy: for whole tables, copies and migrations."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event

from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.sqlite import BUSY_SECONDS, prepare_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import sqlalchemy
    from sqlalchemy import CursorResult, Select


def engine_for(path: Path | None, connect: Callable[[], Any]) -> Engine:
    """Give an engine whose connections begin no transaction but the one that is asked for.

    Of an SQLite file by its path; of a server, where that is None, by what opens a connection of its driver.
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
    """Open a transaction by this statement; `core` of what comes is SQLAlchemy's view of it."""
    with engine.connect() as core:
        core.execution_options(cchc_begin=begin)
        with core.begin():
            yield as_connection(core)


def as_connection(core: sqlalchemy.Connection) -> Connection:
    """Give a connection of SQLAlchemy as compiled statements need it, in the same transaction."""
    return Connection(core.connection.driver_connection, core)


def stream_rows(core: sqlalchemy.Connection, chosen: Select[Any]) -> CursorResult[Any]:
    """Ask for rows that are fetched as they are read, however many there are."""
    # For this statement alone: set on a connection it would stay, and DDL cannot be streamed.
    return core.execute(chosen, execution_options={"stream_results": True})


def _prepare(driver: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    # The driver must not open transactions of its own accord, and never a deferred one before a write.
    driver.isolation_level = None
    prepare_sqlite(driver)


def _begin(core: sqlalchemy.Connection) -> None:
    core.exec_driver_sql(core.get_execution_options().get("cchc_begin", "BEGIN"))
