"""A chapter of a report on paper: what is open and short, agency by agency, with the day by which it is due."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.verdicts.dues import due_of
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.locale import day_text
from cchc_cli.reports.paper.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
    cells,
    number,
    say,
    told,
)
from cchc_cli.reports.wording.about import agencies_of
from cchc_cli.reports.wording.due import left_of
from cchc_cli.reports.wording.words import LOOKS, period_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.results import Assessment, Report
    from cchc_cli.domain.verdicts.dues import Due


def outstanding_of(assessment: Assessment) -> list[Due]:
    """Give what is open and short: agencies furthest behind first, of each by the day, then by the plan."""
    ranks = {agency.code: rank for rank, agency in enumerate(agencies_of(assessment))}
    open_ = (one for one in assessment.findings if one.status is not Status.UPCOMING)
    found = filter(None, map(due_of, open_))
    return sorted(found, key=lambda due: (ranks[due.finding.agency.code], due.by))


def outstanding(report: Report, numeral: str) -> Iterator[Block]:
    """Give the chapter of this number: every agency with something open and short, and each of these with its day."""
    yield Heading(1, told(message("{numeral}. What is still open and short, and by when", numeral=numeral)))
    found = outstanding_of(report.assessment)
    if not found:
        yield Paragraph((say(message("Nothing that is open is short.")),))
        return
    at_risk = sum(due.finding.status is Status.AT_RISK for due in found)
    counts = message(
        "Open and short: {number} obligations, of which at risk {at_risk}.",
        number=number(len(found)),
        at_risk=number(at_risk),
    )
    yield Paragraph((say(counts),))
    columns = (
        Column(told(message("Agency")), 44),
        Column(told(message("Activity")), 20),
        Column(told(message("Period")), 30),
        Column(told(message("Left to do")), 28),
        Column(told(message("Due by")), 22),
        Column(told(message("Status")), 16),
    )
    yield Table(columns, tuple(row for _, dues in _by_agency(found) for row in _rows(dues)))


def _by_agency(found: list[Due]) -> Iterator[tuple[str, list[Due]]]:
    for code, dues in groupby(found, key=lambda due: due.finding.agency.code):
        yield code, list(dues)


def _rows(dues: list[Due]) -> Iterator[Row]:
    """Give a row each, the agency's name in the first of its rows."""
    agency = dues[0].finding.agency
    name: str = safe(agency.shown_short)
    for due in dues:
        finding = due.finding
        yield cells(
            name,
            safe(finding.activity.code),
            SafeText(period_words(finding.obligation.slot, finding.requirement)),
            left_of(due),
            day_text(due.by),
            told(LOOKS[finding.status].word),
        )
        name = ""
