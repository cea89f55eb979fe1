"""Opens a database: checks that it belongs to this program, and migrates an older one."""

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
    """Open the database that a path or URL names, migrated to this program's schema.

    Where there is none yet, it is created with `create`; otherwise the result is None. `now` is the moment of
    a migration in the chain; by default it is that of the change before. A migration runs inside `progress`; it takes
    half a minute for a million records. Raises StorageError for a file of another program, NewerDatabaseError for one
    of a newer version; neither is changed.
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
