"""The command line: its commands, and the options that stand before them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cchc_cli import __version__
from cchc_cli.cli.agencies import agencies
from cchc_cli.cli.corrections import amend, void, waive
from cchc_cli.cli.doctor import doctor
from cchc_cli.cli.evidence import evidence
from cchc_cli.cli.history import history
from cchc_cli.cli.import_ import import_
from cchc_cli.cli.keeping import backup, restore
from cchc_cli.cli.log import log
from cchc_cli.cli.plan import plan
from cchc_cli.cli.status import status
from cchc_cli.cli.verify import verify
from cchc_cli.locale import speak

_NEGATIVE = re.compile(r"-\d[\d.,]*")


class Language(StrEnum):
    """A language that the program speaks."""

    VI = "vi"
    EN = "en"


class AmountCommand(TyperCommand):
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


app = typer.Typer(
    cls=TyperGroup,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
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
        Language, typer.Option(envvar="CCHC_LANG", help="The language of what is said.")
    ] = Language.VI,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Follow a plan for communicating administrative reform: who did what, who still owes what."""
    del db, version
    speak(lang.value)


app.command("import")(import_)
app.command("log", cls=AmountCommand)(log)
app.command("status")(status)
app.command("history")(history)
app.command("amend", cls=AmountCommand)(amend)
app.command("void")(void)
app.command("waive")(waive)
app.command("verify")(verify)
app.command("evidence")(evidence)
app.command("doctor")(doctor)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("plan")(plan)
app.command("agencies")(agencies)


def command() -> Any:  # noqa: ANN401 - Typer's own class of Click's Command
    """Give the command line, ready to run."""
    return get_command(app)
