"""Words for statuses, bases, figures, periods and requirements; findings in one line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import Frequency, frequency_of
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.plan.model import Basis, By, Per
from cchc_cli.domain.verdicts.rules import Reason, Status
from cchc_cli.domain.wording import requirements as requirement_wording
from cchc_cli.locale import count_text, day_text, format_value, ratio_text, render

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Requirement
    from cchc_cli.domain.verdicts.findings import Figures, Finding, Ratio, Summary
    from cchc_cli.domain.verdicts.obligations import Bounds, Slot


class StatusLook(NamedTuple):
    """How a status is shown; never by colour alone."""

    word: Message
    mark: Message
    """One character, readable without colour."""
    style: str


STATUS_LOOKS: dict[Status, StatusLook] = {
    Status.MET: StatusLook(message("met"), message("M"), "green"),
    Status.PARTIAL: StatusLook(message("partly"), message("P"), "yellow"),
    Status.MISSED: StatusLook(message("missed"), message("X"), "red"),
    Status.AT_RISK: StatusLook(message("at risk"), message("!"), "bold yellow"),
    Status.PENDING: StatusLook(message("under way"), message("…"), "cyan"),
    Status.UPCOMING: StatusLook(message("upcoming"), message("·"), "dim"),
    Status.WAIVED: StatusLook(message("waived"), message("W"), "magenta"),
}

REASON_WORDS: dict[Reason, Message] = {
    Reason.UNTOUCHED: message("nothing done, so nothing above the maximum"),
    Reason.EXCEEDED: message("above the maximum"),
    Reason.PARTIAL_PERIOD: message("the period is not whole"),
    Reason.WAIVER: message("a waiver covers it"),
}

BASIS_WORDS: dict[Basis, Message] = {
    Basis.STATED: message("stated in the plan"),
    Basis.INTERPRETED: message("interpreted"),
}

BASIS_TITLES: dict[Basis, Message] = {
    Basis.STATED: message("Stated in the plan"),
    Basis.INTERPRETED: message("Interpreted"),
}
"""The same with a capital, for labels that stand alone."""

DUE, PROGRESS = message("Due"), message("Progress")
"""The headings of the two figures: obligations that are over, and all that could be met by now."""

_ROMAN = ("I", "II", "III", "IV")


def status_word(status: Status) -> str:
    """Name a status."""
    return render(STATUS_LOOKS[status].word)


def status_mark(status: Status) -> str:
    """Give the one character that stands for a status."""
    return render(STATUS_LOOKS[status].mark)


def ratio_words(ratio: Ratio) -> SafeText:
    """Write a ratio with its two numbers: `530/1.367 (38,8 %)`."""
    return SafeText(ratio_text(ratio.part, ratio.whole))


def figures_words(figures: Figures) -> Message:
    """Give both figures, and the number of obligations that are in neither yet."""
    both = {"rate": ratio_words(figures.rate), "progress": ratio_words(figures.progress)}
    if not figures.running:
        return message("due: met {rate}; progress: met {progress}", **both)
    return message(
        "due: met {rate}; progress: met {progress}; decided at their end: {running}",
        **both,
        running=count_text(figures.running),
    )


def figures_lines(summary: Summary) -> list[Message]:
    """Give the figures of all requirements, then of stated and interpreted ones if there are both."""
    lines = [figures_words(summary.figures())]
    by_basis = [(basis, summary.figures(basis)) for basis in Basis]
    if all(figures.begun or figures.running for _, figures in by_basis):
        lines += [
            message("{basis}: {figures}", basis=BASIS_WORDS[basis], figures=figures_words(figures))
            for basis, figures in by_basis
        ]
    else:
        lines += [
            message("all of it {basis}", basis=BASIS_WORDS[basis])
            for basis, figures in by_basis
            if figures.begun
        ]
    return lines


def counted_words(thousandths: int, finding: Finding) -> str:
    """Write a value with its unit: `15 phút`."""
    return format_value(
        requirement_wording.value_in_words(thousandths, finding.requirement.measure, finding.activity)
    )


def period_words(slot: Slot, requirement: Requirement) -> str:
    """Name a period: `Tháng 3/2024`, `Quý I/2024`, or its label."""
    return period_label_words(slot.label, requirement)


def period_label_words(label: str, requirement: Requirement) -> str:
    """Name a period of a requirement by its label; a label that does not fit its window stays as it is."""
    window, days = requirement.window, _days_in(label)
    if isinstance(window, Per) and window.name == "plan" and len(days) > 1:
        if not (requirement.start or requirement.end):
            return render(message("Whole plan"))
        return " – ".join(map(day_text, days))
    if isinstance(window, Per):
        return calendar_label_words(label) if frequency_of(label) == window.name else safe(label)
    if len(days) != 1:
        return safe(label)
    return render(message("Due {day}", day=days[0])) if isinstance(window, By) else day_text(days[0])


def _days_in(label: str) -> list[date]:
    """Give the days of a label `DAY` or `FROM..TO`; none for other labels."""
    try:
        return [date.fromisoformat(day) for day in label.split("..")]
    except ValueError:
        return []


def calendar_label_words(label: str) -> str:
    """Name the calendar period of a label, such as `2024-03` or `2024-Q1`; other labels stay as they are."""
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
    return render(requirement_wording.window_in_words(requirement))


def bounds_words(requirement: Requirement, activity: Activity) -> str:
    """Give the bounds of a requirement: `ít nhất 15 phút`."""
    return render(requirement_wording.bounds_in_words(requirement, activity))


def requirement_words(requirement: Requirement, activity: Activity) -> SafeText:
    """Give the bounds and the window of a requirement: `ít nhất 15 phút, mỗi tháng`."""
    return render(requirement_wording.target_in_words(requirement, activity))


def value_words(finding: Finding) -> str:
    """Give a value and what is needed: `7,5 phút (cần 15)`."""
    return render(_value_message(finding))


def _value_message(finding: Finding) -> Message:
    measure, activity, bounds = finding.requirement.measure, finding.activity, finding.obligation.bounds
    if finding.value is not None:
        value = requirement_wording.value_in_words(finding.value, measure, activity)
        return message("{value} ({bounds})", value=value, bounds=_needed_message(bounds))
    unit = requirement_wording.unit_words(measure, activity)
    return message("none ({bounds} {unit})", bounds=_needed_message(bounds), unit=unit)


def _needed_message(bounds: Bounds) -> Message:
    least, most = bounds
    if least is not None and most is not None:
        return message("needs {least} to {most}", least=Number(least), most=Number(most))
    if least is not None:
        return message("needs {least}", least=Number(least))
    return message("at most {most}", most=Number(most or 0))


def finding_line(finding: Finding) -> SafeText:
    """Describe a finding in one line: `Tháng 3/2024: 15 phút (cần 15), đạt`."""
    status = status_word(finding.status)
    if finding.reason:
        status = f"{status} ({render(REASON_WORDS[finding.reason])})"
    if finding.late:
        status = f"{status}, {late_words(finding.late)}"
    period = period_words(finding.obligation.slot, finding.requirement)
    return SafeText(f"{period}: {value_words(finding)}, {status}")


def late_words(late: int) -> str:
    """Say how many executions were recorded late; they count all the same."""
    return render(message("recorded late: {late}", late=late))
