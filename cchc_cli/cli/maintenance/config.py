"""`cchc config`: what is kept for this user, and where each value comes from."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, NamedTuple, Optional

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.database_choice import database_meant, usual_database
from cchc_cli.cli.framework.options import PlainFormat, TextOrJson, author, was_typed
from cchc_cli.cli.framework.settings import VARIABLES, Saved, settings_path
from cchc_cli.cli.terminal.output import answer, complain, say, tell
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
    action: Annotated[Optional[Action], typer.Argument(help="Keep a setting, or no longer.")] = None,
    name: Annotated[
        Optional[str],
        typer.Argument(
            metavar="NAME",
            help="agency, author, language, database or plan.",
            autocompletion=completion.offer(completion.settings),
        ),
    ] = None,
    value: Annotated[
        Optional[str],
        typer.Argument(
            metavar="VALUE", help="What to keep.", autocompletion=completion.offer(completion.setting_values)
        ),
    ] = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Show the settings and where each comes from; keep one for every later command."""
    from cchc_cli.services.maintenance.settings import NAMES, change_setting  # noqa: PLC0415

    if action is None:
        saved: Saved = context.find_root().obj or Saved({})
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
    _tell_change(name, value, meaning, str(path), changed=changed)


def _looked_up(context: typer.Context, name: str, value: str) -> tuple[str, str | None]:
    """Give the code that is meant, and its name: as it was typed where no database can tell."""
    from cchc_cli.services.plans.names import known_value  # noqa: PLC0415

    saved: Saved = context.find_root().obj or Saved({})
    plan = os.environ.get(VARIABLES["plan"]) or saved.values.get("plan")
    why = message("there is no database with a plan yet")
    try:
        found = known_value(database_meant(context), name, value, plan)
    except InputError:
        raise
    except CchcError as error:
        found, why = None, error.messages[0]
    if found is None:
        tell(message("note: {name} could not be checked: {why}", name=name, why=why))
        return value, None
    return found


def _tell_change(name: str, value: str | None, meaning: str | None, path: str, *, changed: bool) -> None:
    if not changed:
        say(message("{path}: nothing has changed", path=path))
    elif value is None:
        say(message("{path}: {name} is not kept any more", path=path, name=name))
    elif meaning:
        say(
            message(
                "{path}: {name} is kept: {value} ({meaning})",
                path=path,
                name=name,
                value=value,
                meaning=meaning,
            )
        )
    else:
        say(message("{path}: {name} is kept", path=path, name=name))
    variable = VARIABLES.get(name)
    if variable and os.environ.get(variable):
        tell(message("note: {variable} is set and goes before it", variable=variable))


def _setting(context: typer.Context, saved: Saved, name: str) -> _Setting:
    value, origin = _found(context, saved, name)
    if name == "database" and value is not None:
        from cchc_cli.services.maintenance.settings import database_without_password  # noqa: PLC0415

        value = database_without_password(value)
    return _Setting(name, value, origin)


def _found(context: typer.Context, saved: Saved, name: str) -> tuple[str | None, Origin]:
    root, option = context.find_root(), _OPTIONS.get(name)
    if option and was_typed(root, option):
        return str(root.params[option]), Origin.OPTION
    if os.environ.get(VARIABLES[name]):
        return os.environ[VARIABLES[name]], Origin.ENVIRONMENT
    if name in saved.values:
        return saved.values[name], Origin.FILE
    return _built_in(name), Origin.BUILT_IN


def _built_in(name: str) -> str | None:
    if name == "author":
        return author(None)
    if name == "language":
        from cchc_cli.locale import LANGUAGES  # noqa: PLC0415

        return LANGUAGES[0]
    return str(usual_database()) if name == "database" else None


def _show(settings: list[_Setting], saved: Saved, form: TextOrJson) -> None:
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.formats import to_json  # noqa: PLC0415
        from cchc_cli.reports.data.maintenance import settings_document  # noqa: PLC0415

        answer(to_json(settings_document(settings)) + "\n")
    else:
        for name, value, origin in settings:
            where = _origin(name, origin)
            if value is None:
                say(message("{name}: – ({origin})", name=name, origin=where))
            else:
                say(message("{name}: {value} ({origin})", name=name, value=value, origin=where))
        say(message("kept in {path}", path=str(settings_path())))
    if saved.fault:
        complain(*saved.fault.messages)


def _origin(name: str, origin: Origin) -> Message:
    match origin:
        case Origin.OPTION:
            return message("option")
        case Origin.ENVIRONMENT:
            return message("environment: {variable}", variable=VARIABLES[name])
        case Origin.FILE:
            return message("settings file")
        case Origin.BUILT_IN:
            return message("built in")
