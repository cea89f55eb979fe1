"""What is due in words: what is left of each duty, and all of it as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.rules import Status
from cchc_cli.domain.text import safe
from cchc_cli.locale import day_text, render
from cchc_cli.reports.due_words import left_of
from cchc_cli.reports.words import BASES, LOOKS, period_words, value_words, word

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cchc_cli.domain.dues import Due, Dues
    from cchc_cli.domain.rules import CutOff


def _say(sentence: Message, style: str = "") -> Text:
    return Text(render(sentence), style=style)


_COLUMNS: tuple[tuple[Message, int | None, int | None], ...] = (
    (message("Due by"), 13, None),
    (message("Agency"), None, 2),
    (message("Duty"), None, 3),
    (message("Left to do"), 13, None),
    (message("Status"), 12, None),
)
"""Heading, width in columns, share of what is left over."""


def dues_view(dues: Dues) -> RenderableType:
    """Show what is due, a row each, and how much of it is at risk."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=True)
    for heading, width, ratio in _COLUMNS:
        table.add_column(_say(heading), width=width, ratio=ratio, overflow="fold")
    for due in dues.dues:
        table.add_row(*_row(due, dues.cutoff))
    at_risk = sum(due.finding.status is Status.AT_RISK for due in dues.dues)
    return Group(
        _head(dues),
        table,
        _say(message("due: {count}, of these at risk: {at_risk}", count=len(dues.dues), at_risk=at_risk)),
    )


def _head(dues: Dues) -> Text:
    day = dues.cutoff.day
    as_of = (
        message("as of the end of {day}", day=day) if dues.cutoff.over else message("today is {day}", day=day)
    )
    return _say(
        message(
            "{plan} · {as_of} · due within {within} days",
            plan=dues.plan.code,
            as_of=as_of,
            within=dues.within,
        ),
        "dim",
    )


def _row(due: Due, cutoff: CutOff) -> list[Text]:
    finding = due.finding
    days = (due.by - cutoff.day).days
    last = Text(day_text(due.by))
    last.append("\n")
    last.append(render(message("days left {days}", days=days)) if days else render(message("today")), "dim")
    duty = Text(f"{safe(finding.activity.code)}  {safe(finding.activity.title)}\n")
    period = period_words(finding.obligation.slot, finding.requirement)
    duty.append(f"{safe(finding.requirement.code)} · {period}", "dim")
    left = Text(left_of(due))
    left.append(f"\n{value_words(finding)}", "dim")
    status = Text(word(finding.status), LOOKS[finding.status].style)
    status.append(f"\n{render(BASES[finding.requirement.basis])}", "dim")
    return [last, Text(safe(finding.agency.shown_short)), duty, left, status]
