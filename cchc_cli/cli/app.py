"""The command line: its commands, and the options that stand before them."""

from __future__ import annotations

import re
from copy import copy
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from cchc_cli import __version__
from cchc_cli.cli.framework.help_translation import SpokenCommand, SpokenGroup
from cchc_cli.cli.framework.options import was_typed
from cchc_cli.cli.terminal import pager

_NEGATIVE = re.compile(r"-\d[\d.,]*")


class Language(StrEnum):
    """A language that the program speaks."""

    VI = "vi"
    EN = "en"


class AmountCommand(SpokenCommand):
    """A command whose arguments may be negative numbers: `cchc log pano -2` needs no `--`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Write a lone negative number with a true minus sign, which no option begins with."""
        valued = {
            name
            for option in self.params
            if not getattr(option, "is_flag", False)
            for name in option.opts
            if name.startswith("-")
        }
        before = ""
        for position, argument in enumerate(args):
            if argument == "--":
                break
            if _NEGATIVE.fullmatch(argument) and before not in valued:
                args[position] = f"\u2212{argument[1:]}"
            before = argument
        return super().parse_args(ctx, args)


COMMANDS = {
    "import": "plans.import_",
    "log": "recording.log",
    "status": "questions.status",
    "due": "questions.due",
    "explain": "questions.explain",
    "review": "questions.review",
    "report": "questions.report",
    "history": "questions.history",
    "amend": "recording.corrections",
    "void": "recording.corrections",
    "waive": "recording.corrections",
    "verify": "maintenance.verify",
    "evidence": "recording.evidence",
    "doctor": "maintenance.doctor",
    "config": "maintenance.config",
    "backup": "maintenance.backup",
    "restore": "maintenance.backup",
    "plan": "plans.plan",
    "agencies": "plans.agencies",
}
"""The module that each command's function is in, in the order in which help lists them."""

_WITH_AMOUNTS = frozenset({"log", "amend"})


class _Commands(SpokenGroup):
    """The group of all commands; each is loaded when it is asked for, so that none pays for the others."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - Typer's own settings
        super().__init__(**{**settings, "commands": dict.fromkeys(COMMANDS)})

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Give the names, and load nothing."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ANN401
        """Load a command; None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = _command(cmd_name)
        _take_too(found, [option for option in self.params if option.name in SHARED])
        return found


SHARED = ("db", "lang", "no_pager")
"""The options before a command that are taken after it too, where they go before all else."""


def _take_too(command: Any, options: list[Any]) -> None:  # noqa: ANN401 - Typer's own class of Click's Command
    """Let a command, and those in it where it is a group, take options of the whole program; once."""
    if any(parameter.name in SHARED for parameter in command.params):
        return
    for option in options:
        taken = copy(option)
        taken.envvar, taken.expose_value, taken.hidden, taken.callback = None, False, True, _hand_on
        command.params.append(taken)
    for inner in getattr(command, "commands", {}).values():
        _take_too(inner, options)


def _hand_on(context: typer.Context, option: Any, value: Any) -> None:  # noqa: ANN401 - Typer's Parameter
    """Give an option of the whole program the value that stands after the command."""
    source = context.get_parameter_source(option.name)
    if source is None or not was_typed(context, option.name):
        return
    root = context.find_root()
    root.params[option.name] = value
    root.set_parameter_source(option.name, source)
    if option.name == "no_pager":
        pager.turn_off()


@cache
def _command(name: str) -> Any:  # noqa: ANN401 - Typer's own class of Click's Command
    function = getattr(
        import_module(f"cchc_cli.cli.{COMMANDS[name]}"), "import_" if name == "import" else name
    )
    if isinstance(function, typer.Typer):
        group = get_command(function)
        group.name = name
        return group
    alone = _typer()
    alone.command(name, cls=AmountCommand if name in _WITH_AMOUNTS else SpokenCommand)(function)
    return get_command(alone)


def _typer(**settings: Any) -> typer.Typer:  # noqa: ANN401
    return typer.Typer(
        **{"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False, **settings}
    )


app = _typer(
    cls=_Commands,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 - Typer's callback
    if value:
        typer.echo(f"cchc {__version__}")
        raise typer.Exit


@app.callback()
def cchc(
    db: Annotated[
        str | None,
        typer.Option(
            envvar="CCHC_DB", metavar="PATH|URL", help="The database: an SQLite file or postgresql://…"
        ),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option(envvar="CCHC_LANG", help="The language of what is said; default: the system’s, or vi."),
    ] = None,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Do not show long answers a screen at a time.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Follow a plan for communicating administrative reform: who did what, who still owes what."""
    # The language was chosen before (language.py); here it is only checked and explained.
    del db, lang, version
    if no_pager:
        pager.turn_off()


def command() -> Any:  # noqa: ANN401 - Typer's own class of Click's Command
    """Give the command line, ready to run."""
    return get_command(app)
