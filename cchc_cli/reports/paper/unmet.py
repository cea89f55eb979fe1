"""A chapter of a report on paper: what is not met and why, in full whether it is ten lines or ten thousand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import Shown, safe
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
    from cchc_cli.domain.results import Report
    from cchc_cli.domain.verdicts.findings import Finding

MOST_LINES = 150
"""More findings than this are gathered by requirement, period and result instead of a line each."""

_UNMET = frozenset({Status.MISSED, Status.PARTIAL})


def unmet(report: Report, numeral: str) -> Iterator[Block]:
    """Give the chapter of this number: a line each where they are few, else gathered, with everybody named all the same."""
    yield Heading(1, render(message("{numeral}. What is not met, and why", numeral=numeral)))
    found = [finding for finding in report.assessment.findings if finding.status in _UNMET]
    if not found:
        yield Paragraph((render_run(message("Nothing that is settled is unmet.")),))
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
        yield _lines(found)
        return
    gathered = message(
        "There are more than {most}, so agencies with the same result stand together; none is left out.",
        most=count_text(MOST_LINES),
    )
    yield Paragraph(join_runs((render_run(counts), render_run(gathered))))
    yield from _gathered(report)


def _lines(found: Sequence[Finding]) -> Table:
    columns = (
        Column(render(message("Agency")), 30),
        Column(render(message("Activity")), 40),
        Column(render(message("Period")), 22),
        Column(render(message("Required")), 22),
        Column(render(message("Done")), 18),
        Column(render(message("Result and reason")), 28),
    )
    return Table(columns, tuple(map(_line, found)))


def _line(finding: Finding) -> Row:
    done = "–" if finding.value is None else counted_words(finding.value, finding)
    basis = render(BASIS_WORDS[finding.requirement.basis])
    return text_row(
        safe(finding.agency.shown_short),
        render(activity_words(finding.activity)),
        period_words(finding.obligation.slot, finding.requirement),
        _required(finding),
        done,
        render(message("{result}; {basis}", result=_result(finding), basis=basis)),
    )


def _required(finding: Finding) -> str:
    """Say the bounds that hold for this agency: those of a cut period may be smaller."""
    bounds = finding.obligation.bounds
    owed = finding.requirement._replace(at_least=bounds.at_least, at_most=bounds.at_most)
    return bounds_words(owed, finding.activity)


def _result(finding: Finding) -> Shown:
    parts = [render(STATUS_LOOKS[finding.status].word), render(_why(finding))]
    parts += [Shown(late_words(finding.late))] if finding.late else []
    return Shown(", ".join(parts))


def _why(finding: Finding) -> Message:
    if finding.reason is Reason.EXCEEDED:
        return REASON_WORDS[Reason.EXCEEDED]
    if not finding.executions:
        return message("nothing was recorded that counts")
    left = (finding.obligation.bounds.at_least or 0) - (finding.value or 0)
    return message("short by {left}", left=Shown(counted_words(left, finding)))


class _Same(NamedTuple):
    """What agencies have in common that stand together: the period, and how they did in it."""

    slot: int
    period: str
    value: str
    result: str


def _gathered(report: Report) -> Iterator[Block]:
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
            yield Items(tuple(_items(findings, groups)))


def _items(findings: Sequence[Finding], groups: dict[str, Group]) -> Iterator[tuple[Run, ...]]:
    together: dict[_Same, list[Agency]] = defaultdict(list)
    owing: dict[int, list[Agency]] = defaultdict(list)
    for finding in findings:
        owing[finding.obligation.slot.number].append(finding.agency)
        if finding.status in _UNMET:
            together[_same(finding)].append(finding.agency)
    named = [groups[code] for code in findings[0].requirement.owed_by if code in groups]
    for same, agencies in sorted(together.items(), key=lambda item: item[0].slot):
        head = message(
            "{period}: {value}, {result}; agencies ({number}):",
            period=Shown(same.period),
            value=Shown(same.value),
            result=Shown(same.result),
            number=count_text(len(agencies)),
        )
        yield join_runs(
            (render_run(head, bold=True), Run("; ".join(_who(agencies, owing[same.slot], named))))
        )


def _same(finding: Finding) -> _Same:
    slot = finding.obligation.slot
    period = period_words(slot, finding.requirement)
    return _Same(slot.number, period, value_words(finding), _result(finding))


def _who(agencies: Sequence[Agency], owing: Sequence[Agency], named: Sequence[Group]) -> Iterator[str]:
    """Name agencies; where most of a group of the plan are meant, the group and those that are not."""
    left = {agency.code: agency for agency in agencies}
    for group in named:
        members = [agency for agency in owing if is_member(group, agency)]
        meant = [agency for agency in members if agency.code in left]
        if len(members) > _FEW and 2 * len(meant) > len(members):
            others = [agency for agency in members if agency.code not in left]
            yield render(_group_words(group, len(meant), len(members), others))
            for agency in meant:
                del left[agency.code]
    yield from (safe(agency.shown_short) for agency in left.values())


_FEW = 3
"""Groups of so few are told by the names of their members."""


def _group_words(group: Group, meant: int, members: int, others: Sequence[Agency]) -> Message:
    if not others:
        return message("{group}: all {number}", group=group.name, number=count_text(members))
    return message(
        "{group}: {number} of {members}, all but {others}",
        group=group.name,
        number=count_text(meant),
        members=count_text(members),
        others=[agency.shown_short for agency in others],
    )
