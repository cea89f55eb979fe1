"""Waivers in a terminal, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.locale import day_text, format_value, render
from cchc_cli.reports.terminal.layout import Column, table
from cchc_cli.reports.terminal.lines import activity_column, plan_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.waiver import RecordedWaiver


def waivers_view(waivers: Iterable[RecordedWaiver], plan: Plan, width: int) -> RenderableType:
    """Show waivers, a row each."""
    names = Names(plan)
    agencies = {agency.code: agency.shown_short for agency in plan.agencies}
    columns = (
        Column(message("No."), right=True, whole=True),
        Column(message("Agency")),
        activity_column(plan),
        Column(message("Days")),
        Column(message("Reason")),
    )
    rows = []
    for recorded in waivers:
        waiver = recorded.waiver
        reason = Text(safe(waiver.reason))
        if waiver.document:
            reason.append(f" ({safe(waiver.document)})", style="dim")
        if recorded.ended:
            ended = render(message("ended"))
            reason.append(f" [{ended}]", style="dim")
        rows.append(
            (
                Text(str(recorded.no)),
                Text(safe(agencies[waiver.agency])),
                Text(format_value(names.duty(waiver.activity, waiver.requirement))),
                Text(f"{day_text(waiver.span.start)} – {day_text(waiver.span.end)}"),
                reason,
            )
        )
    return Group(plan_line(plan), table(columns, rows, width))
