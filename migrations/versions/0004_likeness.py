"""One index for counting and for finding duplicates, by a number instead of a text; fewer indexes."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = 4611686018427387904
REFUSAL = "records are never changed or deleted; correct them with a new version"
# As revision 0001 has them, with `details` instead of `content`.
KEPT = (
    *("uid", "version", "no", "plan_id", "agency_id", "activity_id", "day", "amount", "form_id", "repeat"),
    *("title", "note", "external_id", "details", "voided", "reason", "seq"),
)
_AT_A_TIME = 5000


def upgrade() -> None:
    """Upgrade from the revision before."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("values", "rows"):
        op.execute(f"DROP TRIGGER execution_keep_{name}{'' if sqlite else ' ON execution'}")
    for name in (
        "ix_execution_counted",
        "ix_execution_content",
        "uq_execution_latest",
        "uq_execution_external",
    ):
        op.drop_index(name, "execution")
    op.add_column("execution", sa.Column("details", sa.BigInteger(), nullable=True))
    _tell_details()
    if sqlite:
        _make_anew()
    else:
        op.alter_column("execution", "details", nullable=False)
        op.drop_column("execution", "content")
        op.drop_constraint(op.f("uq_execution_no_version"), "execution", type_="unique")
        op.drop_constraint(op.f("fk_execution_plan_id_plan"), "execution", type_="foreignkey")
    _index()
    _guard(sqlite=sqlite)


def _tell_details() -> None:
    """Fill the new column in batches: there may be millions of rows."""
    connection = op.get_bind()
    execution = sa.table(
        "execution",
        *(sa.column(name) for name in ("version", "no", "amount", "form_id", "title", "note", "details")),
        sa.column("repeat", sa.Boolean()),
        sa.column("evidence", sa.JSON()),
    )
    form = sa.table("form", sa.column("id"), sa.column("code"))
    columns = [execution.c[name] for name in ("amount", "repeat", "title", "note", "evidence")]
    place = sa.tuple_(execution.c.no, execution.c.version)
    query = (
        sa.select(execution.c.no, execution.c.version, form.c.code, *columns)
        .select_from(execution.outerjoin(form, form.c.id == execution.c.form_id))
        .order_by(execution.c.no, execution.c.version)
        .limit(_AT_A_TIME)
    )
    change = (
        sa.update(execution)
        .where(execution.c.no == sa.bindparam("its_no"), execution.c.version == sa.bindparam("its_version"))
        .values(details=sa.bindparam("its_details"))
    )
    found = connection.execute(query).all()
    while found:
        connection.execute(
            change,
            [
                {"its_no": no, "its_version": version, "its_details": _details(*rest)}
                for no, version, *rest in found
            ],
        )
        last = sa.tuple_(sa.literal(found[-1].no), sa.literal(found[-1].version))
        found = connection.execute(query.where(place > last)).all()


def _details(form: str | None, amount: int, repeat: bool, title: Any, note: Any, evidence: list[str]) -> int:  # noqa: ANN401, FBT001
    """Give what `Execution.details` gave when this revision was written."""
    counted = (str(amount), form or "", "repeat" if repeat else "")
    encoded = (
        unicodedata.normalize("NFC", text).encode() for text in (*counted, title or "", note or "", *evidence)
    )
    whole = b"".join(len(text).to_bytes(8, "big") + text for text in encoded)
    return int.from_bytes(hashlib.sha256(whole).digest()[:8], "big", signed=True)


def _make_anew() -> None:
    """Rebuild the table on SQLite, which cannot change constraints.

    Alembic would write the constraints in an order that differs from run to run, and `verify` compares the SQL.
    """
    columns: tuple[sa.Column[Any], ...] = (
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
        sa.Column("details", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
    )
    constraints = [
        sa.CheckConstraint("version > 0", name=op.f("ck_execution_version_positive")),
        sa.CheckConstraint("no > 0", name=op.f("ck_execution_no_positive")),
        sa.CheckConstraint("seq <= until_seq", name=op.f("ck_execution_seq_order")),
        sa.CheckConstraint("version = 1 OR reason IS NOT NULL", name=op.f("ck_execution_reasoned")),
        *(
            sa.ForeignKeyConstraint(
                ["plan_id", f"{name}_id"],
                [f"{name}.plan_id", f"{name}.id"],
                name=op.f(f"fk_execution_plan_id_{name}_id_{name}"),
            )
            for name in ("activity", "agency", "form")
        ),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_execution_seq_change")),
        sa.PrimaryKeyConstraint("uid", "version", name=op.f("pk_execution")),
    ]
    op.create_table("execution_anew", *columns, *constraints)
    names = ", ".join(column.name for column in columns)
    copied = f"INSERT INTO execution_anew ({names}) SELECT {names} FROM execution ORDER BY seq, no, version"  # noqa: S608 - constants
    op.execute(copied)
    op.drop_table("execution")
    op.rename_table("execution_anew", "execution")


def _index() -> None:
    """Create the indexes: of latest versions for counting and duplicates, by number and by external id; and of the others."""
    latest = f"until_seq = {OPEN}"
    counted = ("agency_id", "activity_id", "day", "details", "amount", "form_id", "repeat", "voided", "no")
    for name, columns, unique, condition in (
        ("ix_execution_counted", counted, False, latest),
        ("ix_execution_followed", ("agency_id", "activity_id", "day"), False, f"until_seq != {OPEN}"),
        ("uq_execution_latest", ("no",), True, latest),
        ("uq_execution_external", ("plan_id", "external_id"), True, f"{latest} AND external_id IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(
            name, "execution", list(columns), unique=unique, sqlite_where=where, postgresql_where=where
        )


def _guard(*, sqlite: bool) -> None:
    """Create the triggers of the table again."""
    refusal = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END" if sqlite else "EXECUTE FUNCTION cchc_refuse()"
    different = "IS NOT" if sqlite else "IS DISTINCT FROM"
    text = "" if sqlite else "::text"
    changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in KEPT)
    changed += f" OR OLD.evidence{text} {different} NEW.evidence{text}"
    changed += f" OR (OLD.until_seq <> {OPEN} AND OLD.until_seq <> NEW.until_seq)"
    op.execute(f"CREATE TRIGGER execution_keep_rows BEFORE DELETE ON execution FOR EACH ROW {refusal}")
    op.execute(
        f"CREATE TRIGGER execution_keep_values BEFORE UPDATE ON execution FOR EACH ROW WHEN ({changed}) {refusal}"
    )
