"""The order of all changes: one number a command, given under the writers' lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlmodel import col

from cchc_cli.storage.tables import ChangeRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def record_change(connection: Connection, author: str, action: str, now: datetime) -> int:
    """Enter one command as the next change; give its number. Only within `Database.writing`."""
    last = connection.scalar(select(func.max(col(ChangeRow.seq))))
    seq = (last or 0) + 1
    connection.execute(insert(ChangeRow).values(seq=seq, recorded_at=now, author=author, action=action))
    return seq
