"""The report as one HTML file, read without a browser: what stands in it, and that no text in it acts."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.model import Agency
from cchc_cli.domain.verdicts.findings import Summary
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.reports.web import agencies as page_agencies
from cchc_cli.reports.web import page
from cchc_cli.reports.web.data import page_data, search_key
from cchc_cli.reports.web.markup import json_text, tag
from cchc_cli.reports.wording.selection import STATUS_ORDER, WORST_FIRST, worst_status
from tests.reports import samples
from tests.reports.contrast import contrast
from tests.test_shown_text import STRINGS

if TYPE_CHECKING:
    from cchc_cli.domain.results.reviews import Report

Attributes = dict[str, str | None]


class Reader(HTMLParser):
    """Reads a page as a browser does: elements with their attributes, and the text of each list item."""

    def __init__(self, text: str) -> None:
        """Read the whole page."""
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.items: list[str] = []
        self.text = ""
        self._inside: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in self.raw else None
        if tag == "li":
            self.items.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or style."""
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self._inside:
            self.raw[self._inside].append(data)
            return
        self.text += data
        if self.items:
            self.items[-1] += data

    def all(self, name: str) -> list[Attributes]:
        """Give the attributes of each element of a kind."""
        return [attributes for found, attributes in self.elements if found == name]


def text_of(report: Report, language: str = "en") -> str:
    with samples.in_language(language):
        return page.render_report(report).decode()


@cache
def small_text() -> str:
    return text_of(samples.small())


def report_with_titles(texts: list[str]) -> Report:
    """Give the small report with an execution for each text, which is its title; it has no note or evidence."""
    report = samples.small()
    one = report.executions[0]
    bare = one.execution._replace(note=None, evidence=())
    records = [one._replace(no=no, execution=bare._replace(title=text)) for no, text in enumerate(texts)]
    return report._replace(executions=records)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_golden(language: str) -> None:
    with samples.in_language(language):
        text = page.render_report(samples.small()).decode()
    text = re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.DOTALL)
    text = re.sub(r'<script>"use strict".*?</script>', "<script></script>", text, flags=re.DOTALL)
    text = re.sub("sha256-[A-Za-z0-9+/=]+", "sha256-", text)
    text = re.sub(
        "(?=<(?:tr|li|section|article|h[1-6]|p|dt|script|table|div|footer|main|nav)[ >])", "\n", text
    )
    samples.check_golden(f"small.page-{language}.html", re.sub("\n{2,}", "\n", text))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_same_report_gives_the_same_bytes(language: str) -> None:
    assert text_of(samples.small(), language) == text_of(samples.small(), language)


def test_only_its_own_script_and_style_may_run() -> None:
    reader = Reader(small_text())
    (policy,) = (one["content"] for one in reader.all("meta") if one.get("http-equiv"))
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    data, script = reader.raw["script"]
    (style,) = reader.raw["style"]
    assert rules["default-src"] == "'none'"
    for name, text in (("script-src", script), ("style-src", style)):
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert [one.get("type") for one in reader.all("script")] == ["application/json", None]
    assert json.loads(data)["agencies"]


def test_nothing_in_it_loads_or_acts_by_an_attribute() -> None:
    for report in (
        samples.small(),
        samples.station(),
        samples.report_with_text("\"><img src=x onerror=alert(1)>'"),
    ):
        for name, attributes in Reader(text_of(report)).elements:
            assert name not in {"img", "iframe", "link", "object", "embed", "base", "video", "audio"}
            for key, value in attributes.items():
                assert not key.startswith("on")
                assert key not in {"style", "src", "srcset", "action", "formaction", "srcdoc", "ping"}
                if key == "href":
                    assert name == "a"
                    assert value
                    assert value.startswith(("#", "https://", "http://"))


def test_each_link_within_the_page_leads_somewhere() -> None:
    for report in (samples.small(), samples.whole(), samples.station()):
        reader = Reader(text_of(report))
        names = Counter(attributes["id"] for _, attributes in reader.elements if "id" in attributes)
        assert set(names.values()) == {1}
        for link in reader.all("a"):
            href = link["href"] or ""
            assert not href.startswith("#") or unquote(href[1:]) in names


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        (" https://example.org", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("https://example.org/\u202egpj", False),
        ("https://example.org/\x00", False),
        ("file:///etc/passwd", False),
        ("photo.jpg sha256:" + "0" * 64, False),
    ],
)
def test_only_web_addresses_become_links(address: str, *, linked: bool) -> None:
    report = samples.small()
    one = report.executions[0]
    report = report._replace(executions=[one._replace(execution=one.execution._replace(evidence=(address,)))])
    reader = Reader(text_of(report))
    links = [link["href"] for link in reader.all("a") if not (link["href"] or "").startswith("#")]
    assert links == ([address] if linked else [])
    assert safe(address) in reader.text


def test_no_text_acts_and_each_comes_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_agencies, "MOST_RECORDS", len(STRINGS))
    text = text_of(report_with_titles(STRINGS))
    assert not [char for char in text if not char.isprintable() and char != "\n" and safe(char) != char]
    reader = Reader(text)
    before = "2024-01-14 · A.1. Chuyên mục CCHC trên sóng · 15 phút · Phát thanh · "
    after = " · recorded late"
    items = [item for item in reader.items if item.startswith(before)]
    assert len(items) == len(STRINGS)
    for item, told in zip(items, STRINGS, strict=True):
        assert item.split("What was done")[0].startswith(before + safe(told) + after), ascii(told)


@pytest.mark.parametrize(
    "text",
    [
        "</script><script>window.x=1</script>",
        "<!--<script>",
        "]]>\u2028\u2029&lt;",
        "{shown}{number}",
        "\"'><svg onload=alert(1)>",
        "__proto__",
        "\x1b[31m\x00",
    ],
)
def test_hostile_words_everywhere(text: str) -> None:
    saying, calm = samples.report_with_text(text), samples.report_with_text("x")
    # One agency stands alone; with a second there are filter, lists and the script’s data as well.
    for extra in ({}, {"x": Summary()}):
        reader, quiet = (Reader(text_of(_with(report, extra))) for report in (saying, calm))
        assert Counter(name for name, _ in reader.elements) == Counter(name for name, _ in quiet.elements)
        assert safe(text) in reader.text
        if extra:
            assert json.loads(reader.raw["script"][0])["agencies"][0][1] == safe(text)


def _with(report: Report, extra: dict[str, Summary]) -> Report:
    assessment = report.assessment
    others = tuple(Agency(code, code, "commune") for code in extra)
    plan = assessment.plan._replace(agencies=(*assessment.plan.agencies, *others))
    by_agency = {**assessment.by_agency, **extra}
    return report._replace(assessment=assessment._replace(plan=plan, by_agency=by_agency))


def test_what_was_made_safe_once_is_not_made_so_again() -> None:
    typed = r"\x1b"
    twice = safe(str(safe(typed)))
    for extra in ({}, {"x": Summary()}):
        reader = Reader(text_of(_with(samples.report_with_text(typed), extra)))
        assert safe(typed) in reader.text
        assert twice not in reader.text
        assert json.dumps(twice)[1:-1] not in reader.raw["script"][0]


def test_json_cannot_end_its_element() -> None:
    shown = json_text(["</script>", "<!--", "\u2028\u2029", "&amp;", "đ"])
    assert not set("<>&\u2028\u2029") & set(shown)
    assert json.loads(shown) == ["</script>", "<!--", "\u2028\u2029", "&amp;", "đ"]


def test_tags_escape_what_is_not_markup() -> None:
    shown = tag("p", "<b>&", tag("i", "x"), title='"<', hidden=False, lang=None, open=True)
    assert shown == '<p title="&quot;&lt;" open>&lt;b&gt;&amp;<i>x</i></p>'


def test_it_says_what_it_rests_on() -> None:
    text = text_of(samples.known())
    for told in (
        samples.CHAIN.link,
        "<dd>45</dd>",
        "as of the end of 2024-06-30",
        "2024-07-01 09:00 (Asia/Ho_Chi_Minh)",
        "613/QĐ-UBND",
        "daklak-2024",
        samples.known().assessment.plan.title,
    ):
        assert told in text
    # Once to be read, and once as the property that `verify --against` reads.
    assert text.count(samples.CHAIN.link) == 2


def figures_of(card: str) -> tuple[str, ...]:
    """Give the heading of a card and both of its figures."""
    (heading,) = re.findall(r"<h3>([^<]*)</h3>", card)
    return heading, *re.findall(r'<p class="rate">.*?<b>([^<]*)</b></p>', card)


def test_stated_and_interpreted_stand_apart_and_nothing_is_no_rate() -> None:
    cards = [figures_of(card) for card in re.findall(r'<article class="card.*?</article>', small_text())]
    assert cards == [
        ("All requirements", "3/8 (37.5 %)", "3/9 (33.3 %)"),
        ("Stated in the plan", "3/6 (50 %)", "3/7 (42.9 %)"),
        ("Interpreted", "0/2 (0 %)", "0/2 (0 %)"),
    ]
    lone = re.findall(r'<article class="card.*?</article>', text_of(samples.station()))
    assert figures_of(lone[2]) == ("Interpreted", "–", "–")


def test_the_heat_map_shows_the_worst_of_what_falls_due_in_a_month() -> None:
    (row,) = re.findall(
        r"<tr><th scope=\"row\"><a href=\"#a-so-noi-vu\">[^<]*</a></th>((?:<td.*?</td>)+)</tr>", small_text()
    )[:1]
    cells = re.findall(r"<td(?: class=\"(s\d)\")?>(.*?)</td>", row)
    words = [re.sub("<b.*?</b>|<.*?>", "", text) for _, text in cells]
    assert [kind for kind, _ in cells] == ["", "", "s0", "", "", "s3", "", "", "s5", "", "", "s4"]
    assert words == [
        "",
        "",
        "met: 1",
        "",
        "",
        "at risk: 1",
        "",
        "",
        "upcoming: 1",
        "",
        "",
        "under way: 1, upcoming: 1",
    ]


def test_each_cell_of_a_large_heat_map_has_its_worst() -> None:
    whole = samples.whole()
    findings = [
        one._replace(status=Status.MET if number % 5 else Status.MISSED)
        for number, one in enumerate(whole.assessment.findings)
    ]
    report = whole._replace(assessment=whole.assessment._replace(findings=findings))
    wanted: dict[str, dict[tuple[int, int], Status]] = {}
    for finding in findings:
        end, worst_first = finding.obligation.span.end, list(WORST_FIRST)
        row = wanted.setdefault(finding.agency.code, {})
        before = row.get((end.year, end.month), finding.status)
        row[end.year, end.month] = min(before, finding.status, key=worst_first.index)
    table = re.findall(r'<table class="heat">(.*?)</table>', text_of(report), flags=re.DOTALL)[0]
    months = sorted({month for row in wanted.values() for month in row})
    for code, cells in re.findall(r'<a href="#a-([^"]*)">[^<]*</a></th>(.*?)</tr>', table):
        kinds = re.findall(r'<td(?: class="s(\d)")?>', cells)
        found = {month: STATUS_ORDER[int(kind)] for month, kind in zip(months, kinds, strict=True) if kind}
        assert found == wanted[code]


def test_the_worst_verdict_stands_for_all() -> None:
    assert set(WORST_FIRST) == set(STATUS_ORDER) == set(Status)
    assert worst_status({Status.MET, Status.WAIVED, Status.PARTIAL, Status.MISSED}) is Status.MISSED
    assert worst_status({Status.MET, Status.WAIVED}) is Status.MET
    assert worst_status({Status.MET, Status.UPCOMING}) is Status.UPCOMING


def test_tables_tell_a_screen_reader_what_they_are() -> None:
    reader = Reader(text_of(samples.whole()))
    assert len(reader.all("caption")) == len(reader.all("table"))
    assert all("scope" in heading for heading in reader.all("th"))
    assert {name for name, _ in reader.elements} >= {"main", "nav", "header", "footer"}
    assert [one["aria-live"] for one in reader.all("p") if one.get("role") == "status"] == ["polite"]
    for name, attributes in reader.elements:
        if attributes.get("class") == "scroll" and attributes.get("role"):
            assert attributes["tabindex"] == "0", name
            assert attributes["aria-label"]


def _palette(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", css))


def test_every_pair_of_colours_can_be_read() -> None:
    (css,) = Reader(small_text()).raw["style"]
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)", 1)
    for colours in (_palette(light), _palette(light) | _palette(dark.split("\n* {")[0])):
        pairs = [("ink", "ground"), ("ink", "card"), ("soft", "ground"), ("soft", "card"), ("soft", "row")]
        pairs += [
            ("link", "ground"),
            ("link", "card"),
            ("head-ink", "head"),
            ("head-soft", "head"),
            ("f2", "card"),
        ]
        pairs += [("ink", "row"), ("ink", "hover"), ("link", "hover"), ("soft", "hover")]
        pairs += [(f"i{number}", f"g{number}") for number in range(len(STATUS_ORDER))]
        for ink, ground in pairs:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def test_the_plan_of_2024_is_a_file_for_a_phone() -> None:
    text = text_of(samples.whole())
    assert len(text.encode()) < 3_000_000
    assert text.count('class="agency"') == len(samples.whole().assessment.by_agency)
    assert "<noscript>" not in text


def test_too_many_verdicts_are_left_to_the_script_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_agencies, "MOST_VERDICTS", 28)
    monkeypatch.setattr(page, "MOST_VERDICTS", 28)
    text = text_of(samples.small())
    assert "too large to show the verdicts of each agency without JavaScript" in text
    assert 'scope="rowgroup"' not in text
    monkeypatch.setattr(page_agencies, "MOST_VERDICTS", 29)
    monkeypatch.setattr(page, "MOST_VERDICTS", 29)
    assert text_of(samples.small()) == small_text()


def test_too_many_records_are_counted_and_it_says_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_agencies, "MOST_RECORDS", 6)
    text = text_of(samples.small())
    assert "What was done: 4" in text
    assert "the workbook of this report lists them all" in text
    assert "Chỉ số SIPAS" not in text
    assert "Chỉ số SIPAS" in small_text()


def test_waivers_stand_with_their_reason_and_document() -> None:
    (item,) = [item for item in Reader(small_text()).items if "Trụ sở" in item]
    assert item.startswith("2024-01-01 – 2024-06-30 · A.2. Lắp đặt pa nô · Trụ sở đang xây lại · 12/TB-UBND")


def test_the_script_knows_every_verdict() -> None:
    assessment = samples.whole().assessment
    with samples.in_language("en"):
        data = page_data(assessment)
    flat = [flat for _, _, flat in data["groups"]]
    assert sum(map(len, flat)) == 4 * len(assessment.findings)
    counted = Counter(status for group in flat for status in group[1::4])
    assert {STATUS_ORDER[number]: count for number, count in counted.items()} == {
        status: assessment.summary.of(status) for status in STATUS_ORDER if assessment.summary.of(status)
    }


def test_an_agency_is_found_by_each_of_its_names() -> None:
    (agency,) = [one for one in samples.small().assessment.plan.agencies if one.code == "buon-ho"]
    assert search_key(agency) == "ubnd thi xa buon ho / thi ho / buon ho"


def test_one_agency_is_shown_at_once() -> None:
    text = text_of(samples.station())
    assert 'class="agency only"' in text
    assert 'id="filter"' not in text
    assert 'id="agencies"' not in text
    assert "application/json" not in text


def test_the_language_is_named() -> None:
    assert small_text().startswith('<!doctype html>\n<html lang="en">')


def test_nothing_owed_is_still_a_page() -> None:
    report = samples.small()
    empty = report.assessment._replace(findings=[], by_agency={}, summary=Summary())
    text = text_of(report._replace(assessment=empty, executions=[], waivers=[]))
    cards = re.findall(r'<article class="card.*?</article>', text)
    assert [figures_of(card)[1:] for card in cards] == [("–", "–")] * 3
