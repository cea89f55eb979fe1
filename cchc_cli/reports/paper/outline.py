"""The outline of a report on paper: its blocks in the order that decree 30/2020/NĐ-CP prescribes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, bare_names, collapse_spaces, safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.rules import Standing, Status
from cchc_cli.locale import count_text, render
from cchc_cli.reports.paper.annex import annex
from cchc_cli.reports.paper.blocks import (
    DOTS,
    Align,
    Block,
    Column,
    Heading,
    Items,
    Letterhead,
    NewPage,
    Paragraph,
    Row,
    Run,
    Signature,
    Table,
    Title,
    join_runs,
    render_run,
    text_row,
)
from cchc_cli.reports.paper.chapters import activities, agencies, duties_in_brief, waivers
from cchc_cli.reports.paper.outstanding import outstanding
from cchc_cli.reports.paper.unmet import unmet
from cchc_cli.reports.wording.about import HOW_TO_READ, extent_words, local_time, subject
from cchc_cli.reports.wording.words import DUE, PROGRESS, STATUS_LOOKS, calendar_label_words, ratio_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cchc_cli.domain.plan.model import Agency
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.findings import Summary

_MONTHS = (
    message("January"),
    message("February"),
    message("March"),
    message("April"),
    message("May"),
    message("June"),
    message("July"),
    message("August"),
    message("September"),
    message("October"),
    message("November"),
    message("December"),
)


def outline(report: Report) -> list[Block]:
    """Give the whole document."""
    return [
        _letterhead(report),
        _title(report),
        *_introduction(report),
        *_overall_results(report.assessment),
        *activities(report),
        *agencies(report),
        *unmet(report, "IV"),
        *outstanding(report, "V"),
        *waivers(report),
        _signature(),
        NewPage(),
        *annex(report),
        _provenance(report),
    ]


def short_outline(report: Report) -> list[Block]:
    """Give the short document for an e-mail: overall results, unmet and still open obligations."""
    return [
        _title(report),
        *_introduction(report),
        *_overall_results(report.assessment),
        *duties_in_brief(report),
        *unmet(report, "III"),
        *outstanding(report, "IV"),
        _provenance(report),
    ]


def _letterhead(report: Report) -> Letterhead:
    plan, agency = report.assessment.plan, report.assessment.extent.top
    above = safe(plan.issuer.upper()) if plan.issuer else DOTS
    return Letterhead(
        issuer=(above, safe(agency.name.upper()) if agency else DOTS),
        nation=(
            render(message("SOCIALIST REPUBLIC OF VIETNAM")),
            render(message("Independence - Freedom - Happiness")),
        ),
        number=render(
            message("No.: {space}/BC-{office}", space=SafeText(" " * 10), office=_abbreviation(agency))
        ),
        place=render(
            message(
                "{place}, {date}",
                place=_place(plan.issuer),
                date=_date_in_words(report.assessment.cutoff.day),
            )
        ),
    )


def _date_in_words(day: date) -> Message:
    # The decree writes days below 10 and the months 1 and 2 with a leading zero; months are translated so.
    return message("{day} {month} {year}", day=f"{day.day:02}", month=_MONTHS[day.month - 1], year=day.year)


_ABBREVIATION = re.compile(r"[A-ZĐ&]{2,8}")


def _abbreviation(agency: Agency | None) -> str:
    """Give the abbreviation of an agency (`SNV`) if the plan lists one among its names."""
    names = (agency.short or "", *agency.aliases) if agency else ()
    return next(filter(_ABBREVIATION.fullmatch, names), DOTS)


def _place(issuer: str | None) -> str:
    """Give the name of the province: that of its office without the words for office and kind of place."""
    name = collapse_spaces(issuer or "")
    bare = bare_names(name)
    # Case folding changes the length of a few foreign letters; then the place is left to be filled in.
    if not bare or len(bare[-1]) > len(name) or name[-len(bare[-1]) :].casefold() != bare[-1]:
        return DOTS
    return name[-len(bare[-1]) :]


def _title(report: Report) -> Title:
    return Title(
        kind=render(message("REPORT")),
        subject=subject(report),
        window=render(_window(report)),
        addressee=render(message("To: {space}", space=DOTS)),
    )


def _window(report: Report) -> Message:
    window = report.assessment.window
    if report.review:
        name = SafeText(safe(report.review.name))
    elif (words := calendar_label_words(window.label)) != window.label:
        name = SafeText(words)
    else:
        return message("from {start} to {end}", start=window.span.start, end=window.span.end)
    return message("{name}, from {start} to {end}", name=name, start=window.span.start, end=window.span.end)


def _introduction(report: Report) -> Iterator[Block]:
    assessment = report.assessment
    plan, cutoff = assessment.plan, assessment.cutoff
    parts = [message("no. {number}", number=plan.number)] if plan.number else []
    parts += [message("published {day}", day=plan.published)] if plan.published else []
    parts += [message("by {issuer}", issuer=plan.issuer)] if plan.issuer else []
    basis = message(
        "On the basis of: {title} ({parts})",
        title=plan.title,
        parts=[*parts, message("code {code}", code=plan.code)],
    )
    reported = message("Reported: {window}.", window=_window(report))
    extent = extent_words(assessment.extent)
    about = message("About: {extent}.", extent=extent) if extent else None
    as_of = (
        message("Executions up to the end of {day} count.", day=cutoff.day)
        if cutoff.over
        else message("Executions up to {day} count; that day is not over yet.", day=cutoff.day)
    )
    yield Paragraph((render_run(basis, italic=True),))
    yield Paragraph(join_runs(render_run(one) for one in (reported, about, as_of) if one))


def _overall_results(assessment: Assessment) -> Iterator[Block]:
    summary = assessment.summary
    yield Heading(1, render(message("I. Overall results")))
    yield Paragraph(
        (
            render_run(
                message(
                    "Agencies with obligations in this time: {agencies}; obligations: {obligations}. An obligation is what one agency "
                    "owes for one requirement in one period.",
                    agencies=count_text(len(assessment.by_agency)),
                    obligations=count_text(summary.obligations),
                )
            ),
        )
    )
    yield Table(
        (
            Column(render(message("Result")), 55),
            Column(render(message("All")), 35, Align.RIGHT),
            Column(render(message("Stated")), 35, Align.RIGHT),
            Column(render(message("Interpr.")), 35, Align.RIGHT),
        ),
        tuple(_overall_rows(summary)),
    )
    yield Items(tuple((render_run(note),) for note in HOW_TO_READ[:-1]))


_BASIS_COLUMNS: tuple[tuple[Basis, ...], ...] = ((), (Basis.STATED,), (Basis.INTERPRETED,))

_SETTLED, _OPEN = (Standing.SETTLED,), (Standing.EARLY, Standing.RUNNING)
_STATUS_GROUPS: tuple[tuple[Message, tuple[tuple[Message, Status, tuple[Standing, ...]], ...]], ...] = (
    (
        message("The last day is over"),
        (
            (STATUS_LOOKS[Status.MET].word, Status.MET, _SETTLED),
            (STATUS_LOOKS[Status.PARTIAL].word, Status.PARTIAL, _SETTLED),
            (STATUS_LOOKS[Status.MISSED].word, Status.MISSED, _SETTLED),
        ),
    ),
    (
        message("Still open"),
        (
            (message("met already"), Status.MET, _OPEN),
            (message("missed already"), Status.MISSED, _OPEN),
            (STATUS_LOOKS[Status.AT_RISK].word, Status.AT_RISK, _OPEN),
            (STATUS_LOOKS[Status.PENDING].word, Status.PENDING, _OPEN),
        ),
    ),
    (
        message("In neither figure"),
        (
            (message("nothing done, so nothing above the maximum"), Status.MET, (Standing.UNTOUCHED,)),
            (STATUS_LOOKS[Status.PENDING].word, Status.PENDING, (Standing.UNTOUCHED,)),
            (STATUS_LOOKS[Status.UPCOMING].word, Status.UPCOMING, (Standing.ASIDE,)),
            (STATUS_LOOKS[Status.WAIVED].word, Status.WAIVED, (Standing.ASIDE,)),
        ),
    ),
)
"""Groups of lines in the table of overall results: due, still open, in neither figure."""


def _overall_rows(summary: Summary) -> Iterator[Row]:
    for part, lines in _STATUS_GROUPS:
        counted = [
            (name, [summary.among(status, standings, *bases) for bases in _BASIS_COLUMNS])
            for name, status, standings in lines
        ]
        rows = [
            text_row(f"– {render(name)}", *map(count_text, counts)) for name, counts in counted if counts[0]
        ]
        if rows:
            yield text_row(render(part), "", "", "", bold=True)
            yield from rows
    totals = Counter[Basis]()
    for (basis, _, _), found in summary.counts.items():
        totals[basis] += found
    yield text_row(
        render(message("Obligations")),
        count_text(summary.obligations),
        *(count_text(totals[basis]) for basis in Basis),
        bold=True,
    )
    figures = [summary.figures(*bases) for bases in _BASIS_COLUMNS]
    yield text_row(render(DUE), *(ratio_words(one.rate) for one in figures), bold=True)
    yield text_row(render(PROGRESS), *(ratio_words(one.progress) for one in figures), bold=True)
    if figures[0].running:
        yield text_row(render(message("Decided at their end")), *(count_text(one.running) for one in figures))


def _signature() -> Signature:
    return Signature(
        heading=render(message("Copies to:")),
        recipients=(
            render(message("- as above;")),
            render(message("- file: office records, {space}.", space=DOTS)),
        ),
        office=DOTS,
        hint=render(message("(position, signature, seal, full name)")),
    )


def _provenance(report: Report) -> Paragraph:
    assessment = report.assessment
    zone = assessment.plan.timezone
    parts = [message("Plan {plan}, as of {day}", plan=assessment.plan.code, day=assessment.cutoff.day)]
    if assessment.known_at:
        parts.append(message("as known at {moment}", moment=local_time(assessment.known_at, zone)))
    if report.closed_at:
        parts.append(message("review closed at {moment}", moment=local_time(report.closed_at, zone)))
    if report.rules:
        parts.append(message("verdicts as kept, by rule set {rules}", rules=report.rules))
    parts.append(
        message(
            "chain of changes {count}:{head}",
            count=assessment.chain.links,
            head=assessment.chain.link,
        )
    )
    text = SafeText("; ".join(render(part) for part in parts))
    return Paragraph((Run(text, italic=True),), Align.LEFT, small=True)
