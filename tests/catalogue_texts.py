"""The texts to translate, for the catalogue: the help of all commands, beside the `message("…")` that Babel finds."""

from __future__ import annotations

import inspect
from itertools import chain
from typing import TYPE_CHECKING, Any

import typer
from babel.messages.extract import extract_python
from typer.core import TyperGroup

from cchc_cli.cli.app import root_command
from cchc_cli.locale import set_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader


def commands() -> Iterator[tuple[str, Any, typer.Context]]:
    """Build each command in the current language; give its name, itself and its context. The group is “cchc”."""
    group = root_command()
    whole = typer.Context(group, info_name="cchc", help_option_names=["-h", "--help"])
    yield from _walk("cchc", group, whole)


def _walk(name: str, one: Any, context: typer.Context) -> Iterator[tuple[str, Any, typer.Context]]:  # noqa: ANN401
    yield name, one, context
    if isinstance(one, TyperGroup):
        for inner in one.list_commands(context):
            below = one.get_command(context, inner)
            assert below is not None
            yield from _walk(inner, below, typer.Context(below, parent=context, info_name=inner))


def help_texts() -> Iterator[str]:
    """Give the English help texts and metavars of all commands, arguments and options."""
    set_language("en")
    for _, one, context in commands():
        yield inspect.cleandoc(one.help)
        for parameter in one.get_params(context):
            yield parameter.help
            if parameter.metavar:
                yield parameter.metavar


def extract(file: BufferedReader, *given: object, **named: object) -> Iterator[tuple[object, ...]]:
    """Extract for Babel the messages of `cli/app.py` and the help of all commands."""
    texts = ((0, "message", text, list[str]()) for text in dict.fromkeys(help_texts()))
    return chain(extract_python(file, *given, **named), texts)  # type: ignore[arg-type]
