"""Running the revisions on a connection: the sole importer of Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from cchc_cli.storage.database.file_header import APPLICATION_ID
from cchc_cli.storage.schema.revisions import REVISIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection


def stamp(connection: Connection, revision: str) -> None:
    """Write into an SQLite file's header whose it is, and its revision."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {REVISIONS.index(revision) + 1}")


def upgrade(connection: Connection, revision: str) -> None:
    """Run the revisions up to this one in the transaction that is open."""
    configuration = alembic_config()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def alembic_config() -> Config:
    """Give Alembic's settings: where the migrations lie, in a wheel or in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "migrations"
    configuration = Config()
    configuration.set_main_option(
        "script_location", str(inside if inside.is_dir() else package.parent / "migrations")
    )
    return configuration
