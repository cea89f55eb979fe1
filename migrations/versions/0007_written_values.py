"""On SQLite, each table refuses values of another storage class than the one in which the program writes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CLASSES = {
    **dict.fromkeys(("BOOLEAN", "INTEGER", "BIGINT"), "integer"),
    **dict.fromkeys(("DATE", "DATETIME", "CHAR(32)", "JSON", "TEXT", "VARCHAR(32)"), "text"),
    "BLOB": "blob",
}
"""The storage class of the values of each type."""


def upgrade() -> None:
    """Upgrade from the revision before.

    The checks are written into the text of the schema, as SQLite's documentation describes for changes that leave the
    rows as they are (“Making Other Kinds Of Table Schema Changes”). To rebuild the tables would take minutes and twice
    the space where there are millions of rows. PostgreSQL stores no value of another type.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    run = connection.exec_driver_sql
    version = run("PRAGMA schema_version").scalar_one()
    run("PRAGMA writable_schema = ON")
    for table, text in run("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").all():
        columns = run(f'PRAGMA table_info("{table}")').all()
        written = " AND ".join(_condition(one.name, one.type, one.notnull) for one in columns)
        before, _, after = text.rpartition(")")
        check = f", \n\tCONSTRAINT ck_{table}_written_form CHECK ({written})\n)"
        connection.execute(
            sa.text("UPDATE sqlite_master SET sql = :changed WHERE type = 'table' AND name = :name"),
            {"changed": f"{before.rstrip()}{check}{after}", "name": table},
        )
    run(f"PRAGMA schema_version = {version + 1}")
    # Also reads the schema again.
    run("PRAGMA writable_schema = RESET")


def _condition(name: str, kind: str, notnull: int) -> str:
    value = f'"{name}"'
    form = f"typeof({value}) = '{CLASSES[kind]}'"
    return form if notnull else f"({value} IS NULL OR {form})"
