"""Why a verdict is what it is, in words: from the plan's own to the row that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from cchc_cli.domain.counted import days
from cchc_cli.domain.duty_words import forms_count
from cchc_cli.domain.errors import message
from cchc_cli.domain.execution import Uncounted, is_late, not_counted
from cchc_cli.domain.naming import Names, activity_words
from cchc_cli.domain.plan import Basis, Measure, Partial
from cchc_cli.domain.rules import Row
from cchc_cli.domain.text import Shown, safe
from cchc_cli.locale import number_text, render
from cchc_cli.reports.words import (
    BASES,
    LOOKS,
    asked_words,
    bounds_words,
    label_words,
    period_words,
    value_words,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from cchc_cli.domain.errors import Message
    from cchc_cli.domain.explanation import Explained, Explanation, Looked
    from cchc_cli.domain.findings import Finding
    from cchc_cli.domain.plan import Activity, Plan, Requirement
    from cchc_cli.domain.rules import CutOff
    from cchc_cli.domain.waivers import RecordedWaiver

_ROWS: dict[Row, Message] = {
    Row.CUT: message("the period is cut short, and the plan waives what is not whole"),
    Row.WAIVER: message("a recorded waiver covers it"),
    Row.UPCOMING: message("its first day is still to come"),
    Row.CLOSED_UNTOUCHED: message("it is closed, and nothing was done of which there could be too much"),
    Row.CLOSED_OVER: message("it is closed, and the value exceeds the maximum"),
    Row.CLOSED_REACHED: message("it is closed, and the value is not short"),
    Row.CLOSED_PARTLY: message("it is closed and short, and the value is above 0"),
    Row.CLOSED_WITHOUT: message("it is closed and short, and the value is 0 or there is none"),
    Row.OPEN_OVER: message("it is open, and the maximum is exceeded for good"),
    Row.OPEN_REACHED: message("it is open, and the minimum is reached, which nothing undoes"),
    Row.OPEN_LATE: message("it is open and short, and more than two thirds of its days are over"),
    Row.OPEN_GAP: message("it is open, and the gap has come to more than two thirds of what is allowed"),
    Row.OPEN: message("it is open, and no row before this one fits"),
}

_VALUES: dict[Measure, Message] = {
    Measure.EXECUTIONS: message("how many count"),
    Measure.AMOUNT: message("the sum of the amounts that count"),
    Measure.DAYS: message("different days with one that counts"),
    Measure.FORMS: message("different forms of those that count"),
    Measure.GAP: message("the longest run of days without one that counts"),
    Measure.STOCK: message("the sum of all amounts that count, from the beginning"),
    Measure.LATEST: message("the last reading that counts"),
}


def _say(sentence: Message, style: str = "") -> Text:
    return Text(render(sentence), style=style)


def explain_view(explanation: Explanation) -> RenderableType:
    """Show the plan's words and then each obligation with what its verdict rests on."""
    lines = [*_head(explanation), *_plan_words(explanation)]
    for explained in explanation.explained:
        lines.append((0, Text()))
        lines.extend(_obligation(explained, explanation))
    if not explanation.explained:
        nothing = message("nothing of this is owed by {agency} then", agency=explanation.agency.shown)
        lines += [(0, Text()), (0, _say(nothing))]
    return Group(*(Padding(line, (0, 0, 0, indent)) for indent, line in lines))


_Line = tuple[int, Text]
"""An indent in columns, and what stands there."""


def _head(explanation: Explanation) -> Iterator[_Line]:
    agency, cutoff = explanation.agency, explanation.cutoff
    yield 0, Text(f"{safe(agency.shown)} ({safe(agency.code)})", style="bold")
    as_of = (
        message("as of the end of {day}", day=cutoff.day)
        if cutoff.over
        else message("today is {day}", day=cutoff.day)
    )
    window = Shown(label_words(explanation.window.label))
    yield (
        0,
        _say(
            message("{plan} · {window} · {as_of}", plan=explanation.plan.code, window=window, as_of=as_of),
            "dim",
        ),
    )
    if explanation.known_at:
        yield 0, _say(message("as the database knew at {moment}", moment=explanation.known_at), "dim")


def _plan_words(explanation: Explanation) -> Iterator[_Line]:
    activity, names = explanation.activity, Names(explanation.plan)
    yield 0, Text()
    yield 0, _say(activity_words(activity), "bold")
    for text in filter(None, (activity.text, activity.schedule)):
        yield 2, Text(f"“{safe(text)}”", style="italic")
    for requirement in explanation.requirements:
        yield from _requirement(requirement, activity, names)
    if not explanation.requirements:
        yield 2, _say(message("nothing is owed; it can be recorded"), "dim")


def _requirement(requirement: Requirement, activity: Activity, names: Names) -> Iterator[_Line]:
    mark = "■" if requirement.basis is Basis.STATED else "□"
    line = Text(f"{mark} {asked_words(requirement, activity)} [{render(BASES[requirement.basis])}]")
    # What `waive` takes, and `explain` for this one alone.
    yield 2, line.append(f" ({safe(activity.code)}/{safe(requirement.code)})", "dim")
    yield from ((4, _say(condition, "dim")) for condition in _conditions(requirement, names))
    if requirement.quote:
        yield 4, Text(f"“{safe(requirement.quote)}”", style="italic")
    if requirement.note:
        yield 4, _say(message("note: {note}", note=requirement.note))


def _conditions(requirement: Requirement, names: Names) -> Iterator[Message]:
    """Say what does not count, in the words that an execution gets for it."""
    where = requirement.where
    if where.forms:
        yield forms_count(where.forms, names)
    yield message("repeats count too") if where.repeats else message("a repeat does not count")
    if where.amount_at_least is not None:
        yield message(
            "only amounts of at least {amount} count", amount=Shown(number_text(where.amount_at_least))
        )
    if requirement.start:
        yield message("from {day}", day=requirement.start)
    if requirement.end:
        yield message("until {day}", day=requirement.end)


def _obligation(explained: Explained, explanation: Explanation) -> Iterator[_Line]:
    finding, names = explained.finding, Names(explanation.plan)
    span = finding.obligation.span
    period = Shown(period_words(finding.obligation.slot, finding.requirement))
    duty = names.requirement(finding.activity.code, finding.requirement.code)
    yield 0, _say(message("{duty} · {period}", duty=duty, period=period), "bold")
    yield (
        2,
        _say(message("owed: {start} – {end}, {days}", start=span.start, end=span.end, days=days(span.days))),
    )
    yield from ((2, _say(part)) for part in _part(finding))
    yield from ((2, _record(looked, explained, explanation.plan, names)) for looked in explained.looked)
    if not explained.looked:
        yield 2, _say(message("nothing was recorded for it"), "dim")
    measured = _VALUES[finding.requirement.measure]
    value = message("value: {value}; {measured}", value=Shown(value_words(finding)), measured=measured)
    yield 2, _say(value)
    yield from ((2, _say(_waiver(recorded))) for recorded in explained.waivers)
    yield 2, _verdict(explained, explanation.cutoff)


def _part(finding: Finding) -> Iterator[Message]:
    """Say how the period was cut, and what is asked for after that."""
    obligation, requirement = finding.obligation, finding.requirement
    full, left = obligation.slot.full, obligation.span.days
    if obligation.slot.whole or obligation.span == full:
        return
    yield message(
        "of {full}, {start} – {end}: {what}",
        full=days(full.days),
        start=full.start,
        end=full.end,
        what=_cut(requirement.when_cut, left, full.days),
    )
    if requirement.when_cut is Partial.PRORATE:
        bounds = requirement._replace(at_least=obligation.bounds.at_least, at_most=obligation.bounds.at_most)
        yield message("asked for: {bounds}", bounds=Shown(bounds_words(bounds, finding.activity)))


def _cut(partial: Partial, left: int, full: int) -> Message:
    match partial:
        case Partial.WAIVE:
            return message("what is not whole is waived")
        case Partial.FULL:
            return message("it is owed in full on the days that are left")
        case Partial.PRORATE:
            return message(
                "bounds × {days} ÷ {full}, the minimum rounded up, the maximum down", days=left, full=full
            )


def _record(looked: Looked, explained: Explained, plan: Plan, names: Names) -> Text:
    recorded, execution, finding = looked.recorded, looked.recorded.execution, explained.finding
    line = _say(
        message(
            "no. {no}, {day}, {amount} {unit}",
            no=recorded.no,
            day=execution.day,
            amount=Shown(number_text(execution.amount)),
            unit=finding.activity.unit.name,
        )
    )
    form = names.form(execution.form) if execution.form else None
    for text in filter(None, (form, execution.title)):
        line.append(f", {safe(text)}")
    if looked.why is None:
        fate = message("counts, though recorded late") if is_late(recorded, plan) else message("counts")
    else:
        fate = message("does not count: {why}", why=_why(looked, finding, names))
    line.append(" – ")
    line.append(render(fate), style="green" if looked.why is None else "yellow")
    return line


def _why(looked: Looked, finding: Finding, names: Names) -> Message:
    if looked.why is Uncounted.VOIDED:
        return message("voided: {reason}", reason=looked.recorded.reason or "–")
    if looked.why is Uncounted.AFTER_CUT_OFF:
        return message("after the cut-off")
    if looked.why is Uncounted.BEFORE:
        return message("before the period; the days without one are counted from the day after it")
    return not_counted(finding.requirement, looked.recorded.execution, names) or message("counts")


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


def _verdict(explained: Explained, cutoff: CutOff) -> Text:
    finding = explained.finding
    status = word(finding.status)
    line = Text(status, style=f"bold {LOOKS[finding.status].style}")
    span = finding.obligation.span
    why = message(
        "row {row} of the table of verdicts: {why}", row=explained.row.value, why=_ROWS[explained.row]
    )
    line.append(f" – {render(why)}", style="default")
    if explained.row is Row.OPEN_LATE:
        over = message("{elapsed} of {days}", elapsed=cutoff.elapsed(span), days=days(span.days))
        line.append(f" ({render(over)})", style="default")
    return line
