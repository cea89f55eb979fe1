"""An external id belongs to its agency; the key of what a record says has no form, and no bytes of evidence."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = 4611686018427387904
REFUSAL = "records are never changed or deleted; correct them with a new version"
# As revision 0004 has them.
KEPT = (
    *("uid", "version", "no", "plan_id", "agency_id", "activity_id", "day", "amount", "form_id", "repeat"),
    *("title", "note", "external_id", "details", "voided", "reason", "seq"),
)
COUNTED = ("agency_id", "activity_id", "day", "details", "amount", "form_id", "repeat", "voided", "no")
_FILE = re.compile(r"(?P<name>.*) sha256:[0-9a-f]{64}", re.DOTALL)
_AT_A_TIME = 5000


def upgrade() -> None:
    """Upgrade from the revision before."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER execution_keep_values{'' if sqlite else ' ON execution'}")
    # Each new value would move its entry in the index.
    for name in ("ix_execution_counted", "uq_execution_external"):
        op.drop_index(name, "execution")
    _tell_details()
    latest, named = sa.text(f"until_seq = {OPEN}"), sa.text("external_id IS NOT NULL")
    for name, columns, condition in (
        ("ix_execution_counted", COUNTED, latest),
        ("ix_execution_external", ("external_id", "agency_id"), named),
    ):
        op.create_index(name, "execution", list(columns), sqlite_where=condition, postgresql_where=condition)
    _guard(sqlite=sqlite)


def _tell_details() -> None:
    """Compute `details` anew, in batches: there may be millions of rows."""
    connection = op.get_bind()
    execution = sa.table(
        "execution",
        *(sa.column(name) for name in ("version", "amount", "title", "note", "details")),
        sa.column("uid", sa.Uuid()),
        sa.column("repeat", sa.Boolean()),
        sa.column("evidence", sa.JSON()),
    )
    key = (execution.c.uid, execution.c.version)
    said = [execution.c[name] for name in ("amount", "repeat", "title", "note", "evidence")]
    query = sa.select(*key, *said).order_by(*key).limit(_AT_A_TIME)
    change = (
        sa.update(execution)
        .where(execution.c.uid == sa.bindparam("its_uid"), execution.c.version == sa.bindparam("its_version"))
        .values(details=sa.bindparam("its_details"))
    )
    found = connection.execute(query).all()
    while found:
        connection.execute(
            change,
            [
                {"its_uid": uid, "its_version": version, "its_details": _details(*rest)}
                for uid, version, *rest in found
            ],
        )
        last = sa.tuple_(sa.literal(found[-1].uid, sa.Uuid()), sa.literal(found[-1].version))
        found = connection.execute(query.where(sa.tuple_(*key) > last)).all()


def _details(amount: int, repeat: bool, title: str | None, note: str | None, evidence: list[str]) -> int:  # noqa: FBT001
    """Give what `Execution.details` gave when this revision was written."""
    names = [found["name"] if (found := _FILE.fullmatch(address)) else address for address in evidence]
    texts = [
        str(amount),
        "repeat" if repeat else "",
        *(_with_lf(text or "") for text in (title, note)),
        *names,
    ]
    encoded = [unicodedata.normalize("NFC", text).encode() for text in texts]
    whole = b"".join(len(text).to_bytes(8, "big") + text for text in encoded)
    return int.from_bytes(hashlib.sha256(whole).digest()[:8], "big", signed=True)


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n")


def _guard(*, sqlite: bool) -> None:
    """Create the trigger again that keeps values."""
    refusal = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END" if sqlite else "EXECUTE FUNCTION cchc_refuse()"
    different = "IS NOT" if sqlite else "IS DISTINCT FROM"
    text = "" if sqlite else "::text"
    changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in KEPT)
    changed += f" OR OLD.evidence{text} {different} NEW.evidence{text}"
    changed += f" OR (OLD.until_seq <> {OPEN} AND OLD.until_seq <> NEW.until_seq)"
    op.execute(
        f"CREATE TRIGGER execution_keep_values BEFORE UPDATE ON execution FOR EACH ROW WHEN ({changed}) {refusal}"
    )
