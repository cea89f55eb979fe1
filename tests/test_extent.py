"""What is of a part of the plan says so: a district with its communes read as the whole province."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

BELOW = ("--agency", "buon-ho", "--subtree")
AS_OF = ("--as-of", "2024-05-15")
ENGLISH = "UBND thị xã Buôn Hồ and 2 agencies below it"
VIETNAMESE = "UBND thị xã Buôn Hồ và 2 cơ quan trực thuộc"
TITLE = f"Kết quả thực hiện Kế hoạch tuyên truyền nhỏ của {VIETNAMESE}"


@pytest.fixture
def small(cchc: Program, tmp_path: Path) -> Program:
    """Give the program with the small plan, wide enough for a head to stand on one line."""
    cchc.environment = {"COLUMNS": "200"}
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    return cchc


def report(small: Program, folder: Path, form: str, *options: object) -> bytes:
    """Give a report in Vietnamese, of the agency with all below it where nothing else is asked for."""
    path = folder / f"r.{form}"
    small.environment["CCHC_LANG"] = "vi"
    small.ok("report", "--period", "2024", *(options or BELOW), *AS_OF, "--to", path)
    return path.read_bytes()


def test_status(small: Program) -> None:
    """Its head names the part; of one agency and one activity too, each once."""
    assert ENGLISH in small.ok("status", *BELOW, *AS_OF).out.splitlines()
    both = small.ok("status", *BELOW, "--activity", "panels", *AS_OF).out.splitlines()
    assert f"{ENGLISH}; A.2. Lắp đặt pa nô" in both
    activity = small.ok("status", "--activity", "panels", *AS_OF).out.splitlines()
    assert "A.2. Lắp đặt pa nô" in activity
    one = small.ok("status", "--agency", "buon-ho", *AS_OF).out
    assert one.count("UBND thị xã Buôn Hồ") == 1
    whole = small.ok("status", *AS_OF).out.splitlines()
    assert whole[1].startswith("small · ")


def test_an_agency_with_one_below_it_and_with_none(small: Program) -> None:
    """Who has nobody below is meant alone, whatever was asked."""
    small.ok(
        "import",
        write_plan(small.home, ("station, parent: buon-ho}", "station, parent: ubnd-tinh}"), frame=FIXED),
    )
    assert "UBND thị xã Buôn Hồ and 1 agency below it" in small.ok("status", *BELOW, *AS_OF).out.splitlines()
    alone = small.ok("status", "--agency", "so-noi-vu", "--subtree", *AS_OF).out
    assert alone == small.ok("status", "--agency", "so-noi-vu", *AS_OF).out


def test_only_those_that_exist_in_the_window_are_counted(small: Program) -> None:
    """`old` ends before `new` takes over: each of them is one agency of its own time."""
    changes = [
        (f"{name}, kind: ward", f"{name}, kind: ward, parent: ubnd-tinh")
        for name in ("Phường Cũ", "Phường Mới")
    ]
    small.ok("import", write_plan(small.home, *changes, frame=FIXED))
    top = ("--agency", "ubnd-tinh", "--subtree", *AS_OF)
    assert "UBND tỉnh and 7 agencies below it" in small.ok("status", *top).out.splitlines()
    assert (
        "UBND tỉnh and 6 agencies below it"
        in small.ok("status", *top, "--period", "2024-01").out.splitlines()
    )


def test_what_is_due(small: Program, tmp_path: Path) -> None:
    """The head of the table, and the name under which a phone keeps the calendar."""
    assert small.ok("due", *BELOW, *AS_OF, "--within", "90d").out.splitlines()[0] == ENGLISH
    path = tmp_path / "due.ics"
    small.ok("due", *BELOW, *AS_OF, "--within", "90d", "--ics", path)
    lines = path.read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert f"X-WR-CALNAME:Kế hoạch tuyên truyền nhỏ – {ENGLISH}" in lines
    small.ok("due", *AS_OF, "--ics", path)
    assert "X-WR-CALNAME:Kế hoạch tuyên truyền nhỏ\r\n" in path.read_bytes().decode()


def test_word(small: Program, tmp_path: Path) -> None:
    """Title, scope and properties; the agency itself is the one that reports."""
    document = docx.Document(io.BytesIO(report(small, tmp_path, "docx")))
    assert (document.core_properties.title, document.core_properties.subject) == (TITLE, VIETNAMESE)
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert TITLE in paragraphs
    assert any(f"Phạm vi báo cáo: {VIETNAMESE}." in text for text in paragraphs)
    assert document.tables[0].cell(0, 0).text.split() == [
        "UBND",
        "TỈNH",
        "ĐẮK",
        "LẮK",
        "UBND",
        "THỊ",
        "XÃ",
        "BUÔN",
        "HỒ",
    ]
    # An agency is counted once for each requirement, as in a report on all.
    assert any("tính một lần" in text for text in paragraphs)


def test_pdf(small: Program, tmp_path: Path) -> None:
    document = PdfReader(io.BytesIO(report(small, tmp_path, "pdf")))
    assert document.metadata
    assert (document.metadata.title, document.metadata.subject) == (TITLE, VIETNAMESE)
    assert VIETNAMESE in " ".join(document.pages[0].extract_text().split())


def test_workbook(small: Program, tmp_path: Path) -> None:
    """Properties, the head of each printed page, and the sheet on what the file is."""
    book = openpyxl.load_workbook(io.BytesIO(report(small, tmp_path, "xlsx")))
    assert (book.properties.title, book.properties.subject) == (TITLE, VIETNAMESE)
    assert {sheet.oddHeader.left.text for sheet in book.worksheets if sheet.oddHeader} == {VIETNAMESE}
    about = {row[0].value: row[1].value for row in book["Về báo cáo"].iter_rows()}
    assert about["Cơ quan"] == VIETNAMESE


def test_an_ampersand_in_a_name_is_no_code_at_the_head_of_a_page(small: Program, tmp_path: Path) -> None:
    small.ok("import", write_plan(small.home, ("UBND thị xã Buôn Hồ", "Sở TT&TT"), frame=FIXED))
    book = openpyxl.load_workbook(io.BytesIO(report(small, tmp_path, "xlsx")))
    assert book.worksheets[0].oddHeader
    assert book.worksheets[0].oddHeader.left.text == "Sở TT&&TT và 2 cơ quan trực thuộc"


def test_page(small: Program, tmp_path: Path) -> None:
    text = report(small, tmp_path, "html").decode()
    assert f"<title>CCHC {VIETNAMESE}, " in text
    banner = re.search(r"(?s)<header>.*?</header>", text)
    assert banner
    assert VIETNAMESE in banner[0]


def test_e_mail(small: Program, tmp_path: Path) -> None:
    assert report(small, tmp_path, "md").decode().splitlines()[0] == f"# BÁO CÁO: {TITLE}"


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_report_on_all_names_no_part(small: Program, form: str, tmp_path: Path) -> None:
    text = report(small, tmp_path, form, "--all").decode()
    assert "trực thuộc" not in text
    assert "Phạm vi" not in text
