"""Shell completion: codes with their names; empty, without any error, if they cannot be read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from cchc_cli.services.plans.names import Name

_COMPLETING = bool(os.environ.get("_CCHC_COMPLETE"))
"""Whether a shell is asking for completions. Typer inspects each completion function whenever it builds a command;
other runs skip that cost."""


def plans(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plans."""
    return _candidates(context, "plans", incomplete)


def agencies(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plan's agencies."""
    return _candidates(context, "agencies", incomplete)


def activities(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plan's activities, by code and by alias."""
    return _candidates(context, "activities", incomplete)


def reviews(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plan's reviews."""
    return _candidates(context, "reviews", incomplete)


def settings(incomplete: str) -> list[str]:
    """Offer the names of settings."""
    from cchc_cli.services.maintenance.settings import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def setting_values(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer values of the setting typed before."""
    kinds = {"agency": "agencies", "plan": "plans"}
    name = str(context.params.get("name"))
    if name == "language":
        from cchc_cli.locale import LANGUAGES

        return [(language, "") for language in LANGUAGES if language.startswith(incomplete)]
    return _candidates(context, kinds[name], incomplete) if name in kinds else []


def _candidates(context: typer.Context, kind: str, incomplete: str) -> list[Name]:
    from cchc_cli.cli.framework.database_choice import chosen_database
    from cchc_cli.services.plans.names import known_names

    plan = context.params.get("plan") or context.params.get("code")
    try:
        found = known_names(chosen_database(context), kind, plan)
    except Exception:  # noqa: BLE001 - an error message would break the line that is being typed
        return []
    return [(code, _shorten(name)) for code, name in found if code.startswith(incomplete)]


def _shorten(name: str) -> str:
    """Cut a name to one line of the shell's list; Typer would read brackets as markup."""
    name = name.replace("[", "(").replace("]", ")")
    return name if len(name) <= _MAX_WIDTH else f"{name[: _MAX_WIDTH - 1].rstrip()}…"


def completer(complete: Callable[..., Any]) -> Callable[..., Any] | None:
    """Give a completion function for Typer if a shell is asking for completions; else None."""
    return complete if _COMPLETING else None


_MAX_WIDTH = 60
"""In columns: Typer wraps a longer text, and shells take only one line."""
