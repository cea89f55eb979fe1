"""Everything that is said, for the catalogue: each `message("…")`, and the texts of help that stand in the commands."""

from __future__ import annotations

import inspect
from itertools import chain
from typing import TYPE_CHECKING, Any

import typer
from babel.messages.extract import extract_python
from typer.core import TyperGroup

from cchc_cli.cli.app import command
from cchc_cli.locale import set_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader


def commands() -> Iterator[tuple[str, Any, typer.Context]]:
    """Give each command, built anew in the language spoken, with its name and context; the group is “cchc”."""
    group = command()
    whole = typer.Context(group, info_name="cchc", help_option_names=["-h", "--help"])
    yield from _below("cchc", group, whole)


def _below(name: str, one: Any, context: typer.Context) -> Iterator[tuple[str, Any, typer.Context]]:  # noqa: ANN401
    yield name, one, context
    if isinstance(one, TyperGroup):
        for inner in one.list_commands(context):
            below = one.get_command(context, inner)
            assert below is not None
            yield from _below(inner, below, typer.Context(below, parent=context, info_name=inner))


def help_texts() -> Iterator[str]:
    """Give the English texts of help of each command, argument and option: what they do and what they take."""
    set_language("en")
    for _, one, context in commands():
        yield inspect.cleandoc(one.help)
        for parameter in one.get_params(context):
            yield parameter.help
            if parameter.metavar:
                yield parameter.metavar


def extract(file: BufferedReader, *given: object, **named: object) -> Iterator[tuple[object, ...]]:
    """Collect for Babel what stands in `cli/app.py`: its own messages, and the help of all commands."""
    texts = ((0, "message", text, list[str]()) for text in dict.fromkeys(help_texts()))
    return chain(extract_python(file, *given, **named), texts)  # type: ignore[arg-type]
