"""`cchc plan`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.options import PlainFormat, PlanCode, TextOrJson, existing, now
from cchc_cli.cli.terminal import answer, show


def plan(
    context: typer.Context,
    activity: Annotated[str | None, typer.Argument(help="One activity in full: its code or alias.")] = None,
    code: PlanCode = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Show what the plan asks for: activities, roles, requirements, stated or interpreted."""
    from cchc_cli.services.plans import show_plan  # noqa: PLC0415

    found = show_plan(existing(context), code, now(), activity)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.documents import plan_document, to_json  # noqa: PLC0415

        answer(to_json(plan_document(found)) + "\n")
        return
    from cchc_cli.reports.tables import plan_view  # noqa: PLC0415

    show(lambda _: plan_view(found))
