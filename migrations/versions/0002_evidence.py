"""The index of evidence, and files that are stored in the database; days to log within."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FILE = re.compile(r".* sha256:([0-9a-f]{64})", re.DOTALL)
GUARDED = ("change", "link", "plan_version", "execution", "waiver")


def upgrade() -> None:
    """Upgrade from the revision before."""
    op.add_column("plan", sa.Column("log_within_days", sa.Integer(), nullable=True))
    op.create_table(
        "evidence",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("key", "uid", name=op.f("pk_evidence")),
    )
    op.create_table(
        "evidence_part",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_evidence_part_digest_length")),
        sa.PrimaryKeyConstraint("digest", "place", name=op.f("pk_evidence_part")),
    )
    _list_evidence()
    if op.get_bind().dialect.name == "postgresql":
        # TRUNCATE fires no trigger for rows.
        for name in GUARDED:
            op.execute(
                f"CREATE TRIGGER {name}_keep_all BEFORE TRUNCATE ON {name} EXECUTE FUNCTION cchc_refuse()"
            )


def _list_evidence() -> None:
    """Fill the index with the evidence of existing records: the SHA-256 of a file, or the web address."""
    execution = sa.table("execution", sa.column("uid", sa.Uuid()), sa.column("evidence", sa.JSON()))
    evidence = sa.table("evidence", sa.column("key", sa.Text()), sa.column("uid", sa.Uuid()))
    found = op.get_bind().execute(
        sa.select(execution.c.uid, execution.c.evidence).where(
            sa.cast(execution.c.evidence, sa.Text()) != "[]"
        )
    )
    rows = {
        (match[1] if (match := FILE.fullmatch(address)) else address, row.uid)
        for row in found
        for address in row.evidence
    }
    if rows:
        op.bulk_insert(evidence, [{"key": key, "uid": uid} for key, uid in sorted(rows)])
