"""Help and usage errors in the chosen language; Typer's own English texts are translated through the catalogue.

Commands have their help texts in English: a function's docstring, `help=` and `metavar=`. They are translated here
when they are printed; `tests/catalogue_texts.py` walks the commands to collect them for the catalogue. Typer's Click is
private, so that its contexts and parameters are `Any` here.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cchc_cli.domain.language.errors import CchcError, Message, message
from cchc_cli.domain.language.system_errors import recognise
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.locale import render, translate

_USAGE = message("Usage: ")
_ARGUMENTS = message("Arguments")
_OPTIONS = message("Options")
_COMMANDS = message("Commands")
_OPTIONS_METAVAR = message("[OPTIONS]")
_COMMAND_METAVAR = message("COMMAND [ARGS]...")

_GLOBAL_OPTIONS_HINT = message("Global options; see: cchc --help.")

_EXTRAS = (
    message("env var: {variable}"),
    message("default: {default}"),
    message("required"),
)
"""What Typer adds to the help of an option or argument, in brackets."""

_VALUE_KINDS = (
    message("<str>"),
    message("<path>"),
    message("<int>"),
    message("<float>"),
)
"""Placeholders for values without a metavar."""

_USAGE_ERRORS = (
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
"""Typer's messages about wrong arguments; a specific message stands before a general one that would match it too."""


def translated_error(text: str) -> Message:
    """Recognise a message of Typer about wrong usage, so that it can be translated; an unknown one stays as it is."""
    found = recognise(text, _USAGE_ERRORS)
    if found is None:
        return message("{text}", text=_safe(text))
    return Message(
        found.template, {name: _translate_part(name, str(part)) for name, part in found.values.items()}
    )


def _translate_part(name: str, text: str) -> Message | str:
    """Translate a value in a message of Typer if it is a message itself."""
    return translated_error(text) if name in {"what", "kind"} else _safe(text)


def _safe(text: str) -> str:
    # Typer has escaped most control characters already; escaping again would double its backslashes.
    return (
        SafeText(text)
        if all(line.isprintable() for line in text.replace("\t", "").split("\n"))
        else safe(text)
    )


def usage_text(error: Any) -> str:
    """Give the text for wrong usage: the usage line, how to get help, and the error."""
    lines = []
    context = getattr(error, "ctx", None)
    if context is not None:
        lines.append(context.get_usage())
        if context.command.get_help_option(context) is not None:
            option = context.help_option_names[0]
            hint = message("Try '{command} {option}' for help.", command=context.command_path, option=option)
            lines.append(render(hint))
        lines.append("")
    lines.append(render(message("Error: {what}", what=translated_error(error.format_message()))))
    return "\n".join(lines)


class TranslatedCommand(TyperCommand):
    """A command whose help is in the chosen language."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Take Typer's settings and translate the texts among them."""
        super().__init__(*arguments, **settings)
        _translate(self)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error names the setting or variable that its value comes from."""
        try:
            return super().invoke(ctx)
        except CchcError as error:
            from cchc_cli.cli.framework.origins import add_origins

            add_origins(error, ctx)
            raise

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options."""
        _write_parameters(self, ctx, formatter)


class TranslatedGroup(TyperGroup):
    """A group of commands whose help is in the chosen language; without arguments it prints its help."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Take Typer's settings and translate the texts among them."""
        super().__init__(*arguments, **settings)
        self.subcommand_metavar = render(_COMMAND_METAVAR)
        _translate(self)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Print the help if there are no arguments, and exit with the code of a usage error."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options and the commands."""
        _write_parameters(self, ctx, formatter)
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        commands = [(name, self.get_command(ctx, name)) for name in names]
        with formatter.section(render(_COMMANDS)):
            formatter.write_dl([(name, one.get_short_help_str(room)) for name, one in commands if one])


def _translate(command: Any) -> None:
    command.help = translate(command.help or "")
    command.options_metavar = render(_OPTIONS_METAVAR)
    for parameter in command.params:
        if parameter.metavar is not None:
            parameter.metavar = translate(parameter.metavar)
        elif parameter.param_type_name == "argument":
            parameter.metavar = translate(parameter.name)


def _write_usage(command: Any, context: typer.Context, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(context))
    formatter.write_usage(context.command_path, pieces, prefix=render(_USAGE))


def _write_parameters(command: Any, context: typer.Context, formatter: Any) -> None:
    for kind, heading in (("argument", _ARGUMENTS), ("option", _OPTIONS)):
        rows = [
            _help_row(parameter, record)
            for parameter in command.get_params(context)
            if parameter.param_type_name == kind and (record := parameter.get_help_record(context))
        ]
        if kind == "option" and context.parent is not None:
            rows.append(("--db, --lang, --no-pager", render(_GLOBAL_OPTIONS_HINT)))
        if rows:
            with formatter.section(render(heading)):
                formatter.write_dl(rows)


def _help_row(parameter: Any, record: tuple[str, str]) -> tuple[str, str]:
    """Translate a row of Typer's help: the parameter's names with its kind of value, its help with extras in brackets."""
    names, text = record
    for kind in _VALUE_KINDS:
        names = names.replace(kind.template, render(kind))
    about = parameter.help or ""
    extras = text.removeprefix(about).strip()
    about = translate(about)
    if extras:
        extras = "[" + "; ".join(map(_translate_extra, extras[1:-1].split("; "))) + "]"
    return names, "  ".join(filter(None, (about, extras)))


def _translate_extra(text: str) -> str:
    found = recognise(text, _EXTRAS)
    return render(found) if found else text
