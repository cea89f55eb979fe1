"""What several commands share: declarations of options, and the values and database that they stand for."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.database_choice import default_database, named_database
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.system_errors import reason_of

if TYPE_CHECKING:
    from cchc_cli.cli.framework.settings import SavedSettings
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.questions.question import Question
    from cchc_cli.storage.database.database import Database


class Format(StrEnum):
    """Form of an answer: a table for people, or a document for programs."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class TextOrJson(StrEnum):
    """Form of an answer without rows."""

    TEXT = "text"
    JSON = "json"


class TextJsonOrCsv(StrEnum):
    """Form of the answer of a command that takes one record or many rows."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


Agency = Annotated[
    str | None,
    typer.Option(
        "--agency",
        envvar="CCHC_AGENCY",
        help="An agency's code, official code, alias or name.",
        autocompletion=completion.completer(completion.agencies),
    ),
]
Subtree = Annotated[bool, typer.Option("--subtree", help="Also every agency below it.")]
PlanCode = Annotated[
    str | None,
    typer.Option(
        "--plan",
        envvar="CCHC_PLAN",
        help="The plan's code; needed only if several plans match.",
        autocompletion=completion.completer(completion.plans),
    ),
]
ActivityFilter = Annotated[
    str | None,
    typer.Option(
        "--activity",
        help="Only this activity: its code or alias.",
        autocompletion=completion.completer(completion.activities),
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
        autocompletion=completion.completer(completion.reviews),
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
ForceFile = Annotated[
    bool, typer.Option("--force", help="Replace the file of that name also if somebody edited it.")
]
PlainFormat = Annotated[TextOrJson, typer.Option("--format", "-f", help="Form of the answer.")]
LogFormat = Annotated[
    TextJsonOrCsv, typer.Option("--format", "-f", help="Form of the answer; csv with --file --dry-run.")
]
RecordNumber = Annotated[str, typer.Argument(metavar="NO", help="The record's number, or its id.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Do not ask on a terminal before several records are changed.")
]
FormOption = Annotated[str | None, typer.Option("--form", help="The form or channel.")]
By = Annotated[
    str | None,
    typer.Option("--by", envvar="CCHC_AUTHOR", help="Who records this; default: the login name."),
]


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def question_of(context: Any, **replacements: Any) -> Question:
    """Build a question from the options of a command, read from its context; `replacements` go before them."""
    from cchc_cli.services.questions.question import Question

    given = context.params
    filters = {name: given[name] for name in _FILTERS if name in given}
    filters["plan"] = chosen_plan(context, given.get("plan"))
    filters["with_subtree"] = given.get("subtree", False)
    return Question(now=now(), **{**filters, **replacements})


_FILTERS = ("agency", "activity", "period", "review", "as_of", "known_at")
"""Options that a question has under the same name."""


def was_typed(context: Any, option: str) -> bool:
    """Tell whether an option was given on the command line rather than by the environment or the settings."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def author(given: str | None) -> str:
    """Give the author of a record: the option's value, else the login name."""
    if given and given.strip():
        return given.strip()
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def chosen_plan(context: Any, plan: str | None, option: str = "plan") -> NamedPlan | None:
    """Give the plan that an option names, with the origin of that name; None if it names none."""
    if plan is None:
        return None
    from cchc_cli.services.questions.plan_choice import NamedPlan

    source = context.get_parameter_source(option)
    origins: dict[str, Message | str] = {
        "ENVIRONMENT": "CCHC_PLAN",
        "DEFAULT_MAP": message("the setting “plan”"),
    }
    return NamedPlan(plan, origins.get(source.name) if source else None)


def database_target(context: typer.Context) -> str:
    """Give the database to use, as `chosen_database` does; create the folder of the default one.

    Raises InputError if the settings file is invalid: every command calls this before it does anything.
    """
    saved: SavedSettings | None = context.find_root().obj
    if saved and saved.fault:
        raise saved.fault
    name = named_database(context)
    if name is not None:
        return name
    default = default_database()
    _create_folder(default.parent)
    return str(default)


def _create_folder(folder: Path) -> None:
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


def open_if_exists(context: typer.Context) -> Database | None:
    """Open the database; None if it does not exist yet."""
    from cchc_cli.storage.migrations.opening import open_database

    progress = partial(progress_bar, message("bringing the database up to date"))
    return open_database(database_target(context), create=False, now=now(), progress=progress)


def open_existing(context: typer.Context) -> Database:
    """Open the database. Raises InputError if it does not exist."""
    from cchc_cli.services.questions.lookup import NO_PLAN

    database = open_if_exists(context)
    if database is None:
        raise InputError(NO_PLAN)
    return database
