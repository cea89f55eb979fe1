"""On SQLite, each table refuses values that are not in the form in which the program writes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FORMS = {
    "BOOLEAN": "typeof({0}) = 'integer' AND {0} IN (0, 1)",
    "INTEGER": "typeof({0}) = 'integer'",
    "BIGINT": "typeof({0}) = 'integer'",
    "DATE": "typeof({0}) = 'text' AND {0} IS date({0})",
    "DATETIME": "typeof({0}) = 'text' AND {0} GLOB '????-??-?? ??:??:??.??????' AND substr({0}, 1, 19) IS datetime({0})",
    "CHAR(32)": "typeof({0}) = 'text' AND length({0}) = 32 AND {0} NOT GLOB '*[^0-9a-f]*'",
    "BLOB": "typeof({0}) = 'blob'",
    "JSON": "typeof({0}) = 'text'",
    "TEXT": "typeof({0}) = 'text'",
    "VARCHAR(32)": "typeof({0}) = 'text'",
}
REFUSAL = "a value is not in the form in which cchc writes it"


def upgrade() -> None:
    """Upgrade from the revision before.

    Triggers need no table to be rebuilt, which with millions of rows takes minutes and twice the space. PostgreSQL
    stores no value of another type.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    names = sa.text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for table in connection.scalars(names).all():
        columns = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
        written = " AND ".join(_condition(f'NEW."{one.name}"', one.type, one.notnull) for one in columns)
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER {table}_form_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW"
                f" WHEN NOT ({written}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def _condition(value: str, kind: str, notnull: int) -> str:
    form = FORMS[kind].format(value)
    return f"({form})" if notnull else f"({value} IS NULL OR {form})"
