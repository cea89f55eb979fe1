"""The command line: its commands and global options."""

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
from cchc_cli.cli.framework.help_translation import TranslatedCommand, TranslatedGroup
from cchc_cli.cli.framework.options import was_typed
from cchc_cli.cli.terminal import pager

_NEGATIVE_NUMBER = re.compile(r"-\d[\d.,]*")


class Language(StrEnum):
    """A language of the output."""

    VI = "vi"
    EN = "en"


class AmountCommand(TranslatedCommand):
    """A command whose arguments may be negative numbers, so that `cchc log pano -2` needs no `--`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Replace the hyphen of a negative number by a minus sign (U+2212), which no option begins with."""
        options_with_value = {
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
            if _NEGATIVE_NUMBER.fullmatch(argument) and before not in options_with_value:
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
    "waive": "recording.waive",
    "verify": "maintenance.verify",
    "evidence": "recording.evidence",
    "doctor": "maintenance.doctor",
    "config": "maintenance.config",
    "backup": "maintenance.backup",
    "restore": "maintenance.backup",
    "plan": "plans.plan",
    "agencies": "plans.agencies",
}
"""The module of each command's function, in the order of the help."""

_COMMANDS_WITH_AMOUNTS = frozenset({"log", "amend"})


class _LazyGroup(TranslatedGroup):
    """The group of all commands; imports a command only when it is used."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": dict.fromkeys(COMMANDS)})

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names without importing the commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command; None if there is no command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = _load_command(cmd_name)
        _add_shared_options(command, [option for option in self.params if option.name in _SHARED_OPTIONS])
        return command


_SHARED_OPTIONS = ("db", "lang", "no_pager")
"""Global options that may also be given after a command; there they override the same option before it."""


def _add_shared_options(command: Any, options: list[Any]) -> None:
    """Add global options to a command, and to the commands of a group, unless it has them already."""
    if any(parameter.name in _SHARED_OPTIONS for parameter in command.params):
        return
    for option in options:
        added = copy(option)
        added.envvar, added.expose_value, added.hidden, added.callback = None, False, True, _apply_to_program
        command.params.append(added)
    for inner in getattr(command, "commands", {}).values():
        _add_shared_options(inner, options)


def _apply_to_program(context: typer.Context, option: Any, value: Any) -> None:
    """Set a global option to the value that was given after the command."""
    source = context.get_parameter_source(option.name)
    if source is None or not was_typed(context, option.name):
        return
    root = context.find_root()
    root.params[option.name] = value
    root.set_parameter_source(option.name, source)
    if option.name == "no_pager":
        pager.turn_off()


@cache
def _load_command(name: str) -> Any:
    function = getattr(
        import_module(f"cchc_cli.cli.{COMMANDS[name]}"), "import_" if name == "import" else name
    )
    if isinstance(function, typer.Typer):
        group = get_command(function)
        group.name = name
        return group
    program = _new_typer()
    program.command(name, cls=AmountCommand if name in _COMMANDS_WITH_AMOUNTS else TranslatedCommand)(
        function
    )
    return get_command(program)


def _new_typer(**settings: Any) -> typer.Typer:
    return typer.Typer(
        **{"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False, **settings}
    )


app = _new_typer(
    cls=_LazyGroup,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:  # noqa: FBT001 - Typer's callback
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
        typer.Option(envvar="CCHC_LANG", help="The language of the output; default: the system’s, or vi."),
    ] = None,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Do not show long answers in a pager.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Follow a plan for communicating administrative reform: who did what, who still owes what."""
    # The language was chosen before (framework/language.py); here Typer only checks it and shows its help.
    del db, lang, version
    if no_pager:
        pager.turn_off()


def root_command() -> Any:
    """Build the command line."""
    return get_command(app)
