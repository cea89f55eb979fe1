"""The guides for officers fit one printed sheet each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from tests.generated_docs import GUIDES
from tests.office.browser import Browser

if TYPE_CHECKING:
    from pathlib import Path

PAPER = """
@page { size: A4; margin: 15mm }
body { font: 10pt/1.3 "Liberation Serif", serif }
h1 { font-size: 15pt; margin: 0 0 2mm }
h2 { font-size: 11.5pt; margin: 2.5mm 0 1mm }
p { margin: 1mm 0 }
pre { margin: 1.5mm 0; padding: 1mm 2mm; white-space: pre-wrap }
pre, code { font: 8.5pt "Liberation Mono", monospace }
table { border-collapse: collapse; font-size: 9pt }
td, th { border: 0.2mm solid; padding: 0.3mm 1.5mm }
"""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_is_one_page_of_a4(guide: Path, tmp_path: Path) -> None:
    shown = MarkdownIt().enable("table").render(guide.read_text("utf-8"))
    printed = tmp_path / "guide.html"
    printed.write_text(f"<!doctype html><meta charset=utf-8><style>{PAPER}</style>{shown}", "utf-8")
    with Browser() as browser:
        browser.open(printed)
        pages = PdfReader(io.BytesIO(browser.pdf())).pages
    assert [round(side) for side in pages[0].mediabox[2:]] == [595, 842]
    assert len(pages) == 1
    assert "cchc" in pages[0].extract_text()
