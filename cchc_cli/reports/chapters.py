"""The chapters of a report on paper: results by activity and by agency, and waivers."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.findings import summary_of
from cchc_cli.domain.naming import Names, activity_words
from cchc_cli.domain.plan import Basis
from cchc_cli.domain.rules import Reason, Status
from cchc_cli.domain.text import Shown, safe
from cchc_cli.locale import day_text, written
from cchc_cli.reports.blocks import (
    Align,
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    capital,
    cells,
    number,
    say,
    spaced,
    told,
)
from cchc_cli.reports.facts import agencies_of, worst
from cchc_cli.reports.words import BASES, DUE, LOOKS, PROGRESS, asked_words, ratio_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cchc_cli.domain.findings import Finding, Summary
    from cchc_cli.domain.plan import Activity, Requirement
    from cchc_cli.domain.results import Assessment, Report
    from cchc_cli.domain.waivers import Waiver

Duty = tuple[str, str]
"""The codes of an activity and of its requirement."""

_GROUPS: tuple[tuple[Message, tuple[Status, ...]], ...] = (
    (LOOKS[Status.MET].word, (Status.MET,)),
    (LOOKS[Status.PARTIAL].word, (Status.PARTIAL,)),
    (LOOKS[Status.MISSED].word, (Status.MISSED,)),
    (LOOKS[Status.AT_RISK].word, (Status.AT_RISK,)),
    (message("not yet due"), (Status.PENDING, Status.UPCOMING)),
    (LOOKS[Status.WAIVED].word, (Status.WAIVED,)),
)
"""Columns of a narrow table: what is under way and what is upcoming stand as one, both are not yet due."""


def by_duty(assessment: Assessment) -> dict[Duty, list[Finding]]:
    """Give the findings of each requirement, in the order of the plan."""
    found: dict[Duty, list[Finding]] = {
        (activity.code, requirement.code): []
        for activity in assessment.plan.activities
        for requirement in activity.requirements
    }
    for finding in assessment.findings:
        found[finding.activity.code, finding.requirement.code].append(finding)
    return {duty: findings for duty, findings in found.items() if findings}


def rule_words(requirement: Requirement, activity: Activity) -> Shown:
    """Say what a requirement asks for and when: `ít nhất 15 phút, mỗi tháng`."""
    return asked_words(requirement, activity)


class _Notes:
    """What was read into the plan and why, each text once, numbered in the order in which it is needed."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def blocks(self) -> Iterator[Block]:
        if self._numbers:
            yield Paragraph((say(message("How the interpreted requirements were read"), bold=True),))
        for text, place in self._numbers.items():
            yield Paragraph((say(message("Note {number}: {text}", number=place, text=text)),), small=True)


def activities(report: Report) -> Iterator[Block]:
    """Chapter II: for each activity what the plan says, and how many did it."""
    notes = _Notes()
    duties = by_duty(report.assessment)
    done = Counter(one.execution.activity for one in report.executions)
    yield Heading(1, told(message("II. Results by activity")))
    if not duties:
        yield _nothing_owed()
    elif report.assessment.extent.alone is None:
        yield Paragraph(
            (say(message("An agency is counted once for each requirement, where its worst result stands.")),)
        )
    for activity in report.assessment.plan.activities:
        owed = [
            duties[activity.code, one.code]
            for one in activity.requirements
            if (activity.code, one.code) in duties
        ]
        if owed or done[activity.code]:
            yield Heading(2, told(activity_words(activity)))
            yield from _activity(report, owed, done[activity.code], notes)
    yield from notes.blocks()


def _nothing_owed() -> Paragraph:
    return Paragraph((say(message("Nothing is owed in what was asked for.")),))


def _activity(report: Report, owed: list[list[Finding]], done: int, notes: _Notes) -> Iterator[Block]:
    records = message("Records in this time: {number}.", number=number(done))
    if not owed:
        text = message("The plan owes nothing here that can be counted. {records}", records=records)
        yield Paragraph((say(text),))
        return
    for findings in owed:
        yield Paragraph(spaced(_duty_runs(findings[0], notes)))
        yield _tally(findings, alone=report.assessment.extent.alone is not None)
    yield Paragraph((say(records),))


def _duty_runs(finding: Finding, notes: _Notes) -> Iterator[Run]:
    """Say the rule, whether the plan states it, and the plan's own words."""
    requirement, activity = finding.requirement, finding.activity
    yield say(message("Requirement: {rule}", rule=rule_words(requirement, activity)))
    yield say(message("({basis})", basis=_noted(requirement, notes)), bold=True)
    words = requirement.quote or activity.schedule or activity.text or activity.title
    yield say(message("The plan says: “{words}”", words=words), italic=True)


def _noted(requirement: Requirement, notes: _Notes) -> Message:
    """Say whether a requirement is stated or interpreted, and which note tells more."""
    basis = BASES[requirement.basis]
    if not requirement.note:
        return basis
    return message("{basis}, note {number}", basis=basis, number=notes.number(requirement.note))


def _tally(findings: Sequence[Finding], *, alone: bool) -> Table:
    headings = [
        Column("", 22),
        Column(told(message("All")), 12, Align.RIGHT),
        *(Column(capital(told(word)), 14, Align.RIGHT) for word, _ in _GROUPS),
        Column(told(DUE), 21, Align.RIGHT),
        Column(told(PROGRESS), 21, Align.RIGHT),
    ]
    summary = summary_of(findings)
    counts = [summary.of(status) for status in Status]
    obligations = cells(
        told(message("Obligations")),
        number(sum(counts)),
        *(_count(sum(summary.of(one) for one in statuses)) for _, statuses in _GROUPS),
        *_both(summary),
    )
    return Table(tuple(headings), (obligations,) if alone else (_agencies_row(findings), obligations))


def _agencies_row(findings: Iterable[Finding]) -> Row:
    """Count each agency once, where its worst verdict stands."""
    statuses: dict[str, set[Status]] = defaultdict(set)
    for finding in findings:
        statuses[finding.agency.code].add(finding.status)
    counts = Counter(worst(found) for found in statuses.values())
    return cells(
        told(message("Agencies")),
        number(len(statuses)),
        *(_count(sum(counts[one] for one in members)) for _, members in _GROUPS),
        "",
        "",
    )


def _both(summary: Summary, *bases: Basis) -> tuple[Shown, Shown]:
    """Give both figures, each with its two numbers."""
    figures = summary.figures(*bases)
    return _unbroken(ratio_words(figures.rate)), _unbroken(ratio_words(figures.progress))


def _unbroken(ratio: Shown) -> Shown:
    # A narrow cell breaks `0/12 (0 %)` before the parenthesis, not within it.
    return Shown(ratio.replace(" %", "\u00a0%"))


def _count(amount: int) -> str:
    return number(amount) if amount else "–"


_IN_BRIEF = (Status.PARTIAL, Status.MISSED)


def duties_in_brief(report: Report) -> Iterator[Block]:
    """Chapter II in one table: a line a requirement."""
    yield Heading(1, told(message("II. Results by activity")))
    duties = by_duty(report.assessment)
    if not duties:
        yield _nothing_owed()
        return
    columns = (
        Column(told(message("Activity")), 54),
        Column(told(message("Requirement")), 38),
        *(Column(capital(told(LOOKS[one].word)), 12, Align.RIGHT) for one in _IN_BRIEF),
        Column(told(DUE), 22, Align.RIGHT),
        Column(told(PROGRESS), 22, Align.RIGHT),
    )
    notes = _Notes()
    yield Table(columns, tuple(_brief_row(findings, notes) for findings in duties.values()))
    yield from notes.blocks()


def _brief_row(findings: Sequence[Finding], notes: _Notes) -> Row:
    first, summary = findings[0], summary_of(findings)
    requirement = first.requirement
    rule, basis = rule_words(requirement, first.activity), _noted(requirement, notes)
    return cells(
        told(activity_words(first.activity)),
        told(message("{rule} ({basis})", rule=rule, basis=basis)),
        *(number(summary.of(status)) for status in _IN_BRIEF),
        *_both(summary),
    )


def agencies(report: Report) -> Iterator[Block]:
    """Chapter III: the agencies, furthest behind first, stated and interpreted figures apart."""
    assessment = report.assessment
    yield Heading(1, told(message("III. Results by agency")))
    if not assessment.by_agency:
        yield _nothing_owed()
        return
    columns = (
        Column(told(message("Agency")), 34),
        *(Column(capital(told(LOOKS[one].word)), width, Align.RIGHT) for one, width in _OF_AGENCY.items()),
        *(
            Column(told(message("{figure}, {basis}", figure=figure, basis=BASES[basis])), 21, Align.RIGHT)
            for basis in Basis
            for figure in (DUE, PROGRESS)
        ),
    )
    rows = [
        _agency_row(Run(safe(one.shown)), assessment.by_agency[one.code]) for one in agencies_of(assessment)
    ]
    total = _agency_row(say(message("All")), assessment.summary)
    yield Table(columns, (*rows, tuple(cell._replace(bold=True) for cell in total)))
    idle = [one.shown for one in assessment.plan.agencies if one.code not in assessment.by_agency]
    if idle:
        sentence = message("Nothing is owed in this time by: {agencies}.", agencies=idle)
        yield Paragraph((say(sentence),))


_OF_AGENCY = {Status.PARTIAL: 12, Status.MISSED: 15, Status.WAIVED: 15}
"""The statuses in the table of agencies, and the widths of their columns in mm."""


def _agency_row(name: Run, summary: Summary) -> Row:
    counts = (_count(summary.of(status)) for status in _OF_AGENCY)
    ratios = (ratio for basis in Basis for ratio in _both(summary, basis))
    return (name, *cells(*counts, *ratios))


def waivers(report: Report) -> Iterator[Block]:
    """Chapter VI: who need not do what, and why."""
    yield Heading(1, told(message("VI. Waivers")))
    cut = sum(finding.reason is Reason.PARTIAL_PERIOD for finding in report.assessment.findings)
    if cut:
        sentence = message(
            "Obligations that need not be met because their period is not whole: {number}.",
            number=number(cut),
        )
        yield Paragraph((say(sentence),))
    if not report.waivers:
        yield Paragraph((say(message("No waiver was recorded for this time.")),))
        return
    names, duties = names_of(report), Names(report.assessment.plan)
    columns = (
        Column(told(message("No.")), 10, Align.RIGHT),
        Column(told(message("Agency")), 32),
        Column(told(message("Activity")), 42),
        Column(told(message("Days")), 24),
        Column(told(message("Reason")), 30),
        Column(told(message("Document")), 22),
    )
    yield Table(columns, tuple(_waiver_row(one.no, names, duties, one.waiver) for one in report.waivers))


def _waiver_row(no: int, names: dict[str, str], duties: Names, waiver: Waiver) -> Row:
    return cells(
        str(no),
        names.get(waiver.agency, safe(waiver.agency)),
        Shown(written(duties.duty(waiver.activity, waiver.requirement))),
        f"{day_text(waiver.span.start)} – {day_text(waiver.span.end)}",
        safe(waiver.reason),
        safe(waiver.document or "–"),
    )


def names_of(report: Report) -> dict[str, str]:
    """Give the names of the agencies that the report has, by code."""
    return {agency.code: safe(agency.shown_short) for agency in report.assessment.plan.agencies}
