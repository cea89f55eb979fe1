"""The database of a command: from the option, the variable, the setting, or the default place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cchc_cli.cli.framework.settings import SavedSettings


def named_database(context: typer.Context) -> str | None:
    """Give the database named by --db, CCHC_DB or the setting; None if none names it."""
    root = context.find_root()
    saved: SavedSettings | None = root.obj
    given: str | None = root.params.get("db")
    return given if given is not None or saved is None else saved.values.get("database")


def default_database() -> Path:
    """Give the default path of the database; its folder may not exist yet."""
    from platformdirs import user_data_path

    return user_data_path("cchc", appauthor=False) / "cchc.db"


def chosen_database(context: typer.Context) -> str:
    """Give the database that is to use: --db, CCHC_DB, the setting, else a file in the user's data folder."""
    return named_database(context) or str(default_database())
