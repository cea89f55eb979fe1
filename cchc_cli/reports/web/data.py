"""What the script of the page knows: every verdict, each text once, as numbers that point at texts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, fold, safe, sort_key
from cchc_cli.domain.plan.model import Basis
from cchc_cli.locale import day_text
from cchc_cli.reports.wording.about import (
    BASIS_WORDS,
    ORDER,
    WORST_FIRST,
    Duty,
    agencies_of,
    duties_of,
    month_of,
    say,
)
from cchc_cli.reports.wording.words import (
    REASONS,
    asked_words,
    late_words,
    mark,
    period_words,
    value_words,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from cchc_cli.domain.plan.model import Agency
    from cchc_cli.domain.results import Assessment
    from cchc_cli.domain.verdicts.findings import Finding

Document = dict[str, Any]

PHRASES: dict[str, Message] = {
    "shown": message("Verdicts shown: {shown} of {all}, of agencies: {agencies}"),
    "count": message("{status}: {number}"),
    "more": message("Show {number} more"),
    "left": message("Shown: {shown} of {all}"),
}
"""What the script says, with the names of what it fills in."""

_FIELDS = ("shown", "all", "agencies", "status", "number")


class _Texts:
    """Things that come often, each once and by its number."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self.rows: list[Any] = []

    def number(self, thing: Any) -> int:  # noqa: ANN401 - a text or a tuple of texts
        found = self._numbers.setdefault(thing, len(self.rows))
        if found == len(self.rows):
            self.rows.append(thing)
        return found


def page_data(assessment: Assessment) -> Document:
    """Give what the script needs; texts are safe to show already."""
    agencies, owed = agencies_of(assessment), duties_of(assessment)
    periods, values, notes = _Texts(), _Texts(), _Texts()
    notes.number("")
    places = {agency.code: number for number, agency in enumerate(agencies)}
    numbers = {(activity.code, one.code): number for number, (activity, one) in enumerate(owed)}
    months = {month: number for number, month in enumerate(months_of(assessment))}
    groups: list[list[Any]] = []
    for (agency, activity, code), found in groupby(assessment.findings, key=_group):
        flat: list[int] = []
        for finding in found:
            flat.append(periods.number((*period_parts(finding), months[month_of(finding)])))
            flat.append(ORDER.index(finding.status))
            flat.append(values.number(value_words(finding)))
            flat.append(notes.number(note_words(finding)))
        groups.append([places[agency], numbers[activity, code], flat])
    return {
        "words": phrases(),
        "statuses": [[word(status), mark(status), WORST_FIRST.index(status)] for status in ORDER],
        "bases": [say(BASIS_WORDS[basis]) for basis in Basis],
        **_names(agencies, owed),
        "periods": periods.rows,
        "values": values.rows,
        "notes": notes.rows,
        "groups": groups,
    }


def _group(finding: Finding) -> tuple[str, str, str]:
    return finding.agency.code, finding.activity.code, finding.requirement.code


def _names(agencies: list[Agency], owed: list[Duty]) -> Document:
    activities = list({activity.code: activity for activity, _ in owed}.values())
    places = {activity.code: number for number, activity in enumerate(activities)}
    by_name = sorted(agencies, key=lambda agency: sort_key(agency.shown))
    ranks = {agency.code: rank for rank, agency in enumerate(by_name)}
    return {
        "agencies": [[one.code, safe(one.shown), search_key(one), ranks[one.code]] for one in agencies],
        "activities": [[safe(one.code), safe(one.title)] for one in activities],
        "requirements": [
            [places[activity.code], asked_words(one, activity), list(Basis).index(one.basis)]
            for activity, one in owed
        ],
    }


def phrases() -> dict[str, str]:
    """Give the sentences of the script in the language that is spoken, their fields still to be filled."""
    fields = {name: f"{{{name}}}" for name in _FIELDS}
    return {key: say(Message(sentence.template, fields)) for key, sentence in PHRASES.items()}


def search_key(agency: Agency) -> str:
    """Give the text in which an agency is looked for, without diacritics."""
    names = (agency.shown, agency.short or "", *agency.aliases, agency.code)
    return " / ".join(dict.fromkeys(fold(name) for name in names if name))


def months_of(assessment: Assessment) -> list[tuple[int, int]]:
    """Give the months in which something falls due, in order."""
    return sorted({month_of(finding) for finding in assessment.findings})


def period_parts(finding: Finding) -> tuple[SafeText, SafeText, str]:
    """Give an obligation’s period, its days, and its first day for sorting."""
    start, end = finding.obligation.span
    words = SafeText(period_words(finding.obligation.slot, finding.requirement))
    days = (
        SafeText(day_text(start)) if start == end else say(message("{start} – {end}", start=start, end=end))
    )
    return words, days, start.isoformat()


def note_words(finding: Finding) -> SafeText:
    """Say what a verdict’s word leaves open: its reason, and what was recorded late; often nothing."""
    parts = list(_notes(finding))
    return say(message("{parts}", parts=parts)) if parts else SafeText("")


def _notes(finding: Finding) -> Iterator[SafeText]:
    if finding.reason:
        yield say(REASONS[finding.reason])
    if finding.late:
        yield SafeText(late_words(finding.late))
