"""Runs the revisions on a connection; no other module of the program imports Alembic."""

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
    """Write the program's id and the revision into the header of an SQLite file."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {REVISIONS.index(revision) + 1}")


def upgrade(connection: Connection, revision: str) -> None:
    """Run the revisions up to this one in the open transaction."""
    configuration = alembic_config()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def alembic_config() -> Config:
    """Give Alembic's settings, with the folder of the migrations in a wheel or in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "migrations"
    configuration = Config()
    configuration.set_main_option(
        "script_location", str(inside if inside.is_dir() else package.parent / "migrations")
    )
    return configuration
