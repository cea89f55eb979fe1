"""The settings file: small TOML, written atomically, readable by its owner only."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import InputError, Message, StorageError, message
from cchc_cli.domain.plan.fields import unknown_word
from cchc_cli.locale import LANGUAGES
from cchc_cli.services.files.safe_open import open_regular
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.files import private_folder, replace_atomically, temporary_path, write_chunks
from cchc_cli.storage.schema.revisions import is_ready

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMES = ("agency", "author", "language", "database", "plan")
"""The settings; `cchc config` lists them in this order."""

_LARGEST_BYTES = 1 << 20
"""A settings file is at most so many bytes."""


def read_settings(path: Path) -> dict[str, str]:
    """Give the settings of the file by name. Raises InputError, which names the file, where it is invalid."""
    return _validate(path, _parse_file(path))


def change_setting(path: Path, name: str, value: str | None) -> bool:
    """Set a value, or with None remove it; give whether that changed the file.

    A database's path is stored as an absolute path. Raises InputError for an unknown_word name, for an invalid
    value, and where the file would still be invalid; then it stays as it was.
    """
    kept = _parse_file(path) if path.exists() else {}
    if name not in {*NAMES, *(kept if value is None else ())}:
        raise InputError(unknown_word(message("setting"), name, NAMES))
    changed = {**kept, name: _normalise(name, value)} if value is not None else _remove(kept, name)
    _validate(path, changed)
    if changed == kept:
        return False
    _write(path, changed)
    return True


def _remove(kept: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {known: value for known, value in kept.items() if known != name}


def _normalise(name: str, value: str) -> str:
    """Give the value as it is stored. Raises InputError."""
    value = value.strip()
    fault = _value_fault(name, value)
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


def _parse_file(path: Path) -> dict[str, Any]:
    try:
        with open_regular(path, _LARGEST_BYTES, follow=True) as file:
            # Notepad on Windows writes a byte order mark.
            return tomllib.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _unreadable_error(path, message("not UTF-8 text")) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable_error(path, message("{reason}", reason=str(error))) from error


def _unreadable_error(path: Path, reason: Message) -> InputError:
    return InputError(
        message(
            "{path}: these settings cannot be read: {reason}; correct the file, or delete it and type: cchc config set",
            path=str(path),
            reason=reason,
        )
    )


def _validate(path: Path, found: Mapping[str, Any]) -> dict[str, str]:
    faults = [_fault_in_file(path, name, value) for name, value in found.items()]
    wrong = [fault for fault in faults if fault]
    if wrong:
        raise InputError(*wrong)
    return dict(found)


def _fault_in_file(path: Path, name: str, value: object) -> Message | None:
    if name not in NAMES:
        what = unknown_word(message("setting"), name, NAMES)
        return message("{path}: {what}; type: cchc config unset {name}", path=str(path), what=what, name=name)
    fault = _value_fault(name, value)
    if fault is None:
        return None
    return message(
        "{path}: {what}; type: cchc config set {name} VALUE", path=str(path), what=fault, name=name
    )


def _value_fault(name: str, value: object) -> Message | None:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return message("the setting {name} must be a text on one line", name=name)
    if name == "language" and value not in LANGUAGES:
        return message("the language “{text}” is none of {known}", text=value, known=list(LANGUAGES))
    return None


def _write(path: Path, settings: Mapping[str, str]) -> None:
    # A symbolic link stays a link: its target is replaced.
    place = path.resolve()
    private_folder(place.parent)
    # A string of printable characters is the same in JSON and TOML.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items()]
    with temporary_path(place) as made:
        write_chunks(made, ["".join(lines).encode()])
        replace_atomically(made, place)


def database_without_password(value: str) -> str:
    """Give a database's path or URL without a password, for output."""
    try:
        return connect(value).name
    except InputError:
        return f"{value.partition(':')[0]}://***"


def database_names(value: str) -> set[str]:
    """Give the texts by which an error can name a database: path or URL, displayed name, folder."""
    try:
        database = connect(value)
    except InputError as error:
        return {value, *(str(part) for one in error.messages for part in one.values.values())}
    folder = {str(database.path.absolute().parent)} if database.path else set()
    return {value, database.name, *folder}
