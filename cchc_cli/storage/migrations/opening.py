"""Opening a database: whether it is ours, of which revision, and what is to be done about it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from cchc_cli.storage.database.database import connect
from cchc_cli.storage.schema.revisions import is_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from cchc_cli.storage.database.database import Database


def open_database(
    target: str,
    *,
    create: bool,
    now: datetime | None = None,
    progress: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Database | None:
    """Open the database that a path or URL names, brought to this program's schema.

    Where there is none yet: with `create` it is made, else None comes back. `now` is the moment that
    a migration bears in the chain; else that of the change before it. While it runs, which takes half a minute
    for a million records, `shown` is entered. Raises StorageError for a
    foreign file, NewerDatabaseError for a newer one; neither is touched.
    """
    database = connect(target)
    ready = is_current(database, create=create)
    if ready is None and not create:
        return None
    if not ready:
        from cchc_cli.storage.migrations.migration import migrate  # noqa: PLC0415 - Alembic, which only this may cost

        with progress():
            migrate(database, now)
    return database
