"""Which database a command means: the option, the variable, the setting, or the usual place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cchc_cli.cli.framework.settings import Saved


def named_database(context: typer.Context) -> str | None:
    """Give the database that the option, the variable or the setting names; None where none does."""
    root = context.find_root()
    kept: Saved | None = root.obj
    given: str | None = root.params.get("db")
    return given if given is not None or kept is None else kept.values.get("database")


def usual_database() -> Path:
    """Give the place of the database that is meant where none is named; its folder need not be there."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only where nothing was given

    return user_data_path("cchc", appauthor=False) / "cchc.db"


def database_meant(context: typer.Context) -> str:
    """Give the database that is meant: --db, CCHC_DB, the setting, else a file in the user's data folder."""
    return named_database(context) or str(usual_database())
