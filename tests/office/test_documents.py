"""What an office program makes of the documents: pages, letters and pictures as people will see them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from cchc_cli.domain.language.text import safe
from cchc_cli.reports.paper import docx, pdf
from tests.reports.samples import CHAIN, in_language, report_with_text, station, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cchc_cli.domain.results.reviews import Report

LETTERS = "Kết quả thực hiện Kế hoạch tuyên truyền cải cách hành chính Nhà nước năm 2024"


def _tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is needed for these tests"
    return found


def _by_office(report: Report, folder: Path) -> Path:
    """Let LibreOffice make a PDF of the Word document, with a profile of its own."""
    (folder / "report.docx").write_bytes(docx.render_report(report))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [
            _tool("soffice"),
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            folder / "report.docx",
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / "report.pdf"


def _by_us(report: Report, folder: Path) -> Path:
    path = folder / "report.pdf"
    path.write_bytes(pdf.render_report(report))
    return path


def _pages(path: Path) -> list[str]:
    told = subprocess.run(
        [_tool("pdftotext"), "-layout", path, "-"], check=True, capture_output=True, timeout=120
    )
    return told.stdout.decode().split("\f")[:-1]


def _picture(path: Path, page: int) -> Image.Image:
    made = subprocess.run(
        [_tool("pdftoppm"), "-r", "60", "-png", "-f", str(page), "-l", str(page), path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Image.open(io.BytesIO(made.stdout)).convert("L")


WAYS = {"word": _by_office, "pdf": _by_us}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Callable[[Report, Path], Path]:
    """Give each way from a report to a PDF in turn."""
    made: Callable[[Report, Path], Path] = WAYS[request.param]
    return made


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_whole_report_is_paged_numbered_and_complete(
    way: Callable[[Report, Path], Path], language: str, tmp_path: Path
) -> None:
    with in_language(language):
        pages = _pages(way(whole(), tmp_path))
    assert 10 <= len(pages) <= 25
    # The first page has no number; each other has its own at the top.
    assert not pages[0].lstrip().startswith("1\n")
    for number, page in enumerate(pages[1:], 2):
        assert page.lstrip().split("\n", 1)[0].strip() == str(number)
    text = re.sub(r"\s+", " ", " ".join(pages))
    assert re.sub(r"\s", "", text).count(CHAIN.link) == 1
    assert " ".join(LETTERS.split()[4:8]) in text
    for agency in whole().assessment.plan.agencies:
        assert agency.name.split()[-1] in text


def test_headings_of_a_long_table_stand_on_each_of_its_pages(
    way: Callable[[Report, Path], Path], tmp_path: Path
) -> None:
    with in_language("en"):
        pages = _pages(way(whole(), tmp_path))
    communes = [page for page in pages if page.count("UBND xã") + page.count("UBND phường") > 8]
    communes = [page for page in communes if "all but" not in page]
    assert len(communes) >= 3
    for page in communes:
        assert "Agency" in page
        assert "Waived" in page


def test_every_letter_is_in_the_file_itself(tmp_path: Path) -> None:
    path = _by_us(station(), tmp_path)
    fonts = subprocess.run(
        [_tool("pdffonts"), path], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    rows = fonts.splitlines()[2:]
    assert len(rows) >= 3
    assert all("LiberationSerif" in row.replace(" ", "") and " yes yes yes " in row for row in rows)
    text = re.sub(r"\s+", " ", " ".join(_pages(path)))
    assert LETTERS in text


def test_the_first_page_is_black_on_white_within_its_margins(
    way: Callable[[Report, Path], Path], tmp_path: Path
) -> None:
    picture = _picture(way(station(), tmp_path), 1)
    dots = picture.point(lambda shade: 255 if shade < 128 else 0)
    box = dots.getbbox()
    assert box
    left, top, right, bottom = (place / 60 * 25.4 for place in box)
    assert 29 <= left <= 35
    assert 19 <= top <= 25
    assert right <= 191
    assert bottom <= 278
    dark = sum(dots.histogram()[128:]) / (picture.width * picture.height)
    assert 0.01 < dark < 0.2


def _missing(text: str, path: Path) -> list[str]:
    """Give what of a text does not stand in a file; cells go on below, so it is looked for in pieces."""
    shown = re.sub(r"\s", "", " ".join(_pages(path)))
    wanted = re.sub(r"\s", "", text)
    pieces = [wanted[start : start + 10] for start in range(0, len(wanted), 10)]
    return [piece for piece in pieces if piece not in shown]


@pytest.mark.parametrize("text", ["\x1b[2J \u202eabc", "x" * 3000, "{nb} =1+1 <b>x</b>"])
def test_hostile_text_is_shown_whole(way: Callable[[Report, Path], Path], text: str, tmp_path: Path) -> None:
    assert _missing(safe(text), way(report_with_text(text), tmp_path)) == []


def test_what_the_font_lacks_is_shown_by_its_number(tmp_path: Path) -> None:
    path = _by_us(report_with_text("漢字 😀 W" * 60), tmp_path)
    assert _missing("‹U+6F22›‹U+5B57› ‹U+1F600› W" * 60, path) == []
    assert _missing("thay cho ký tự mà phông chữ không có", path) == []
