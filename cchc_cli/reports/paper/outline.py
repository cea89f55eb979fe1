"""A report as a document on paper: its blocks in the order of a report to a leader (decree 30/2020/NĐ-CP)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, bare_names, collapse_spaces, safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.rules import Standing, Status
from cchc_cli.reports.paper.annex import evidence
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
    cells,
    number,
    say,
    spaced,
    told,
)
from cchc_cli.reports.paper.chapters import activities, agencies, duties_in_brief, waivers
from cchc_cli.reports.paper.outstanding import outstanding
from cchc_cli.reports.paper.unmet import unmet
from cchc_cli.reports.wording.about import READING, extent_words, local, subject
from cchc_cli.reports.wording.words import DUE, LOOKS, PROGRESS, label_words, ratio_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cchc_cli.domain.plan.model import Agency
    from cchc_cli.domain.results import Assessment, Report
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


def language() -> str:
    """Give the code of the language that is spoken, for a document's own properties."""
    # Each catalogue gives its own code here.
    return told(message("en"))


def outline(report: Report) -> list[Block]:
    """Give the whole document."""
    return [
        _letterhead(report),
        _title(report),
        *_basis(report),
        *_overall(report.assessment),
        *activities(report),
        *agencies(report),
        *unmet(report, "IV"),
        *outstanding(report, "V"),
        *waivers(report),
        _signature(),
        NewPage(),
        *evidence(report),
        _stamp(report),
    ]


def letter(report: Report) -> list[Block]:
    """Give what an e-mail holds: how it stands, what is not met, and what is still open."""
    return [
        _title(report),
        *_basis(report),
        *_overall(report.assessment),
        *duties_in_brief(report),
        *unmet(report, "III"),
        *outstanding(report, "IV"),
        _stamp(report),
    ]


def _letterhead(report: Report) -> Letterhead:
    plan, agency = report.assessment.plan, report.assessment.extent.top
    above = safe(plan.issuer.upper()) if plan.issuer else DOTS
    return Letterhead(
        issuer=(above, safe(agency.name.upper()) if agency else DOTS),
        nation=(
            told(message("SOCIALIST REPUBLIC OF VIETNAM")),
            told(message("Independence - Freedom - Happiness")),
        ),
        number=told(
            message("No.: {space}/BC-{office}", space=SafeText(" " * 10), office=_abbreviation(agency))
        ),
        place=told(
            message("{place}, {date}", place=_place(plan.issuer), date=_written(report.assessment.cutoff.day))
        ),
    )


def _written(day: date) -> Message:
    # The decree: days below 10 and the months 1 and 2 with a zero before them; the months are worded so.
    return message("{day} {month} {year}", day=f"{day.day:02}", month=_MONTHS[day.month - 1], year=day.year)


_ABBREVIATION = re.compile(r"[A-ZĐ&]{2,8}")


def _abbreviation(agency: Agency | None) -> str:
    """Give the agency's initials where the plan has them among its names (`SNV`)."""
    names = (agency.short or "", *agency.aliases) if agency else ()
    return next(filter(_ABBREVIATION.fullmatch, names), DOTS)


def _place(issuer: str | None) -> str:
    """Give the province's name: what is left of its office's without the words of office and kind."""
    name = collapse_spaces(issuer or "")
    bare = bare_names(name)
    # Folding case keeps the length of all but a few foreign letters; those are left to be filled in.
    if not bare or len(bare[-1]) > len(name) or name[-len(bare[-1]) :].casefold() != bare[-1]:
        return DOTS
    return name[-len(bare[-1]) :]


def _title(report: Report) -> Title:
    return Title(
        kind=told(message("REPORT")),
        subject=subject(report),
        window=told(_window(report)),
        addressee=told(message("To: {space}", space=DOTS)),
    )


def _window(report: Report) -> Message:
    window = report.assessment.window
    if report.review:
        name = SafeText(safe(report.review.name))
    elif (words := label_words(window.label)) != window.label:
        name = SafeText(words)
    else:
        return message("from {start} to {end}", start=window.span.start, end=window.span.end)
    return message("{name}, from {start} to {end}", name=name, start=window.span.start, end=window.span.end)


def _basis(report: Report) -> Iterator[Block]:
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
        message("What was done by the end of {day} counts.", day=cutoff.day)
        if cutoff.over
        else message("What was done by {day} counts; that day is not over yet.", day=cutoff.day)
    )
    yield Paragraph((say(basis, italic=True),))
    yield Paragraph(spaced(say(one) for one in (reported, about, as_of) if one))


def _overall(assessment: Assessment) -> Iterator[Block]:
    summary = assessment.summary
    yield Heading(1, told(message("I. Overall results")))
    yield Paragraph(
        (
            say(
                message(
                    "Agencies with obligations in this time: {agencies}; obligations: {obligations}. An obligation is what one agency "
                    "owes for one requirement in one period.",
                    agencies=number(len(assessment.by_agency)),
                    obligations=number(summary.obligations),
                )
            ),
        )
    )
    yield Table(
        (
            Column(told(message("Result")), 55),
            Column(told(message("All")), 35, Align.RIGHT),
            Column(told(message("Stated")), 35, Align.RIGHT),
            Column(told(message("Interpr.")), 35, Align.RIGHT),
        ),
        tuple(_overall_rows(summary)),
    )
    yield Items(tuple((say(note),) for note in READING[:-1]))


_BASES: tuple[tuple[Basis, ...], ...] = ((), (Basis.STATED,), (Basis.INTERPRETED,))

_SETTLED, _OPEN = (Standing.SETTLED,), (Standing.EARLY, Standing.RUNNING)
_PARTS: tuple[tuple[Message, tuple[tuple[Message, Status, tuple[Standing, ...]], ...]], ...] = (
    (
        message("The last day is over"),
        (
            (LOOKS[Status.MET].word, Status.MET, _SETTLED),
            (LOOKS[Status.PARTIAL].word, Status.PARTIAL, _SETTLED),
            (LOOKS[Status.MISSED].word, Status.MISSED, _SETTLED),
        ),
    ),
    (
        message("Still open"),
        (
            (message("met already"), Status.MET, _OPEN),
            (message("missed already"), Status.MISSED, _OPEN),
            (LOOKS[Status.AT_RISK].word, Status.AT_RISK, _OPEN),
            (LOOKS[Status.PENDING].word, Status.PENDING, _OPEN),
        ),
    ),
    (
        message("In neither figure"),
        (
            (message("nothing done, so nothing above the maximum"), Status.MET, (Standing.UNTOUCHED,)),
            (LOOKS[Status.PENDING].word, Status.PENDING, (Standing.UNTOUCHED,)),
            (LOOKS[Status.UPCOMING].word, Status.UPCOMING, (Standing.ASIDE,)),
            (LOOKS[Status.WAIVED].word, Status.WAIVED, (Standing.ASIDE,)),
        ),
    ),
)
"""What is due and what is not yet due apart, each with the verdicts that it can have."""


def _overall_rows(summary: Summary) -> Iterator[Row]:
    for part, lines in _PARTS:
        counted = [
            (name, [summary.among(status, standings, *bases) for bases in _BASES])
            for name, status, standings in lines
        ]
        there = [cells(f"– {told(name)}", *map(number, counts)) for name, counts in counted if counts[0]]
        if there:
            yield cells(told(part), "", "", "", bold=True)
            yield from there
    totals = Counter[Basis]()
    for (basis, _, _), found in summary.counts.items():
        totals[basis] += found
    yield cells(
        told(message("Obligations")),
        number(summary.obligations),
        *(number(totals[basis]) for basis in Basis),
        bold=True,
    )
    figures = [summary.figures(*bases) for bases in _BASES]
    yield cells(told(DUE), *(ratio_words(one.rate) for one in figures), bold=True)
    yield cells(told(PROGRESS), *(ratio_words(one.progress) for one in figures), bold=True)
    if figures[0].running:
        yield cells(told(message("Decided at their end")), *(number(one.running) for one in figures))


def _signature() -> Signature:
    return Signature(
        heading=told(message("Copies to:")),
        recipients=(
            told(message("- as above;")),
            told(message("- file: office records, {space}.", space=DOTS)),
        ),
        office=DOTS,
        hint=told(message("(position, signature, seal, full name)")),
    )


def _stamp(report: Report) -> Paragraph:
    assessment = report.assessment
    zone = assessment.plan.timezone
    parts = [message("Plan {plan}, as of {day}", plan=assessment.plan.code, day=assessment.cutoff.day)]
    if assessment.known_at:
        parts.append(message("as known at {moment}", moment=local(assessment.known_at, zone)))
    if report.closed_at:
        parts.append(message("review closed at {moment}", moment=local(report.closed_at, zone)))
    if report.rules:
        parts.append(message("verdicts as kept, by rule set {rules}", rules=report.rules))
    parts.append(
        message(
            "chain of changes {count}:{head}",
            count=assessment.chain.links,
            head=assessment.chain.link,
        )
    )
    text = SafeText("; ".join(told(part) for part in parts))
    return Paragraph((Run(text, italic=True),), Align.LEFT, small=True)
