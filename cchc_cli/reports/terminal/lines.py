"""Lines and tables shared by several commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import safe
from cchc_cli.locale import day_text, render
from cchc_cli.reports.terminal.layout import LONGEST_WORD, Column
from cchc_cli.reports.wording.about import extent_words
from cchc_cli.reports.wording.selection import STATUS_ORDER
from cchc_cli.reports.wording.words import STATUS_LOOKS, calendar_label_words, status_mark, status_word

if TYPE_CHECKING:
    from rich.console import JustifyMethod

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Summary


def render_text(sentence: Message, style: str = "") -> Text:
    """Render a message as Rich text."""
    return Text(render(sentence), style=style)


def plain_table(*headings: Message, right: frozenset[int] = frozenset()) -> Table:
    """Give a table with these headings and no rows yet; `right` has the indexes of right-aligned columns."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    for position, heading in enumerate(headings):
        # By default Rich cuts words that are wider than their column and adds “…”.
        justify: JustifyMethod = "right" if position in right else "left"
        table.add_column(render_text(heading), justify=justify, overflow="fold")
    return table


def head_lines(assessment: Assessment, *, agency_named: bool = False) -> list[Text]:
    """Describe the extent, plan, period and cut-off of a table; skip the agency if it is named above."""
    plan, window = assessment.plan, assessment.window
    shown = calendar_label_words(window.label)
    if shown == window.label:
        shown = f"{day_text(window.span.start)} – {day_text(window.span.end)}"
    day = assessment.cutoff.day
    as_of = (
        message("as of the end of {day}", day=day)
        if assessment.cutoff.over
        else message("today is {day}", day=day)
    )
    extent = assessment.extent
    narrowed = extent_words(extent._replace(top=None) if agency_named and not extent.below else extent)
    return [
        *([Text(narrowed, style="bold")] if narrowed else []),
        render_text(message("{plan} · {window} · {as_of}", plan=plan.code, window=shown, as_of=as_of), "dim"),
    ]


def legend(summary: Summary) -> Text:
    """Explain the marks of the statuses that occur."""
    text = Text()
    for status in STATUS_ORDER:
        if summary.of(status):
            text.append(status_mark(status), style=STATUS_LOOKS[status].style)
            text.append(f" {status_word(status)}   ", style="dim")
    text.rstrip()
    return text


def plan_line(plan: Plan) -> Text:
    """Give the code of the plan."""
    return Text(safe(plan.code), style="dim")


def activity_column(plan: Plan) -> Column:
    """Give the column of activities; it never breaks their codes."""
    longest = max((len(activity.code) for activity in plan.activities), default=1)
    return Column(message("Activity"), word=max(longest, LONGEST_WORD))
