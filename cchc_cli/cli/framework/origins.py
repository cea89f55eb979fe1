"""The origin of a value that was not typed, a setting or an environment variable, named in error messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cchc_cli.cli.framework.settings import OPTION_SETTINGS, SETTING_VARIABLES, SavedSettings
from cchc_cli.domain.language.errors import CchcError, Message, message

if TYPE_CHECKING:
    from collections.abc import Iterator

_FROM_SETTINGS = "DEFAULT_MAP"
_FROM_ENVIRONMENT = "ENVIRONMENT"


def add_origins(error: CchcError, context: Any) -> None:
    """Add to each sentence of an error the origin of the value that it names, unless that was typed."""
    origins = {text: origin for texts, origin in _untyped_values(context) for text in texts}
    for text in _typed_texts(context):
        origins.pop(text, None)
    error.messages = [_with_origin(sentence, origins) for sentence in error.messages]


def _with_origin(sentence: Message, origins: dict[str, Message]) -> Message:
    found = next((origins[text] for text in _texts_in(sentence) if text in origins), None)
    return message("{what} ({origin})", what=sentence, origin=found) if found else sentence


def _texts_in(sentence: Message) -> Iterator[str]:
    for value in sentence.values.values():
        if isinstance(value, Message):
            yield from _texts_in(value)
        elif isinstance(value, str):
            yield value.strip()


def _untyped_values(context: Any) -> Iterator[tuple[set[str], Message]]:
    """Give each value that was not typed: the texts by which an error may name it, and its origin."""
    for option in OPTION_SETTINGS:
        origin = origin_of(context, option)
        if origin:
            yield {str(context.params[option]).strip()}, origin
    root = context.find_root()
    saved: SavedSettings = root.obj or SavedSettings({})
    source = root.get_parameter_source("db")
    if source is not None and source.name == _FROM_ENVIRONMENT:
        yield _database_names(root.params["db"]), _describe_origin("database", saved=False)
    elif root.params.get("db") is None and "database" in saved.values:
        yield _database_names(saved.values["database"]), _describe_origin("database", saved=True)


def origin_of(context: Any, option: str) -> Message | None:
    """Describe the origin of an option's value; None if it was typed or there is no value."""
    source = context.get_parameter_source(option)
    if (
        source is None
        or source.name not in {_FROM_SETTINGS, _FROM_ENVIRONMENT}
        or not context.params.get(option)
    ):
        return None
    return _describe_origin(OPTION_SETTINGS[option], saved=source.name == _FROM_SETTINGS)


def _database_names(value: str) -> set[str]:
    from cchc_cli.services.maintenance.settings import database_names

    return database_names(value)


def _describe_origin(setting: str, *, saved: bool) -> Message:
    if saved:
        return message(
            "from the setting {name}; change it with: cchc config set {name} VALUE",
            name=setting,
        )
    return message("from {variable}", variable=SETTING_VARIABLES[setting])


def _typed_texts(context: Any) -> Iterator[str]:
    """Give each text that was typed after the command."""
    for name, value in context.params.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            yield from map(str, value if isinstance(value, list | tuple) else (value,))
