"""What every report says about itself: plan, period, cut-off, state of the records, how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.plurals import agencies
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.locale import day_text, render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.extent import Extent

HOW_TO_READ = (
    message(
        "Due: met ÷ all obligations whose last day is over. Progress: met ÷ these and the open ones that can be met before their last day, so open obligations count as not done yet. Neither includes obligations that are upcoming, waived or decided only at their end (a stock, a maximum, a gap), nor maxima for which nothing was done. “–” means that there is nothing to divide by."
    ),
    message(
        "Agencies are sorted furthest behind first: by the share of begun obligations that are missed, partly met or at risk, with equal weight for each requirement."
    ),
    message(
        "Stated in the plan: the plan’s own words say it and are quoted. Interpreted: the plan gives no number, so one was chosen; the note explains the choice. Totals of both are always shown with the figures of each."
    ),
    message(
        "At risk: still open, short of what is asked, and more than two thirds of the period are over; or a gap is "
        "close to the longest allowed."
    ),
    message(
        "The count and the head of the chain identify the state of the records behind this report; cchc verify tells whether they have been changed since."
    ),
)
"""How to read a report."""


class Fact(NamedTuple):
    """A line that describes the report, in the current language."""

    name: SafeText
    value: SafeText


def facts(report: Report) -> list[Fact]:
    """Give the lines that describe a report, without those that have no value."""
    assessment = report.assessment
    lines = [*_plan_lines(report), *_time_lines(report)]
    lines.append((message("Changes in the chain"), str(assessment.chain.links)))
    lines.append((message("Head of the chain"), assessment.chain.text))
    return [Fact(render(name), safe(value)) for name, value in lines if value]


def _plan_lines(report: Report) -> Iterator[tuple[Message, str | None]]:
    plan = report.assessment.plan
    yield message("Plan"), plan.title
    yield message("Number"), plan.number
    yield message("Issuer"), plan.issuer
    yield message("Published"), day_text(plan.published) if plan.published else None
    yield message("Code"), plan.code
    extent = report.assessment.extent
    yield message("Agency"), agencies_words(extent)
    yield message("Activity"), render(activity_words(extent.activity)) if extent.activity else None


def _time_lines(report: Report) -> Iterator[tuple[Message, str | None]]:
    assessment = report.assessment
    window, zone = assessment.window.span, assessment.plan.timezone
    yield message("Review"), report.review.name if report.review else None
    yield message("Days looked at"), render(message("{start} – {end}", start=window.start, end=window.end))
    yield message("Cut-off"), as_of_words(assessment)
    yield message("Known at"), _time_with_zone(assessment.known_at, zone)
    yield message("Review closed"), _time_with_zone(report.closed_at, zone)
    yield (
        message("Rule set"),
        render(message("{rules}; verdicts as they were kept", rules=report.rules)) if report.rules else None,
    )


def agencies_words(extent: Extent) -> SafeText | None:
    """Name the agencies in question: `UBND thị xã Buôn Hồ và 13 cơ quan trực thuộc`; None if it is all."""
    if extent.top is None:
        return None
    if not extent.below:
        return safe(extent.top.shown)
    return render(
        message("{agency} and {agencies} below it", agency=extent.top.shown, agencies=agencies(extent.below))
    )


def extent_words(extent: Extent) -> SafeText | None:
    """Name the agencies and the activity in question; None if it is the whole plan."""
    parts = [agencies_words(extent), render(activity_words(extent.activity)) if extent.activity else None]
    known = [part for part in parts if part]
    return SafeText("; ".join(known)) if known else None


def subject(report: Report) -> SafeText:
    """Give the title of the report in one line."""
    extent, title = report.assessment.extent, report.assessment.plan.title
    text = message("Results of carrying out: {title}", title=title)
    if names := agencies_words(extent):
        text = message("Results of carrying out: {title} – {agencies}", title=title, agencies=names)
    if extent.activity:
        text = message("{subject}; {activity}", subject=text, activity=activity_words(extent.activity))
    return render(text)


def as_of_words(assessment: Assessment) -> SafeText:
    """Give the cut-off in words: `tính đến hết ngày 30/06/2024`."""
    day = assessment.cutoff.day
    if assessment.cutoff.over:
        return render(message("as of the end of {day}", day=day))
    return render(message("as of {day}, the day still running", day=day))


def _time_with_zone(moment: datetime | None, zone: str) -> SafeText | None:
    if moment is None:
        return None
    return render(message("{moment} ({zone})", moment=local_time(moment, zone), zone=zone))


def local_time(moment: datetime, zone: str) -> datetime:
    """Convert a time to the time zone of a plan."""
    return moment.astimezone(ZoneInfo(zone))
