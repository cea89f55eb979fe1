"""What several commands share: the options' declarations, and what the environment adds to them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.database_choice import named_database, usual_database
from cchc_cli.cli.terminal.progress import working
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.system_errors import reason_of

if TYPE_CHECKING:
    from cchc_cli.cli.framework.settings import Saved
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.database import Database


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
    typer.Option(
        "--agency",
        envvar="CCHC_AGENCY",
        help="An agency's code, official code, alias or name.",
        autocompletion=completion.offer(completion.agencies),
    ),
]
Subtree = Annotated[bool, typer.Option("--subtree", help="Also every agency below it.")]
PlanCode = Annotated[
    str | None,
    typer.Option(
        "--plan",
        envvar="CCHC_PLAN",
        help="The plan's code; needed only where several could be meant.",
        autocompletion=completion.offer(completion.plans),
    ),
]
ActivityFilter = Annotated[
    str | None,
    typer.Option(
        "--activity",
        help="Only this activity: its code or alias.",
        autocompletion=completion.offer(completion.activities),
    ),
]
PeriodFilter = Annotated[
    str | None,
    typer.Option(
        "--period",
        help="A period as it is printed: month 3/2024, quarter I/2024, first half of 2024; 2024-03, 2024-Q1; a date, or FROM..TO.",
    ),
]
ReviewFilter = Annotated[
    str | None,
    typer.Option(
        "--review",
        help="The window of one of the plan's reviews, such as Q1.",
        autocompletion=completion.offer(completion.reviews),
    ),
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
ToCsv = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="FILE.csv", help="Write it as CSV for a spreadsheet, with names beside the codes."
    ),
]
PlainFormat = Annotated[TextOrJson, typer.Option("--format", "-f", help="Form of the answer.")]
By = Annotated[
    str | None,
    typer.Option("--by", envvar="CCHC_AUTHOR", help="Who records this; default: the login name."),
]


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def was_typed(context: Any, option: str) -> bool:  # noqa: ANN401 - Typer's own class of Click's Context
    """Tell whether an option was given on the command line, not by the environment or the settings."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def author(given: str | None) -> str:
    """Name who does this: as given, else the login name."""
    if given and given.strip():
        return given.strip()
    import getpass  # noqa: PLC0415 - only where nothing was given

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def named(context: Any, plan: str | None, option: str = "plan") -> NamedPlan | None:  # noqa: ANN401 - the same
    """Give the plan that was named with where it was: what was typed goes before all."""
    if plan is None:
        return None
    from cchc_cli.services.questions.plan_choice import NamedPlan  # noqa: PLC0415 - only where a plan is named

    source = context.get_parameter_source(option)
    origins: dict[str, Message | str] = {
        "ENVIRONMENT": "CCHC_PLAN",
        "DEFAULT_MAP": message("the setting “plan”"),
    }
    return NamedPlan(plan, origins.get(source.name) if source else None)


def target(context: typer.Context) -> str:
    """Give the database that is meant as `database_meant` does, the folder of the usual one made.

    Raises InputError where the settings cannot be used: every command asks here before it does anything.
    """
    kept: Saved | None = context.find_root().obj
    if kept and kept.fault:
        raise kept.fault
    named = named_database(context)
    if named is not None:
        return named
    usual = usual_database()
    _make(usual.parent)
    return str(usual)


def _make(folder: Path) -> None:
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


def there(context: typer.Context) -> Database | None:
    """Open the database; None where there is none yet."""
    from cchc_cli.storage.migrations.opening import open_database  # noqa: PLC0415 - with the service that a command calls

    shown = partial(working, message("bringing the database up to date"))
    return open_database(target(context), create=False, now=now(), progress=shown)


def existing(context: typer.Context) -> Database:
    """Open the database, which must be there."""
    from cchc_cli.services.questions.lookup import NO_PLAN  # noqa: PLC0415 - the same

    database = there(context)
    if database is None:
        raise InputError(NO_PLAN)
    return database
