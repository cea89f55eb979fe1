"""Compares the tables of each plan with the rows that importing its file would write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from cchc_cli.storage.plans.plans import StoredPlan, plan_heads
from cchc_cli.storage.plans.saving import plan_rows
from cchc_cli.storage.schema.tables import PlanRow, PlanVersionRow
from cchc_cli.storage.schema.versions import OPEN
from cchc_cli.storage.statements.parts import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.storage.database.connection import Connection


def latest_sources(connection: Connection) -> list[tuple[str, str, str]]:
    """Give (plan's code, text, SHA-256) of the latest version of every plan."""
    rows = connection.core.execute(
        select(col(PlanRow.code), col(PlanVersionRow.source), col(PlanVersionRow.digest))
        .join(PlanRow, col(PlanRow.id) == col(PlanVersionRow.plan_id))
        .where(col(PlanVersionRow.until_seq) == OPEN)
    )
    return [(row.code, row.source, row.digest) for row in rows]


def plans_without_file(connection: Connection) -> list[str]:
    """Give the codes of the plans without an imported file."""
    imported = {code for code, _, _ in latest_sources(connection)}
    return [head.code for head in plan_heads(connection) if head.code not in imported]


def wrong_tables(connection: Connection, stored: StoredPlan, plan: Plan) -> list[str]:
    """Give the names of the tables whose rows differ from those that importing this plan would write."""
    wrong = []
    for row, expected in plan_rows(stored, plan):
        target = table(row)
        columns = list(expected[0]) if expected else [column.name for column in target.columns]
        owner = target.c.id if row is PlanRow else target.c.plan_id
        found = connection.core.execute(
            select(*(target.c[name] for name in columns)).where(owner == stored.id)
        ).mappings()
        if _sorted_texts(found, columns) != _sorted_texts(expected, columns):
            wrong.append(target.name)
    return wrong


def _sorted_texts(rows: Iterable[Any], columns: list[str]) -> list[str]:
    return sorted(repr([row[name] for name in columns]) for row in rows)
