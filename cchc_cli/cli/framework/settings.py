"""The user's settings file, read before anything else; without a file this costs one `stat`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_cli.domain.language.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


SETTING_VARIABLES = {
    "agency": "CCHC_AGENCY",
    "author": "CCHC_AUTHOR",
    "language": "CCHC_LANG",
    "database": "CCHC_DB",
    "plan": "CCHC_PLAN",
}
"""The environment variable that overrides each setting."""

OPTION_SETTINGS = {"agency": "agency", "plan": "plan", "by": "author", "code": "plan"}
"""The setting that gives each option its default; `code` is the option --plan of the command `plan`."""


class SavedSettings(NamedTuple):
    """The values of the settings file by name, or why it cannot be used."""

    values: dict[str, str]
    fault: InputError | None = None


def settings_path() -> Path:
    """Give the path of the settings file; it may not exist."""
    # The same path as platformdirs gives, without the cost of importing it; a test compares the two.
    folder, home = (os.environ.get(name, "") for name in ("XDG_CONFIG_HOME", "HOME"))
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel") and home.startswith("/"):
        return Path(folder if folder.startswith("/") else f"{home}/.config") / "cchc" / "config.toml"
    # Other systems.
    from platformdirs import user_config_path

    return user_config_path("cchc", appauthor=False) / "config.toml"


def saved_settings() -> SavedSettings:
    """Read the settings file if there is one. A fault is returned, so that `config` and help still work."""
    try:
        path = settings_path()
        path.stat()
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        return SavedSettings({})
    except OSError:
        # The file exists but cannot be reached: `read_settings` reports it.
        pass
    from cchc_cli.services.maintenance.settings import read_settings

    try:
        return SavedSettings(read_settings(path))
    except InputError as error:
        return SavedSettings({}, error)


def option_defaults(saved: SavedSettings, commands: Iterable[str]) -> dict[str, Any]:
    """Give the defaults of each command's options, without --db: help would show the URL's password."""
    values = saved.values
    options = {option: values[name] for option, name in OPTION_SETTINGS.items() if name in values}
    language = {"lang": values["language"]} if "language" in values else {}
    # A group looks its own commands up by name in its part of the map.
    of_command = {**options, **dict.fromkeys(_REVIEW_COMMANDS, options)}
    return {**dict.fromkeys(commands, of_command), **language}


_REVIEW_COMMANDS = ("close", "list", "diff")
"""The commands in the group `review`."""
