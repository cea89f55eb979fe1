"""`explain` in a terminal: the words of the plan, the records, and the rule that decides each verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import days
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.plan.model import Basis, Measure, Partial
from cchc_cli.domain.records.execution import Exclusion, exclusion_message, is_late
from cchc_cli.domain.verdicts.rules import Row
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.domain.wording.requirements import forms_condition
from cchc_cli.locale import number_text, render
from cchc_cli.reports.terminal.lines import render_text
from cchc_cli.reports.wording.words import (
    BASIS_WORDS,
    STATUS_LOOKS,
    bounds_words,
    calendar_label_words,
    period_words,
    requirement_words,
    status_word,
    value_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Activity, Plan, Requirement
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.verdicts.explanation import ConsideredExecution, ExplainedObligation, Explanation
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.domain.verdicts.rules import CutOff

_ROW_WORDS: dict[Row, Message] = {
    Row.CUT: message("the period is cut short, and the plan waives what is not whole"),
    Row.WAIVER: message("a recorded waiver covers it"),
    Row.UPCOMING: message("its first day is still to come"),
    Row.CLOSED_UNTOUCHED: message("it is closed, and nothing was recorded that could exceed the maximum"),
    Row.CLOSED_OVER: message("it is closed, and the value exceeds the maximum"),
    Row.CLOSED_REACHED: message("it is closed, and the value is not short"),
    Row.CLOSED_PARTLY: message("it is closed and short, and the value is above 0"),
    Row.CLOSED_WITHOUT: message("it is closed and short, and the value is 0 or there is none"),
    Row.OPEN_OVER: message("it is open, and the maximum is exceeded for good"),
    Row.OPEN_REACHED: message("it is open, and the minimum is reached for good"),
    Row.OPEN_LATE: message("it is open and short, and more than two thirds of its days are over"),
    Row.OPEN_GAP: message("it is open, and the gap has come to more than two thirds of what is allowed"),
    Row.OPEN: message("it is open, and no row before this one fits"),
}

_VALUE_WORDS: dict[Measure, Message] = {
    Measure.EXECUTIONS: message("how many count"),
    Measure.AMOUNT: message("the sum of the amounts that count"),
    Measure.DAYS: message("different days with one that counts"),
    Measure.FORMS: message("different forms of those that count"),
    Measure.GAP: message("the longest run of days without one that counts"),
    Measure.STOCK: message("the sum of all amounts that count, from the beginning"),
    Measure.LATEST: message("the last reading that counts"),
}


def explain_view(explanation: Explanation) -> RenderableType:
    """Show the words of the plan, then each obligation with the grounds of its verdict."""
    lines = [*_head(explanation), *_plan_words(explanation)]
    for explained in explanation.obligations:
        lines.append((0, Text()))
        lines.extend(_obligation(explained, explanation))
    if not explanation.obligations:
        nothing = message("{agency} has no such obligation in this period", agency=explanation.agency.shown)
        lines += [(0, Text()), (0, render_text(nothing))]
    return Group(*(Padding(line, (0, 0, 0, indent)) for indent, line in lines))


_Line = tuple[int, Text]
"""An indent in columns, and the text."""


def _head(explanation: Explanation) -> Iterator[_Line]:
    agency, cutoff = explanation.agency, explanation.cutoff
    yield 0, Text(f"{safe(agency.shown)} ({safe(agency.code)})", style="bold")
    as_of = (
        message("as of the end of {day}", day=cutoff.day)
        if cutoff.over
        else message("today is {day}", day=cutoff.day)
    )
    window = SafeText(calendar_label_words(explanation.window.label))
    yield (
        0,
        render_text(
            message("{plan} · {window} · {as_of}", plan=explanation.plan.code, window=window, as_of=as_of),
            "dim",
        ),
    )
    if explanation.known_at:
        yield 0, render_text(message("as the database knew at {moment}", moment=explanation.known_at), "dim")


def _plan_words(explanation: Explanation) -> Iterator[_Line]:
    activity, names = explanation.activity, Names(explanation.plan)
    yield 0, Text()
    yield 0, render_text(activity_words(activity), "bold")
    for text in filter(None, (activity.text, activity.schedule)):
        yield 2, Text(f"“{safe(text)}”", style="italic")
    for requirement in explanation.requirements:
        yield from _requirement(requirement, activity, names)
    if not explanation.requirements:
        yield 2, render_text(message("nothing is owed; it can be recorded"), "dim")


def _requirement(requirement: Requirement, activity: Activity, names: Names) -> Iterator[_Line]:
    mark = "■" if requirement.basis is Basis.STATED else "□"
    line = Text(
        f"{mark} {requirement_words(requirement, activity)} [{render(BASIS_WORDS[requirement.basis])}]"
    )
    # The form that `waive` and `explain` accept.
    yield 2, line.append(f" ({safe(activity.code)}/{safe(requirement.code)})", "dim")
    yield from ((4, render_text(condition, "dim")) for condition in _conditions(requirement, names))
    if requirement.quote:
        yield 4, Text(f"“{safe(requirement.quote)}”", style="italic")
    if requirement.note:
        yield 4, render_text(message("note: {note}", note=requirement.note))


def _conditions(requirement: Requirement, names: Names) -> Iterator[Message]:
    """Describe which executions count, in the words that `log` uses."""
    where = requirement.where
    if where.forms:
        yield forms_condition(where.forms, names)
    yield message("repeats count too") if where.repeats else message("a repeat does not count")
    if where.amount_at_least is not None:
        yield message(
            "only amounts of at least {amount} count", amount=SafeText(number_text(where.amount_at_least))
        )
    if requirement.start:
        yield message("from {day}", day=requirement.start)
    if requirement.end:
        yield message("until {day}", day=requirement.end)


def _obligation(explained: ExplainedObligation, explanation: Explanation) -> Iterator[_Line]:
    finding, names = explained.finding, Names(explanation.plan)
    span = finding.obligation.span
    period = SafeText(period_words(finding.obligation.slot, finding.requirement))
    duty = names.requirement(finding.activity.code, finding.requirement.code)
    yield 0, render_text(message("{duty} · {period}", duty=duty, period=period), "bold")
    yield (
        2,
        render_text(
            message("owed: {start} – {end}, {days}", start=span.start, end=span.end, days=days(span.days))
        ),
    )
    yield from ((2, render_text(part)) for part in _cut_lines(finding))
    yield from ((2, _record(looked, explained, explanation.plan, names)) for looked in explained.executions)
    if not explained.executions:
        yield 2, render_text(message("nothing was recorded for it"), "dim")
    measured = _VALUE_WORDS[finding.requirement.measure]
    value = message("value: {value}; {measured}", value=SafeText(value_words(finding)), measured=measured)
    yield 2, render_text(value)
    yield from ((2, render_text(_waiver(recorded))) for recorded in explained.waivers)
    yield 2, _verdict(explained, explanation.cutoff)


def _cut_lines(finding: Finding) -> Iterator[Message]:
    """Describe how the period was cut, and what is required because of it."""
    obligation, requirement = finding.obligation, finding.requirement
    full, left = obligation.slot.full, obligation.span.days
    if obligation.slot.whole or obligation.span == full:
        return
    yield message(
        "of {full}, {start} – {end}: {what}",
        full=days(full.days),
        start=full.start,
        end=full.end,
        what=_cut_rule(requirement.when_cut, left, full.days),
    )
    if requirement.when_cut is Partial.PRORATE:
        bounds = requirement._replace(at_least=obligation.bounds.at_least, at_most=obligation.bounds.at_most)
        yield message("asked for: {bounds}", bounds=SafeText(bounds_words(bounds, finding.activity)))


def _cut_rule(partial: Partial, left: int, full: int) -> Message:
    match partial:
        case Partial.WAIVE:
            return message("what is not whole is waived")
        case Partial.FULL:
            return message("it is owed in full on the remaining days")
        case Partial.PRORATE:
            return message(
                "bounds × {days} ÷ {full}, the minimum rounded up, the maximum down", days=left, full=full
            )


def _record(looked: ConsideredExecution, explained: ExplainedObligation, plan: Plan, names: Names) -> Text:
    recorded, execution, finding = looked.recorded, looked.recorded.execution, explained.finding
    line = render_text(
        message(
            "no. {no}, {day}, {amount} {unit}",
            no=recorded.no,
            day=execution.day,
            amount=SafeText(number_text(execution.amount)),
            unit=finding.activity.unit.name,
        )
    )
    form = names.form(execution.form) if execution.form else None
    for text in filter(None, (form, execution.title)):
        line.append(f", {safe(text)}")
    if looked.exclusion is None:
        outcome = message("counts, though recorded late") if is_late(recorded, plan) else message("counts")
    else:
        outcome = message("does not count: {why}", why=_why_not_counted(looked, finding, names))
    line.append(" – ")
    line.append(render(outcome), style="green" if looked.exclusion is None else "yellow")
    return line


def _why_not_counted(looked: ConsideredExecution, finding: Finding, names: Names) -> Message:
    if looked.exclusion is Exclusion.VOIDED:
        return message("voided: {reason}", reason=looked.recorded.reason or "–")
    if looked.exclusion is Exclusion.AFTER_CUT_OFF:
        return message("after the cut-off")
    if looked.exclusion is Exclusion.BEFORE:
        return message("before the period; the days without one are counted from the day after it")
    return exclusion_message(finding.requirement, looked.recorded.execution, names) or message("counts")


def _waiver(recorded: RecordedWaiver) -> Message:
    waiver = recorded.waiver
    return message(
        "waiver no. {no}, {start} – {end}, by {author}: {reason}{document}",
        no=recorded.no,
        start=waiver.span.start,
        end=waiver.span.end,
        author=recorded.author,
        reason=waiver.reason,
        document=message(" ({document})", document=waiver.document) if waiver.document else "",
    )


def _verdict(explained: ExplainedObligation, cutoff: CutOff) -> Text:
    finding = explained.finding
    status = status_word(finding.status)
    line = Text(status, style=f"bold {STATUS_LOOKS[finding.status].style}")
    span = finding.obligation.span
    why = message(
        "row {row} of the table of verdicts: {why}", row=explained.row.value, why=_ROW_WORDS[explained.row]
    )
    line.append(f" – {render(why)}", style="default")
    if explained.row is Row.OPEN_LATE:
        over = message("{elapsed} of {days}", elapsed=cutoff.elapsed(span), days=days(span.days))
        line.append(f" ({render(over)})", style="default")
    return line
