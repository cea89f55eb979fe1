"""The first tables, and the triggers that refuse to change or delete records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_change_seq_positive")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("calendars", sa.JSON(), nullable=False),
        sa.CheckConstraint("effective_from <= effective_to", name=op.f("ck_plan_effective_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('flow', 'stock', 'reading')", name=op.f("ck_activity_kind_word")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_activity_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("plan_id", "alias", name=op.f("uq_activity_plan_id_alias")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_activity_plan_id_code")),
        sa.UniqueConstraint("plan_id", "id", name=op.f("uq_activity_plan_id_id")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("gso", sa.Text(), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("successors", sa.JSON(), nullable=False),
        sa.CheckConstraint("parent <> code", name=op.f("ck_agency_parent_other")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_agency_order")),
        sa.ForeignKeyConstraint(
            ["plan_id", "parent"],
            ["agency.plan_id", "agency.code"],
            name=op.f("fk_agency_plan_id_parent_agency"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_agency_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_agency_plan_id_code")),
        sa.UniqueConstraint("plan_id", "id", name=op.f("uq_agency_plan_id_id")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index("ix_agency_parent", ["plan_id", "parent"], unique=False)

    op.create_table(
        "agency_group",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_agency_group_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", "code", name=op.f("pk_agency_group")),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_form_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_form_plan_id_code")),
        sa.UniqueConstraint("plan_id", "id", name=op.f("uq_form_plan_id_id")),
    )
    op.create_table(
        "link",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.CheckConstraint("length(content) = 64", name=op.f("ck_link_content_length")),
        sa.CheckConstraint("length(link) = 64", name=op.f("ck_link_link_length")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_link_seq_change")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_link")),
    )
    op.create_table(
        "plan_version",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_plan_version_digest_length")),
        sa.CheckConstraint("seq <= until_seq", name=op.f("ck_plan_version_seq_order")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id_plan")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_plan_version_seq_change")),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("pk_plan_version")),
    )
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plan_version_latest",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("until_seq = 4611686018427387904"),
            postgresql_where=sa.text("until_seq = 4611686018427387904"),
        )

    op.create_table(
        "review",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_review_order")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_review_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", "code", name=op.f("pk_review")),
    )
    op.create_table(
        "agency_name",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "agency_id"],
            ["agency.plan_id", "agency.id"],
            name=op.f("fk_agency_name_plan_id_agency_id_agency"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "agency_id", "name", name=op.f("pk_agency_name")),
    )
    with op.batch_alter_table("agency_name", schema=None) as batch_op:
        batch_op.create_index("ix_agency_name_folded", ["plan_id", "folded"], unique=False)

    op.create_table(
        "execution",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=True),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("no > 0", name=op.f("ck_execution_no_positive")),
        sa.CheckConstraint("seq <= until_seq", name=op.f("ck_execution_seq_order")),
        sa.CheckConstraint("version = 1 OR reason IS NOT NULL", name=op.f("ck_execution_reasoned")),
        sa.CheckConstraint("version > 0", name=op.f("ck_execution_version_positive")),
        sa.ForeignKeyConstraint(
            ["plan_id", "activity_id"],
            ["activity.plan_id", "activity.id"],
            name=op.f("fk_execution_plan_id_activity_id_activity"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "agency_id"],
            ["agency.plan_id", "agency.id"],
            name=op.f("fk_execution_plan_id_agency_id_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "form_id"],
            ["form.plan_id", "form.id"],
            name=op.f("fk_execution_plan_id_form_id_form"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_execution_plan_id_plan")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_execution_seq_change")),
        sa.PrimaryKeyConstraint("uid", "version", name=op.f("pk_execution")),
        sa.UniqueConstraint("no", "version", name=op.f("uq_execution_no_version")),
    )
    with op.batch_alter_table("execution", schema=None) as batch_op:
        batch_op.create_index(
            "ix_execution_content",
            ["content"],
            unique=False,
            sqlite_where=sa.text("until_seq = 4611686018427387904"),
            postgresql_where=sa.text("until_seq = 4611686018427387904"),
        )
        batch_op.create_index(
            "ix_execution_counted",
            ["agency_id", "activity_id", "day", "amount", "form_id", "repeat", "no"],
            unique=False,
            sqlite_where=sa.text("until_seq = 4611686018427387904 AND NOT voided"),
            postgresql_where=sa.text("until_seq = 4611686018427387904 AND NOT voided"),
        )
        batch_op.create_index(
            "uq_execution_external",
            ["plan_id", "external_id"],
            unique=True,
            sqlite_where=sa.text("until_seq = 4611686018427387904"),
            postgresql_where=sa.text("until_seq = 4611686018427387904"),
        )
        batch_op.create_index(
            "uq_execution_latest",
            ["uid"],
            unique=True,
            sqlite_where=sa.text("until_seq = 4611686018427387904"),
            postgresql_where=sa.text("until_seq = 4611686018427387904"),
        )

    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("owed_by", sa.JSON(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("at_least", sa.BigInteger(), nullable=True),
        sa.Column("at_most", sa.BigInteger(), nullable=True),
        sa.Column("per", sa.Text(), nullable=True),
        sa.Column("by_day", sa.Date(), nullable=True),
        sa.Column("by_inclusive", sa.Boolean(), nullable=False),
        sa.Column("rrule", sa.Text(), nullable=True),
        sa.Column("tolerance_days", sa.Integer(), nullable=False),
        sa.Column("where_forms", sa.JSON(), nullable=False),
        sa.Column("where_repeats", sa.Boolean(), nullable=False),
        sa.Column("where_amount", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("partial", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "basis <> 'interpreted' OR note IS NOT NULL", name=op.f("ck_requirement_interpreted_is_noted")
        ),
        sa.CheckConstraint(
            "basis <> 'stated' OR quote IS NOT NULL", name=op.f("ck_requirement_stated_is_quoted")
        ),
        sa.CheckConstraint("basis IN ('stated', 'interpreted')", name=op.f("ck_requirement_basis_word")),
        sa.CheckConstraint(
            "measure IN ('executions', 'amount', 'days', 'forms', 'gap', 'stock', 'latest')",
            name=op.f("ck_requirement_measure_word"),
        ),
        sa.CheckConstraint(
            "partial IN ('waive', 'full', 'prorate')", name=op.f("ck_requirement_partial_word")
        ),
        sa.CheckConstraint(
            "(per IS NOT NULL AND by_day IS NULL AND rrule IS NULL) OR (per IS NULL AND by_day IS NOT NULL AND rrule IS NULL) OR (per IS NULL AND by_day IS NULL AND rrule IS NOT NULL)",
            name=op.f("ck_requirement_one_window"),
        ),
        sa.CheckConstraint("at_least <= at_most", name=op.f("ck_requirement_bounds_order")),
        sa.CheckConstraint("at_least > 0", name=op.f("ck_requirement_at_least_positive")),
        sa.CheckConstraint(
            "at_least IS NOT NULL OR at_most IS NOT NULL", name=op.f("ck_requirement_bounded")
        ),
        sa.CheckConstraint("at_most >= 0", name=op.f("ck_requirement_at_most_sign")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_requirement_order")),
        sa.CheckConstraint("tolerance_days >= 0", name=op.f("ck_requirement_tolerance_sign")),
        sa.ForeignKeyConstraint(
            ["plan_id", "activity_id"],
            ["activity.plan_id", "activity.id"],
            name=op.f("fk_requirement_plan_id_activity_id_activity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("activity_id", "code", name=op.f("uq_requirement_activity_id_code")),
        sa.UniqueConstraint("plan_id", "id", name=op.f("uq_requirement_plan_id_id")),
    )
    op.create_table(
        "waiver",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("seq <= until_seq", name=op.f("ck_waiver_seq_order")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_waiver_order")),
        sa.ForeignKeyConstraint(
            ["plan_id", "activity_id"],
            ["activity.plan_id", "activity.id"],
            name=op.f("fk_waiver_plan_id_activity_id_activity"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "agency_id"],
            ["agency.plan_id", "agency.id"],
            name=op.f("fk_waiver_plan_id_agency_id_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "requirement_id"],
            ["requirement.plan_id", "requirement.id"],
            name=op.f("fk_waiver_plan_id_requirement_id_requirement"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_waiver_plan_id_plan")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_waiver_seq_change")),
        sa.PrimaryKeyConstraint("uid", "version", name=op.f("pk_waiver")),
        sa.UniqueConstraint("no", "version", name=op.f("uq_waiver_no_version")),
    )
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.create_index("ix_waiver_agency", ["agency_id", "activity_id"], unique=False)

    _guard()


# Tables to which rows are only ever added, and the columns that never change. Only `until_seq` may be set, once, when a
# version ends.
KEPT = {
    "change": ("seq", "recorded_at", "author", "action"),
    "link": ("seq", "content", "link"),
    "plan_version": ("plan_id", "version", "digest", "source", "seq"),
    "execution": (
        *(
            "uid",
            "version",
            "no",
            "plan_id",
            "agency_id",
            "activity_id",
            "day",
            "amount",
            "form_id",
            "repeat",
        ),
        *("title", "note", "external_id", "content", "voided", "reason", "seq"),
    ),
    "waiver": (
        *("uid", "version", "no", "plan_id", "agency_id", "activity_id", "requirement_id", "starts", "ends"),
        *("reason", "document", "ended", "seq"),
    ),
}
OPEN = 4611686018427387904
REFUSAL = "records are never changed or deleted; correct them with a new version"


def _guard() -> None:
    """Create the triggers by which the database itself refuses to change or delete records."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            f"CREATE FUNCTION cchc_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    refusal = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END" if sqlite else "EXECUTE FUNCTION cchc_refuse()"
    for name, columns in KEPT.items():
        different = "IS NOT" if sqlite else "IS DISTINCT FROM"
        changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in columns)
        if name == "execution":
            # PostgreSQL cannot compare JSON values, only their text.
            old, new = (
                ("OLD.evidence", "NEW.evidence") if sqlite else ("OLD.evidence::text", "NEW.evidence::text")
            )
            changed += f" OR {old} {different} {new}"
        if "version" in columns:
            changed += f" OR (OLD.until_seq <> {OPEN} AND OLD.until_seq <> NEW.until_seq)"
        op.execute(f"CREATE TRIGGER {name}_keep_rows BEFORE DELETE ON {name} FOR EACH ROW {refusal}")
        op.execute(
            f"CREATE TRIGGER {name}_keep_values BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({changed}) {refusal}"
        )
