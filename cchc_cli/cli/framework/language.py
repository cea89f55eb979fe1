"""The language of the output: chosen before Typer parses anything, so that help and usage errors are in it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.locale import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPTIONS_WITH_VALUE = frozenset({"--db", "--lang"})
"""Global options that take a value: the argument after one of them is not an option."""

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen_language(arguments: Sequence[str], environ: Mapping[str, str], setting: str | None = None) -> str:
    """Give one of LANGUAGES: from --lang, CCHC_LANG, the user's setting or the system's locale; else Vietnamese.

    Unknown languages are skipped here; Typer refuses those of --lang and CCHC_LANG later.
    """
    candidates = (_typed_language(arguments), environ.get("CCHC_LANG"), setting, _locale_language(environ))
    return next((language for language in candidates if language in LANGUAGES), LANGUAGES[0])


def _typed_language(arguments: Sequence[str]) -> str | None:
    """Give the value of the last --lang, before the command or after it; None without one."""
    found = None
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            break
        name, sign, value = argument.partition("=")
        if name in OPTIONS_WITH_VALUE and not sign:
            value = next(rest, "")
        if name == "--lang":
            found = value
    return found


def _locale_language(environ: Mapping[str, str]) -> str | None:
    """Give the language of the system's locale: `vi` of vi_VN.UTF-8; empty for C, POSIX or no locale."""
    # As in POSIX, the first of these variables that is set decides alone.
    name = next((environ[key] for key in _LOCALE if environ.get(key)), "")
    return name.replace("-", "_").partition(".")[0].partition("@")[0].partition("_")[0].lower()
