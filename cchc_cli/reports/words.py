"""The words of the field: statuses, units, periods, verdicts in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.amounts import THOUSANDTHS
from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.periods import Frequency, frequency_of
from cchc_cli.domain.plan import Basis, By, Kind, Measure, Per
from cchc_cli.domain.rules import Reason, Status
from cchc_cli.domain.text import Shown, safe
from cchc_cli.locale import day_text, number_text, ratio_text, render
from cchc_cli.reports.recurrence_words import rule_words

if TYPE_CHECKING:
    from cchc_cli.domain.findings import Figures, Finding, Ratio, Summary
    from cchc_cli.domain.obligations import Slot
    from cchc_cli.domain.plan import Activity, Requirement


class Look(NamedTuple):
    """How a status is shown: never by colour alone."""

    word: Message
    mark: Message
    """One character, readable without colour."""
    style: str


LOOKS: dict[Status, Look] = {
    Status.MET: Look(message("met"), message("M"), "green"),
    Status.PARTIAL: Look(message("partly"), message("P"), "yellow"),
    Status.MISSED: Look(message("missed"), message("X"), "red"),
    Status.AT_RISK: Look(message("at risk"), message("!"), "bold yellow"),
    Status.PENDING: Look(message("under way"), message("…"), "cyan"),
    Status.UPCOMING: Look(message("upcoming"), message("·"), "dim"),
    Status.WAIVED: Look(message("waived"), message("W"), "magenta"),
}

REASONS: dict[Reason, Message] = {
    Reason.UNTOUCHED: message("nothing done, so nothing above the maximum"),
    Reason.EXCEEDED: message("above the maximum"),
    Reason.PARTIAL_PERIOD: message("the period is not whole"),
    Reason.WAIVER: message("a waiver covers it"),
}

BASES: dict[Basis, Message] = {
    Basis.STATED: message("stated in the plan"),
    Basis.INTERPRETED: message("interpreted"),
}

KINDS: dict[Kind, Message] = {
    Kind.FLOW: message("adds up"),
    Kind.STOCK: message("stock"),
    Kind.READING: message("reading"),
}

DUE, PROGRESS = message("Due"), message("Progress")
"""The headings of the two figures: what is over, and what can be done by now."""

_PERS: dict[str, Message] = {
    "day": message("each day"),
    "week": message("each week"),
    "month": message("each month"),
    "quarter": message("each quarter"),
    "half": message("each half-year"),
    "year": message("each year"),
    "plan": message("over the whole plan"),
}

_ROMAN = ("I", "II", "III", "IV")


def word(status: Status) -> str:
    """Name a status."""
    return render(LOOKS[status].word)


def mark(status: Status) -> str:
    """Give the one character that stands for a status."""
    return render(LOOKS[status].mark)


def ratio_words(ratio: Ratio) -> Shown:
    """Write a figure, always with its two numbers: `530/1.367 (38,8 %)`."""
    return Shown(ratio_text(ratio.part, ratio.whole))


def figures_words(figures: Figures) -> Message:
    """Say both figures, and what is in neither of them yet."""
    both = {"rate": ratio_words(figures.rate), "progress": ratio_words(figures.progress)}
    if not figures.running:
        return message("due: met {rate}; progress: met {progress}", **both)
    return message(
        "due: met {rate}; progress: met {progress}; decided at their end: {running}",
        **both,
        running=Shown(number_text(figures.running * THOUSANDTHS)),
    )


def figures_lines(summary: Summary) -> list[Message]:
    """Say the figures of all requirements, and apart of the stated and the interpreted where there are both."""
    lines = [figures_words(summary.figures())]
    apart = [(basis, summary.figures(basis)) for basis in Basis]
    if all(figures.begun or figures.running for _, figures in apart):
        lines += [
            message("{basis}: {figures}", basis=BASES[basis], figures=figures_words(figures))
            for basis, figures in apart
        ]
    else:
        lines += [
            message("all of it {basis}", basis=BASES[basis]) for basis, figures in apart if figures.begun
        ]
    return lines


def unit_of(measure: Measure, activity: Activity) -> str:
    """Name what a value of this measure is counted in."""
    match measure:
        case Measure.AMOUNT | Measure.STOCK | Measure.LATEST:
            return safe(activity.unit.name)
        case Measure.EXECUTIONS:
            return render(message("times"))
        case Measure.FORMS:
            return render(message("forms"))
        case Measure.DAYS | Measure.GAP:
            return render(message("days"))


def period_words(slot: Slot, requirement: Requirement) -> str:
    """Name a period: `Tháng 3/2024`, `Quý I/2024`, or its label."""
    window = requirement.window
    if isinstance(window, Per) and frequency_of(slot.label) == window.name:
        return label_words(slot.label)
    if isinstance(window, Per):
        if window.name != "plan":
            return safe(slot.label)
        if requirement.start or requirement.end:
            return f"{day_text(slot.full.start)} – {day_text(slot.full.end)}"
        return render(message("Whole plan"))
    if isinstance(window, By):
        return render(message("Due {day}", day=slot.full.end))
    return day_text(slot.full.start)


def label_words(label: str) -> str:
    """Name the period of a calendar label; any other label stays as it is."""
    frequency = frequency_of(label)
    year, tail = label[:4], label[5:]
    match frequency:
        case Frequency.WEEK:
            return render(message("Week {week}/{year}", week=int(tail[1:]), year=year))
        case Frequency.MONTH:
            return render(message("Month {month}/{year}", month=int(tail), year=year))
        case Frequency.QUARTER:
            return render(message("Quarter {quarter}/{year}", quarter=_ROMAN[int(tail[1]) - 1], year=year))
        case Frequency.HALF if tail == "H1":
            return render(message("First half of {year}", year=year))
        case Frequency.HALF:
            return render(message("Second half of {year}", year=year))
        case Frequency.YEAR:
            return render(message("Year {year}", year=year))
        case _:
            return safe(label)


def window_words(requirement: Requirement) -> str:
    """Say when a requirement is due."""
    match requirement.window:
        case Per(name) if name in _PERS:
            return render(_PERS[name])
        case Per(name):
            return render(message("in each period of {calendar}", calendar=name))
        case By(day, inclusive=True):
            return render(message("by {day}", day=day))
        case By(day):
            return render(message("before {day}", day=day))
        case schedule:
            words = rule_words(schedule.rrule)
            if words and not schedule.tolerance_days:
                return render(words)
            if words:
                return render(message("{rule}, {days} days’ grace", rule=words, days=schedule.tolerance_days))
            return render(
                message("at {rrule}, {days} days’ grace", rrule=schedule.rrule, days=schedule.tolerance_days)
            )


def bounds_words(requirement: Requirement, activity: Activity) -> str:
    """Say what a requirement asks for: `ít nhất 15 phút`."""
    unit = unit_of(requirement.measure, activity)
    least, most = requirement.at_least, requirement.at_most
    if requirement.measure is Measure.GAP and most is not None:
        return render(message("no more than {most} days in a row without one", most=number_text(most)))
    if least is not None and most is not None:
        return render(
            message("{least} to {most} {unit}", least=number_text(least), most=number_text(most), unit=unit)
        )
    if least is not None:
        return render(message("at least {least} {unit}", least=number_text(least), unit=unit))
    return render(message("at most {most} {unit}", most=number_text(most or 0), unit=unit))


def value_words(finding: Finding) -> str:
    """Put a value against its bound: `15/15 phút`."""
    bounds = finding.obligation.bounds
    value = "–" if finding.value is None else number_text(finding.value)
    unit = unit_of(finding.requirement.measure, finding.activity)
    if bounds.at_least is not None and bounds.at_most is not None:
        return f"{value} ({number_text(bounds.at_least)}–{number_text(bounds.at_most)}) {unit}"
    if bounds.at_least is not None:
        return f"{value}/{number_text(bounds.at_least)} {unit}"
    return f"{value} (≤ {number_text(bounds.at_most or 0)}) {unit}"


def finding_line(finding: Finding) -> Shown:
    """Say a finding in one line: `Tháng 3/2024: 15/15 phút, đạt`."""
    status = word(finding.status)
    if finding.reason:
        status = f"{status} ({render(REASONS[finding.reason])})"
    if finding.late:
        status = f"{status}, {late_words(finding.late)}"
    period = period_words(finding.obligation.slot, finding.requirement)
    return Shown(f"{period}: {value_words(finding)}, {status}")


def late_words(late: int) -> str:
    """Say how many executions were recorded late: they count all the same."""
    return render(message("recorded late: {late}", late=late))


def left_words(finding: Finding) -> str:
    """Say what is still to do and until when; empty where nothing is."""
    least = finding.obligation.bounds.at_least
    if finding.status not in {Status.PENDING, Status.AT_RISK} or least is None:
        return ""
    left = least - (finding.value or 0)
    if left <= 0:
        return ""
    return render(
        message(
            "{left} {unit} by {day}",
            left=number_text(left),
            unit=unit_of(finding.requirement.measure, finding.activity),
            day=finding.obligation.span.end,
        )
    )
