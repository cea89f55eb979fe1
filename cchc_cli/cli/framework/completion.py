"""What a shell offers while somebody types: codes with their names; silent where there are none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from cchc_cli.services.plans.names import Name

_ASKED = bool(os.environ.get("_CCHC_COMPLETE"))
"""Whether a shell asks: Typer looks a completion's signature up wherever a command is built, and no other run is
to pay for that."""


def plans(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plans."""
    return _offered(context, "plans", incomplete)


def agencies(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plan's agencies."""
    return _offered(context, "agencies", incomplete)


def activities(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plan's activities, by code and by alias."""
    return _offered(context, "activities", incomplete)


def reviews(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the plan's reviews."""
    return _offered(context, "reviews", incomplete)


def settings(incomplete: str) -> list[str]:
    """Offer what can be kept."""
    from cchc_cli.services.maintenance.settings import NAMES  # noqa: PLC0415 - only where somebody completes

    return [name for name in NAMES if name.startswith(incomplete)]


def setting_values(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer what the setting named before can be."""
    kinds = {"agency": "agencies", "plan": "plans"}
    name = str(context.params.get("name"))
    if name == "language":
        from cchc_cli.locale import LANGUAGES  # noqa: PLC0415 - the same

        return [(language, "") for language in LANGUAGES if language.startswith(incomplete)]
    return _offered(context, kinds[name], incomplete) if name in kinds else []


def _offered(context: typer.Context, kind: str, incomplete: str) -> list[Name]:
    from cchc_cli.cli.framework.database_choice import database_meant  # noqa: PLC0415 - which has these completions
    from cchc_cli.services.plans.names import known_names  # noqa: PLC0415 - only where somebody completes

    plan = context.params.get("plan") or context.params.get("code")
    try:
        found = known_names(database_meant(context), kind, plan)
    except Exception:  # noqa: BLE001 - whoever types a command must not be told of errors in the middle of it
        return []
    return [(code, _short(name)) for code, name in found if code.startswith(incomplete)]


def _short(name: str) -> str:
    """Keep a name to one line of what a shell shows; Typer would take brackets for markup."""
    name = name.replace("[", "(").replace("]", ")")
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def offer(complete: Callable[..., Any]) -> Callable[..., Any] | None:
    """Give a completion to Typer where a shell asks; else none."""
    return complete if _ASKED else None


_LONGEST = 60
"""Columns: Typer breaks a longer text into lines, which no shell takes."""
