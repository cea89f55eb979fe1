"""The annex of a report on paper: records and their evidence."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.locale import count_text, day_text, render
from cchc_cli.reports.paper.blocks import (
    Align,
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    join_runs,
    render_run,
    text_row,
)
from cchc_cli.reports.paper.chapters import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.reviews import Report

MOST_RECORDS = 400
"""With more records than this, only their numbers are listed, by agency."""


def annex(report: Report) -> Iterator[Block]:
    """Give the annex: each record with its evidence, or record numbers by agency if there are too many."""
    yield Heading(1, render(message("Annex: records and their evidence")))
    with_evidence = sum(bool(one.execution.evidence) for one in report.executions)
    counts = message(
        "Records: {number}, with evidence: {proved}.",
        number=count_text(len(report.executions)),
        proved=count_text(with_evidence),
    )
    if len(report.executions) > MOST_RECORDS:
        by_agency = message(
            "There are more than {most}, so only their numbers are listed here, by agency; the workbook lists each one.",
            most=count_text(MOST_RECORDS),
        )
        yield Paragraph(join_runs((render_run(counts), render_run(by_agency))))
        yield _agencies_table(report)
        return
    yield Paragraph((render_run(counts),))
    if report.executions:
        yield _records_table(report)


def _records_table(report: Report) -> Table:
    columns = (
        Column(render(message("No.")), 12, Align.RIGHT),
        Column(render(message("Date")), 22),
        Column(render(message("Agency")), 32),
        Column(render(message("Activity")), 52),
        Column(render(message("Evidence")), 42),
    )
    agency_names, plan_names = names_of(report), Names(report.assessment.plan)
    rows = (row for one in report.executions for row in _record_rows(report, one, agency_names, plan_names))
    return Table(columns, tuple(rows))


def _record_rows(
    report: Report, recorded: Recorded, agency_names: dict[str, str], plan_names: Names
) -> Iterator[Row]:
    """Give a row for each piece of evidence; the record itself is described in the first."""
    execution = recorded.execution
    first, *others = execution.evidence or ("",)
    head = text_row(
        str(recorded.no),
        day_text(execution.day),
        agency_names.get(execution.agency, safe(execution.agency)),
        _record_text(report, recorded, plan_names),
    )
    yield (*head, _evidence_run(first))
    for address in others:
        yield (*text_row("", "", "", ""), _evidence_run(address))


def _record_text(report: Report, recorded: Recorded, plan_names: Names) -> SafeText:
    execution = recorded.execution
    parts = [
        render(
            message(
                "{activity}, {amount} {unit}",
                activity=plan_names.activity(execution.activity),
                amount=Number(execution.amount),
                unit=plan_names.unit(execution.activity),
            )
        )
    ]
    parts += [safe(plan_names.form(execution.form))] if execution.form else []
    parts += [safe(execution.title)] if execution.title else []
    parts += [render(message("repeat"))] if execution.repeat else []
    parts += [render(message("recorded late"))] if is_late(recorded, report.assessment.plan) else []
    return SafeText("; ".join(parts))


_WEB = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)


def _evidence_run(address: str) -> Run:
    """Show a piece of evidence; it is a link only if it is a web address without escaped characters."""
    shown = safe(address)
    return Run(shown or "–", link=address if shown == address and _WEB.fullmatch(address) else None)


def _agencies_table(report: Report) -> Table:
    columns = (
        Column(render(message("Agency")), 52),
        Column(render(message("Records")), 20, Align.RIGHT),
        Column(render(message("With evidence")), 24, Align.RIGHT),
        Column(render(message("Numbers of the records")), 64),
    )
    names = names_of(report)
    by_agency: dict[str, list[Recorded]] = {code: [] for code in names}
    for recorded in report.executions:
        by_agency.setdefault(recorded.execution.agency, []).append(recorded)
    rows = (
        _agency_row(names.get(code, safe(code)), records) for code, records in by_agency.items() if records
    )
    return Table(columns, tuple(rows))


def _agency_row(name: str, records: Sequence[Recorded]) -> Row:
    with_evidence = sum(bool(one.execution.evidence) for one in records)
    return text_row(
        name, count_text(len(records)), count_text(with_evidence), ranges(one.no for one in records)
    )


def ranges(numbers: Iterable[int]) -> str:
    """Write whole numbers as ranges: `1–4, 7`."""
    ordered = sorted(set(numbers))
    runs = groupby(enumerate(ordered), key=lambda item: item[1] - item[0])
    bounds = ((members[0][1], members[-1][1]) for members in (list(group) for _, group in runs))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in bounds)
