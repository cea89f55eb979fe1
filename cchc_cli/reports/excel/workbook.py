"""A report as a workbook (XLSX) to filter, sort and calculate with; dates and numbers are typed cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import json_number, optional_json_number
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText
from cchc_cli.domain.plan.model import Basis, Measure
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.records.hash_chain import marked_head
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.domain.wording.requirements import unit_words
from cchc_cli.locale import format_value, render
from cchc_cli.reports.excel.sheets import (
    DAY,
    HEADING,
    MOMENT,
    NO_RATE,
    NUMBER,
    SHARE,
    TITLE,
    WRAPPED,
    Book,
    Column,
    Row,
    Value,
)
from cchc_cli.reports.wording.about import HOW_TO_READ, as_of_words, extent_words, facts, local_time, subject
from cchc_cli.reports.wording.selection import STATUS_ORDER, agencies_of, duties_of
from cchc_cli.reports.wording.words import (
    BASIS_TITLES,
    BASIS_WORDS,
    REASON_WORDS,
    STATUS_LOOKS,
    period_words,
    status_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.findings import Finding, Ratio, Summary

_MEASURE_WORDS: dict[Measure, Message] = {
    Measure.EXECUTIONS: message("number of times"),
    Measure.AMOUNT: message("sum of the amounts"),
    Measure.DAYS: message("number of days"),
    Measure.FORMS: message("number of forms"),
    Measure.GAP: message("longest gap"),
    Measure.STOCK: message("stock at the end"),
    Measure.LATEST: message("latest reading"),
}

_VERDICTS = (
    Column(message("Agency’s code"), 16, WRAPPED),
    Column(message("Agency"), 28, WRAPPED),
    Column(message("Activity’s code"), 10, WRAPPED),
    Column(message("Activity"), 32, WRAPPED),
    Column(message("Requirement"), 24, WRAPPED),
    Column(message("Basis"), 13, WRAPPED),
    Column(message("Period"), 15, WRAPPED),
    Column(message("From"), 12, DAY),
    Column(message("To"), 12, DAY),
    Column(message("Measure"), 15, WRAPPED),
    Column(message("Unit"), 8),
    Column(message("At least"), 8, NUMBER),
    Column(message("At most"), 8, NUMBER),
    Column(message("Value"), 9, NUMBER),
    Column(message("Executions"), 10, NUMBER),
    Column(message("Status"), 13),
    Column(message("Reason"), 18, WRAPPED),
)
_STATUS_AT = 16
_RECORDED_LATE = Column(message("Recorded late"), 10, NUMBER)

_EXECUTIONS = (
    Column(message("No."), 8, NUMBER),
    Column(message("Identity"), 20, WRAPPED),
    Column(message("Date"), 12, DAY),
    Column(message("Agency’s code"), 15, WRAPPED),
    Column(message("Agency"), 26, WRAPPED),
    Column(message("Activity’s code"), 11),
    Column(message("Activity"), 28, WRAPPED),
    Column(message("Amount"), 10, NUMBER),
    Column(message("Unit"), 9),
    Column(message("Form"), 16, WRAPPED),
    Column(message("Repeat"), 8),
    Column(message("Title"), 28, WRAPPED),
    Column(message("Evidence"), 34, WRAPPED),
    Column(message("Note"), 20, WRAPPED),
    Column(message("Id of the agency’s own"), 14, WRAPPED),
    Column(message("By"), 13, WRAPPED),
    Column(message("Recorded"), 18, MOMENT),
)
_LATE = Column(message("Late"), 8)


def _figure_columns(basis: Basis | None) -> list[Column]:
    """Give the columns of both ratios, each after its two numbers."""
    headings = (
        (message("Due"), NUMBER),
        (message("Of these met"), NUMBER),
        (message("Met of what is due"), SHARE),
        (message("Begun"), NUMBER),
        (message("Of these met"), NUMBER),
        (message("Progress"), SHARE),
        (message("Decided at their end"), NUMBER),
    )
    return [
        Column(
            heading
            if basis is None
            else message("{figure}, {basis}", figure=heading, basis=BASIS_WORDS[basis]),
            12,
            style,
        )
        for heading, style in headings
    ]


_AGENCIES = (
    Column(message("Agency’s code"), 18),
    Column(message("Agency"), 44, WRAPPED),
    Column(message("Obligations"), 11, NUMBER),
    *(Column(STATUS_LOOKS[status].word, 12, NUMBER) for status in STATUS_ORDER),
    Column(message("Nothing done, so nothing above the maximum"), 14, NUMBER),
    *(column for basis in (None, *Basis) for column in _figure_columns(basis)),
)

_ABOUT_WIDTHS = (26, 68, *(13 for _ in STATUS_ORDER), *(11 for _ in range(7)))
_YES = message("yes")


def render_report(report: Report) -> bytes:
    """Give the report as an XLSX file; the same report gives the same bytes."""
    assessment, plan = report.assessment, report.assessment.plan
    late = plan.log_within_days is not None
    extent = extent_words(assessment.extent) or ""
    mark = marked_head(assessment.chain)
    book = Book(assessment.cutoff.day, subject(report), extent, as_of_words(assessment), mark)
    verdicts = [*_VERDICTS, _RECORDED_LATE] if late else [*_VERDICTS]
    executions = [*_EXECUTIONS, _LATE] if late else [*_EXECUTIONS]
    book.table(message("Verdicts"), verdicts, _verdicts(assessment), _STATUS_AT)
    book.table(message("Executions"), executions, _executions(report))
    book.table(message("Agencies"), _AGENCIES, _agencies(assessment))
    book.page(message("About"), _ABOUT_WIDTHS, _about(report))
    return book.finish()


def _verdicts(assessment: Assessment) -> Iterator[Row]:
    late, names = assessment.plan.log_within_days is not None, Names(assessment.plan)
    for finding in assessment.findings:
        yield [*_duty_cells(finding, names), *_result_cells(finding), *([finding.late] if late else [])]


def _duty_cells(finding: Finding, names: Names) -> Iterator[Value]:
    agency, activity, requirement = finding.agency, finding.activity, finding.requirement
    yield from (agency.code, agency.shown, activity.code, activity.title)
    yield format_value(names.requirement(activity.code, requirement.code))
    yield render(BASIS_TITLES[requirement.basis])


def _result_cells(finding: Finding) -> Iterator[Value]:
    obligation, requirement = finding.obligation, finding.requirement
    yield SafeText(period_words(obligation.slot, requirement))
    yield from obligation.span
    yield render(_MEASURE_WORDS[requirement.measure])
    yield format_value(unit_words(requirement.measure, finding.activity))
    yield from map(optional_json_number, obligation.bounds)
    yield optional_json_number(finding.value)
    yield finding.executions
    yield status_word(finding.status)
    yield render(REASON_WORDS[finding.reason]) if finding.reason else None


def _executions(report: Report) -> Iterator[Row]:
    plan = report.assessment.plan
    names = {agency.code: agency.shown for agency in plan.agencies}
    activities = {activity.code: activity for activity in plan.activities}
    plan_names = Names(plan)
    for recorded in report.executions:
        done = recorded.execution
        activity = activities.get(done.activity)
        yield [
            *(recorded.no, str(recorded.uid), done.day, done.agency, names.get(done.agency), done.activity),
            activity.title if activity else None,
            json_number(done.amount),
            activity.unit.name if activity else None,
            plan_names.form(done.form) if done.form else None,
            render(_YES) if done.repeat else None,
            done.title,
            _evidence_cell(done.evidence),
            done.note,
            done.external_id,
            recorded.author,
            local_time(recorded.recorded_at, plan.timezone).replace(tzinfo=None, microsecond=0),
            *([] if plan.log_within_days is None else [render(_YES) if is_late(recorded, plan) else None]),
        ]


def _evidence_cell(pieces: tuple[str, ...]) -> str | None:
    """Join pieces of evidence with the separator that rows files use."""
    return "; ".join(pieces) or None


def _agencies(assessment: Assessment) -> Iterator[Row]:
    for agency in agencies_of(assessment):
        summary = assessment.by_agency[agency.code]
        figures = (value for basis in ((), *((one,) for one in Basis)) for value in _figures(summary, *basis))
        yield [
            *(agency.code, agency.shown, summary.obligations),
            *_counts(summary),
            summary.untouched(),
            *figures,
        ]


def _counts(summary: Summary, *bases: Basis) -> list[Value]:
    return [summary.of(status, *bases) for status in STATUS_ORDER]


def _figures(summary: Summary, *bases: Basis) -> list[Value]:
    """Give the cells of `_figure_columns`."""
    figures = summary.figures(*bases)
    return [
        *(figures.settled, figures.settled_met, _ratio_cell(figures.rate)),
        *(figures.begun, figures.begun_met, _ratio_cell(figures.progress)),
        figures.running,
    ]


def _ratio_cell(ratio: Ratio) -> Value:
    return NO_RATE if ratio.value is None else ratio.value


def _about(report: Report) -> Iterator[tuple[str, Row]]:
    summary = report.assessment.summary
    for name, value in facts(report):
        yield TITLE, [name, value]
    yield TITLE, []
    words = [status_word(status) for status in STATUS_ORDER]
    figures = [render(column.heading) for column in _figure_columns(None)]
    yield HEADING, [render(message("Basis")), render(message("Requirements")), *words, *figures]
    asked = [one.basis for _, one in duties_of(report.assessment)]
    yield TITLE, [render(message("All")), len(asked), *_counts(summary), *_figures(summary)]
    for basis in Basis:
        counts = [asked.count(basis), *_counts(summary, basis), *_figures(summary, basis)]
        yield TITLE, [render(BASIS_TITLES[basis]), *counts]
    yield TITLE, []
    for sentence in HOW_TO_READ:
        yield TITLE, [None, render(sentence)]
