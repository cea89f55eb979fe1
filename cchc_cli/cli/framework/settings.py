"""What is kept for this user in a file, found before anything else is looked at: at most one `stat` without it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_cli.domain.language.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


VARIABLES = {
    "agency": "CCHC_AGENCY",
    "author": "CCHC_AUTHOR",
    "language": "CCHC_LANG",
    "database": "CCHC_DB",
    "plan": "CCHC_PLAN",
}
"""The variable that goes before each setting."""

OPTIONS = {"agency": "agency", "plan": "plan", "by": "author", "code": "plan"}
"""The setting that each option of a command has its default from; `code` is the plan's in the command `plan`."""


class Saved(NamedTuple):
    """What the file keeps, by name; or why it cannot be used."""

    values: dict[str, str]
    fault: InputError | None = None


def settings_path() -> Path:
    """Give the file's place in the user's folder for settings; it need not be there."""
    # As platformdirs has it, which is not loaded for this alone; a test holds the two together.
    folder, home = (os.environ.get(name, "") for name in ("XDG_CONFIG_HOME", "HOME"))
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel") and home.startswith("/"):
        return Path(folder if folder.startswith("/") else f"{home}/.config") / "cchc" / "config.toml"
    from platformdirs import user_config_path  # noqa: PLC0415 - on other systems

    return user_config_path("cchc", appauthor=False) / "config.toml"


def saved_settings() -> Saved:
    """Read the file, where there is one. A fault is kept: what needs no settings still works."""
    try:
        path = settings_path()
        path.stat()
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        return Saved({})
    except OSError:
        # What is there and cannot be reached is told by the reading.
        pass
    from cchc_cli.services.maintenance.settings import read_settings  # noqa: PLC0415 - only where there is a file

    try:
        return Saved(read_settings(path))
    except InputError as error:
        return Saved({}, error)


def defaults(saved: Saved, commands: Iterable[str]) -> dict[str, Any]:
    """Give the defaults of each command's options. Not of --db: help would show what a URL holds."""
    kept = saved.values
    options = {option: kept[name] for option, name in OPTIONS.items() if name in kept}
    language = {"lang": kept["language"]} if "language" in kept else {}
    # A group hands its part of the map on to its commands by their names.
    each = {**options, **dict.fromkeys(_IN_GROUPS, options)}
    return {**dict.fromkeys(commands, each), **language}


_IN_GROUPS = ("close", "list", "diff")
"""The commands of `review`."""
