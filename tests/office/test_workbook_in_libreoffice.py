"""The workbook in a real spreadsheet program: it opens, and every text in it is shown as that text."""

from __future__ import annotations

import csv
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.language.text import safe
from cchc_cli.reports.excel.workbook import render_report
from tests.reports import samples
from tests.reports.excel.test_workbook import report_with_titles
from tests.test_shown_text import PIECES

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.domain.results.reviews import Report

OFFICE = shutil.which("soffice")
# Commas, quotes, UTF-8; each cell as it is shown; every text quoted, no formulas; the sheet asked for.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}"


def shown(folder: Path, report: Report, sheet: int) -> list[dict[str, str]]:
    """Give the rows of a sheet as LibreOffice shows them, by heading."""
    assert OFFICE, "this needs LibreOffice: apt-get install libreoffice-calc"
    path = folder / "report.xlsx"
    with samples.in_language("en"):
        path.write_bytes(render_report(report))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", FILTER.format(sheet=sheet), "--outdir", str(folder), str(path)]
    subprocess.run([OFFICE, profile, *convert], check=True, capture_output=True, timeout=300)
    (made,) = folder.glob("*.csv")
    with made.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_text_is_shown_as_itself(tmp_path: Path) -> None:
    texts = [text for text in (*PIECES, "_x0041_", "_x000d_x", "#N/A", "TRUE", "1e5", "12/2") if text]
    rows = shown(tmp_path, report_with_titles(texts), 2)
    assert [row["Title"] for row in rows] == [safe_but_for_lines(text) for text in texts]


def safe_but_for_lines(text: str) -> str:
    """Give what a cell shows: its line ends are real, so that the sheet can be read back."""
    return "\n".join(str(safe(line)) for line in text.replace("\r\n", "\n").split("\n"))


def test_dates_numbers_and_words_are_shown(tmp_path: Path) -> None:
    row = shown(tmp_path, samples.small(), 1)[10]
    assert (row["From"], row["To"], row["Status"]) == ("2024-02-01", "2024-02-29", "partly")
    assert row["Value"] in {"7.5", "7,5"}


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://127.0.0.1:9/","x")', "@SUM(1)", "+1", "-1"])
def test_no_text_is_reckoned(tmp_path: Path, text: str) -> None:
    rows = shown(tmp_path, samples.report_with_text(text), 1)
    assert {row["Agency"] for row in rows} == {text}
    assert {row["Unit"] for row in rows} == {text}
