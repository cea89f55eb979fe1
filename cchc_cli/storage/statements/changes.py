"""Changes and their links."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import ChangeRow, LinkRow
from cchc_cli.storage.statements.parts import parameter, table

LAST = select(col(ChangeRow.seq), col(ChangeRow.recorded_at)).order_by(col(ChangeRow.seq).desc()).limit(1)
ADD = insert(table(ChangeRow))
LINK = select(col(LinkRow.link)).where(col(LinkRow.seq) == parameter(col(LinkRow.seq)))
ADD_LINK = insert(table(LinkRow))
HEAD = select(col(LinkRow.seq), col(LinkRow.link)).order_by(col(LinkRow.seq).desc()).limit(1)
KNOWN = select(func.max(col(ChangeRow.seq))).where(
    col(ChangeRow.recorded_at) <= parameter(col(ChangeRow.recorded_at))
)
