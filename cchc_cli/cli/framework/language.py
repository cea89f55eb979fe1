"""Which language is spoken: decided before Typer reads anything, so that help and errors of usage follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.locale import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VALUED = frozenset({"--db", "--lang"})
"""The options of the whole program that take a value: what follows one of them is no option."""

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen_language(arguments: Sequence[str], environ: Mapping[str, str], setting: str | None = None) -> str:
    """Give one of LANGUAGES: as --lang says, CCHC_LANG, the user's setting, the system's locale; else Vietnamese.

    What is no language of the program is passed over here; where it was asked for, Typer refuses it.
    """
    asked = (_asked(arguments), environ.get("CCHC_LANG"), setting, _of_locale(environ))
    return next((language for language in asked if language in LANGUAGES), LANGUAGES[0])


def _asked(arguments: Sequence[str]) -> str | None:
    """Give the value of the last --lang, before the command or after it; None without one."""
    found = None
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            break
        name, sign, value = argument.partition("=")
        if name in VALUED and not sign:
            value = next(rest, "")
        if name == "--lang":
            found = value
    return found


def _of_locale(environ: Mapping[str, str]) -> str | None:
    """Give the language of the system's locale: `vi` of vi_VN.UTF-8; nothing of C, POSIX or none."""
    # As POSIX says: the first of these that is set decides, and the others are not looked at.
    name = next((environ[key] for key in _LOCALE if environ.get(key)), "")
    return name.replace("-", "_").partition(".")[0].partition("@")[0].partition("_")[0].lower()
