"""Data for the script of the page: every verdict, as indexes into lists of distinct texts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, fold, safe, sort_key
from cchc_cli.domain.plan.model import Basis
from cchc_cli.locale import day_text, render
from cchc_cli.reports.wording.selection import STATUS_ORDER, WORST_FIRST, Duty, agencies_of, duties_of
from cchc_cli.reports.wording.words import (
    BASIS_TITLES,
    REASON_WORDS,
    late_words,
    period_words,
    requirement_words,
    status_mark,
    status_word,
    value_words,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from cchc_cli.domain.plan.model import Agency
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Finding

Document = dict[str, Any]

PHRASES: dict[str, Message] = {
    "shown": message("Verdicts shown: {shown} of {all}, of agencies: {agencies}"),
    "count": message("{status}: {number}"),
    "more": message("Show {number} more"),
    "left": message("Shown: {shown} of {all}"),
}
"""Sentences of the script; it fills in the fields itself."""

_FIELDS = ("shown", "all", "agencies", "status", "number")


class _Pool:
    """Values that occur often, stored once each and referred to by their index."""

    def __init__(self) -> None:
        self._indexes: dict[Hashable, int] = {}
        self.values: list[Any] = []

    def index(self, value: Any) -> int:  # noqa: ANN401 - a text or a tuple of texts
        found = self._indexes.setdefault(value, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found


def page_data(assessment: Assessment) -> Document:
    """Give the data for the script; all texts are safe to show."""
    agencies, owed = agencies_of(assessment), duties_of(assessment)
    periods, values, notes = _Pool(), _Pool(), _Pool()
    notes.index("")
    places = {agency.code: number for number, agency in enumerate(agencies)}
    numbers = {(activity.code, one.code): number for number, (activity, one) in enumerate(owed)}
    months = {month: number for number, month in enumerate(months_of(assessment))}
    groups: list[list[Any]] = []
    for (agency, activity, code), found in groupby(assessment.findings, key=_duty_key):
        flat: list[int] = []
        for finding in found:
            flat.append(periods.index((*period_parts(finding), months[month_of(finding)])))
            flat.append(STATUS_ORDER.index(finding.status))
            flat.append(values.index(value_words(finding)))
            flat.append(notes.index(note_words(finding)))
        groups.append([places[agency], numbers[activity, code], flat])
    return {
        "words": phrases(),
        "statuses": [
            [status_word(status), status_mark(status), WORST_FIRST.index(status)] for status in STATUS_ORDER
        ],
        "bases": [render(BASIS_TITLES[basis]) for basis in Basis],
        **_lookup_lists(agencies, owed),
        "periods": periods.values,
        "values": values.values,
        "notes": notes.values,
        "groups": groups,
    }


def _duty_key(finding: Finding) -> tuple[str, str, str]:
    return finding.agency.code, finding.activity.code, finding.requirement.code


def _lookup_lists(agencies: list[Agency], owed: list[Duty]) -> Document:
    activities = list({activity.code: activity for activity, _ in owed}.values())
    places = {activity.code: number for number, activity in enumerate(activities)}
    by_name = sorted(agencies, key=lambda agency: sort_key(agency.shown))
    ranks = {agency.code: rank for rank, agency in enumerate(by_name)}
    return {
        "agencies": [[one.code, safe(one.shown), search_key(one), ranks[one.code]] for one in agencies],
        "activities": [[safe(one.code), safe(one.title)] for one in activities],
        "requirements": [
            [places[activity.code], requirement_words(one, activity), list(Basis).index(one.basis)]
            for activity, one in owed
        ],
    }


def phrases() -> dict[str, str]:
    """Give the sentences of the script in the current language, their fields not filled in."""
    fields = {name: f"{{{name}}}" for name in _FIELDS}
    return {key: render(Message(sentence.template, fields)) for key, sentence in PHRASES.items()}


def search_key(agency: Agency) -> str:
    """Give the text that a search for an agency matches: all its names without diacritics."""
    names = (agency.shown, agency.short or "", *agency.aliases, agency.code)
    return " / ".join(dict.fromkeys(fold(name) for name in names if name))


def month_of(finding: Finding) -> tuple[int, int]:
    """Give the year and month in which an obligation falls due: those of its last day."""
    end = finding.obligation.span.end
    return end.year, end.month


def months_of(assessment: Assessment) -> list[tuple[int, int]]:
    """Give the months in which something falls due, in order."""
    return sorted({month_of(finding) for finding in assessment.findings})


def period_parts(finding: Finding) -> tuple[SafeText, SafeText, str]:
    """Give an obligation’s period, its days, and its first day for sorting."""
    start, end = finding.obligation.span
    words = SafeText(period_words(finding.obligation.slot, finding.requirement))
    days = (
        SafeText(day_text(start))
        if start == end
        else render(message("{start} – {end}", start=start, end=end))
    )
    return words, days, start.isoformat()


def note_words(finding: Finding) -> SafeText:
    """Give the reason of a verdict and its late records; often empty."""
    parts = list(_notes(finding))
    return render(message("{parts}", parts=parts)) if parts else SafeText("")


def _notes(finding: Finding) -> Iterator[SafeText]:
    if finding.reason:
        yield render(REASON_WORDS[finding.reason])
    if finding.late:
        yield SafeText(late_words(finding.late))
