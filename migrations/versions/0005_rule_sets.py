"""Closings have the number of their rule set; requirements tell whether the plan file has a value for `partial`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import yaml
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = 4611686018427387904


def upgrade() -> None:
    """Upgrade from the revision before."""
    op.add_column("closing", sa.Column("rules", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "requirement", sa.Column("partial_given", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    connection = op.get_bind()
    version = sa.table("plan_version", *map(sa.column, ("plan_id", "source", "until_seq")))
    found = connection.execute(
        sa.select(version.c.plan_id, version.c.source).where(version.c.until_seq == OPEN)
    ).all()
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for plan_id, source in found:
        for activity, requirement in _with_partial(yaml.load(source, Loader=loader)):  # noqa: S506 - text alone
            _mark(connection, plan_id, activity, requirement)


def _with_partial(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give (activity, requirement) of the requirements with a value for `partial` in a plan file."""
    for activity in plan.get("activities") or []:
        for requirement in activity.get("requirements") or []:
            if requirement.get("partial"):
                yield activity["code"], requirement["code"]


def _mark(connection: sa.Connection, plan_id: int, activity: str, requirement: str) -> None:
    activities = sa.table("activity", *map(sa.column, ("id", "plan_id", "code")))
    requirements = sa.table(
        "requirement",
        *map(sa.column, ("activity_id", "code")),
        sa.column("partial_given", sa.Boolean()),
    )
    owner = sa.select(activities.c.id).where(activities.c.plan_id == plan_id, activities.c.code == activity)
    connection.execute(
        sa.update(requirements)
        .where(requirements.c.code == requirement, requirements.c.activity_id == owner.scalar_subquery())
        .values(partial_given=True)
    )
