"""Settings that somebody keeps: a small TOML file, there whole or not at all, and for its owner alone."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import InputError, Message, StorageError, message
from cchc_cli.domain.plan.fields import unknown_word
from cchc_cli.locale import LANGUAGES
from cchc_cli.services.files.safe_open import opened
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.files import private_folder, replace_atomically, temporary_path, write_chunks
from cchc_cli.storage.schema.revisions import is_ready

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMES = ("agency", "author", "language", "database", "plan")
"""What can be kept; `cchc config` lists them in this order."""

_LARGEST = 1 << 20
"""Bytes: nothing larger is a file of settings."""


def read_settings(path: Path) -> dict[str, str]:
    """Give what the file keeps, by name. Raises InputError, which names the file, where it cannot be used."""
    return _checked(path, _parsed(path))


def change_setting(path: Path, name: str, value: str | None) -> bool:
    """Keep a value, or with None no longer; tell whether that changed anything.

    A database's path is kept from the root, so that it means the same everywhere. Raises InputError for
    an unknown name and for what cannot be a value, and where the file would still be unusable after it:
    then it stays as it was.
    """
    kept = _parsed(path) if path.exists() else {}
    if name not in {*NAMES, *(kept if value is None else ())}:
        raise InputError(unknown_word(message("setting"), name, NAMES))
    changed = {**kept, name: _meant(name, value)} if value is not None else _without(kept, name)
    _checked(path, changed)
    if changed == kept:
        return False
    _write(path, changed)
    return True


def _without(kept: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {known: value for known, value in kept.items() if known != name}


def _meant(name: str, value: str) -> str:
    """Give the value as it is kept. Raises InputError."""
    value = value.strip()
    fault = _fault(name, value)
    if fault:
        raise InputError(fault)
    if name != "database":
        return value
    database = connect(value)
    if database.path is None:
        return value
    if not database.path.absolute().parent.is_dir():
        raise InputError(
            message("{path}: there is no such folder", path=str(database.path.absolute().parent))
        )
    try:
        is_ready(database)
    except StorageError as error:
        raise InputError(*error.messages) from error
    return str(database.path.absolute())


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with opened(path, _LARGEST, follow=True) as file:
            # Windows' own editor puts a mark before the first letter.
            return tomllib.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _unusable(path, message("not UTF-8 text")) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unusable(path, message("{reason}", reason=str(error))) from error


def _unusable(path: Path, reason: Message) -> InputError:
    return InputError(
        message(
            "{path}: these settings cannot be read: {reason}; mend the file, or delete it and type: cchc config set",
            path=str(path),
            reason=reason,
        )
    )


def _checked(path: Path, found: Mapping[str, Any]) -> dict[str, str]:
    faults = [_in_file(path, name, value) for name, value in found.items()]
    wrong = [fault for fault in faults if fault]
    if wrong:
        raise InputError(*wrong)
    return dict(found)


def _in_file(path: Path, name: str, value: object) -> Message | None:
    if name not in NAMES:
        what = unknown_word(message("setting"), name, NAMES)
        return message("{path}: {what}; type: cchc config unset {name}", path=str(path), what=what, name=name)
    fault = _fault(name, value)
    if fault is None:
        return None
    return message(
        "{path}: {what}; type: cchc config set {name} VALUE", path=str(path), what=fault, name=name
    )


def _fault(name: str, value: object) -> Message | None:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return message("the setting {name} must be a text on one line", name=name)
    if name == "language" and value not in LANGUAGES:
        return message("the language “{text}” is none of {known}", text=value, known=list(LANGUAGES))
    return None


def _write(path: Path, settings: Mapping[str, str]) -> None:
    # Who keeps the file elsewhere and put a link here goes on doing so.
    place = path.resolve()
    private_folder(place.parent)
    # What is printable is written in JSON as in TOML.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items()]
    with temporary_path(place) as made:
        write_chunks(made, ["".join(lines).encode()])
        replace_atomically(made, place)


def shown_database(value: str) -> str:
    """Give what may be shown of a database's path or URL: never a password."""
    try:
        return connect(value).name
    except InputError:
        return f"{value.partition(':')[0]}://***"


def database_names(value: str) -> set[str]:
    """Give the texts by which an error can name a database: its address, its name as shown, its folder."""
    try:
        database = connect(value)
    except InputError as error:
        return {value, *(str(part) for one in error.messages for part in one.values.values())}
    folder = {str(database.path.absolute().parent)} if database.path else set()
    return {value, database.name, *folder}
