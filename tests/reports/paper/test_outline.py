"""Reports on paper and in e-mails: what stands in them, the same bytes each time, and text that does nothing."""

from __future__ import annotations

import io
import re
import time
import unicodedata
import zipfile
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import docx
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.extent import Extent
from cchc_cli.domain.verdicts.findings import Summary
from cchc_cli.domain.verdicts.rules import CutOff, Reason, Status
from cchc_cli.reports.paper import blocks, markdown, pdf
from cchc_cli.reports.paper import docx as word
from cchc_cli.reports.paper.annex import MOST_RECORDS, ranges
from cchc_cli.reports.paper.blocks import Column, Run, Table, split_tall_rows
from cchc_cli.reports.paper.outline import outline, short_outline
from cchc_cli.reports.paper.unmet import MOST_LINES
from cchc_cli.reports.wording.words import ratio_words
from tests.reports.samples import (
    CHAIN,
    NOW,
    check_golden,
    in_language,
    known,
    make_report,
    report_with_text,
    station,
    whole,
)
from tests.test_shown_text import PIECES, STRINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docx.document import Document

    from cchc_cli.domain.results.reviews import Report
    from cchc_cli.domain.verdicts.findings import Finding

RENDERERS: dict[str, Callable[[Report], bytes]] = {
    "docx": word.render_report,
    "pdf": pdf.render_report,
    "md": markdown.render_report,
}
REPORTS: dict[str, Callable[[], Report]] = {"whole": whole, "station": station, "known": known}


def as_text(drawn: list[blocks.Block]) -> str:
    """Write blocks as plain text, for people to compare."""
    return "\n".join(line for block in drawn for line in _lines(block)) + "\n"


def _lines(block: blocks.Block) -> Iterator[str]:
    match block:
        case blocks.Letterhead(issuer, nation, number, place):
            yield from (f"{left} || {right}" for left, right in zip(issuer, nation, strict=True))
            yield f"{number} || {place}"
        case blocks.Title(kind, subject, window, addressee):
            yield from (kind, subject, window, addressee)
        case blocks.Heading(level, text):
            yield from ("", f"{'#' * level} {text}")
        case blocks.Paragraph(runs):
            yield "".join(run.text for run in runs)
        case blocks.Items(items):
            yield from (f"- {''.join(run.text for run in runs)}" for runs in items)
        case blocks.Table(columns, rows):
            yield " | ".join(column.heading for column in columns)
            yield from (" | ".join(cell.text for cell in row) for row in rows)
        case blocks.Signature(heading, recipients, office, hint):
            yield from (heading, *recipients, office, hint)
        case blocks.NewPage():
            yield "\f"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_the_outline_is_what_it_was(name: str, language: str) -> None:
    with in_language(language):
        check_golden(f"outline-{name}-{language}.txt", as_text(outline(REPORTS[name]())))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_the_letter_is_what_it_was(name: str, language: str) -> None:
    with in_language(language):
        check_golden(f"letter-{name}-{language}.md", markdown.render_report(REPORTS[name]()).decode())


@pytest.mark.parametrize("form", RENDERERS)
def test_the_same_report_gives_the_same_bytes_on_another_day(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = RENDERERS[form](whole())
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 400 * 86400)
    assert RENDERERS[form](whole()) == first


def test_no_clock_stands_in_the_files() -> None:
    with zipfile.ZipFile(io.BytesIO(word.render_report(station()))) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = packed.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", properties)) == {"2024-06-30T"}
    drawn = pdf.render_report(station())
    assert set(re.findall(rb"D:(\d{8})", drawn)) == {b"20240630"}
    assert b"/Lang (vi)" in drawn
    assert b"fpdf2" not in drawn


# --- what every format says --------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [outline, short_outline])
def test_the_chain_the_days_and_the_plan_stand_on_each(draw: Callable[[Report], list[blocks.Block]]) -> None:
    with in_language("en"):
        text = as_text(draw(known()))
    assert text.count(CHAIN.link) == 1
    assert "chain of changes 45" in text
    assert "as of 2024-06-30; as known at 2024-07-01 09:00" in text
    plan = known().assessment.plan
    for fact in (plan.code, plan.number, plan.title):
        assert fact
        assert fact in text


def test_a_closed_review_says_when_it_was_closed() -> None:
    closed = station()._replace(closed_at=NOW)
    with in_language("en"):
        assert "review closed at 2024-07-01 09:00" in as_text(outline(closed))
        assert "review closed" not in as_text(outline(station()))


def test_known_at_is_not_said_where_it_was_not_asked() -> None:
    with in_language("en"):
        assert "as known at" not in as_text(outline(station()))


def _tables(drawn: list[blocks.Block], heading: str) -> list[Table]:
    """Give the tables under a heading, up to the next of its level."""
    places = [
        place for place, block in enumerate(drawn) if isinstance(block, blocks.Heading) and block.level == 1
    ]
    start = next(place for place in places if getattr(drawn[place], "text", "").startswith(heading))
    end = next((place for place in places if place > start), len(drawn))
    return [block for block in drawn[start:end] if isinstance(block, Table)]


def _grid(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_overall_table_is_the_summary() -> None:
    summary = whole().assessment.summary
    with in_language("en"):
        (table,) = _tables(outline(whole()), "I.")
        figures = [summary.figures(*bases) for bases in ((), (Basis.STATED,), (Basis.INTERPRETED,))]
        rates, progress = (
            [ratio_words(getattr(one, name)) for one in figures] for name in ("rate", "progress")
        )
    rows = {row[0]: row[1:] for row in _grid(table)}
    assert rows["Due"] == rates
    assert rows["Progress"] == progress
    assert len(set(rates)) == 3
    assert [row.replace(",", "") for row in rows["– missed"]] == [
        str(summary.of(Status.MISSED)),
        str(summary.of(Status.MISSED, Basis.STATED)),
        str(summary.of(Status.MISSED, Basis.INTERPRETED)),
    ]


def test_what_is_due_and_what_is_not_yet_due_stand_apart() -> None:
    """Every obligation stands in one line of the table, under the part that it belongs to."""
    running = make_report(review="H1", as_of="2024-05-20")
    with in_language("en"):
        (table,) = _tables(outline(running), "I.")
    grid = _grid(table)
    assert [row[0] for row in grid if not row[0].startswith("– ")] == [
        *("The last day is over", "Still open", "In neither figure"),
        *("Obligations", "Due", "Progress", "Decided at their end"),
    ]
    lines = [int(row[1].replace(",", "")) for row in grid if row[0].startswith("– ")]
    assert sum(lines) == running.assessment.summary.obligations


def test_nothing_settled_has_no_rate() -> None:
    early = make_report(review="H1", as_of="2024-01-02")
    assert not any(early.assessment.summary.of(one) for one in (Status.MET, Status.PARTIAL, Status.MISSED))
    with in_language("en"):
        drawn = outline(early)
        grid = _grid(_tables(drawn, "I.")[0])
        assert grid[-3] == ["Due", "–", "–", "–"]
        assert grid[-2][:2] == ["Progress", "0/1,115 (0 %)"]


def test_each_agency_stands_once_furthest_behind_first() -> None:
    with in_language("en"):
        (table,) = _tables(outline(whole()), "III.")
    *rows, total = _grid(table)
    names = {agency.code: agency.shown for agency in whole().assessment.plan.agencies}
    assert [row[0] for row in rows] == [names[code] for code in whole().assessment.by_agency]
    assert total[0] == "All"
    for column in range(1, 4):
        added = sum(int(row[column].replace("–", "0")) for row in rows)
        assert added == int(total[column].replace(",", "").replace("–", "0"))


def _unmet(report: Report) -> list[Finding]:
    return [one for one in report.assessment.findings if one.status in {Status.MISSED, Status.PARTIAL}]


def test_few_unmet_obligations_have_a_line_each() -> None:
    with in_language("en"):
        (table,) = _tables(outline(station()), "IV.")
    assert len(table.rows) == len(_unmet(station())) == 4
    assert _grid(table)[0] == [
        "Đài Buôn Hồ",
        "III.4.b. Chuyên mục “Tuyên truyền CCHC” trên sóng phát thanh",
        "Month 2/2024",
        "at least 15 phút",
        "10 phút",
        "partly, short by 5 phút; stated in the plan",
    ]


def test_many_unmet_obligations_are_gathered_and_none_is_left_out() -> None:
    assert len(_unmet(whole())) > MOST_LINES
    with in_language("en"):
        text = as_text(outline(whole()))
    chapter = text[text.index("# IV.") : text.index("# V.")]
    counts = re.findall(r"; agencies \(([\d,]+)\):", chapter)
    assert sum(int(count.replace(",", "")) for count in counts) == len(_unmet(whole()))
    # The names in a line (whole groups, parts of groups, single agencies) add up to its count.
    for line in re.findall(r"^- .*; agencies .*", chapter, re.MULTILINE):
        count, who = re.fullmatch(r".*; agencies \(([\d,]+)\): (.*)", line).groups()  # type: ignore[union-attr]
        assert sum(_agency_count(part) for part in who.split("; ")) == int(count.replace(",", "")), line


def _agency_count(part: str) -> int:
    found = re.search(r": (?:all )?(\d+)(?: of (\d+), all but (.*))?$", part)
    if found is None:
        return 1
    if found[2]:
        assert int(found[1]) + len(found[3].split(", ")) == int(found[2])
    return int(found[1])


def test_reasons_are_told() -> None:
    report = station()
    first, *others = report.assessment.findings
    over = first._replace(status=Status.MISSED, reason=Reason.EXCEEDED)
    late = next(one for one in others if one.status is Status.PARTIAL)._replace(late=2)
    assessment = report.assessment._replace(findings=[over, late])
    with in_language("en"):
        (table,) = _tables(outline(report._replace(assessment=assessment)), "IV.")
    results = [row[-1] for row in _grid(table)]
    assert results[0] == "missed, above the maximum; stated in the plan"
    assert "recorded late: 2" in results[1]


def test_interpretations_are_noted_once_and_stated_words_quoted() -> None:
    with in_language("en"):
        text = as_text(outline(whole()))
    notes = {one.requirement.note for one in whole().assessment.findings if one.requirement.note}
    assert len(notes) == 2
    for note in notes:
        assert text.count(note) == 1
    assert "(stated in the plan) The plan says: “thời lượng mỗi tháng ít nhất 15 phút”" in text
    assert "(interpreted, note 1) The plan says: “Thường xuyên trong năm”" in text


def test_agencies_are_counted_once_by_their_worst() -> None:
    with in_language("en"):
        table = _tables(outline(whole()), "II.")[-1]
    agencies, obligations = _grid(table)
    assert agencies[:5] == ["Agencies", "15", "4", "1", "10"]
    assert obligations[:5] == ["Obligations", "90", "39", "4", "44"]


def test_waivers_say_who_what_when_and_why() -> None:
    with in_language("en"):
        (table,) = _tables(outline(whole()), "VI.")
    assert _grid(table) == [
        [
            "1",
            "Đài Lắk",
            "III.4.b. Chuyên mục “Tuyên truyền CCHC” trên sóng phát thanh",
            "2024-01-01 – 2024-03-31",
            "Máy phát hỏng, đang sửa chữa",
            "12/TB-UBND",
        ]
    ]


def test_records_are_listed_with_each_piece_of_evidence() -> None:
    with in_language("en"):
        (table,) = _tables(outline(whole()), "Annex")
    numbers = [row[0].text for row in table.rows if row[0].text]
    assert numbers == [str(one.no) for one in whole().executions]
    links = [row[-1].link for row in table.rows if row[-1].link]
    assert links == [
        "https://example.org/dan-hoi/1",
        "https://example.org/tthc",
        "https://example.org/tthc-2",
    ]


def test_more_records_than_fit_are_gathered_by_agency_and_it_says_so() -> None:
    many = [
        one._replace(no=len(whole().executions) * turn + place)
        for turn in range(9)
        for place, one in enumerate(whole().executions, 1)
    ]
    assert len(many) > MOST_RECORDS
    with in_language("en"):
        drawn = outline(whole()._replace(executions=many))
        (table,) = _tables(drawn, "Annex")
        assert "There are more than 400, so only their numbers are listed here, by agency" in as_text(drawn)
    told = [number for row in table.rows for number in _expanded(row[-1].text)]
    assert sorted(told) == [one.no for one in many]


def _expanded(text: str) -> Iterator[int]:
    for part in text.split(", "):
        first, _, last = part.partition("–")
        yield from range(int(first), int(last or first) + 1)


@given(st.sets(st.integers(1, 200), min_size=1))
def test_ranges_say_each_number(numbers: set[int]) -> None:
    assert list(_expanded(ranges(numbers))) == sorted(numbers)


@pytest.mark.parametrize(
    ("issuer", "day", "place"),
    [
        ("UBND tỉnh Đắk Lắk", date(2024, 2, 4), "Đắk Lắk, ngày 04 tháng 02 năm 2024"),
        ("UBND thành phố  Huế", date(2024, 3, 14), "Huế, ngày 14 tháng 3 năm 2024"),
        ("Sở Nội vụ", date(2024, 12, 9), "…………, ngày 09 tháng 12 năm 2024"),
        (None, date(2024, 1, 31), "…………, ngày 31 tháng 01 năm 2024"),
    ],
)
def test_the_place_and_the_date_are_written_as_the_decree_wants_them(
    issuer: str | None, day: date, place: str
) -> None:
    report = station()
    assessment = report.assessment._replace(
        plan=report.assessment.plan._replace(issuer=issuer), cutoff=CutOff(day, over=True)
    )
    head = outline(report._replace(assessment=assessment))[0]
    assert isinstance(head, blocks.Letterhead)
    assert head.place == place


@pytest.mark.parametrize(("aliases", "number"), [(("SNV",), "SNV"), (("Sở NV", "A"), "…………")])
def test_the_number_takes_the_initials_that_the_plan_knows(aliases: tuple[str, ...], number: str) -> None:
    report = station()
    assert report.assessment.extent.top
    top = report.assessment.extent.top._replace(short=None, aliases=aliases)
    assessment = report.assessment._replace(extent=Extent(top))
    head = outline(report._replace(assessment=assessment))[0]
    assert isinstance(head, blocks.Letterhead)
    assert head.number.endswith(f"/BC-{number}")


def test_a_report_on_nothing_says_so() -> None:
    report = station()
    assessment = report.assessment._replace(findings=[], summary=Summary(), by_agency={})
    nothing = report._replace(assessment=assessment, executions=[], waivers=[])
    with in_language("en"):
        text = as_text(outline(nothing))
        assert text.count("There are no obligations in this scope.") == 2
        assert "No settled obligation is unmet." in text
        assert "No waiver was recorded" in text
        for draw in RENDERERS.values():
            assert draw(nothing)


# --- Word ---------------------------------------------------------------------------------------------


def _opened(report: Report) -> Document:
    return docx.Document(io.BytesIO(word.render_report(report)))


def test_word_has_the_page_of_the_decree() -> None:
    document = _opened(whole())
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes if size] == [210, 297, 30, 20]
    margins = (section.top_margin, section.bottom_margin)
    assert [round(size.mm) for size in margins if size] == [20, 20]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml  # noqa: SLF001
    assert section.first_page_header.paragraphs[0].text == ""
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.core_properties.language == "vi"


def test_word_has_headings_of_the_outline_and_tables_that_repeat_theirs() -> None:
    document = _opened(whole())
    drawn = outline(whole())
    headings = [(block.level, block.text) for block in drawn if isinstance(block, blocks.Heading)]
    found = [
        (int(one.style.name.removeprefix("Heading ")), one.text)
        for one in document.paragraphs
        if one.style and (one.style.name or "").startswith("Heading ")
    ]
    assert found == headings
    grids = [table for table in document.tables if "w:tblHeader" in table._tbl.xml]  # noqa: SLF001
    assert len(grids) == sum(isinstance(block, Table) for block in drawn)
    for table in grids:
        xml = table._tbl.xml  # noqa: SLF001
        assert xml.count("<w:tblHeader/>") == 1
        assert xml.count("<w:cantSplit/>") == xml.count("<w:tr>")


def test_word_says_all_that_the_outline_says() -> None:
    with in_language("en"):
        document = _opened(whole())
        tables = [block for block in outline(whole()) if isinstance(block, Table)]
    grids = [table for table in document.tables if "w:tblHeader" in table._tbl.xml]  # noqa: SLF001
    for drawn, table in zip(grids, tables, strict=True):
        texts = [node.text or "" for node in drawn._tbl.iter(f"{W}t")]  # noqa: SLF001
        assert texts == [column.heading for column in table.columns] + [
            cell.text for row in table.rows for cell in row
        ]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# --- text that acts -----------------------------------------------------------------------------------


def _recording(texts: list[str]) -> Report:
    """Give a report in which each of these texts is the title and the evidence of a record."""
    report = station()
    first = report.executions[0]
    executions = [
        first._replace(no=place, execution=first.execution._replace(title=text, evidence=(text,)))
        for place, text in enumerate(texts, 1)
    ]
    return report._replace(executions=executions)


TEXTS = [text for text in STRINGS if text.strip()]
BATCHES = [TEXTS[start : start + MOST_RECORDS] for start in range(0, 2000, MOST_RECORDS)]


@pytest.mark.parametrize("texts", BATCHES, ids=range(len(BATCHES)))
def test_word_shows_hostile_text_as_it_is(texts: list[str]) -> None:
    document = _opened(_recording(texts))
    table = document.tables[-1]._tbl  # noqa: SLF001
    shown: list[list[str]] = []
    for row in islice(table.iter(f"{W}tr"), 1, None):
        cells = ["".join(node.text or "" for node in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
        if cells[0]:
            shown.append(cells)
        else:
            shown[-1] = [before + more for before, more in zip(shown[-1], cells, strict=True)]
    assert [row[-1] for row in shown] == [safe(text) for text in texts]
    for row, text in zip(shown, texts, strict=True):
        assert row[3].endswith(f"; {safe(text)}")
    links = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert all(re.match(r"https?://", link) and link in texts for link in links)
    fields = re.findall(r"instrText|fldSimple|w:object|w:pict|<script", document.element.xml)
    assert fields == []


@pytest.mark.parametrize("texts", BATCHES, ids=range(len(BATCHES)))
def test_pdf_takes_hostile_text_and_links_only_to_the_web(texts: list[str]) -> None:
    drawn = pdf.render_report(_recording(texts))
    links = re.findall(rb"/URI \((.*?)\)", drawn)
    assert all(re.match(rb"https?://", link) for link in links)
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|GoToR|SubmitForm)\b", drawn)


def test_pdf_links_are_seen_by_the_test_above() -> None:
    links = re.findall(rb"/URI \((.*?)\)", pdf.render_report(whole()))
    assert b"https://example.org/dan-hoi/1" in links


MIXED = [" ".join(PIECES[place::16]) for place in range(16)]


@pytest.mark.parametrize("text", [*MIXED, "漢字 😀 W" * 150, "x" * 4000, "{nb}", "**đậm** __x__"])
def test_any_text_can_stand_anywhere(text: str) -> None:
    report = report_with_text(text)
    document = _opened(report)
    everything = "".join(node.text or "" for node in document.element.body.iter(f"{W}t"))
    assert safe(text) in everything
    assert pdf.render_report(report).startswith(b"%PDF")


def test_the_fonts_have_every_vietnamese_letter() -> None:
    marked = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = {unicodedata.normalize("NFC", letter + tone) for letter in marked for tone in tones}
    letters |= set("bcdđghklmnpqrstvx0123456789.,;:–…“”‘’()/%÷≤≥•‹›")
    letters |= {letter.upper() for letter in letters}
    assert all(len(letter) == 1 for letter in letters)
    for font in pdf.FONTS.glob("*.ttf"):
        assert letters <= set(map(chr, TTFont(font).getBestCmap() or {})), font.name
    assert len(list(pdf.FONTS.glob("*.ttf"))) == 4


def test_markdown_shows_hostile_text_as_it_is() -> None:
    parser = MarkdownIt("commonmark").enable("table")
    for text in TEXTS[:2000]:
        shown = safe(text)
        source = (
            f"x {markdown.escape(shown)}\n\n| a | b |\n| :-- | :-- |\n| {markdown.escape(shown)} | end |\n"
        )
        tokens = [child for token in parser.parse(source) for child in token.children or ()]
        assert {token.type for token in tokens} <= {"text", "code_inline", "text_special"}, text
        said = "".join(token.content for token in tokens)
        # What is blank at the end of a line or a cell is not shown by any Markdown.
        assert re.sub(r"\s", "", said) == re.sub(r"\s", "", f"x{shown}ab{shown}end"), text
        for token in tokens:
            if token.type != "code_inline":
                assert not re.search(r"://|www\.|@", token.content, re.IGNORECASE), text


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "[x](javascript:alert(1))", "https://a.vn", "# x", "a|b", "![x](y)"]
)
def test_markdown_has_no_markup_but_its_own(text: str) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    plain = [token.type for token in parser.parse(markdown.render_report(report_with_text("Chữ")).decode())]
    assert [
        token.type for token in parser.parse(markdown.render_report(report_with_text(text)).decode())
    ] == plain


# --- rows that are too high ---------------------------------------------------------------------------


@given(st.lists(st.text(max_size=600), min_size=2, max_size=2), st.floats(0.1, 9))
def test_a_high_row_goes_on_below_and_loses_nothing(texts: list[str], size: float) -> None:
    columns = (Column("a", 20), Column("b", 60))
    table = Table(columns, (tuple(Run(text) for text in texts),))
    parts = split_tall_rows(table, lambda text: len(text) * size)
    for place, text in enumerate(texts):
        assert "".join(row[place].text for row in parts.rows) == text
        assert all(len(row[place].text) <= max(columns[place].width * 15 / size, 1) for row in parts.rows)
