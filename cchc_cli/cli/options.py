"""What several commands share: the options' declarations, and what the environment adds to them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.reasons import reason_of

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.engine import Database


class Format(StrEnum):
    """Form of an answer: a table for people, or a document for programs."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class TextOrJson(StrEnum):
    """Form of an answer that has no rows."""

    TEXT = "text"
    JSON = "json"


Agency = Annotated[
    str | None,
    typer.Option("--agency", envvar="CCHC_AGENCY", help="An agency's code, official code, alias or name."),
]
Subtree = Annotated[bool, typer.Option("--subtree", help="Also every agency below it.")]
PlanCode = Annotated[
    str | None,
    typer.Option("--plan", envvar="CCHC_PLAN", help="The plan's code; needed only where there are several."),
]
ActivityFilter = Annotated[
    str | None,
    typer.Option("--activity", help="Only this activity: its code or alias."),
]
PeriodFilter = Annotated[
    str | None,
    typer.Option("--period", help="2024-03, 2024-Q1, 2024-H1, 2024-W11, 2024, a date, or FROM..TO."),
]
ReviewFilter = Annotated[
    str | None,
    typer.Option("--review", help="The window of one of the plan's reviews, such as Q1."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="As of the end of this day; default: today, still running."),
]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", metavar="TIME", help="As the database knew then: 2024-04-05T17:00:00+07:00."),
]
RowFormat = Annotated[Format, typer.Option("--format", "-f", help="Form of the answer.")]
PlainFormat = Annotated[TextOrJson, typer.Option("--format", "-f", help="Form of the answer.")]
By = Annotated[
    str | None,
    typer.Option("--by", envvar="CCHC_AUTHOR", help="Who records this; default: the login name."),
]


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def author(given: str | None) -> str:
    """Name who does this: as given, else the login name."""
    if given and given.strip():
        return given.strip()
    import getpass  # noqa: PLC0415 - only where nothing was given

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def target(context: typer.Context) -> str:
    """Give the database that is meant: --db, CCHC_DB, else a file in the user's data folder."""
    given: str | None = context.find_root().params.get("db")
    if given is not None:
        return given
    from platformdirs import user_data_path  # noqa: PLC0415 - only where nothing was given

    folder: Path = user_data_path("cchc", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            message(
                "{path}: cannot be created: {reason}; name a database with --db",
                path=str(folder),
                reason=reason_of(error),
            )
        ) from error
    return str(folder / "cchc.db")


def existing(context: typer.Context) -> Database:
    """Open the database, which must be there."""
    from cchc_cli.services.lookup import NO_PLAN  # noqa: PLC0415 - with the service that a command calls
    from cchc_cli.storage.schema import open_database  # noqa: PLC0415

    database = open_database(target(context), create=False, now=now())
    if database is None:
        raise InputError(NO_PLAN)
    return database
