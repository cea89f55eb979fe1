"""An agency’s own part of the page: what it owes and how that stands, its waivers, what it did and the proof."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import Shown, safe
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.locale import count_text, day_text, format_value, render
from cchc_cli.reports.web.data import note_words, period_parts
from cchc_cli.reports.web.markup import Child, Markup, tag, together
from cchc_cli.reports.web.tables import anchor, bar, basis_tag, chip, counts
from cchc_cli.reports.wording.selection import agencies_of
from cchc_cli.reports.wording.words import figures_lines, requirement_words, value_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Agency, Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results import Report
    from cchc_cli.domain.verdicts.findings import Finding, Summary

MOST_VERDICTS = 8000
"""Up to so many verdicts stand in the page itself; above, its script draws those of an agency when it is opened."""

MOST_RECORDS = 4000
"""Up to so many records stand in the page; above, it says how many there are and where they are."""


@dataclass
class _Theirs:
    """All that is one agency’s."""

    findings: list[Finding] = field(default_factory=list)
    records: list[Recorded] = field(default_factory=list)
    waivers: list[RecordedWaiver] = field(default_factory=list)


def agency_parts(report: Report) -> Iterator[Markup]:
    """Give the part of each agency that owes something, in the order of the plan."""
    theirs = _by_agency(report)
    for place, agency in enumerate(agencies_of(report.assessment)):
        yield _part(report, agency, theirs[agency.code], place)


def is_single(report: Report) -> bool:
    """Tell whether the report is about one agency only."""
    return len(report.assessment.by_agency) == 1


def _by_agency(report: Report) -> dict[str, _Theirs]:
    found: dict[str, _Theirs] = defaultdict(_Theirs)
    for finding in report.assessment.findings:
        found[finding.agency.code].findings.append(finding)
    for recorded in report.executions:
        found[recorded.execution.agency].records.append(recorded)
    for waiver in report.waivers:
        found[waiver.waiver.agency].waivers.append(waiver)
    return found


def _part(report: Report, agency: Agency, theirs: _Theirs, place: int) -> Markup:
    plan, summary = report.assessment.plan, report.assessment.by_agency[agency.code]
    name, single = anchor(agency), is_single(report)
    back = tag("p", tag("a", render(message("← All agencies")), href="#agencies"), class_="back")
    return tag(
        "article",
        *([] if single else [back]),
        tag("h2", agency.shown, id=f"h-{agency.code}", tabindex=-1),
        _rates(agency, summary),
        bar(summary),
        counts(summary),
        _verdicts(report, theirs.findings),
        *_waivers(theirs.waivers, plan),
        *_records(report, theirs.records),
        id=name,
        class_="agency only" if single else "agency",
        aria_labelledby=f"h-{agency.code}",
        data_at=place,
    )


def _rates(agency: Agency, summary: Summary) -> Markup:
    told = message(
        "Code {code}",
        code=agency.code,
    )
    return tag(
        "ul", *(tag("li", render(line)) for line in (told, *figures_lines(summary))), class_="soft figures"
    )


def _verdicts(report: Report, findings: list[Finding]) -> Markup:
    titles = (message("Period"), message("Done"), message("Verdict"))
    head = tag("thead", tag("tr", *(tag("th", render(title), scope="col") for title in titles)))
    groups: Iterable[Markup] = ()
    if len(report.assessment.findings) <= MOST_VERDICTS:
        by_duty = groupby(findings, key=lambda one: (one.activity.code, one.requirement.code))
        groups = (_group(list(found)) for _, found in by_duty)
    caption = tag("caption", tag("span", render(message("Verdicts"))))
    return tag("div", tag("table", caption, head, *groups, class_="verdicts"), class_="scroll")


def _group(findings: list[Finding]) -> Markup:
    activity, requirement = findings[0].activity, findings[0].requirement
    title = tag(
        "th",
        *(tag("small", activity.code), " ", activity.title),
        tag(
            "div", requirement_words(requirement, activity), " ", basis_tag(requirement.basis), class_="asked"
        ),
        colspan=3,
        scope="rowgroup",
    )
    return tag("tbody", tag("tr", title), *map(_row, findings))


def _row(finding: Finding) -> Markup:
    period, days, _ = period_parts(finding)
    note = note_words(finding)
    verdict: list[Child] = [chip(finding.status)]
    if note:
        verdict += [" ", tag("small", note)]
    when = tag("th", period, tag("div", days, class_="asked"), scope="row")
    return tag("tr", when, tag("td", Shown(value_words(finding))), tag("td", *verdict))


def _waivers(waivers: list[RecordedWaiver], plan: Plan) -> Iterator[Markup]:
    if waivers:
        names = Names(plan)
        yield tag("h3", render(message("Waivers")))
        yield tag("ul", *(_waiver(one, names) for one in waivers), class_="records")


def _waiver(recorded: RecordedWaiver, names: Names) -> Markup:
    waiver = recorded.waiver
    days = render(message("{start} – {end}", start=waiver.span.start, end=waiver.span.end))
    duty = format_value(names.duty(waiver.activity, waiver.requirement))
    parts = [duty, waiver.reason, waiver.document]
    return tag("li", tag("b", days), _spaced(part for part in parts if part))


def _records(report: Report, records: list[Recorded]) -> Iterator[Markup]:
    if not records:
        return
    yield tag("h3", render(message("What was done: {number}", number=count_text(len(records)))))
    if len(report.executions) > MOST_RECORDS:
        yield tag(
            "p",
            render(message("Too many records for this page; the workbook of this report lists them all.")),
        )
        return
    plan = report.assessment.plan
    names = Names(plan)
    lines = []
    for recorded in records:
        done = recorded.execution
        what = format_value(names.activity(done.activity))
        amount = render(
            message("{amount} {unit}", amount=Number(done.amount), unit=names.unit(done.activity))
        )
        form = names.form(done.form) if done.form else ""
        parts = [what, amount, form, done.title or "", done.note or ""]
        lines.append(
            tag(
                *("li", tag("b", day_text(done.day)), _spaced(part for part in parts if part)),
                *_marks(recorded, plan),
                *_proofs(done.evidence),
            )
        )
    yield tag("ul", *lines, class_="records")


def _marks(recorded: Recorded, plan: Plan) -> Iterator[Child]:
    if recorded.execution.repeat:
        yield from (" · ", tag("small", render(message("repeat"))))
    if is_late(recorded, plan):
        yield from (" · ", tag("small", render(message("recorded late"))))


def _proofs(evidence: tuple[str, ...]) -> Iterator[Child]:
    for address in evidence:
        yield " · "
        yield tag("a", address, href=address, rel="noopener noreferrer") if _is_web(address) else address


def _is_web(address: str) -> bool:
    """Tell whether an address leads to the web and nowhere else: nothing that could act becomes a link."""
    plain = safe(address) == address and " " not in address
    return plain and address.lower().startswith(("https://", "http://"))


def _spaced(parts: Iterable[str]) -> Markup:
    return together(*(piece for part in parts for piece in (" · ", part)))
