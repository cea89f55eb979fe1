"""Tables of the page: totals, heat map, agencies, requirements; they work without a script too."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING
from urllib.parse import quote

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText, sort_key
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.findings import Summary, summary_of
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.locale import count_text, day_text, render
from cchc_cli.reports.web.data import month_of, months_of
from cchc_cli.reports.web.markup import Child, Markup, join, tag
from cchc_cli.reports.wording.due import outstanding_dues, remaining_words
from cchc_cli.reports.wording.selection import (
    STATUS_ORDER,
    agencies_of,
    duties_of,
    worst_status,
)
from cchc_cli.reports.wording.words import (
    BASIS_TITLES,
    BASIS_WORDS,
    DUE,
    PROGRESS,
    STATUS_LOOKS,
    period_words,
    ratio_words,
    requirement_words,
    status_mark,
    status_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Activity, Agency, Requirement
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.dues import Due
    from cchc_cli.domain.verdicts.findings import Finding

_BAR_WIDTH = 1000

_BASIS_COLUMNS: tuple[Basis | None, ...] = (None, *Basis)
"""All requirements, then those of each basis."""


def status_class(status: Status) -> str:
    """Give the CSS class of a status."""
    return f"s{STATUS_ORDER.index(status)}"


def chip(status: Status) -> Markup:
    """Show a status as mark and word; the colour only repeats them."""
    return tag(
        "span",
        tag("b", status_mark(status), aria_hidden="true"),
        " ",
        status_word(status),
        class_=f"chip {status_class(status)}",
    )


def anchor(agency: Agency) -> str:
    """Give the id of an agency’s part of the page."""
    return f"a-{agency.code}"


def link_to(agency: Agency) -> Markup:
    """Link to an agency’s part of the page."""
    return tag("a", agency.shown, href=f"#{quote(anchor(agency))}")


def scroll_region(table: Markup, label: Message, name: str | None = None) -> Markup:
    """Put a wide table into a region that scrolls by itself, also by keyboard."""
    return tag("div", table, class_="scroll", role="region", aria_label=render(label), tabindex=0, id=name)


def totals(assessment: Assessment) -> Markup:
    """Show the figures and counts of all requirements, of stated ones, of interpreted ones."""
    parts: list[tuple[Message, str, tuple[Basis, ...]]] = [(message("All requirements"), "all", ())]
    parts += [(BASIS_TITLES[basis], basis.value, (basis,)) for basis in Basis]
    return tag("div", *(_card(assessment.summary, *part) for part in parts), class_="cards")


def _card(summary: Summary, title: Message, kind: str, bases: tuple[Basis, ...]) -> Markup:
    figures = summary.figures(*bases)
    running = message("decided at their end: {running}", running=count_text(figures.running))
    return tag(
        "article",
        tag("h3", render(title)),
        *(
            tag(
                "p",
                tag("span", render(heading), class_="soft"),
                " ",
                tag("b", ratio_words(ratio)),
                class_="rate",
            )
            for heading, ratio in ((DUE, figures.rate), (PROGRESS, figures.progress))
        ),
        *([tag("p", render(running), class_="soft")] if figures.running else []),
        bar(summary, *bases),
        counts(summary, *bases),
        class_=f"card {kind}",
    )


def bar(summary: Summary, *bases: Basis) -> Markup:
    """Draw the shares of the statuses as a bar; the counts beside it say the same in words."""
    whole = sum(summary.of(status, *bases) for status in STATUS_ORDER)
    segments: list[Markup] = []
    before = 0
    for status in STATUS_ORDER:
        start, before = before, before + summary.of(status, *bases)
        if before > start:
            left, right = start * _BAR_WIDTH // whole, before * _BAR_WIDTH // whole
            segments.append(
                tag(
                    "rect",
                    x=left,
                    y=0,
                    width=max(right - left, 4),
                    height=10,
                    class_=f"f{STATUS_ORDER.index(status)}",
                )
            )
    box = f"0 0 {_BAR_WIDTH} 10"
    return tag(
        "svg",
        *segments,
        class_="bar",
        viewBox=box,
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def counts(summary: Summary, *bases: Basis) -> Markup:
    """List the number of obligations in each status."""
    lines = [
        tag("li", chip(status), " ", tag("b", count_text(summary.of(status, *bases))))
        for status in STATUS_ORDER
        if summary.of(status, *bases)
    ]
    return tag("ul", *lines, class_="counts")


def heat_map(assessment: Assessment) -> Markup:
    """Show for each agency and month the worst status of the obligations that fall due in it."""
    months = months_of(assessment)
    cells: dict[tuple[str, tuple[int, int]], Counter[Status]] = defaultdict(Counter)
    for finding in assessment.findings:
        cells[finding.agency.code, month_of(finding)][finding.status] += 1
    columns = [render(message("{month}/{year}", month=month, year=f"{year:04}")) for year, month in months]
    rows = (
        tag(
            "tr",
            _agency_heading(agency),
            *(_cell(cells.get((agency.code, month), Counter())) for month in months),
        )
        for agency in agencies_of(assessment)
    )
    head = tag("tr", _heading(message("Agency")), *(tag("th", column, scope="col") for column in columns))
    table = _table(
        message("Each agency, month by month: the worst verdict on what falls due, and how many have it"),
        head,
        rows,
        "heat",
    )
    return join(scroll_region(table, message("Heat map")), _legend())


def _cell(found: Counter[Status]) -> Markup:
    if not found:
        return tag("td")
    status = worst_status(set(found))
    many = [tag("small", count_text(found[status]))] if found.total() > 1 else []
    shown = tag("b", status_mark(status), *many, aria_hidden="true")
    return tag("td", shown, tag("span", render(_cell_counts(found))), class_=status_class(status))


def _cell_counts(found: Counter[Status]) -> Message:
    """Count the verdicts of each status in a cell of the heat map."""
    parts = [
        message("{status}: {number}", status=STATUS_LOOKS[status].word, number=count_text(found[status]))
        for status in STATUS_ORDER
        if found[status]
    ]
    return message("{parts}", parts=parts)


def _legend() -> Markup:
    items = [tag("li", chip(status)) for status in STATUS_ORDER]
    return tag("ul", *items, class_="legend", aria_label=render(message("What the marks mean")))


def agencies_table(assessment: Assessment) -> Markup:
    """Show the figures and counts of each agency."""
    rates = [
        heading if basis is None else message("{figure}, {basis}", figure=heading, basis=BASIS_WORDS[basis])
        for heading in (DUE, PROGRESS)
        for basis in _BASIS_COLUMNS
    ]
    head = tag(
        "tr",
        _heading(message("Agency"), "rank"),
        *(_heading(title, "number") for title in (*rates, message("Obligations"))),
        *(_heading(STATUS_LOOKS[status].word, "number") for status in STATUS_ORDER),
    )
    agencies = agencies_of(assessment)
    by_name = sorted(agencies, key=lambda agency: sort_key(agency.shown))
    ranks = {agency.code: rank for rank, agency in enumerate(by_name)}
    rows = (
        tag("tr", _agency_heading(agency, ranks[agency.code]), *_figures(assessment.by_agency[agency.code]))
        for agency in agencies
    )
    table = _table(message("Figures and counts of each agency"), head, rows, "sortable")
    return scroll_region(table, message("Agencies"))


def _figures(summary: Summary) -> Iterable[Markup]:
    by_basis = [summary.figures(*(() if basis is None else (basis,))) for basis in _BASIS_COLUMNS]
    for ratio in (*(one.rate for one in by_basis), *(one.progress for one in by_basis)):
        yield tag("td", ratio_words(ratio), data_v=-1 if ratio.value is None else str(ratio.value))
    yield _count_cell(summary.obligations)
    for status in STATUS_ORDER:
        yield _count_cell(summary.of(status), status)


def _count_cell(count: int, status: Status | None = None) -> Markup:
    """Show a count; zero is pale, missed obligations stand out."""
    shown = count_text(count)
    kind = "zero" if not count else "bad" if status is Status.MISSED else None
    return tag("td", shown, class_=kind, data_v=None if shown == str(count) else count)


def outstanding_table(assessment: Assessment) -> Iterator[Markup]:
    """Show open obligations that are short, by agency, with their due days."""
    found = outstanding_dues(assessment)
    titles = (
        *(message("Agency"), message("Activity"), message("Period")),
        *(message("Left to do"), message("Due by"), message("Verdict")),
    )
    head = tag("tr", *map(_heading, titles))
    rows = [_outstanding_row(due) for due in found[:MOST_OUTSTANDING]]
    caption = message("What is open and short, and by when")
    yield scroll_region(_table(caption, head, rows, "open"), message("Still open and short"))
    if len(found) > MOST_OUTSTANDING:
        more = message(
            "Further ones: {number}; the workbook has them all.",
            number=count_text(len(found) - MOST_OUTSTANDING),
        )
        yield tag("p", render(more))


MOST_OUTSTANDING = 8000
"""Up to so many open obligations that are short are in the page."""


def _outstanding_row(due: Due) -> Markup:
    finding = due.finding
    activity = (tag("small", finding.activity.code), " ", finding.activity.title)
    return tag(
        "tr",
        _agency_heading(finding.agency),
        tag("td", *activity),
        tag("td", SafeText(period_words(finding.obligation.slot, finding.requirement))),
        tag("td", remaining_words(due)),
        tag("td", day_text(due.by)),
        tag("td", chip(finding.status)),
    )


def requirements_table(assessment: Assessment) -> Markup:
    """Show each requirement with its basis, figures and counts."""
    of_duty: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    owing: dict[tuple[str, str], set[str]] = defaultdict(set)
    for finding in assessment.findings:
        key = finding.activity.code, finding.requirement.code
        of_duty[key].append(finding)
        owing[key].add(finding.agency.code)
    head = tag(
        "tr",
        *map(_heading, (message("Requirement"), DUE, PROGRESS, message("Agencies"))),
        *(_heading(STATUS_LOOKS[status].word) for status in STATUS_ORDER),
    )
    rows = []
    for place, (activity, requirement) in enumerate(duties_of(assessment)):
        key = activity.code, requirement.code
        summary = summary_of(of_duty[key])
        both = (summary.figures().rate, summary.figures().progress)
        ratios = (tag("td", ratio_words(ratio)) for ratio in both)
        counted = (_count_cell(summary.of(status), status) for status in STATUS_ORDER)
        cells = (_duty(activity, requirement), *ratios, _count_cell(len(owing[key])), *counted)
        rows.append(tag("tr", *cells, id=f"r-{place}"))
    table = _table(message("What the plan asks, and how it stands"), head, rows, "duties")
    return scroll_region(table, message("Requirements"))


def _duty(activity: Activity, requirement: Requirement) -> Markup:
    asked = tag(
        "div", requirement_words(requirement, activity), " ", basis_tag(requirement.basis), class_="asked"
    )
    title = (tag("small", activity.code), " ", activity.title)
    return tag("th", *title, asked, *_plan_words(requirement), scope="row")


def basis_tag(basis: Basis) -> Markup:
    """Show the basis of a requirement as a word; its style differs too."""
    return tag("span", render(BASIS_TITLES[basis]), class_=f"basis {basis.value}")


def _plan_words(requirement: Requirement) -> Iterable[Markup]:
    if requirement.quote:
        yield tag("div", tag("q", requirement.quote), class_="asked")
    if requirement.note:
        yield tag("details", tag("summary", render(message("Note"))), requirement.note, class_="asked")


def _agency_heading(agency: Agency, rank: int | None = None) -> Markup:
    return tag("th", link_to(agency), scope="row", data_v=rank)


def _heading(title: Message, sort: str | None = None) -> Markup:
    return tag("th", render(title), scope="col", data_sort=sort)


def _table(caption: Message, head: Markup, rows: Iterable[Child], kind: str) -> Markup:
    return tag(
        "table",
        tag("caption", tag("span", render(caption))),
        tag("thead", head),
        tag("tbody", *rows),
        class_=kind,
    )
