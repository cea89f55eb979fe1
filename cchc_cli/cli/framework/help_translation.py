"""Help and errors of usage in the language spoken: what Typer itself says in English is said through the catalogue.

The texts of help stand in the commands, in English: a function's docstring, `help=` and `metavar=`. They are
translated on their way out here; `tests/said.py` collects them for the catalogue by walking the commands.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cchc_cli.domain.language.errors import CchcError, Message, message
from cchc_cli.domain.language.system_errors import recognised
from cchc_cli.domain.language.text import Shown, safe
from cchc_cli.locale import render, translate

_USAGE = message("Usage: ")
_ARGUMENTS = message("Arguments")
_OPTIONS = message("Options")
_COMMANDS = message("Commands")
_OPTIONS_METAVAR = message("[OPTIONS]")
_COMMAND_METAVAR = message("COMMAND [ARGS]...")

_ANYWHERE = message("As before the command; see: cchc --help.")

_EXTRAS = (
    message("env var: {variable}"),
    message("default: {default}"),
    message("required"),
)
"""What Typer adds to the help of an option or argument, in brackets."""

_KINDS = (
    message("<str>"),
    message("<path>"),
    message("<int>"),
    message("<float>"),
)
"""What stands for a value that has no name of its own."""

_ERRORS = (
    message("No such option: {name} (Possible options: {known})"),
    message("No such option: {name}"),
    message("No such command {name}. Did you mean {known}?"),
    message("No such command {name}."),
    message("Missing command."),
    message("Missing argument {name}. {what}"),
    message("Missing argument {name}."),
    message("Missing option {name} (env var: {variable})."),
    message("Missing option {name}. {what}"),
    message("Missing option {name}."),
    message("Choose from:\n\t{known}"),
    message("Got unexpected extra argument(s) ({arguments})"),
    message("Invalid value for {name} (env var: {variable}): {what}"),
    message("Invalid value for {name}: {what}"),
    message("Invalid value: {what}"),
    message("Option {name} does not take a value."),
    message("Option {name} requires an argument."),
    message("{value} is not one of {known}."),
    message("{value} is not a valid boolean. Recognized values: {known}"),
    message("{value} is not a valid {kind}."),
    message("{value} is not in the range {range}."),
    message("int"),
    message("float"),
)
"""What Typer says of arguments that it cannot take; the more particular before what it could be mistaken for."""


def spoken_error(text: str) -> Message:
    """Give what Typer says of wrong usage as a sentence; what is not known of it, as it is."""
    found = recognised(text, _ERRORS)
    if found is None:
        return message("{text}", text=_shown(text))
    return Message(found.template, {name: _part(name, str(part)) for name, part in found.values.items()})


def _part(name: str, text: str) -> Message | str:
    """Give a part of a sentence of Typer's, which may be a sentence of its own."""
    return spoken_error(text) if name in {"what", "kind"} else _shown(text)


def _shown(text: str) -> str:
    # Typer writes out most of what acts on a terminal; a second time would double its backslashes.
    return (
        Shown(text) if all(line.isprintable() for line in text.replace("\t", "").split("\n")) else safe(text)
    )


def usage_text(error: Any) -> str:  # noqa: ANN401 - Typer's errors of usage share no public class
    """Say what is wrong with the arguments, how the command is used, and where its help is."""
    lines = []
    context = getattr(error, "ctx", None)
    if context is not None:
        lines.append(context.get_usage())
        if context.command.get_help_option(context) is not None:
            option = context.help_option_names[0]
            hint = message("Try '{command} {option}' for help.", command=context.command_path, option=option)
            lines.append(render(hint))
        lines.append("")
    lines.append(render(message("Error: {what}", what=spoken_error(error.format_message()))))
    return "\n".join(lines)


class SpokenCommand(TyperCommand):
    """A command whose help is in the language spoken."""

    def __init__(self, *given: Any, **settings: Any) -> None:  # noqa: ANN401 - Typer's own settings
        """Take Typer's settings, and translate what of them is shown."""
        super().__init__(*given, **settings)
        _translate(self)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - whatever it gives
        """Run it; an error names the setting or variable that it comes from."""
        try:
            return super().invoke(ctx)
        except CchcError as error:
            from cchc_cli.cli.framework.origins import name_origins  # noqa: PLC0415 - only where something failed

            name_origins(error, ctx)
            raise

    def format_usage(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        """Write the line of usage."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        """Write the arguments and options."""
        _write_parameters(self, ctx, formatter)


class SpokenGroup(TyperGroup):
    """A group of commands whose help is in the language spoken; alone, it shows that."""

    def __init__(self, *given: Any, **settings: Any) -> None:  # noqa: ANN401 - Typer's own settings
        """Take Typer's settings, and translate what of them is shown."""
        super().__init__(*given, **settings)
        self.subcommand_metavar = render(_COMMAND_METAVAR)
        _translate(self)

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Show the help where nothing was asked for; that is an error of usage all the same."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        """Write the line of usage."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        """Write the options and the commands."""
        _write_parameters(self, ctx, formatter)
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        commands = [(name, self.get_command(ctx, name)) for name in names]
        with formatter.section(render(_COMMANDS)):
            formatter.write_dl([(name, one.get_short_help_str(room)) for name, one in commands if one])


def _translate(command: Any) -> None:  # noqa: ANN401 - Typer's own class of Click's Command
    command.help = translate(command.help or "")
    command.options_metavar = render(_OPTIONS_METAVAR)
    for parameter in command.params:
        if parameter.metavar is not None:
            parameter.metavar = translate(parameter.metavar)
        elif parameter.param_type_name == "argument":
            parameter.metavar = translate(parameter.name)


def _write_usage(command: Any, context: typer.Context, formatter: Any) -> None:  # noqa: ANN401
    pieces = " ".join(command.collect_usage_pieces(context))
    formatter.write_usage(context.command_path, pieces, prefix=render(_USAGE))


def _write_parameters(command: Any, context: typer.Context, formatter: Any) -> None:  # noqa: ANN401
    for kind, heading in (("argument", _ARGUMENTS), ("option", _OPTIONS)):
        rows = [
            _row(parameter, record)
            for parameter in command.get_params(context)
            if parameter.param_type_name == kind and (record := parameter.get_help_record(context))
        ]
        if kind == "option" and context.parent is not None:
            rows.append(("--db, --lang, --no-pager", render(_ANYWHERE)))
        if rows:
            with formatter.section(render(heading)):
                formatter.write_dl(rows)


def _row(parameter: Any, record: tuple[str, str]) -> tuple[str, str]:  # noqa: ANN401
    """Translate what Typer made of a parameter: its names with a value's kind, its help with extras in brackets."""
    names, text = record
    for kind in _KINDS:
        names = names.replace(kind.template, render(kind))
    about = parameter.help or ""
    extras = text.removeprefix(about).strip()
    about = translate(about)
    if extras:
        extras = "[" + "; ".join(map(_extra, extras[1:-1].split("; "))) + "]"
    return names, "  ".join(filter(None, (about, extras)))


def _extra(text: str) -> str:
    found = recognised(text, _EXTRAS)
    return render(found) if found else text
