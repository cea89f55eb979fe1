"""Due obligations as an iCalendar file (RFC 5545): an all-day event on the last day of each."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vText

from cchc_cli.domain.calendar.periods import DAY
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.locale import render
from cchc_cli.reports.wording.about import extent_words
from cchc_cli.reports.wording.due import remaining_words
from cchc_cli.reports.wording.words import BASIS_WORDS, finding_line, requirement_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.verdicts.dues import Due, Dues
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.domain.verdicts.rules import CutOff

BEGINNING = b"BEGIN:VCALENDAR\r\n"
"""The first line of every iCalendar file."""

_ALARM_OFFSET = timedelta(days=-3, hours=9)
"""Nine in the morning, three days before."""


class _EscapedText(vText):
    r"""Text of a property with every character kept; `vText` itself turns `\N` into a line end."""

    def to_ical(self) -> bytes:
        """Escape the text as RFC 5545 (3.3.11) requires."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def dues_calendar(dues: Dues) -> bytes:
    """Give the file; the same plan, records and cut-off day give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", _EscapedText("-//cchc//due"))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _EscapedText(_calendar_name(dues)))
    for due in dues.dues:
        calendar.add_component(_event(due, dues.plan, dues.cutoff))
    content: bytes = calendar.to_ical()
    return content


def _calendar_name(dues: Dues) -> str:
    extent = extent_words(dues.extent)
    if extent is None:
        return safe(dues.plan.title)
    return render(message("{title} – {extent}", title=dues.plan.title, extent=extent))


def _event(due: Due, plan: Plan, cutoff: CutOff) -> Event:
    finding = due.finding
    summary = render(
        message(
            "To do: {left} · {title} · {agency}",
            left=remaining_words(due),
            title=finding.activity.title,
            agency=finding.agency.shown_short,
        )
    )
    # Calendars keep the event with the later stamp and higher sequence number; both follow the cut-off day.
    stamp = datetime.combine(cutoff.day, time(), UTC)
    event = Event()
    event.add("uid", _EscapedText(_event_uid(plan, finding)))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", cutoff.day.toordinal())
    event.add("dtstart", due.by)
    event.add("dtend", due.by + DAY)
    event.add("summary", _EscapedText(summary))
    event.add("description", _EscapedText("\n".join(_description(finding))))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _EscapedText(summary))
    alarm.add("trigger", _ALARM_OFFSET)
    event.add_component(alarm)
    return event


def _event_uid(plan: Plan, finding: Finding) -> str:
    """Identify the obligation, so that a later file updates the event and adds no second one."""
    parts = (
        plan.code,
        finding.agency.code,
        finding.activity.code,
        finding.requirement.code,
        finding.obligation.slot.label,
    )
    return f"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}@cchc"


def _description(finding: Finding) -> Iterator[str]:
    activity, requirement = finding.activity, finding.requirement
    yield f"{safe(finding.agency.shown)}: {render(activity_words(activity))}"
    yield finding_line(finding)
    basis = render(BASIS_WORDS[requirement.basis])
    yield f"{requirement_words(requirement, activity)} ({basis})"
    for text in filter(None, (activity.text, activity.schedule, requirement.quote)):
        yield f"“{_safe_lines(text)}”"
    if requirement.note:
        yield render(message("note: {note}", note=SafeText(_safe_lines(requirement.note))))


def _safe_lines(text: str) -> str:
    return "\n".join(map(safe, text.splitlines()))
