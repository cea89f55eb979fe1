"""A chapter of a report on paper: what is not met and why, in full whether it is ten lines or ten thousand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.plan.model import is_member
from cchc_cli.domain.verdicts.rules import Reason, Status
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.reports.paper.blocks import (
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    Row,
    Run,
    Table,
    cells,
    number,
    say,
    spaced,
    told,
)
from cchc_cli.reports.paper.chapters import by_duty, rule_words
from cchc_cli.reports.wording.words import (
    BASES,
    LOOKS,
    REASONS,
    bounds_words,
    counted_words,
    late_words,
    period_words,
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
    yield Heading(1, told(message("{numeral}. What is not met, and why", numeral=numeral)))
    found = [finding for finding in report.assessment.findings if finding.status in _UNMET]
    if not found:
        yield Paragraph((say(message("Nothing that is settled is unmet.")),))
        return
    summary = report.assessment.summary
    counts = message(
        "Not met: {number} obligations, of which missed {missed}, partly met {partial}.",
        number=number(len(found)),
        missed=number(summary.of(Status.MISSED)),
        partial=number(summary.of(Status.PARTIAL)),
    )
    if len(found) <= MOST_LINES:
        yield Paragraph((say(counts),))
        yield _lines(found)
        return
    gathered = message(
        "There are more than {most}, so agencies with the same result stand together; none is left out.",
        most=number(MOST_LINES),
    )
    yield Paragraph(spaced((say(counts), say(gathered))))
    yield from _gathered(report)


def _lines(found: Sequence[Finding]) -> Table:
    columns = (
        Column(told(message("Agency")), 30),
        Column(told(message("Activity")), 40),
        Column(told(message("Period")), 22),
        Column(told(message("Required")), 22),
        Column(told(message("Done")), 18),
        Column(told(message("Result and reason")), 28),
    )
    return Table(columns, tuple(map(_line, found)))


def _line(finding: Finding) -> Row:
    done = "–" if finding.value is None else counted_words(finding.value, finding)
    basis = told(BASES[finding.requirement.basis])
    return cells(
        safe(finding.agency.shown_short),
        told(activity_words(finding.activity)),
        period_words(finding.obligation.slot, finding.requirement),
        _required(finding),
        done,
        told(message("{result}; {basis}", result=_result(finding), basis=basis)),
    )


def _required(finding: Finding) -> str:
    """Say the bounds that hold for this agency: those of a cut period may be smaller."""
    bounds = finding.obligation.bounds
    owed = finding.requirement._replace(at_least=bounds.at_least, at_most=bounds.at_most)
    return bounds_words(owed, finding.activity)


def _result(finding: Finding) -> SafeText:
    parts = [told(LOOKS[finding.status].word), told(_why(finding))]
    parts += [SafeText(late_words(finding.late))] if finding.late else []
    return SafeText(", ".join(parts))


def _why(finding: Finding) -> Message:
    if finding.reason is Reason.EXCEEDED:
        return REASONS[Reason.EXCEEDED]
    if not finding.executions:
        return message("nothing was recorded that counts")
    left = (finding.obligation.bounds.at_least or 0) - (finding.value or 0)
    return message("short by {left}", left=SafeText(counted_words(left, finding)))


class _Same(NamedTuple):
    """What agencies have in common that stand together: the period, and how they did in it."""

    slot: int
    period: str
    value: str
    result: str


def _gathered(report: Report) -> Iterator[Block]:
    groups = {group.code: group for group in report.assessment.plan.groups}
    for findings in by_duty(report.assessment).values():
        if any(finding.status in _UNMET for finding in findings):
            first = findings[0]
            rule, basis = rule_words(first.requirement, first.activity), BASES[first.requirement.basis]
            yield Heading(2, told(activity_words(first.activity)))
            yield Paragraph((say(message("Requirement: {rule} ({basis})", rule=rule, basis=basis)),))
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
            period=SafeText(same.period),
            value=SafeText(same.value),
            result=SafeText(same.result),
            number=number(len(agencies)),
        )
        yield spaced((say(head, bold=True), Run("; ".join(_who(agencies, owing[same.slot], named)))))


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
            yield told(_group_words(group, len(meant), len(members), others))
            for agency in meant:
                del left[agency.code]
    yield from (safe(agency.shown_short) for agency in left.values())


_FEW = 3
"""Groups of so few are told by the names of their members."""


def _group_words(group: Group, meant: int, members: int, others: Sequence[Agency]) -> Message:
    if not others:
        return message("{group}: all {number}", group=group.name, number=number(members))
    return message(
        "{group}: {number} of {members}, all but {others}",
        group=group.name,
        number=number(meant),
        members=number(members),
        others=[agency.shown_short for agency in others],
    )
