"""The chapters of a report on paper: results by activity and by agency, and waivers."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.findings import summary_of
from cchc_cli.domain.verdicts.rules import Reason, Status
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.locale import count_text, day_text, format_value, render
from cchc_cli.reports.paper.blocks import (
    Align,
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    capitalized,
    join_runs,
    render_run,
    text_row,
)
from cchc_cli.reports.wording.selection import agencies_of, findings_by_duty, worst_status
from cchc_cli.reports.wording.words import (
    BASIS_WORDS,
    DUE,
    PROGRESS,
    STATUS_LOOKS,
    ratio_words,
    requirement_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cchc_cli.domain.plan.model import Requirement
    from cchc_cli.domain.records.waiver import Waiver
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.findings import Finding, Summary

_GROUPS: tuple[tuple[Message, tuple[Status, ...]], ...] = (
    (STATUS_LOOKS[Status.MET].word, (Status.MET,)),
    (STATUS_LOOKS[Status.PARTIAL].word, (Status.PARTIAL,)),
    (STATUS_LOOKS[Status.MISSED].word, (Status.MISSED,)),
    (STATUS_LOOKS[Status.AT_RISK].word, (Status.AT_RISK,)),
    (message("not yet due"), (Status.PENDING, Status.UPCOMING)),
    (STATUS_LOOKS[Status.WAIVED].word, (Status.WAIVED,)),
)
"""Columns of a narrow table; obligations under way and upcoming share one, as neither is due yet."""


class _Notes:
    """Notes on interpreted requirements; each text appears once, numbered in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number_of(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def blocks(self) -> Iterator[Block]:
        if self._numbers:
            yield Paragraph(
                (render_run(message("How the interpreted requirements were understood"), bold=True),)
            )
        for text, place in self._numbers.items():
            yield Paragraph(
                (render_run(message("Note {number}: {text}", number=place, text=text)),), small=True
            )


def activities(report: Report) -> Iterator[Block]:
    """Give chapter II: for each activity the words of the plan and the results."""
    notes = _Notes()
    duties = findings_by_duty(report.assessment)
    done = Counter(one.execution.activity for one in report.executions)
    yield Heading(1, render(message("II. Results by activity")))
    if not duties:
        yield _no_obligations()
    elif report.assessment.extent.alone is None:
        yield Paragraph(
            (
                render_run(
                    message("Each agency is counted once for each requirement, under its worst result.")
                ),
            )
        )
    for activity in report.assessment.plan.activities:
        owed = [
            duties[activity.code, one.code]
            for one in activity.requirements
            if (activity.code, one.code) in duties
        ]
        if owed or done[activity.code]:
            yield Heading(2, render(activity_words(activity)))
            yield from _activity_results(report, owed, done[activity.code], notes)
    yield from notes.blocks()


def _no_obligations() -> Paragraph:
    return Paragraph((render_run(message("There are no obligations in this scope.")),))


def _activity_results(report: Report, owed: list[list[Finding]], done: int, notes: _Notes) -> Iterator[Block]:
    records = message("Records in this period: {number}.", number=count_text(done))
    if not owed:
        text = message("The plan has no countable obligations here. {records}", records=records)
        yield Paragraph((render_run(text),))
        return
    for findings in owed:
        yield Paragraph(join_runs(_requirement_runs(findings[0], notes)))
        yield _counts_table(findings, alone=report.assessment.extent.alone is not None)
    yield Paragraph((render_run(records),))


def _requirement_runs(finding: Finding, notes: _Notes) -> Iterator[Run]:
    """Give the requirement, its basis, and the words of the plan."""
    requirement, activity = finding.requirement, finding.activity
    yield render_run(message("Requirement: {rule}", rule=requirement_words(requirement, activity)))
    yield render_run(message("({basis})", basis=_basis_with_note(requirement, notes)), bold=True)
    words = requirement.quote or activity.schedule or activity.text or activity.title
    yield render_run(message("The plan says: “{words}”", words=words), italic=True)


def _basis_with_note(requirement: Requirement, notes: _Notes) -> Message:
    """Name the basis of a requirement and the number of its note, if any."""
    basis = BASIS_WORDS[requirement.basis]
    if not requirement.note:
        return basis
    return message("{basis}, note {number}", basis=basis, number=notes.number_of(requirement.note))


def _counts_table(findings: Sequence[Finding], *, alone: bool) -> Table:
    headings = [
        Column("", 22),
        Column(render(message("All")), 12, Align.RIGHT),
        *(Column(capitalized(render(word)), 14, Align.RIGHT) for word, _ in _GROUPS),
        Column(render(DUE), 21, Align.RIGHT),
        Column(render(PROGRESS), 21, Align.RIGHT),
    ]
    summary = summary_of(findings)
    counts = [summary.of(status) for status in Status]
    obligations = text_row(
        render(message("Obligations")),
        count_text(sum(counts)),
        *(_count_or_dash(sum(summary.of(one) for one in statuses)) for _, statuses in _GROUPS),
        *_ratio_texts(summary),
    )
    return Table(tuple(headings), (obligations,) if alone else (_agencies_row(findings), obligations))


def _agencies_row(findings: Iterable[Finding]) -> Row:
    """Count each agency once, under its worst status."""
    statuses: dict[str, set[Status]] = defaultdict(set)
    for finding in findings:
        statuses[finding.agency.code].add(finding.status)
    counts = Counter(worst_status(found) for found in statuses.values())
    return text_row(
        render(message("Agencies")),
        count_text(len(statuses)),
        *(_count_or_dash(sum(counts[one] for one in members)) for _, members in _GROUPS),
        "",
        "",
    )


def _ratio_texts(summary: Summary, *bases: Basis) -> tuple[SafeText, SafeText]:
    """Give both ratios, each with its two numbers."""
    figures = summary.figures(*bases)
    return _unbroken(ratio_words(figures.rate)), _unbroken(ratio_words(figures.progress))


def _unbroken(ratio: SafeText) -> SafeText:
    # A narrow cell breaks `0/12 (0 %)` before the parenthesis, not within it.
    return SafeText(ratio.replace(" %", "\u00a0%"))


def _count_or_dash(amount: int) -> str:
    return count_text(amount) if amount else "–"


_BRIEF_STATUSES = (Status.PARTIAL, Status.MISSED)


def duties_in_brief(report: Report) -> Iterator[Block]:
    """Give chapter II as one table with a row for each requirement."""
    yield Heading(1, render(message("II. Results by activity")))
    duties = findings_by_duty(report.assessment)
    if not duties:
        yield _no_obligations()
        return
    columns = (
        Column(render(message("Activity")), 54),
        Column(render(message("Requirement")), 38),
        *(Column(capitalized(render(STATUS_LOOKS[one].word)), 12, Align.RIGHT) for one in _BRIEF_STATUSES),
        Column(render(DUE), 22, Align.RIGHT),
        Column(render(PROGRESS), 22, Align.RIGHT),
    )
    notes = _Notes()
    yield Table(columns, tuple(_brief_row(findings, notes) for findings in duties.values()))
    yield from notes.blocks()


def _brief_row(findings: Sequence[Finding], notes: _Notes) -> Row:
    first, summary = findings[0], summary_of(findings)
    requirement = first.requirement
    rule, basis = requirement_words(requirement, first.activity), _basis_with_note(requirement, notes)
    return text_row(
        render(activity_words(first.activity)),
        render(message("{rule} ({basis})", rule=rule, basis=basis)),
        *(count_text(summary.of(status)) for status in _BRIEF_STATUSES),
        *_ratio_texts(summary),
    )


def agencies(report: Report) -> Iterator[Block]:
    """Give chapter III: agencies furthest behind first, stated and interpreted figures in separate columns."""
    assessment = report.assessment
    yield Heading(1, render(message("III. Results by agency")))
    if not assessment.by_agency:
        yield _no_obligations()
        return
    columns = (
        Column(render(message("Agency")), 34),
        *(
            Column(capitalized(render(STATUS_LOOKS[one].word)), width, Align.RIGHT)
            for one, width in _AGENCY_STATUSES.items()
        ),
        *(
            Column(
                render(message("{figure}, {basis}", figure=figure, basis=BASIS_WORDS[basis])), 21, Align.RIGHT
            )
            for basis in Basis
            for figure in (DUE, PROGRESS)
        ),
    )
    rows = [
        _agency_row(Run(safe(one.shown)), assessment.by_agency[one.code]) for one in agencies_of(assessment)
    ]
    total = _agency_row(render_run(message("All")), assessment.summary)
    yield Table(columns, (*rows, tuple(cell._replace(bold=True) for cell in total)))
    idle = [one.shown for one in assessment.plan.agencies if one.code not in assessment.by_agency]
    if idle:
        sentence = message("Agencies without obligations in this period: {agencies}.", agencies=idle)
        yield Paragraph((render_run(sentence),))


_AGENCY_STATUSES = {Status.PARTIAL: 12, Status.MISSED: 15, Status.WAIVED: 15}
"""The statuses in the table of agencies, and the widths of their columns in mm."""


def _agency_row(name: Run, summary: Summary) -> Row:
    counts = (_count_or_dash(summary.of(status)) for status in _AGENCY_STATUSES)
    ratios = (ratio for basis in Basis for ratio in _ratio_texts(summary, basis))
    return (name, *text_row(*counts, *ratios))


def waivers(report: Report) -> Iterator[Block]:
    """Give chapter VI: waivers and obligations waived with a cut period."""
    yield Heading(1, render(message("VI. Waivers")))
    cut_periods = sum(finding.reason is Reason.PARTIAL_PERIOD for finding in report.assessment.findings)
    if cut_periods:
        sentence = message(
            "Obligations waived because their period is not whole: {number}.",
            number=count_text(cut_periods),
        )
        yield Paragraph((render_run(sentence),))
    if not report.waivers:
        yield Paragraph((render_run(message("No waiver was recorded for this period.")),))
        return
    names, duties = names_of(report), Names(report.assessment.plan)
    columns = (
        Column(render(message("No.")), 10, Align.RIGHT),
        Column(render(message("Agency")), 32),
        Column(render(message("Activity")), 42),
        Column(render(message("Days")), 24),
        Column(render(message("Reason")), 30),
        Column(render(message("Document")), 22),
    )
    yield Table(columns, tuple(_waiver_row(one.no, names, duties, one.waiver) for one in report.waivers))


def _waiver_row(no: int, names: dict[str, str], duties: Names, waiver: Waiver) -> Row:
    return text_row(
        str(no),
        names.get(waiver.agency, safe(waiver.agency)),
        format_value(duties.duty(waiver.activity, waiver.requirement)),
        f"{day_text(waiver.span.start)} – {day_text(waiver.span.end)}",
        safe(waiver.reason),
        safe(waiver.document or "–"),
    )


def names_of(report: Report) -> dict[str, str]:
    """Give the short names of the agencies of the plan, by code."""
    return {agency.code: safe(agency.shown_short) for agency in report.assessment.plan.agencies}
