"""Executions by the change that began them or wrote a version of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.storage.compiled import executions as sql
from cchc_cli.storage.records.executions import recorded_of
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.storage.database.connection import Connection


class Begun(NamedTuple):
    """The latest version of an execution, with the number and the action of the change that wrote it."""

    plan: str
    recorded: Recorded
    seq: int
    action: str


def begun_by(connection: Connection, seq: int) -> list[Begun]:
    """Give the executions whose first version a change recorded, in the order of logging."""
    # Larger numbers than the database can hold are typed too.
    rows = connection.all(sql.BEGUN_BY, seq=seq) if 0 < seq < OPEN else []
    return [
        Begun(row.plan_code, recorded, row.seq, row.action)
        for row, recorded in zip(rows, recorded_of(rows), strict=True)
    ]


def written_by(connection: Connection, seq: int) -> tuple[str, list[Recorded]] | None:
    """Give the plan's code and the versions that a change wrote; None where one was followed since, or there are none."""
    rows = connection.all(sql.WRITTEN_BY, seq=seq)
    if not rows or any(row.until_seq != OPEN for row in rows):
        return None
    return rows[0].plan_code, recorded_of(rows)
