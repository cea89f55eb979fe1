"""A chapter of a report on paper: open obligations that are short, by agency, with their due days."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.locale import count_text, day_text, render
from cchc_cli.reports.paper.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
    render_run,
    text_row,
)
from cchc_cli.reports.wording.due import outstanding_dues, remaining_words
from cchc_cli.reports.wording.words import STATUS_LOOKS, period_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Agency
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.dues import Due


def outstanding(report: Report, numeral: str) -> Iterator[Block]:
    """Give the chapter with this number: open obligations that are short, by agency."""
    yield Heading(1, render(message("{numeral}. What is still open and short, and by when", numeral=numeral)))
    found = outstanding_dues(report.assessment)
    if not found:
        yield Paragraph((render_run(message("No open obligation is short.")),))
        return
    at_risk = sum(due.finding.status is Status.AT_RISK for due in found)
    counts = message(
        "Open and short: {number} obligations, of which at risk {at_risk}.",
        number=count_text(len(found)),
        at_risk=count_text(at_risk),
    )
    yield Paragraph((render_run(counts),))
    columns = (
        Column(render(message("Agency")), 44),
        Column(render(message("Activity")), 20),
        Column(render(message("Period")), 30),
        Column(render(message("Left to do")), 28),
        Column(render(message("Due by")), 22),
        Column(render(message("Status")), 16),
    )
    by_agency = groupby(found, key=lambda due: due.finding.agency)
    yield Table(columns, tuple(row for agency, dues in by_agency for row in _rows(agency, dues)))


def _rows(agency: Agency, dues: Iterable[Due]) -> Iterator[Row]:
    """Give a row for each due; only the first names the agency."""
    name: str = safe(agency.shown_short)
    for due in dues:
        finding = due.finding
        yield text_row(
            name,
            safe(finding.activity.code),
            SafeText(period_words(finding.obligation.slot, finding.requirement)),
            remaining_words(due),
            day_text(due.by),
            render(STATUS_LOOKS[finding.status].word),
        )
        name = ""
