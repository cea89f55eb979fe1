"""Where a value that an error names comes from, when nobody typed it: a setting or a variable of the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cchc_cli.cli.framework.settings import OPTIONS, VARIABLES, Saved
from cchc_cli.domain.language.errors import CchcError, Message, message

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = "DEFAULT_MAP"
_VARIABLE = "ENVIRONMENT"


def name_origins(error: CchcError, context: Any) -> None:  # noqa: ANN401 - Typer's own class of Click's Context
    """Add to each sentence of an error where the value comes from that it names and nobody typed."""
    origins = {text: origin for texts, origin in _origins(context) for text in texts}
    for text in _typed(context):
        origins.pop(text, None)
    error.messages = [_with_origin(sentence, origins) for sentence in error.messages]


def _with_origin(sentence: Message, origins: dict[str, Message]) -> Message:
    found = next((origins[text] for text in _named(sentence) if text in origins), None)
    return message("{what} ({origin})", what=sentence, origin=found) if found else sentence


def _named(sentence: Message) -> Iterator[str]:
    for value in sentence.values.values():
        if isinstance(value, Message):
            yield from _named(value)
        elif isinstance(value, str):
            yield value.strip()


def _origins(context: Any) -> Iterator[tuple[set[str], Message]]:  # noqa: ANN401
    """Give the texts by which an error can name a value that was not typed, with its origin."""
    for option in OPTIONS:
        origin = origin_of(context, option)
        if origin:
            yield {str(context.params[option]).strip()}, origin
    root = context.find_root()
    saved: Saved = root.obj or Saved({})
    source = root.get_parameter_source("db")
    if source is not None and source.name == _VARIABLE:
        yield _names_of_database(root.params["db"]), _origin("database", kept=False)
    elif root.params.get("db") is None and "database" in saved.values:
        yield _names_of_database(saved.values["database"]), _origin("database", kept=True)


def origin_of(context: Any, option: str) -> Message | None:  # noqa: ANN401
    """Say where an option's value comes from that nobody typed; None where it was typed or there is none."""
    source = context.get_parameter_source(option)
    if source is None or source.name not in {_KEPT, _VARIABLE} or not context.params.get(option):
        return None
    return _origin(OPTIONS[option], kept=source.name == _KEPT)


def _names_of_database(value: str) -> set[str]:
    from cchc_cli.services.maintenance.settings import database_names  # noqa: PLC0415 - only where something failed

    return database_names(value)


def _origin(setting: str, *, kept: bool) -> Message:
    if kept:
        return message(
            "from the setting {name}; change it with: cchc config set {name} VALUE",
            name=setting,
        )
    return message("from {variable}", variable=VARIABLES[setting])


def _typed(context: Any) -> Iterator[str]:  # noqa: ANN401
    """Give each text that was typed after the command."""
    for name, value in context.params.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            yield from map(str, value if isinstance(value, list | tuple) else (value,))
