"""`cchc config`: the user's settings and the origin of each value."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.database_choice import chosen_database, default_database
from cchc_cli.cli.framework.options import PlainFormat, TextOrJson, author, was_typed
from cchc_cli.cli.framework.settings import SETTING_VARIABLES, SavedSettings, settings_path
from cchc_cli.cli.terminal.output import print_error, print_json, print_line, print_note
from cchc_cli.domain.language.errors import CchcError, InputError, Message, message

_GLOBAL_OPTIONS = {"language": "lang", "database": "db"}
"""The global option that overrides a setting."""


class Action(StrEnum):
    """What to do to a setting."""

    SET = "set"
    UNSET = "unset"


class Origin(StrEnum):
    """The origin of a value; the first of these that has a value counts."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    FILE = "file"
    BUILT_IN = "built_in"


class _Setting(NamedTuple):
    name: str
    value: str | None
    origin: Origin


def config(
    context: typer.Context,
    action: Annotated[Action | None, typer.Argument(help="Set or unset a setting.")] = None,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="agency, author, language, database or plan.",
            autocompletion=completion.completer(completion.settings),
        ),
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="VALUE", help="The value.", autocompletion=completion.completer(completion.setting_values)
        ),
    ] = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Show the settings and where each comes from, or set one for every later command."""
    from cchc_cli.services.maintenance.settings import NAMES, change_setting

    if action is None:
        saved: SavedSettings = context.find_root().obj or SavedSettings({})
        _print_settings([_setting(context, saved, one) for one in NAMES], saved, form)
        return
    name = _checked_name(action, name, value)
    meaning = None
    if value is not None and value.strip() and name in {"agency", "plan"}:
        value, meaning = _look_up(context, name, value.strip())
    path = settings_path()
    changed = change_setting(path, name, value)
    _print_change(name, value, meaning, str(path), changed=changed)


def _checked_name(action: Action, name: str | None, value: str | None) -> str:
    """Give the name of the setting. Raises InputError if the name or the value is missing, or the value too much."""
    from cchc_cli.services.maintenance.settings import NAMES

    if name is None:
        raise InputError(
            message(
                "the setting is missing: cchc config {action} NAME; there are: {known}",
                action=action.value,
                known=NAMES,
            )
        )
    if action is Action.SET and value is None:
        raise InputError(message("the value is missing: cchc config set {name} VALUE", name=name))
    if action is Action.UNSET and value is not None:
        raise InputError(message("unset takes no value: cchc config unset {name}", name=name))
    return name


def _look_up(context: typer.Context, name: str, value: str) -> tuple[str, str | None]:
    """Give the code and the name of an agency or plan; the value as typed and None if no database can be asked."""
    from cchc_cli.services.plans.names import known_value

    saved: SavedSettings = context.find_root().obj or SavedSettings({})
    plan = os.environ.get(SETTING_VARIABLES["plan"]) or saved.values.get("plan")
    why = message("there is no database with a plan yet")
    try:
        known = known_value(chosen_database(context), name, value, plan)
    except InputError:
        raise
    except CchcError as error:
        known, why = None, error.messages[0]
    if known is None:
        print_note(message("note: {name} could not be checked: {why}", name=name, why=why))
        return value, None
    return known


def _print_change(name: str, value: str | None, meaning: str | None, path: str, *, changed: bool) -> None:
    if not changed:
        print_line(message("{path}: nothing has changed", path=path))
    elif value is None:
        print_line(message("{path}: {name} is no longer set", path=path, name=name))
    elif meaning:
        print_line(
            message(
                "{path}: {name} is kept: {value} ({meaning})",
                path=path,
                name=name,
                value=value,
                meaning=meaning,
            )
        )
    else:
        print_line(message("{path}: {name} is kept", path=path, name=name))
    variable = SETTING_VARIABLES.get(name)
    if variable and os.environ.get(variable):
        print_note(message("note: {variable} is set and overrides it", variable=variable))


def _setting(context: typer.Context, saved: SavedSettings, name: str) -> _Setting:
    value, origin = _value_and_origin(context, saved, name)
    if name == "database" and value is not None:
        from cchc_cli.services.maintenance.settings import database_without_password

        value = database_without_password(value)
    return _Setting(name, value, origin)


def _value_and_origin(context: typer.Context, saved: SavedSettings, name: str) -> tuple[str | None, Origin]:
    root, option = context.find_root(), _GLOBAL_OPTIONS.get(name)
    if option and was_typed(root, option):
        return str(root.params[option]), Origin.OPTION
    if os.environ.get(SETTING_VARIABLES[name]):
        return os.environ[SETTING_VARIABLES[name]], Origin.ENVIRONMENT
    if name in saved.values:
        return saved.values[name], Origin.FILE
    return _built_in(name), Origin.BUILT_IN


def _built_in(name: str) -> str | None:
    if name == "author":
        return author(None)
    if name == "language":
        from cchc_cli.locale import LANGUAGES

        return LANGUAGES[0]
    return str(default_database()) if name == "database" else None


def _print_settings(settings: list[_Setting], saved: SavedSettings, form: TextOrJson) -> None:
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.maintenance import settings_document

        print_json(settings_document(settings))
    else:
        for name, value, origin in settings:
            shown_origin = _origin_text(name, origin)
            if value is None:
                print_line(message("{name}: – ({origin})", name=name, origin=shown_origin))
            else:
                print_line(message("{name}: {value} ({origin})", name=name, value=value, origin=shown_origin))
        print_line(message("kept in {path}", path=str(settings_path())))
    if saved.fault:
        print_error(*saved.fault.messages)


def _origin_text(name: str, origin: Origin) -> Message:
    match origin:
        case Origin.OPTION:
            return message("option")
        case Origin.ENVIRONMENT:
            return message("environment: {variable}", variable=SETTING_VARIABLES[name])
        case Origin.FILE:
            return message("settings file")
        case Origin.BUILT_IN:
            return message("built in")
