"""The annex of a report on paper: what was recorded, and what proves it."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import Shown, safe
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
    from cchc_cli.domain.results import Report

MOST_RECORDS = 400
"""More records than this are listed by agency and number instead of one by one."""


def evidence(report: Report) -> Iterator[Block]:
    """Give the annex: what was recorded and what proves it; many records by agency, and it says so."""
    yield Heading(1, render(message("Annex: records and their evidence")))
    proved = sum(bool(one.execution.evidence) for one in report.executions)
    counts = message(
        "Records: {number}, with evidence: {proved}.",
        number=count_text(len(report.executions)),
        proved=count_text(proved),
    )
    if len(report.executions) > MOST_RECORDS:
        gathered = message(
            "There are more than {most}, so they stand here by agency, with their numbers; the workbook lists each one.",
            most=count_text(MOST_RECORDS),
        )
        yield Paragraph(join_runs((render_run(counts), render_run(gathered))))
        yield _records_by_agency(report)
        return
    yield Paragraph((render_run(counts),))
    if report.executions:
        yield _each_record(report)


def _each_record(report: Report) -> Table:
    columns = (
        Column(render(message("No.")), 12, Align.RIGHT),
        Column(render(message("Date")), 22),
        Column(render(message("Agency")), 32),
        Column(render(message("Activity")), 52),
        Column(render(message("Evidence")), 42),
    )
    names, called = names_of(report), Names(report.assessment.plan)
    rows = (row for one in report.executions for row in _record_rows(report, one, names, called))
    return Table(columns, tuple(rows))


def _record_rows(report: Report, recorded: Recorded, names: dict[str, str], called: Names) -> Iterator[Row]:
    """Give a row for each piece of evidence, the first of them with what it proves."""
    execution = recorded.execution
    first, *others = execution.evidence or ("",)
    head = text_row(
        str(recorded.no),
        day_text(execution.day),
        names.get(execution.agency, safe(execution.agency)),
        _what(report, recorded, called),
    )
    yield (*head, _proof(first))
    for address in others:
        yield (*text_row("", "", "", ""), _proof(address))


def _what(report: Report, recorded: Recorded, called: Names) -> Shown:
    execution = recorded.execution
    parts = [
        render(
            message(
                "{activity}, {amount} {unit}",
                activity=called.activity(execution.activity),
                amount=Number(execution.amount),
                unit=called.unit(execution.activity),
            )
        )
    ]
    parts += [safe(called.form(execution.form))] if execution.form else []
    parts += [safe(execution.title)] if execution.title else []
    parts += [render(message("repeat"))] if execution.repeat else []
    parts += [render(message("recorded late"))] if is_late(recorded, report.assessment.plan) else []
    return Shown("; ".join(parts))


_WEB = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)


def _proof(address: str) -> Run:
    """Show evidence; only a web address that shows as it is becomes a link."""
    shown = safe(address)
    return Run(shown or "–", link=address if shown == address and _WEB.fullmatch(address) else None)


def _records_by_agency(report: Report) -> Table:
    columns = (
        Column(render(message("Agency")), 52),
        Column(render(message("Records")), 20, Align.RIGHT),
        Column(render(message("With evidence")), 24, Align.RIGHT),
        Column(render(message("Numbers of the records")), 64),
    )
    names = names_of(report)
    found: dict[str, list[Recorded]] = {code: [] for code in names}
    for recorded in report.executions:
        found.setdefault(recorded.execution.agency, []).append(recorded)
    rows = (_gathered(names.get(code, safe(code)), records) for code, records in found.items() if records)
    return Table(columns, tuple(rows))


def _gathered(name: str, records: Sequence[Recorded]) -> Row:
    proved = sum(bool(one.execution.evidence) for one in records)
    return text_row(name, count_text(len(records)), count_text(proved), ranges(one.no for one in records))


def ranges(numbers: Iterable[int]) -> str:
    """Write whole numbers shortly: `1–4, 7`."""
    ordered = sorted(set(numbers))
    runs = groupby(enumerate(ordered), key=lambda item: item[1] - item[0])
    bounds = ((members[0][1], members[-1][1]) for members in (list(group) for _, group in runs))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in bounds)
