"""`cchc config`: what is kept for this user, and where each value comes from."""

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

_OPTIONS = {"language": "lang", "database": "db"}
"""What can be given before `config` itself."""


class Action(StrEnum):
    """What to do to a setting."""

    SET = "set"
    UNSET = "unset"


class Origin(StrEnum):
    """Where a value comes from; the first of these that has one."""

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
    action: Annotated[Action | None, typer.Argument(help="Keep a setting, or no longer.")] = None,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="agency, author, language, database or plan.",
            autocompletion=completion.offer(completion.settings),
        ),
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="VALUE", help="What to keep.", autocompletion=completion.offer(completion.setting_values)
        ),
    ] = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Show the settings and where each comes from; keep one for every later command."""
    from cchc_cli.services.maintenance.settings import NAMES, change_setting

    if action is None:
        saved: SavedSettings = context.find_root().obj or SavedSettings({})
        _show([_setting(context, saved, one) for one in NAMES], saved, form)
        return
    if name is None:
        raise InputError(
            message(
                "say which setting: cchc config {action} NAME; there are: {known}",
                action=action.value,
                known=NAMES,
            )
        )
    if action is Action.SET and value is None:
        raise InputError(message("say what to keep: cchc config set {name} VALUE", name=name))
    if action is Action.UNSET and value is not None:
        raise InputError(message("unset takes no value: cchc config unset {name}", name=name))
    path = settings_path()
    meaning = None
    if value is not None and value.strip() and name in {"agency", "plan"}:
        value, meaning = _looked_up(context, name, value.strip())
    changed = change_setting(path, name, value)
    _print_change(name, value, meaning, str(path), changed=changed)


def _looked_up(context: typer.Context, name: str, value: str) -> tuple[str, str | None]:
    """Give the code that is meant, and its name: as it was typed where no database can tell."""
    from cchc_cli.services.plans.names import known_value

    saved: SavedSettings = context.find_root().obj or SavedSettings({})
    plan = os.environ.get(SETTING_VARIABLES["plan"]) or saved.values.get("plan")
    why = message("there is no database with a plan yet")
    try:
        found = known_value(chosen_database(context), name, value, plan)
    except InputError:
        raise
    except CchcError as error:
        found, why = None, error.messages[0]
    if found is None:
        print_note(message("note: {name} could not be checked: {why}", name=name, why=why))
        return value, None
    return found


def _print_change(name: str, value: str | None, meaning: str | None, path: str, *, changed: bool) -> None:
    if not changed:
        print_line(message("{path}: nothing has changed", path=path))
    elif value is None:
        print_line(message("{path}: {name} is not kept any more", path=path, name=name))
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
        print_note(message("note: {variable} is set and goes before it", variable=variable))


def _setting(context: typer.Context, saved: SavedSettings, name: str) -> _Setting:
    value, origin = _found(context, saved, name)
    if name == "database" and value is not None:
        from cchc_cli.services.maintenance.settings import shown_database

        value = shown_database(value)
    return _Setting(name, value, origin)


def _found(context: typer.Context, saved: SavedSettings, name: str) -> tuple[str | None, Origin]:
    root, option = context.find_root(), _OPTIONS.get(name)
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


def _show(settings: list[_Setting], saved: SavedSettings, form: TextOrJson) -> None:
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.maintenance import settings_document

        print_json(settings_document(settings))
    else:
        for name, value, origin in settings:
            where = _origin(name, origin)
            if value is None:
                print_line(message("{name}: – ({origin})", name=name, origin=where))
            else:
                print_line(message("{name}: {value} ({origin})", name=name, value=value, origin=where))
        print_line(message("kept in {path}", path=str(settings_path())))
    if saved.fault:
        print_error(*saved.fault.messages)


def _origin(name: str, origin: Origin) -> Message:
    match origin:
        case Origin.OPTION:
            return message("option")
        case Origin.ENVIRONMENT:
            return message("environment: {variable}", variable=SETTING_VARIABLES[name])
        case Origin.FILE:
            return message("settings file")
        case Origin.BUILT_IN:
            return message("built in")
