"""The roster in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.locale import day_text, format_value, render
from cchc_cli.reports.terminal.layout import Column, table
from cchc_cli.reports.terminal.lines import plan_line, render_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cchc_cli.domain.plan.model import Agency, Plan


def agencies_view(plan: Plan, above: dict[str, str], width: int) -> RenderableType:
    """Show the roster, each agency with the name of its parent; `above` has the names of parents by code."""
    names = Names(plan)
    columns = (
        Column(message("Code"), whole=True),
        Column(message("Name")),
        Column(message("Kind")),
        Column(message("Under")),
        Column(message("Exists")),
    )
    rows = [
        (
            Text(safe(agency.code)),
            Text(safe(agency.shown)),
            Text(format_value(names.kind(agency.kind))),
            Text(safe(above.get(agency.parent or "", agency.parent or ""))),
            Text(_existence(agency)),
        )
        for agency in plan.agencies
    ]
    kinds = [
        message("{name} ({code})", name=names.kind(kind), code=kind)
        for kind in dict.fromkeys(agency.kind for agency in plan.agencies)
    ]
    return Group(
        plan_line(plan),
        table(columns, rows, width),
        render_text(message("agencies: {agencies}", agencies=len(plan.agencies))),
        # The codes that --kind accepts.
        *([render_text(message("kinds: {kinds}", kinds=kinds), "dim")] if kinds else []),
    )


def _existence(agency: Agency) -> str:
    if agency.start and agency.end:
        return f"{day_text(agency.start)} – {day_text(agency.end)}"
    if agency.end:
        return render(message("until {day}", day=agency.end))
    return render(message("from {day}", day=agency.start)) if agency.start else ""
