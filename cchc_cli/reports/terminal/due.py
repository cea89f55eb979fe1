"""`due` in a terminal: a row for each open obligation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import days
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.locale import day_text, render
from cchc_cli.reports.terminal.layout import LONGEST_WORD, Column, table
from cchc_cli.reports.terminal.lines import render_text
from cchc_cli.reports.wording.about import extent_words
from cchc_cli.reports.wording.due import remaining_words
from cchc_cli.reports.wording.words import BASIS_WORDS, STATUS_LOOKS, period_words, status_word, value_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cchc_cli.domain.verdicts.dues import Due, Dues
    from cchc_cli.domain.verdicts.rules import CutOff


_COLUMNS = (
    Column(message("Due by")),
    Column(message("Agency")),
    Column(message("Duty")),
    Column(message("Left to do")),
    Column(message("Status")),
)


def dues_view(dues: Dues, width: int) -> RenderableType:
    """Show a row for each due obligation, and count those at risk."""
    longest = max((len(due.finding.activity.code) for due in dues.dues), default=1)
    columns = [column._replace(word=max(longest, LONGEST_WORD)) for column in _COLUMNS]
    names = Names(dues.plan)
    at_risk = sum(due.finding.status is Status.AT_RISK for due in dues.dues)
    return Group(
        *([Text(extent, style="bold")] if (extent := extent_words(dues.extent)) else []),
        _head(dues),
        table(columns, [_row(due, dues.cutoff, names) for due in dues.dues], width),
        render_text(
            message("due: {count}, of these at risk: {at_risk}", count=len(dues.dues), at_risk=at_risk)
        ),
    )


def _head(dues: Dues) -> Text:
    day = dues.cutoff.day
    as_of = (
        message("as of the end of {day}", day=day) if dues.cutoff.over else message("today is {day}", day=day)
    )
    return render_text(
        message(
            "{plan} · {as_of} · due within {within}",
            plan=dues.plan.code,
            as_of=as_of,
            within=days(dues.within),
        ),
        "dim",
    )


def _row(due: Due, cutoff: CutOff, names: Names) -> list[Text]:
    finding = due.finding
    ahead = (due.by - cutoff.day).days
    last = Text(day_text(due.by))
    last.append("\n")
    last.append(render(message("days left {days}", days=ahead)) if ahead else render(message("today")), "dim")
    duty = render_text(activity_words(finding.activity)).append("\n")
    period = SafeText(period_words(finding.obligation.slot, finding.requirement))
    asked = names.requirement(finding.activity.code, finding.requirement.code)
    duty.append(render(message("{duty} · {period}", duty=asked, period=period)), "dim")
    left = Text(remaining_words(due))
    left.append(f"\n{value_words(finding)}", "dim")
    status = Text(status_word(finding.status), STATUS_LOOKS[finding.status].style)
    status.append(f"\n{render(BASIS_WORDS[finding.requirement.basis])}", "dim")
    return [last, Text(safe(finding.agency.shown_short)), duty, left, status]
