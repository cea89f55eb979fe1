"""The part of the page about one agency: its verdicts, waivers and records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import SafeText, safe
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.locale import count_text, day_text, format_value, render
from cchc_cli.reports.web.data import note_words, period_parts
from cchc_cli.reports.web.markup import Child, Markup, join, tag
from cchc_cli.reports.web.tables import anchor, bar, basis_tag, chip, counts
from cchc_cli.reports.wording.selection import agencies_of
from cchc_cli.reports.wording.words import figures_lines, requirement_words, value_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Agency, Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.findings import Finding, Summary

MOST_VERDICTS = 8000
"""Up to so many verdicts are in the HTML; with more, the script draws those of an agency on demand."""

MOST_RECORDS = 4000
"""Up to so many records are in the HTML; with more, it gives their number and refers to the workbook."""


@dataclass
class _AgencyData:
    """Findings, records and waivers of one agency."""

    findings: list[Finding] = field(default_factory=list)
    records: list[Recorded] = field(default_factory=list)
    waivers: list[RecordedWaiver] = field(default_factory=list)


def agency_articles(report: Report) -> Iterator[Markup]:
    """Give the part of each agency that has obligations, furthest behind first."""
    by_agency = _by_agency(report)
    for place, agency in enumerate(agencies_of(report.assessment)):
        yield _agency_article(report, agency, by_agency[agency.code], place)


def is_single(report: Report) -> bool:
    """Tell whether the report is about one agency only."""
    return len(report.assessment.by_agency) == 1


def _by_agency(report: Report) -> dict[str, _AgencyData]:
    found: dict[str, _AgencyData] = defaultdict(_AgencyData)
    for finding in report.assessment.findings:
        found[finding.agency.code].findings.append(finding)
    for recorded in report.executions:
        found[recorded.execution.agency].records.append(recorded)
    for waiver in report.waivers:
        found[waiver.waiver.agency].waivers.append(waiver)
    return found


def _agency_article(report: Report, agency: Agency, data: _AgencyData, place: int) -> Markup:
    plan, summary = report.assessment.plan, report.assessment.by_agency[agency.code]
    name, single = anchor(agency), is_single(report)
    back = tag("p", tag("a", render(message("← All agencies")), href="#agencies"), class_="back")
    return tag(
        "article",
        *([] if single else [back]),
        tag("h2", agency.shown, id=f"h-{agency.code}", tabindex=-1),
        _figures_list(agency, summary),
        bar(summary),
        counts(summary),
        _verdicts_table(report, data.findings),
        *_waivers(data.waivers, plan),
        *_records(report, data.records),
        id=name,
        class_="agency only" if single else "agency",
        aria_labelledby=f"h-{agency.code}",
        data_at=place,
    )


def _figures_list(agency: Agency, summary: Summary) -> Markup:
    code = message("Code {code}", code=agency.code)
    return tag(
        "ul", *(tag("li", render(line)) for line in (code, *figures_lines(summary))), class_="soft figures"
    )


def _verdicts_table(report: Report, findings: list[Finding]) -> Markup:
    titles = (message("Period"), message("Done"), message("Verdict"))
    head = tag("thead", tag("tr", *(tag("th", render(title), scope="col") for title in titles)))
    groups: Iterable[Markup] = ()
    if len(report.assessment.findings) <= MOST_VERDICTS:
        by_duty = groupby(findings, key=lambda one: (one.activity.code, one.requirement.code))
        groups = (_requirement_rows(list(found)) for _, found in by_duty)
    caption = tag("caption", tag("span", render(message("Verdicts"))))
    return tag("div", tag("table", caption, head, *groups, class_="verdicts"), class_="scroll")


def _requirement_rows(findings: list[Finding]) -> Markup:
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
    return tag("tbody", tag("tr", title), *map(_finding_row, findings))


def _finding_row(finding: Finding) -> Markup:
    period, days, _ = period_parts(finding)
    note = note_words(finding)
    verdict: list[Child] = [chip(finding.status)]
    if note:
        verdict += [" ", tag("small", note)]
    when = tag("th", period, tag("div", days, class_="asked"), scope="row")
    return tag("tr", when, tag("td", SafeText(value_words(finding))), tag("td", *verdict))


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
    return tag("li", tag("b", days), _dot_separated(part for part in parts if part))


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
                *("li", tag("b", day_text(done.day)), _dot_separated(part for part in parts if part)),
                *_record_marks(recorded, plan),
                *_evidence_links(done.evidence),
            )
        )
    yield tag("ul", *lines, class_="records")


def _record_marks(recorded: Recorded, plan: Plan) -> Iterator[Child]:
    if recorded.execution.repeat:
        yield from (" · ", tag("small", render(message("repeat"))))
    if is_late(recorded, plan):
        yield from (" · ", tag("small", render(message("recorded late"))))


def _evidence_links(evidence: tuple[str, ...]) -> Iterator[Child]:
    for address in evidence:
        yield " · "
        yield tag("a", address, href=address, rel="noopener noreferrer") if _is_web(address) else address


def _is_web(address: str) -> bool:
    """Tell whether an address is a plain web address; nothing else becomes a link."""
    plain = safe(address) == address and " " not in address
    return plain and address.lower().startswith(("https://", "http://"))


def _dot_separated(parts: Iterable[str]) -> Markup:
    return join(*(piece for part in parts for piece in (" · ", part)))
