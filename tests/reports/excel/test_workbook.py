"""The report as a workbook: what stands in it, that it is the same each time, and that no text in it acts."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
import pytest

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import escape_formula, safe
from cchc_cli.reports.excel.sheets import COLOURS, Book, Column, day_format
from cchc_cli.reports.excel.workbook import render_report
from tests.reports import samples
from tests.reports.contrast import contrast
from tests.test_shown_text import STRINGS

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from cchc_cli.domain.results.reviews import Report


@cache
def small_file() -> bytes:
    with samples.in_language("en"):
        return render_report(samples.small())


@cache
def small_book() -> Workbook:
    return openpyxl.load_workbook(BytesIO(small_file()))


def opened(report: Report) -> Workbook:
    with samples.in_language("en"):
        return openpyxl.load_workbook(BytesIO(render_report(report)))


def read(cell: Any) -> object:  # noqa: ANN401 - a cell
    """Give a cell’s value as a spreadsheet shows it: `_x0041_` stands for A, and `_x005F_` for an underscore."""
    value = cell.value
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def column(sheet: Worksheet, heading: str) -> list[Cell | MergedCell]:
    """Give the cells under a heading."""
    (at,) = (cell.column for cell in sheet[1] if cell.value == heading)
    return [row[at - 1] for row in sheet.iter_rows(min_row=2)]


def report_with_titles(texts: list[str]) -> Report:
    """Give the small report with an execution for each text, which is its title."""
    report = samples.small()
    one = report.executions[0]
    records = [
        one._replace(no=no, execution=one.execution._replace(title=text)) for no, text in enumerate(texts)
    ]
    return report._replace(executions=records)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_golden(language: str) -> None:
    lines = []
    with samples.in_language(language):
        book = openpyxl.load_workbook(BytesIO(render_report(samples.small())))
    for sheet in book.worksheets:
        lines.append(f"## {sheet.title}")
        lines += [" | ".join("" if cell.value is None else str(cell.value) for cell in row) for row in sheet]
    samples.check_golden(f"small.workbook-{language}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_same_report_gives_the_same_bytes(language: str) -> None:
    with samples.in_language(language):
        assert render_report(samples.small()) == render_report(samples.small())


def test_nothing_in_the_file_tells_when_or_by_what_version_it_was_made() -> None:
    with ZipFile(BytesIO(small_file())) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = file.read("docProps/core.xml").decode() + file.read("docProps/app.xml").decode()
    assert re.findall("2024-05-31T00:00:00Z", about) == ["2024-05-31T00:00:00Z"] * 2
    assert openpyxl.__version__.rsplit(".", 1)[0] not in about
    assert "openpyxl" not in about


def test_dates_are_dates_and_numbers_are_numbers() -> None:
    verdicts, executions, agencies, _ = small_book().worksheets
    for sheet, headings, kinds in (
        (verdicts, ("From", "To"), (datetime,)),
        (verdicts, ("At least", "Value", "Executions", "Recorded late"), (int, float)),
        (executions, ("Date", "Recorded"), (datetime,)),
        (executions, ("No.", "Amount"), (int, float)),
        (agencies, ("Obligations", "met", "waived"), (int,)),
    ):
        for heading in headings:
            assert all(isinstance(cell.value, kinds) for cell in column(sheet, heading)), heading
    assert [cell.value for cell in column(executions, "Amount")][:4] == [15, 1, 7.5, 20]
    assert column(executions, "Amount")[2].number_format == "#,##0.0##"
    assert {cell.number_format for cell in column(verdicts, "From")} == {"yyyy-mm-dd"}
    assert column(executions, "Recorded")[0].value == datetime(2024, 7, 1, 9)  # noqa: DTZ001 - as cells are


def test_dates_follow_the_language() -> None:
    with samples.in_language("vi"):
        assert day_format() == "dd/mm/yyyy"


def test_a_rate_of_nothing_is_a_dash() -> None:
    agencies = small_book().worksheets[2]
    rates = dict(zip(column(agencies, "Agency’s code"), column(agencies, "Met of what is due"), strict=True))
    by_code = {code.value: rate.value for code, rate in rates.items()}
    assert by_code["ea-drong-cmg"] == "–"
    assert by_code["ea-drong"] == 0
    assert by_code["dai-buon-ho"] == pytest.approx(0.4)
    interpreted = column(agencies, "Met of what is due, interpreted")
    by_code = {code.value: rate.value for code, rate in zip(rates, interpreted, strict=True)}
    assert by_code["dai-buon-ho"] == "–"


def test_headings_stay_and_filter_and_repeat_on_paper() -> None:
    verdicts, executions, agencies, _ = small_book().worksheets
    for sheet in (verdicts, executions, agencies):
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddHeader is not None
        assert sheet.oddHeader.right.text == "as of the end of 2024-05-31"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_row_is_as_high_as_its_text() -> None:
    executions = opened(report_with_titles(["ngắn", "Đắk Lắk " * 30])).worksheets[1]
    assert executions.row_dimensions[2].height == 2 * 15  # for the identity
    assert executions.row_dimensions[3].height == 9 * 15


def test_each_status_has_a_colour_of_its_own_that_can_be_read() -> None:
    (where,) = small_book().worksheets[0].conditional_formatting
    rules = {rule.formula[0]: rule.dxf for rule in where.rules}
    assert set(rules) >= {'"met"', '"missed"', '"waived"'}
    assert len({rule.fill.bgColor.rgb for rule in rules.values()}) == len(rules) == len(COLOURS)
    assert str(where.sqref) == f"P2:P{small_book().worksheets[0].max_row}"
    assert all(contrast(ground, ink) >= 7 for ground, ink in COLOURS.values())


def test_about_says_what_the_report_rests_on() -> None:
    about = small_book().worksheets[3]
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Head of the chain"] == f"{samples.CHAIN.links}:{samples.CHAIN.link}"
    assert told["Changes in the chain"] == str(samples.CHAIN.links)
    assert told["Cut-off"] == "as of the end of 2024-05-31"
    assert (told["Plan"], told["Number"], told["Code"]) == (
        "Kế hoạch tuyên truyền nhỏ",
        "613/QĐ-UBND",
        "small",
    )
    assert sum(str(cell.value).count(samples.CHAIN.link) for row in about for cell in row) == 1


def test_known_at_and_review_are_told_where_there_are_such() -> None:
    about = opened(samples.known()).worksheets[-1]
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Known at"] == "2024-07-01 09:00 (Asia/Ho_Chi_Minh)"
    assert "Review" in told
    assert "Agency" in told


def test_the_report_of_a_closed_review_says_when_it_was_closed() -> None:
    about = opened(samples.small()._replace(closed_at=samples.NOW)).worksheets[-1]
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Review closed"] == "2024-07-01 09:00 (Asia/Ho_Chi_Minh)"


def test_no_text_acts_and_each_comes_out_whole() -> None:
    sheet = opened(report_with_titles(STRINGS)).worksheets[1]
    cells = column(sheet, "Title")
    assert len(cells) == len(STRINGS)
    for cell, text in zip(cells, STRINGS, strict=True):
        # A cell may have several lines.
        shown = "\n".join(map(safe, text.replace("\r\n", "\n").split("\n")))
        assert (read(cell) or "") == shown, ascii(text)
        assert cell.data_type in {"s", "inlineStr", "n"}, ascii(text)
        assert not isinstance(cell.value, (int, float)), ascii(text)
        assert cell.quotePrefix == (escape_formula(shown) != shown), ascii(text)


@pytest.mark.parametrize(
    "text",
    [r"\x1b", "=1+1", "#N/A", "_x0041_", "_x000d_", "\x1b[31m\x00", "-2", "@SUM(A1)", "2024-01-01", "&P&D"],
)
def test_hostile_words_everywhere(text: str) -> None:
    with samples.in_language("en"):
        raw = render_report(samples.report_with_text(text))
    book = openpyxl.load_workbook(BytesIO(raw))
    for sheet in book.worksheets:
        assert all(cell.data_type not in {"f", "e"} for row in sheet for cell in row)
    verdicts, executions, _, about = book.worksheets
    for cell in (
        *column(verdicts, "Agency"),
        *column(executions, "Evidence"),
        *column(executions, "Note"),
        *column(verdicts, "Unit"),
        about["B1"],
    ):
        assert read(cell) == safe(text)
    with ZipFile(BytesIO(raw)) as file:
        sheets = [file.read(name) for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet for sheet in sheets)


def test_what_was_made_safe_once_is_not_made_so_again() -> None:
    typed = r"\x1b"
    told = [
        str(cell.value)
        for sheet in opened(samples.report_with_text(typed)).worksheets
        for row in sheet
        for cell in row
    ]
    assert f"at least 15 {safe(typed)}, each month" in told
    assert not any(safe(str(safe(typed))) in text for text in told)


def test_what_no_cell_holds_goes_on_in_a_sheet_of_its_own() -> None:
    long = "Đắk Lắk " * 6000
    book = opened(report_with_titles([long, "ngắn", long + "hết"]))
    first, short, second = (str(cell.value) for cell in column(book.worksheets[1], "Title"))
    assert first.endswith("… (in full on the sheet “Long texts”, no. 1)")
    assert short == "ngắn"
    assert second.endswith("no. 2)")
    parts = book["Long texts"].iter_rows(min_row=2, values_only=True)
    texts: dict[object, str] = {}
    for no, _, text in parts:
        texts[no] = texts.get(no, "") + str(text)
    assert texts == {1: long, 2: long + "hết"}
    assert all(len(str(cell.value)) < 32_767 for row in book["Long texts"] for cell in row)


def test_a_text_of_underscores_that_read_like_escapes_still_fits() -> None:
    book = opened(report_with_titles(["_x0041_" * 1142]))
    (cell,) = column(book.worksheets[1], "Title")
    assert read(cell) == "_x0041_" * 1142


def test_days_before_the_first_of_a_spreadsheet_are_text() -> None:
    heading = message("Date")
    book = Book(date(2024, 5, 31), "", "", "", "")
    days = [date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1)]
    with samples.in_language("en"):
        book.table(heading, [Column(heading, 12, "cchc day")], ([day] for day in days))
        sheet = openpyxl.load_workbook(BytesIO(book.finish())).worksheets[0]
    assert [cell.value for cell in column(sheet, "Date")] == [
        "1899-12-31",
        "1900-02-28",
        datetime(1900, 3, 1),  # noqa: DTZ001 - as cells are
    ]


def test_no_late_columns_where_the_plan_does_not_ask() -> None:
    verdicts, executions, *_ = opened(samples.station()).worksheets
    assert "Recorded late" not in {cell.value for cell in verdicts[1]}
    assert "Late" not in {cell.value for cell in executions[1]}
    late = column(small_book().worksheets[1], "Late")
    assert {cell.value for cell in late} == {"yes"}


def test_nothing_owed_and_nothing_done_is_still_a_workbook() -> None:
    report = samples.small()
    empty = report.assessment._replace(findings=[], by_agency={}, summary=type(report.assessment.summary)())
    book = opened(report._replace(assessment=empty, executions=[], waivers=[]))
    assert [sheet.max_row for sheet in book.worksheets[:3]] == [1, 1, 1]
