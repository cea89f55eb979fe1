"""The sums by month, of existing executions; indexes that the statements can use; closed reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Upgrade from the revision before."""
    op.create_table(
        "month_sum",
        sa.Column("activity_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("form_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("executions", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "activity_id", "agency_id", "month", "form_id", "repeat", name=op.f("pk_month_sum")
        ),
        sqlite_with_rowid=False,
    )
    month = (
        "substr(day, 1, 8) || '01'"
        if op.get_bind().dialect.name == "sqlite"
        else "CAST(date_trunc('month', day) AS date)"
    )
    op.execute(
        "INSERT INTO month_sum (activity_id, agency_id, month, form_id, repeat, executions, amount)"
        f" SELECT activity_id, agency_id, {month}, coalesce(form_id, 0), repeat, count(*), sum(amount)"
        f" FROM execution WHERE until_seq = {2**62} AND NOT voided GROUP BY 1, 2, 3, 4, 5"
    )
    _index_anew()
    _add_closings()


def _index_anew() -> None:
    """Give two partial indexes the very conditions that the statements have."""
    op.drop_index("ix_execution_counted", "execution")
    op.create_index(
        "ix_execution_counted",
        "execution",
        ["agency_id", "activity_id", "day", "amount", "form_id", "repeat", "no"],
        sqlite_where=sa.text(f"until_seq = {2**62} AND voided = 0"),
        postgresql_where=sa.text(f"until_seq = {2**62} AND NOT voided"),
    )
    op.drop_index("uq_execution_external", "execution")
    named = sa.text(f"until_seq = {2**62} AND external_id IS NOT NULL")
    op.create_index(
        "uq_execution_external",
        "execution",
        ["plan_id", "external_id"],
        unique=True,
        sqlite_where=named,
        postgresql_where=named,
    )
    # The number identifies a record just as its identity does, at a quarter of the size.
    op.drop_index("uq_execution_latest", "execution")
    op.create_index(
        "uq_execution_latest",
        "execution",
        ["no"],
        unique=True,
        sqlite_where=sa.text(f"until_seq = {2**62}"),
        postgresql_where=sa.text(f"until_seq = {2**62}"),
    )


REFUSAL = "records are never changed or deleted; correct them with a new version"


def _add_closings() -> None:
    """Create the table of closed reviews, with triggers that refuse to change or delete them."""
    op.create_table(
        "closing",
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("day_over", sa.Boolean(), nullable=False),
        sa.Column("known", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.Text(), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_closing_order")),
        sa.CheckConstraint("length(head) = 64", name=op.f("ck_closing_head_length")),
        sa.CheckConstraint("length(plan_digest) = 64", name=op.f("ck_closing_digest_length")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_closing_plan_id_plan")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_closing_seq_change")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_closing")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    refusal = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END" if sqlite else "EXECUTE FUNCTION cchc_refuse()"
    for name, event in (("rows", "DELETE"), ("values", "UPDATE")):
        op.execute(f"CREATE TRIGGER closing_keep_{name} BEFORE {event} ON closing FOR EACH ROW {refusal}")
    if not sqlite:
        op.execute(
            "CREATE TRIGGER closing_keep_all BEFORE TRUNCATE ON closing EXECUTE FUNCTION cchc_refuse()"
        )
