"""Results for a terminal: fits 80 columns, uses what a wide one offers, reads without colour."""

from __future__ import annotations

from itertools import groupby, product
from operator import attrgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.verdicts.findings import Figures
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.domain.wording.requirements import conditions, telling_apart
from cchc_cli.locale import day_text, moment_text, number_text, render, written
from cchc_cli.reports.terminal.layout import LONGEST_WORD, Column, chapters, table
from cchc_cli.reports.wording.about import agencies_of, extent_words
from cchc_cli.reports.wording.words import (
    BASES,
    DUE,
    KINDS,
    LOOKS,
    PROGRESS,
    REASONS,
    asked_words,
    figures_lines,
    figures_words,
    label_words,
    late_words,
    left_words,
    mark,
    period_words,
    ratio_words,
    value_words,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import JustifyMethod, RenderableType

    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results import Assessment
    from cchc_cli.domain.verdicts.findings import Finding, Summary

LONGEST_STRIP = 24
"""A strip of more periods than this is told in numbers instead."""

_WIDE = 180
"""From so many columns on, words stand for marks, and the figures of each basis beside those of all."""

_ORDER = (
    Status.MET,
    Status.PARTIAL,
    Status.MISSED,
    Status.AT_RISK,
    Status.PENDING,
    Status.UPCOMING,
    Status.WAIVED,
)


def _say(template: Message, style: str = "") -> Text:
    return Text(render(template), style=style)


def _table(*headings: Message, right: frozenset[int] = frozenset()) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    for position, heading in enumerate(headings):
        # Rich would cut a word that is wider than its column, and put … for the rest.
        justify: JustifyMethod = "right" if position in right else "left"
        table.add_column(_say(heading), justify=justify, overflow="fold")
    return table


def status_view(assessment: Assessment, width: int, *, summary: bool) -> RenderableType:
    """Show one agency in full, or many in a row each; of a summary only the row of all."""
    if summary:
        return _many_agencies(assessment, width, [])
    if len(assessment.by_agency) == 1:
        return _one_agency(assessment, width)
    return _many_agencies(assessment, width, agencies_of(assessment))


def _head(assessment: Assessment, *, named: bool = False) -> list[Text]:
    """Say of what the table is; the one agency that it is of may be `named` above."""
    plan, window = assessment.plan, assessment.window
    shown = label_words(window.label)
    if shown == window.label:
        shown = f"{day_text(window.span.start)} – {day_text(window.span.end)}"
    day = assessment.cutoff.day
    as_of = (
        message("as of the end of {day}", day=day)
        if assessment.cutoff.over
        else message("today is {day}", day=day)
    )
    extent = assessment.extent
    narrowed = extent_words(extent._replace(top=None) if named and not extent.below else extent)
    return [
        *([Text(narrowed, style="bold")] if narrowed else []),
        _say(message("{plan} · {window} · {as_of}", plan=plan.code, window=shown, as_of=as_of), "dim"),
    ]


def _one_agency(assessment: Assessment, width: int) -> RenderableType:
    agency = assessment.findings[0].agency
    summary = assessment.by_agency[agency.code]
    names = Names(assessment.plan)
    parts: list[tuple[Text, list[tuple[Text, ...]]]] = []
    titled = ""
    for _, group in groupby(assessment.findings, key=lambda one: (one.activity.code, one.requirement.code)):
        findings = list(group)
        activity = findings[0].activity
        if activity.code != titled:
            titled = activity.code
            parts.append((_say(activity_words(activity), "bold"), []))
        parts[-1][1].append(_requirement_row(findings, names))
    return Group(
        Text(f"{safe(agency.shown)} ({safe(agency.code)})", style="bold"),
        *_head(assessment, named=True),
        Text(),
        chapters(_AGENCY_COLUMNS, parts, width),
        Text(),
        *map(_say, figures_lines(summary)),
        _legend(summary),
    )


_AGENCY_COLUMNS = (
    Column(message("Requirement")),
    Column(message("Periods"), word=LONGEST_STRIP),
    Column(message("Latest")),
    Column(message("Left")),
)


def _requirement_row(findings: list[Finding], names: Names) -> tuple[Text, ...]:
    now = current(findings)
    requirement = now.requirement
    rule = Text(asked_words(requirement, now.activity))
    rule.append(f" ({render(BASES[requirement.basis])})", style="dim")
    for condition in telling_apart(requirement, now.activity, names):
        rule.append(f"; {render(condition)}", style="dim")
    latest = Text(f"{period_words(now.obligation.slot, requirement)}\n{value_words(now)}, ")
    latest.append(word(now.status), style=LOOKS[now.status].style)
    if now.reason:
        latest.append(f" ({render(REASONS[now.reason])})")
    if now.late:
        latest.append(f", {late_words(now.late)}")
    return rule, strip(findings), latest, Text(left_words(now))


def current(findings: Sequence[Finding]) -> Finding:
    """Give the finding that matters now: the last that has begun, else the first to come."""
    begun = [finding for finding in findings if finding.status is not Status.UPCOMING]
    return begun[-1] if begun else findings[0]


def strip(findings: Sequence[Finding]) -> Text:
    """Draw a requirement's periods as marks in order of time; many of them as numbers."""
    text = Text()
    if len(findings) <= LONGEST_STRIP:
        for finding in findings:
            text.append(mark(finding.status), style=LOOKS[finding.status].style)
        return text
    for status in _ORDER:
        number = sum(finding.status is status for finding in findings)
        if number:
            text.append(f"{mark(status)}{number} ", style=LOOKS[status].style)
    text.rstrip()
    return text


def _legend(summary: Summary) -> Text:
    text = Text()
    for status in _ORDER:
        if summary.of(status):
            text.append(mark(status), style=LOOKS[status].style)
            text.append(f" {word(status)}   ", style="dim")
    text.rstrip()
    return text


def _many_agencies(assessment: Assessment, width: int, shown: Sequence[Agency]) -> RenderableType:
    rows = [(_name(agency, width), assessment.by_agency[agency.code], ()) for agency in shown]
    totals: list[_FiguresRow] = [(_say(message("All"), "bold"), assessment.summary, ())]
    totals += [(_say(BASES[basis]), assessment.summary, (basis,)) for basis in Basis]
    count = message(
        "agencies: {agencies}, obligations: {obligations}",
        agencies=len(assessment.by_agency),
        obligations=assessment.summary.obligations,
    )
    return Group(
        Text(safe(assessment.plan.title), style="bold"),
        *_head(assessment),
        _figures_table(rows, totals, width) or Group(*_figures_blocks((*rows, *totals))),
        _say(count),
        *(_say(line, "dim") for line in _figures_notes(assessment.summary)),
        _legend(assessment.summary),
    )


_FiguresRow = tuple[Text, "Summary", tuple[Basis, ...]]
"""A name, the counts, and the bases of which the counts are shown; none: all."""


def _name(agency: Agency, width: int) -> Text:
    return Text(safe(agency.shown if width >= _WIDE else agency.shown_short))


_OF_DUE = (Status.PARTIAL, Status.MISSED)
_OF_OPEN = (Status.AT_RISK, Status.PENDING, Status.UPCOMING, Status.WAIVED)


def _figures_table(
    rows: Sequence[_FiguresRow], totals: Sequence[_FiguresRow], width: int
) -> RenderableType | None:
    """Show the figures of each in a row: what is due and how it came out, then all that can be done by now.

    None where the width has no room for it.
    """
    wide = width >= _WIDE
    look = attrgetter("word" if wide else "mark")
    headings = [
        DUE,
        *(look(LOOKS[one]) for one in _OF_DUE),
        PROGRESS,
        *(look(LOOKS[one]) for one in _OF_OPEN),
    ]
    if wide:
        headings += [
            message("{figure}, {basis}", figure=figure, basis=BASES[basis]) for figure, basis in _APART
        ]
    cells = [list(_cells(summary, bases, wide=wide)) for _, summary, bases in (*rows, *totals)]
    widths = [
        max(cell.cell_len for cell in column) for column in zip(map(_say, headings), *cells, strict=True)
    ]
    if sum(widths) + _BETWEEN_FIGURES * len(widths) + _SHORTEST_NAME > width:
        return None
    table = _table(message("Agency"), *headings, right=frozenset(range(1, len(headings) + 1)))
    for column, room in zip(table.columns[1:], widths, strict=True):
        column.min_width = room
    for place, ((name, _, _), line) in enumerate(zip((*rows, *totals), cells, strict=True), 1):
        table.add_row(name, *line, end_section=place == len(rows))
    return table


_BETWEEN_FIGURES, _SHORTEST_NAME = 3, 14
"""Columns of a terminal: beside each column of figures, and of the narrowest column of names with its edges."""


_APART = tuple(product((DUE, PROGRESS), Basis))


def _cells(summary: Summary, bases: tuple[Basis, ...], *, wide: bool) -> Iterator[Text]:
    figures = summary.figures(*bases)
    yield Text(ratio_words(figures.rate))
    yield from (_count(summary, status, bases) for status in _OF_DUE)
    yield Text(ratio_words(figures.progress))
    yield from (_count(summary, status, bases) for status in _OF_OPEN)
    if wide:
        apart = [
            summary.figures(basis) if basis in (bases or Basis) else Figures(0, 0, 0, 0, 0) for basis in Basis
        ]
        yield from (Text(ratio_words(one.rate)) for one in apart)
        yield from (Text(ratio_words(one.progress)) for one in apart)


def _count(summary: Summary, status: Status, bases: tuple[Basis, ...]) -> Text:
    number = summary.of(status, *bases)
    return Text(str(number) if number else "", style=LOOKS[status].style)


def _figures_blocks(rows: Iterable[_FiguresRow]) -> Iterator[RenderableType]:
    """Show the figures of each one below the other, where no table fits."""
    for name, summary, bases in rows:
        figures = summary.figures(*bases)
        yield Text()
        yield Text(name.plain, style="bold")
        counts = Text("; ").join(
            Text(f"{word(status)} {number}", style=LOOKS[status].style)
            for status in (*_OF_DUE, *_OF_OPEN)
            for number in (summary.of(status, *bases),)
            if number
        )
        for line in (_say(figures_words(figures)), counts):
            if line.plain:
                yield Padding(line, (0, 0, 0, 2))
    yield Text()


def _figures_notes(summary: Summary) -> Iterator[Message]:
    """Say what is in neither figure though it has begun."""
    running, untouched = summary.figures().running, summary.untouched()
    if running:
        yield message("decided at their end, and in neither figure yet: {running}", running=running)
    if untouched:
        yield message("met because nothing was done, and in neither figure: {untouched}", untouched=untouched)


def _of_plan(plan: Plan) -> Text:
    return Text(safe(plan.code), style="dim")


def history_view(records: Sequence[Recorded], plan: Plan, width: int) -> RenderableType:
    """Show records, a row each, and how many they are."""
    names = Names(plan)
    agencies = {agency.code: agency.shown_short for agency in plan.agencies}
    columns = (
        Column(message("No."), right=True, whole=True),
        Column(message("Date"), whole=True),
        Column(message("Agency")),
        _activity_column(plan),
        Column(message("Amount"), right=True),
        Column(message("Title")),
    )
    rows = [
        (
            Text(str(one.no)),
            Text(day_text(one.execution.day)),
            Text(safe(agencies.get(one.execution.agency, one.execution.agency))),
            Text(written(names.activity(one.execution.activity))),
            Text(f"{number_text(one.execution.amount)} {safe(names.unit(one.execution.activity))}"),
            _description(one, plan, names),
        )
        for one in records
    ]
    voided = sum(one.voided for one in records)
    return Group(
        _of_plan(plan),
        table(columns, rows, width),
        _say(message("records: {number}, of these voided: {voided}", number=len(records), voided=voided)),
    )


def _activity_column(plan: Plan) -> Column:
    """Give the column of activities, which never breaks their codes."""
    longest = max((len(activity.code) for activity in plan.activities), default=1)
    return Column(message("Activity"), word=max(longest, LONGEST_WORD))


def _description(recorded: Recorded, plan: Plan, names: Names) -> Text:
    execution = recorded.execution
    text = Text(safe(execution.title or ""))
    marks: list[str] = []
    if execution.form:
        marks.append(safe(names.form(execution.form)))
    if execution.repeat:
        marks.append(render(message("repeat")))
    if recorded.voided:
        marks.append(render(message("voided")))
    if is_late(recorded, plan):
        marks.append(render(message("recorded late")))
    if marks:
        text.append(
            f" [{', '.join(marks)}]".lstrip() if not execution.title else f" [{', '.join(marks)}]",
            style="dim",
        )
    return text


def versions_view(records: Sequence[Recorded], plan: Plan) -> RenderableType:
    """Show every version of one record in full, field by field: what, who, when, why."""
    labels = max(_say(label).cell_len for label, _ in _fields(records[0], plan))
    parts: list[RenderableType] = []
    for recorded in records:
        heading = _say(message("Version {version}", version=recorded.version), "bold")
        if recorded.voided:
            voided = render(message("voided"))
            heading.append(f" [{voided}]")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=labels)
        grid.add_column(overflow="fold")
        for label, value in _fields(recorded, plan):
            if value:
                grid.add_row(_say(label, "dim"), Text(value))
        parts.extend((heading, Padding(grid, (0, 0, 0, 2))))
    return Group(_of_plan(plan), *parts)


def _fields(recorded: Recorded, plan: Plan) -> Iterator[tuple[Message, str]]:
    """Give what a version says, ready to be shown; empty where it says nothing. Evidence has a line each."""
    execution = recorded.execution
    names = {agency.code: agency.shown_short for agency in plan.agencies}
    called = Names(plan)
    form: str = safe(called.form(execution.form)) if execution.form else ""
    if execution.repeat:
        form = ", ".join(filter(None, (form, render(message("repeat")))))
    yield message("No."), str(recorded.no)
    yield message("Agency"), safe(names.get(execution.agency, execution.agency))
    yield message("Activity"), written(called.activity(execution.activity))
    yield message("Date"), day_text(execution.day)
    yield message("Amount"), f"{number_text(execution.amount)} {safe(called.unit(execution.activity))}"
    yield message("Form"), form
    yield message("Title"), safe(execution.title or "")
    for address in execution.evidence or ("",):
        yield message("Evidence"), safe(address)
    yield message("Note"), safe(execution.note or "")
    yield message("By"), safe(recorded.author)
    yield message("Recorded"), moment_text(recorded.recorded_at.astimezone(ZoneInfo(plan.timezone)))
    yield message("Late"), render(message("recorded late")) if is_late(recorded, plan) else ""
    yield message("Reason"), safe(recorded.reason or "")


def waivers_view(waivers: Iterable[RecordedWaiver], plan: Plan, width: int) -> RenderableType:
    """Show waivers, a row each."""
    names = Names(plan)
    agencies = {agency.code: agency.shown_short for agency in plan.agencies}
    columns = (
        Column(message("No."), right=True, whole=True),
        Column(message("Agency")),
        _activity_column(plan),
        Column(message("Days")),
        Column(message("Reason")),
    )
    rows = []
    for recorded in waivers:
        waiver = recorded.waiver
        reason = Text(safe(waiver.reason))
        if waiver.document:
            reason.append(f" ({safe(waiver.document)})", style="dim")
        if recorded.ended:
            ended = render(message("ended"))
            reason.append(f" [{ended}]", style="dim")
        rows.append(
            (
                Text(str(recorded.no)),
                Text(safe(agencies[waiver.agency])),
                Text(written(names.duty(waiver.activity, waiver.requirement))),
                Text(f"{day_text(waiver.span.start)} – {day_text(waiver.span.end)}"),
                reason,
            )
        )
    return Group(_of_plan(plan), table(columns, rows, width))


def agencies_view(plan: Plan, above: dict[str, str], width: int) -> RenderableType:
    """Show the roster, each agency with the name of the one above it."""
    names = Names(plan)
    columns = (
        Column(message("Code"), whole=True),
        Column(message("Name")),
        Column(message("Kind")),
        Column(message("Under")),
        Column(message("Exists")),
    )
    rows = [
        (
            Text(safe(agency.code)),
            Text(safe(agency.shown)),
            Text(written(names.kind(agency.kind))),
            Text(safe(above.get(agency.parent or "", agency.parent or ""))),
            Text(_life(agency)),
        )
        for agency in plan.agencies
    ]
    kinds = [
        message("{name} ({code})", name=names.kind(kind), code=kind)
        for kind in dict.fromkeys(agency.kind for agency in plan.agencies)
    ]
    return Group(
        _of_plan(plan),
        table(columns, rows, width),
        _say(message("agencies: {agencies}", agencies=len(plan.agencies))),
        # What --kind takes.
        *([_say(message("kinds: {kinds}", kinds=kinds), "dim")] if kinds else []),
    )


def _life(agency: Agency) -> str:
    if agency.start and agency.end:
        return f"{day_text(agency.start)} – {day_text(agency.end)}"
    if agency.end:
        return render(message("until {day}", day=agency.end))
    return render(message("from {day}", day=agency.start)) if agency.start else ""


def plan_view(plan: Plan) -> RenderableType:
    """Show what the plan asks for: activities, roles, requirements with their basis."""
    names = {group.code: group.name for group in plan.groups}
    names |= {agency.code: agency.shown_short for agency in plan.agencies}
    parts: list[RenderableType] = [
        Text(safe(plan.title), style="bold"),
        _say(
            message(
                "{number} · {issuer} · {start} – {end}",
                number=plan.number or "–",
                issuer=plan.issuer or "–",
                start=plan.effective.start,
                end=plan.effective.end,
            ),
            "dim",
        ),
    ]
    called, in_full = Names(plan), len(plan.activities) == 1
    for activity in plan.activities:
        parts.append(Text())
        lines = _activity(activity, names, called, in_full=in_full)
        parts.extend(Padding(line, (0, 0, 0, indent)) for indent, line in lines)
    if len(plan.activities) != 1:
        parts.extend(_reviews_and_forms(plan))
    return Group(*parts)


def _reviews_and_forms(plan: Plan) -> Iterator[RenderableType]:
    """List the codes that --review and --form take."""
    if plan.reviews:
        yield Text()
        yield _say(message("Reviews"), "bold")
    for review in plan.reviews:
        days = f"{day_text(review.span.start)} – {day_text(review.span.end)}"
        yield Padding(Text(f"{safe(review.code)}  {safe(review.name)}, {days}"), (0, 0, 0, 2))
    if plan.forms:
        yield Text()
        yield _say(message("Forms"), "bold")
        yield Padding(
            Text("; ".join(f"{safe(form.name)} ({safe(form.code)})" for form in plan.forms)), (0, 0, 0, 2)
        )


def _activity(
    activity: Activity, names: dict[str, str], called: Names, *, in_full: bool
) -> Iterator[tuple[int, Text]]:
    """Give the lines on an activity, each with its indent."""
    alias = f" ({safe(activity.alias)})" if activity.alias else ""
    yield 0, _say(activity_words(activity), "bold").append(alias)
    kind = message("{kind}, counted in {unit}", kind=KINDS[activity.kind], unit=activity.unit.name)
    yield 2, _say(kind, "dim")
    if in_full:
        for text in filter(None, (activity.text, activity.schedule, *activity.methods)):
            yield 2, Text(f"“{safe(text)}”", style="italic")
        if activity.forms:
            yield 2, _say(message("forms: {forms}", forms=called.forms_to_type(activity.forms)))
    roles = (
        (message("lead: {who}", who=_who(activity.roles.lead, names)), activity.roles.lead),
        (message("coordinate: {who}", who=_who(activity.roles.coordinate, names)), activity.roles.coordinate),
        (message("perform: {who}", who=_who(activity.roles.perform, names)), activity.roles.perform),
    )
    yield from ((2, _say(sentence)) for sentence, codes in roles if codes)
    for requirement in activity.requirements:
        yield from _duty(requirement, activity, names, called, in_full=in_full)
    if not activity.requirements:
        yield 2, _say(message("nothing is owed; it can be recorded"), "dim")


def _who(codes: Sequence[str], names: dict[str, str]) -> list[str]:
    return [names.get(code, code) for code in codes]


def _duty(
    requirement: Requirement, activity: Activity, names: dict[str, str], called: Names, *, in_full: bool
) -> Iterator[tuple[int, Text]]:
    stated = requirement.basis is Basis.STATED
    line = Text("■ " if stated else "□ ", style="green" if stated else "yellow")
    line.append(asked_words(requirement, activity), style="default")
    line.append(f" [{render(BASES[requirement.basis])}]")
    # What `waive` and `explain` take.
    line.append(f" ({safe(activity.code)}/{safe(requirement.code)})", style="dim")
    yield 2, line
    yield 4, _say(message("owed by: {who}", who=_who(requirement.owed_by, names)), "dim")
    yield from ((4, _say(condition, "dim")) for condition in conditions(requirement, activity, called))
    reason = requirement.quote if stated else requirement.note
    if in_full and reason:
        yield 4, Text(f"“{safe(reason)}”", style="italic")
