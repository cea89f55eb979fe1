"""`history` in a terminal: records in a row each, or every version of one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.locale import day_text, format_value, moment_text, number_text, render
from cchc_cli.reports.terminal.layout import Column, table
from cchc_cli.reports.terminal.lines import activity_column, plan_line, render_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded


def history_view(records: Sequence[Recorded], plan: Plan, width: int) -> RenderableType:
    """Show a row for each record, and their number."""
    names = Names(plan)
    agencies = {agency.code: agency.shown_short for agency in plan.agencies}
    columns = (
        Column(message("No."), right=True, whole=True),
        Column(message("Date"), whole=True),
        Column(message("Agency")),
        activity_column(plan),
        Column(message("Amount"), right=True),
        Column(message("Title")),
    )
    rows = [
        (
            Text(str(one.no)),
            Text(day_text(one.execution.day)),
            Text(safe(agencies.get(one.execution.agency, one.execution.agency))),
            Text(format_value(names.activity(one.execution.activity))),
            Text(f"{number_text(one.execution.amount)} {safe(names.unit(one.execution.activity))}"),
            _description(one, plan, names),
        )
        for one in records
    ]
    voided = sum(one.voided for one in records)
    return Group(
        plan_line(plan),
        table(columns, rows, width),
        render_text(
            message("records: {number}, of these voided: {voided}", number=len(records), voided=voided)
        ),
    )


def _description(recorded: Recorded, plan: Plan, names: Names) -> Text:
    execution = recorded.execution
    text = Text(safe(execution.title or ""))
    marks: list[str] = []
    if execution.form:
        marks.append(safe(names.form(execution.form)))
    if execution.repeat:
        marks.append(render(message("repeat")))
    if recorded.voided:
        marks.append(render(message("voided")))
    if is_late(recorded, plan):
        marks.append(render(message("recorded late")))
    if marks:
        text.append(
            f" [{', '.join(marks)}]".lstrip() if not execution.title else f" [{', '.join(marks)}]",
            style="dim",
        )
    return text


def versions_view(records: Sequence[Recorded], plan: Plan) -> RenderableType:
    """Show every version of one record in full, field by field."""
    labels = max(render_text(label).cell_len for label, _ in _fields(records[0], plan))
    parts: list[RenderableType] = []
    for recorded in records:
        heading = render_text(message("Version {version}", version=recorded.version), "bold")
        if recorded.voided:
            voided = render(message("voided"))
            heading.append(f" [{voided}]")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=labels)
        grid.add_column(overflow="fold")
        for label, value in _fields(recorded, plan):
            if value:
                grid.add_row(render_text(label, "dim"), Text(value))
        parts.extend((heading, Padding(grid, (0, 0, 0, 2))))
    return Group(plan_line(plan), *parts)


def _fields(recorded: Recorded, plan: Plan) -> Iterator[tuple[Message, str]]:
    """Give the labels and values of a version; a value may be empty. Each piece of evidence has its own line."""
    execution = recorded.execution
    names = {agency.code: agency.shown_short for agency in plan.agencies}
    plan_names = Names(plan)
    form: str = safe(plan_names.form(execution.form)) if execution.form else ""
    if execution.repeat:
        form = ", ".join(filter(None, (form, render(message("repeat")))))
    yield message("No."), str(recorded.no)
    yield message("Agency"), safe(names.get(execution.agency, execution.agency))
    yield message("Activity"), format_value(plan_names.activity(execution.activity))
    yield message("Date"), day_text(execution.day)
    yield message("Amount"), f"{number_text(execution.amount)} {safe(plan_names.unit(execution.activity))}"
    yield message("Form"), form
    yield message("Title"), safe(execution.title or "")
    for address in execution.evidence or ("",):
        yield message("Evidence"), safe(address)
    yield message("Note"), safe(execution.note or "")
    yield message("By"), safe(recorded.author)
    yield message("Recorded"), moment_text(recorded.recorded_at.astimezone(ZoneInfo(plan.timezone)))
    yield message("Late"), render(message("recorded late")) if is_late(recorded, plan) else ""
    yield message("Change"), str(recorded.change)
    yield message("Reason"), safe(recorded.reason or "")
