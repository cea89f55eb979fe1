"""`status` in a terminal: one agency in full, or many in a row each."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.domain.wording.requirements import distinguishing_conditions, value_in_words
from cchc_cli.locale import render
from cchc_cli.reports.terminal.figures import many_agencies
from cchc_cli.reports.terminal.layout import Column, grouped_table
from cchc_cli.reports.terminal.lines import head_lines, legend, render_text
from cchc_cli.reports.wording.selection import STATUS_ORDER, agencies_of
from cchc_cli.reports.wording.words import (
    BASIS_WORDS,
    REASON_WORDS,
    STATUS_LOOKS,
    figures_lines,
    late_words,
    period_words,
    requirement_words,
    status_mark,
    status_word,
    value_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Finding

LONGEST_STRIP = 24
"""With more periods than this, the strip shows the count of each status instead of marks."""


def status_view(assessment: Assessment, width: int, *, summary: bool) -> RenderableType:
    """Show one agency in full, or many in a row each; a summary has only the totals."""
    if summary:
        return many_agencies(assessment, width, [])
    if len(assessment.by_agency) == 1:
        return _one_agency(assessment, width)
    return many_agencies(assessment, width, agencies_of(assessment))


def _one_agency(assessment: Assessment, width: int) -> RenderableType:
    agency = assessment.findings[0].agency
    summary = assessment.by_agency[agency.code]
    names = Names(assessment.plan)
    groups: list[tuple[Text, list[tuple[Text, ...]]]] = []
    last_activity = ""
    for _, group in groupby(assessment.findings, key=lambda one: (one.activity.code, one.requirement.code)):
        findings = list(group)
        activity = findings[0].activity
        if activity.code != last_activity:
            last_activity = activity.code
            groups.append((render_text(activity_words(activity), "bold"), []))
        groups[-1][1].append(_requirement_row(findings, names))
    return Group(
        Text(f"{safe(agency.shown)} ({safe(agency.code)})", style="bold"),
        *head_lines(assessment, agency_named=True),
        Text(),
        grouped_table(_AGENCY_COLUMNS, groups, width),
        Text(),
        *map(render_text, figures_lines(summary)),
        legend(summary),
    )


_AGENCY_COLUMNS = (
    Column(message("Requirement")),
    Column(message("Periods"), word=LONGEST_STRIP),
    Column(message("Latest")),
    Column(message("Left")),
)


def _requirement_row(findings: list[Finding], names: Names) -> tuple[Text, ...]:
    now = current(findings)
    requirement = now.requirement
    rule = Text(requirement_words(requirement, now.activity))
    rule.append(f" ({render(BASIS_WORDS[requirement.basis])})", style="dim")
    for condition in distinguishing_conditions(requirement, now.activity, names):
        rule.append(f"; {render(condition)}", style="dim")
    latest = Text(f"{period_words(now.obligation.slot, requirement)}\n{value_words(now)}, ")
    latest.append(status_word(now.status), style=STATUS_LOOKS[now.status].style)
    if now.reason:
        latest.append(f" ({render(REASON_WORDS[now.reason])})")
    if now.late:
        latest.append(f", {late_words(now.late)}")
    return rule, strip(findings), latest, Text(_remaining(now))


def current(findings: Sequence[Finding]) -> Finding:
    """Give the current finding: the last that has begun, else the first upcoming one."""
    begun = [finding for finding in findings if finding.status is not Status.UPCOMING]
    return begun[-1] if begun else findings[0]


def strip(findings: Sequence[Finding]) -> Text:
    """Draw the periods of a requirement as marks in order of time, or count them if there are many."""
    text = Text()
    if len(findings) <= LONGEST_STRIP:
        for finding in findings:
            text.append(status_mark(finding.status), style=STATUS_LOOKS[finding.status].style)
        return text
    for status in STATUS_ORDER:
        number = sum(finding.status is status for finding in findings)
        if number:
            text.append(f"{status_mark(status)}{number} ", style=STATUS_LOOKS[status].style)
    text.rstrip()
    return text


def _remaining(finding: Finding) -> str:
    """Give what is still to do and by when; empty if nothing is."""
    least = finding.obligation.bounds.at_least
    if finding.status not in {Status.PENDING, Status.AT_RISK} or least is None:
        return ""
    left = least - (finding.value or 0)
    if left <= 0:
        return ""
    value = value_in_words(left, finding.requirement.measure, finding.activity)
    return render(message("{left} by {day}", left=value, day=finding.obligation.span.end))
