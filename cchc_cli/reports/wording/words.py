"""The words of the field: statuses, units, periods, verdicts in one line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import Frequency, frequency_of
from cchc_cli.domain.language.amounts import THOUSANDTHS
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.plan.model import Basis, By, Kind, Measure, Per
from cchc_cli.domain.verdicts.rules import Reason, Status
from cchc_cli.domain.wording import requirements as duty_words
from cchc_cli.locale import day_text, number_text, ratio_text, render, written

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Requirement
    from cchc_cli.domain.verdicts.findings import Figures, Finding, Ratio, Summary
    from cchc_cli.domain.verdicts.obligations import Bounds, Slot


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

_ROMAN = ("I", "II", "III", "IV")


def word(status: Status) -> str:
    """Name a status."""
    return render(LOOKS[status].word)


def mark(status: Status) -> str:
    """Give the one character that stands for a status."""
    return render(LOOKS[status].mark)


def ratio_words(ratio: Ratio) -> SafeText:
    """Write a figure, always with its two numbers: `530/1.367 (38,8 %)`."""
    return SafeText(ratio_text(ratio.part, ratio.whole))


def figures_words(figures: Figures) -> Message:
    """Say both figures, and what is in neither of them yet."""
    both = {"rate": ratio_words(figures.rate), "progress": ratio_words(figures.progress)}
    if not figures.running:
        return message("due: met {rate}; progress: met {progress}", **both)
    return message(
        "due: met {rate}; progress: met {progress}; decided at their end: {running}",
        **both,
        running=SafeText(number_text(figures.running * THOUSANDTHS)),
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
    return written(duty_words.unit_words(measure, activity))


def counted_words(thousandths: int, finding: Finding) -> str:
    """Write a value of a finding's measure with what it counts: `15 phút`."""
    return written(duty_words.value_in_words(thousandths, finding.requirement.measure, finding.activity))


def period_words(slot: Slot, requirement: Requirement) -> str:
    """Name a period: `Tháng 3/2024`, `Quý I/2024`, or its label."""
    return labelled_words(slot.label, requirement)


def labelled_words(label: str, requirement: Requirement) -> str:
    """Name the period of a requirement that has this label; one that is not of its window stays as it is."""
    window, days = requirement.window, _days_in(label)
    if isinstance(window, Per) and window.name == "plan" and len(days) > 1:
        if not (requirement.start or requirement.end):
            return render(message("Whole plan"))
        return " – ".join(map(day_text, days))
    if isinstance(window, Per):
        return label_words(label) if frequency_of(label) == window.name else safe(label)
    if len(days) != 1:
        return safe(label)
    return render(message("Due {day}", day=days[0])) if isinstance(window, By) else day_text(days[0])


def _days_in(label: str) -> list[date]:
    """Give the days that a label names, `DAY` or `FROM..TO`; none where it is no such label."""
    try:
        return [date.fromisoformat(day) for day in label.split("..")]
    except ValueError:
        return []


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
    return render(duty_words.window_in_words(requirement))


def bounds_words(requirement: Requirement, activity: Activity) -> str:
    """Say what a requirement asks for: `ít nhất 15 phút`."""
    return render(duty_words.bounds_in_words(requirement, activity))


def asked_words(requirement: Requirement, activity: Activity) -> SafeText:
    """Say what a requirement asks for and when: `ít nhất 15 phút, mỗi tháng`."""
    return SafeText(render(duty_words.target_in_words(requirement, activity)))


def value_words(finding: Finding) -> str:
    """Put a value beside what is needed: `7,5 phút (cần 15)`."""
    return render(_value(finding))


def _value(finding: Finding) -> Message:
    measure, activity, bounds = finding.requirement.measure, finding.activity, finding.obligation.bounds
    if finding.value is not None:
        value = duty_words.value_in_words(finding.value, measure, activity)
        return message("{value} ({bounds})", value=value, bounds=_needed(bounds))
    unit = duty_words.unit_words(measure, activity)
    return message("none ({bounds} {unit})", bounds=_needed(bounds), unit=unit)


def _needed(bounds: Bounds) -> Message:
    least, most = bounds
    if least is not None and most is not None:
        return message("needs {least} to {most}", least=Number(least), most=Number(most))
    if least is not None:
        return message("needs {least}", least=Number(least))
    return message("at most {most}", most=Number(most or 0))


def finding_line(finding: Finding) -> SafeText:
    """Say a finding in one line: `Tháng 3/2024: 15/15 phút, đạt`."""
    status = word(finding.status)
    if finding.reason:
        status = f"{status} ({render(REASONS[finding.reason])})"
    if finding.late:
        status = f"{status}, {late_words(finding.late)}"
    period = period_words(finding.obligation.slot, finding.requirement)
    return SafeText(f"{period}: {value_words(finding)}, {status}")


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
    value = duty_words.value_in_words(left, finding.requirement.measure, finding.activity)
    return render(message("{left} by {day}", left=value, day=finding.obligation.span.end))
