"""A chapter of a report on paper: unmet obligations with their reasons; none is left out, however many."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.plan.model import is_member
from cchc_cli.domain.verdicts.rules import Reason, Status
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.locale import count_text, render
from cchc_cli.reports.paper.blocks import (
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    Row,
    Run,
    Table,
    join_runs,
    render_run,
    text_row,
)
from cchc_cli.reports.wording.selection import findings_by_duty
from cchc_cli.reports.wording.words import (
    BASIS_WORDS,
    REASON_WORDS,
    STATUS_LOOKS,
    bounds_words,
    counted_words,
    late_words,
    period_words,
    requirement_words,
    value_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cchc_cli.domain.plan.model import Agency, Group
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.findings import Finding

MOST_LINES = 150
"""More findings than this are grouped by requirement, period and result."""

_UNMET = frozenset({Status.MISSED, Status.PARTIAL})


def unmet(report: Report, numeral: str) -> Iterator[Block]:
    """Give the chapter with this number: a row for each unmet obligation, or groups if there are too many."""
    yield Heading(1, render(message("{numeral}. What is not met, and why", numeral=numeral)))
    found = [finding for finding in report.assessment.findings if finding.status in _UNMET]
    if not found:
        yield Paragraph((render_run(message("No settled obligation is unmet.")),))
        return
    summary = report.assessment.summary
    counts = message(
        "Not met: {number} obligations, of which missed {missed}, partly met {partial}.",
        number=count_text(len(found)),
        missed=count_text(summary.of(Status.MISSED)),
        partial=count_text(summary.of(Status.PARTIAL)),
    )
    if len(found) <= MOST_LINES:
        yield Paragraph((render_run(counts),))
        yield _findings_table(found)
        return
    grouping = message(
        "There are more than {most}, so agencies with the same result are grouped; none is left out.",
        most=count_text(MOST_LINES),
    )
    yield Paragraph(join_runs((render_run(counts), render_run(grouping))))
    yield from _grouped_findings(report)


def _findings_table(found: Sequence[Finding]) -> Table:
    columns = (
        Column(render(message("Agency")), 30),
        Column(render(message("Activity")), 40),
        Column(render(message("Period")), 22),
        Column(render(message("Required")), 22),
        Column(render(message("Done")), 18),
        Column(render(message("Result and reason")), 28),
    )
    return Table(columns, tuple(map(_finding_row, found)))


def _finding_row(finding: Finding) -> Row:
    done = "–" if finding.value is None else counted_words(finding.value, finding)
    basis = render(BASIS_WORDS[finding.requirement.basis])
    return text_row(
        safe(finding.agency.shown_short),
        render(activity_words(finding.activity)),
        period_words(finding.obligation.slot, finding.requirement),
        _required_bounds(finding),
        done,
        render(message("{result}; {basis}", result=_result_text(finding), basis=basis)),
    )


def _required_bounds(finding: Finding) -> str:
    """Give the bounds of this obligation; those of a cut period may be smaller."""
    bounds = finding.obligation.bounds
    owed = finding.requirement._replace(at_least=bounds.at_least, at_most=bounds.at_most)
    return bounds_words(owed, finding.activity)


def _result_text(finding: Finding) -> SafeText:
    parts = [render(STATUS_LOOKS[finding.status].word), render(_reason(finding))]
    parts += [SafeText(late_words(finding.late))] if finding.late else []
    return SafeText(", ".join(parts))


def _reason(finding: Finding) -> Message:
    if finding.reason is Reason.EXCEEDED:
        return REASON_WORDS[Reason.EXCEEDED]
    if not finding.executions:
        return message("nothing was recorded that counts")
    left = (finding.obligation.bounds.at_least or 0) - (finding.value or 0)
    return message("short by {left}", left=SafeText(counted_words(left, finding)))


class _GroupKey(NamedTuple):
    """What the agencies of a group have in common: the period and their result in it."""

    slot: int
    period: str
    value: str
    result: str


def _grouped_findings(report: Report) -> Iterator[Block]:
    groups = {group.code: group for group in report.assessment.plan.groups}
    for findings in findings_by_duty(report.assessment).values():
        if any(finding.status in _UNMET for finding in findings):
            first = findings[0]
            rule, basis = (
                requirement_words(first.requirement, first.activity),
                BASIS_WORDS[first.requirement.basis],
            )
            yield Heading(2, render(activity_words(first.activity)))
            yield Paragraph((render_run(message("Requirement: {rule} ({basis})", rule=rule, basis=basis)),))
            yield Items(tuple(_group_items(findings, groups)))


def _group_items(findings: Sequence[Finding], groups: dict[str, Group]) -> Iterator[tuple[Run, ...]]:
    by_key: dict[_GroupKey, list[Agency]] = defaultdict(list)
    owing: dict[int, list[Agency]] = defaultdict(list)
    for finding in findings:
        owing[finding.obligation.slot.number].append(finding.agency)
        if finding.status in _UNMET:
            by_key[_group_key(finding)].append(finding.agency)
    named = [groups[code] for code in findings[0].requirement.owed_by if code in groups]
    for key, agencies in sorted(by_key.items(), key=lambda item: item[0].slot):
        head = message(
            "{period}: {value}, {result}; agencies ({number}):",
            period=SafeText(key.period),
            value=SafeText(key.value),
            result=SafeText(key.result),
            number=count_text(len(agencies)),
        )
        yield join_runs(
            (render_run(head, bold=True), Run("; ".join(_agency_names(agencies, owing[key.slot], named))))
        )


def _group_key(finding: Finding) -> _GroupKey:
    slot = finding.obligation.slot
    period = period_words(slot, finding.requirement)
    return _GroupKey(slot.number, period, value_words(finding), _result_text(finding))


def _agency_names(
    agencies: Sequence[Agency], owing: Sequence[Agency], named: Sequence[Group]
) -> Iterator[str]:
    """Name agencies; a group of the plan stands for its members if it has most of them, less the others."""
    left = {agency.code: agency for agency in agencies}
    for group in named:
        members = [agency for agency in owing if is_member(group, agency)]
        included = [agency for agency in members if agency.code in left]
        if len(members) > _SMALL_GROUP and 2 * len(included) > len(members):
            others = [agency for agency in members if agency.code not in left]
            yield render(_group_words(group, len(included), len(members), others))
            for agency in included:
                del left[agency.code]
    yield from (safe(agency.shown_short) for agency in left.values())


_SMALL_GROUP = 3
"""Groups of at most so many agencies are not named; their members are."""


def _group_words(group: Group, included: int, members: int, others: Sequence[Agency]) -> Message:
    if not others:
        return message("{group}: all {number}", group=group.name, number=count_text(members))
    return message(
        "{group}: {number} of {members}, all but {others}",
        group=group.name,
        number=count_text(included),
        members=count_text(members),
        others=[agency.shown_short for agency in others],
    )
