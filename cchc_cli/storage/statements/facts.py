"""Row counts of a database."""

from __future__ import annotations

from sqlalchemy import func, select

from cchc_cli.storage.schema.tables import ExecutionRow, PlanRow, WaiverRow
from cchc_cli.storage.statements.parts import latest

PLANS = select(func.count()).select_from(PlanRow)
RECORDS = select(func.count()).select_from(ExecutionRow).where(latest(ExecutionRow))
WAIVERS = select(func.count()).select_from(WaiverRow).where(latest(WaiverRow))
