"""A report as one HTML file for phones, filtering and printing; it loads nothing from the network.

The tables are in the HTML, for readers and previews without scripts; the script filters and sorts them. A
Content-Security-Policy in the file allows only that script, by its SHA-256.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.records.hash_chain import HEAD_MARK
from cchc_cli.locale import current_language, render
from cchc_cli.reports.web.agencies import MOST_VERDICTS, agency_articles, is_single
from cchc_cli.reports.web.data import page_data
from cchc_cli.reports.web.markup import Child, Markup, join, json_text, tag
from cchc_cli.reports.web.tables import (
    agencies_table,
    heat_map,
    outstanding_table,
    requirements_table,
    totals,
)
from cchc_cli.reports.wording.about import HOW_TO_READ, as_of_words, extent_words, facts
from cchc_cli.reports.wording.selection import STATUS_ORDER, duties_of
from cchc_cli.reports.wording.words import BASIS_TITLES, status_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import Report

_FOLDER = Path(__file__).resolve().parent


def render_report(report: Report) -> bytes:
    """Give the report as an HTML file in UTF-8; the same report gives the same bytes."""
    script, style = _asset("page.js"), _asset("page.css")
    body = tag("body", *_body(report), tag("script", script))
    page = tag("html", _head(report, script, style), body, lang=current_language())
    return f"<!doctype html>\n{page}\n".encode()


def _asset(name: str) -> Markup:
    return Markup((_FOLDER / name).read_text("utf-8"))


def _head(report: Report, script: Markup, style: Markup) -> Markup:
    policy = (
        f"default-src 'none'; script-src {_csp_source(script)}; style-src {_csp_source(style)}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name=HEAD_MARK, content=report.assessment.chain.text),
        tag("title", render(_title(report))),
        tag("style", style),
    )


def _csp_source(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _title(report: Report) -> Message:
    plan = report.assessment.plan
    about = extent_words(report.assessment.extent) or plan.number or plan.code
    return message("CCHC {about}, {as_of}", about=about, as_of=as_of_words(report.assessment))


def _body(report: Report) -> Iterator[Child]:
    single = is_single(report)
    sections = list(_sections(report, single=single))
    yield tag("a", render(message("Skip to the content")), class_="skip", href="#main")
    yield _banner(report)
    yield _navigation(sections)
    overview = tag("div", *(_section(*section) for section in sections), id="overview")
    yield tag("main", overview, *agency_articles(report), id="main", tabindex=-1)
    yield _footer(report)
    if not single:
        yield tag("script", json_text(page_data(report.assessment)), type="application/json", id="data")


def _banner(report: Report) -> Markup:
    plan, window = report.assessment.plan, report.assessment.window.span
    days = message("{start} – {end}", start=window.start, end=window.end)
    extent = extent_words(report.assessment.extent)
    parts = (plan.number, report.review.name if report.review else None, render(days))
    return tag(
        "header",
        tag("p", plan.issuer or "", class_="issuer"),
        tag("h1", tag("span", render(message("Results of the plan"))), " ", plan.title),
        *([tag("p", extent, class_="extent")] if extent else []),
        tag("p", *(join(tag("span", part), " ") for part in parts if part), class_="meta"),
        tag("p", as_of_words(report.assessment), class_="asof"),
    )


_Section = tuple[str, Message, list[Child]]


def _sections(report: Report, *, single: bool) -> Iterator[_Section]:
    assessment = report.assessment
    yield "totals", message("Overview"), [totals(assessment)]
    if not single:
        yield "filter", message("Search and filter"), [_filters(assessment)]
    yield "map", message("Heat map"), [heat_map(assessment)]
    if not single:
        yield "agencies", message("Agencies"), [agencies_table(assessment), *_without_script(assessment)]
        yield "list", message("Verdicts"), [_verdict_list()]
    yield "open", message("Still open and short"), list(outstanding_table(assessment))
    yield "requirements", message("Requirements"), [requirements_table(assessment)]


def _section(name: str, title: Message, content: list[Child]) -> Markup:
    # SafeText by the script, as it needs it.
    hidden = name in {"filter", "list"}
    heading = tag("h2", render(title), id=f"{name}-h")
    return tag("section", heading, *content, id=name, aria_labelledby=f"{name}-h", hidden=hidden)


def _without_script(assessment: Assessment) -> Iterator[Markup]:
    if len(assessment.findings) > MOST_VERDICTS:
        notice = message("This report is too large to show the verdicts of each agency without JavaScript.")
        yield tag("noscript", tag("p", render(notice)))


def _navigation(sections: list[_Section]) -> Markup:
    links = [
        tag("li", tag("a", render(title), href=f"#{name}"), hidden=name in {"filter", "list"})
        for name, title, _ in (*sections, ("about", message("About"), []))
    ]
    return tag("nav", tag("ul", *links), aria_label=render(message("Parts of this page")))


def _filters(assessment: Assessment) -> Markup:
    activities = {activity.code: activity.title for activity, _ in duties_of(assessment)}
    return tag(
        "form",
        _field(
            message("Agency"),
            tag("input", type="search", name="agency", autocomplete="off", spellcheck="false"),
        ),
        _select(
            message("Verdict"),
            "status",
            message("all verdicts"),
            [status_word(status) for status in STATUS_ORDER],
        ),
        _select(message("Activity"), "activity", message("all activities"), list(activities.values())),
        _select(
            message("Basis"),
            "basis",
            message("stated and interpreted"),
            [render(BASIS_TITLES[one]) for one in Basis],
        ),
        tag("button", render(message("Show all again")), type="reset"),
        tag("p", role="status", aria_live="polite", class_="told"),
        role="search",
    )


def _select(title: Message, name: str, everything: Message, options: list[str]) -> Markup:
    lines = [tag("option", option, value=place) for place, option in enumerate(options)]
    return _field(title, tag("select", tag("option", render(everything), value=""), *lines, name=name))


def _field(title: Message, control: Markup) -> Markup:
    return tag("label", tag("span", render(title)), control)


def _verdict_list() -> Markup:
    titles = (
        (message("Agency"), "agency"),
        (message("Activity"), "activity"),
        (message("Period"), "period"),
        (message("Done"), None),
        (message("Verdict"), "status"),
        (message("Basis"), "basis"),
    )
    head = tag("tr", *(tag("th", render(title), scope="col", data_key=key) for title, key in titles))
    caption = tag("caption", tag("span", render(message("All verdicts that match the filter above"))))
    table = tag("table", caption, tag("thead", head), tag("tbody"), class_="list")
    more = tag("button", type="button", class_="more", hidden=True)
    return join(tag("div", table, class_="scroll"), tag("p", more, " ", tag("span", class_="left")))


def _footer(report: Report) -> Markup:
    lines = [piece for name, value in facts(report) for piece in (tag("dt", name), tag("dd", value))]
    return tag(
        "footer",
        tag("h2", render(message("About this report")), id="about"),
        tag("dl", *lines),
        tag("h3", render(message("How to read it"))),
        tag("ul", *(tag("li", render(sentence)) for sentence in HOW_TO_READ)),
    )
