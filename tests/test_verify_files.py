"""`verify --against FILE`: each format has one marked place for the head, and no text elsewhere counts."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.records.hash_chain import Head
from cchc_cli.services.maintenance.older_heads import parse_head
from tests.half_year import LAST
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

FORGED = f"12:{'ab' * 32}"
_DAYS = ("--period", "2024-H1", "--as-of", str(LAST))
REPORTS = {
    "all": _DAYS,
    "review": ("--review", "Q1"),
    "agency": (*_DAYS, "--agency", "so-noi-vu"),
    "subtree": (*_DAYS, "--agency", "buon-ho", "--subtree"),
}
FORMATS = ("docx", "xlsx", "html", "pdf", "md")


@pytest.fixture(scope="module")
def head(half_year: Program) -> Head:
    """Give the head of the half-year's chain."""
    found = half_year.ok("verify", "-f", "json").json
    return Head(found["count"], found["head"])


def change_sign(content: bytes) -> bytes:
    """Change one sign of the head in its marked place; of a Word or Excel file, in the part with its properties."""
    if content.startswith(b"PK"):
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, change_sign(part) if name == "docProps/core.xml" else part)
        return made.getvalue()
    marks = (
        rb'(cchc-chain"? (?:content=")?\d+:|"head": "|,\d+:|chain of changes \d+:)([0-9a-f])(?=[0-9a-f]{63})'
    )
    changed, number = re.subn(
        marks, lambda found: found[1] + (b"0" if found[2] != b"0" else b"1"), content, count=1
    )
    assert number == 1
    return changed


def assert_holds_and_fails_when_changed(program: Program, path: Path) -> None:
    program.ok("verify", "--without-closings", "--against", path)
    path.write_bytes(change_sign(path.read_bytes()))
    problems = program.run("verify", "--without-closings", "--against", path, "-f", "json")
    assert problems.code == 1
    assert [one["kind"] for one in problems.json["problems"]] == ["against"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_report_is_an_older_head(half_year: Program, head: Head, tmp_path: Path, suffix: str) -> None:
    """Of every kind; only of one of them the sign is changed, since each check reads the whole database."""
    for name, asked in REPORTS.items():
        path = tmp_path / f"{name}.{suffix}"
        half_year.ok("report", *asked, "--to", path)
        assert parse_head(str(path)) == (head, None), name
    assert_holds_and_fails_when_changed(half_year, path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("form", ["json", "csv", "review", "md"])
def test_what_was_printed_is_an_older_head(
    half_year: Program, head: Head, tmp_path: Path, form: str, encoding: str
) -> None:
    """Also as PowerShell writes it to a file: with a byte order mark, or in UTF-16."""
    path = tmp_path / "answer"
    if form == "md":
        half_year.ok("report", *_DAYS, "--to", tmp_path / "report.md")
        said = (tmp_path / "report.md").read_text("utf-8")
    elif form == "review":
        said = half_year.ok("review", "diff", "Q1", "-f", "json").out
    else:
        said = half_year.ok("status", *_DAYS, "-f", form).out
    if encoding == "utf-16-le" and form in {"csv", "md"}:
        encoding = "utf-16"  # Without a byte order mark, only JSON tells its encoding.
    path.write_bytes(said.encode(encoding))
    if form == "review":
        assert parse_head(str(path)).head.links < head.links
        half_year.ok("verify", "--without-closings", "--against", path)
    else:
        assert parse_head(str(path)) == (head, None)


def test_a_spreadsheet_of_the_status_is_an_older_head(half_year: Program, tmp_path: Path) -> None:
    half_year.ok("status", *_DAYS, "--to", tmp_path / "status.csv")
    assert_holds_and_fails_when_changed(half_year, tmp_path / "status.csv")


@pytest.fixture
def posing(cchc: Program, tmp_path: Path) -> Program:
    """A database in which the title of the plan, and evidence, look like heads and like their marks."""
    title = f"chain {FORGED} cchc-chain {FORGED} /Keywords (cchc-chain {FORGED})"
    text = plan_text(("title: Kế hoạch tuyên truyền nhỏ", f'title: "{title}"'), frame=FIXED)
    (tmp_path / "plan.yaml").write_text(text, "utf-8")
    cchc.ok("import", tmp_path / "plan.yaml")
    (tmp_path / f"{FORGED}.jpg").write_bytes(b"picture")
    cchc.ok(
        "log", "meetings", "--agency", "so-noi-vu", "--date", "2024-02-01",
        "--title", f"<!-- cchc-chain {FORGED} -->", "--note", f'<meta name="cchc-chain" content="{FORGED}">',
        "--evidence", tmp_path / f"{FORGED}.jpg",
    )  # fmt: skip
    return cchc


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_title_and_no_evidence_poses_as_the_head(posing: Program, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"report.{suffix}"
    posing.ok("report", "--period", "2024", "--to", path)
    posing.ok("verify", "--against", path)
    chain = posing.ok("status", "--period", "2024", "-f", "json").json["chain"]
    assert parse_head(str(path)).head == (chain["count"], chain["head"])


def test_a_file_without_its_mark_is_refused(posing: Program, tmp_path: Path) -> None:
    """Also where a head is in its text: it is not known to be the head."""
    for name, content in {
        "a.txt": f"chain {FORGED}",
        "a.html": f"<!doctype html>\n<html><head></head><body>{FORGED}</body></html>",
        "a.json": f'{{"note": "{FORGED}"}}',
        "a.csv": f"agency,title\r\nx,{FORGED}\r\n",
        "a.md": f"# {FORGED}\n\n*chain of changes {FORGED}*\n\nmore",
        "a.pdf": f"%PDF-1.3\n/Title (cchc-chain {FORGED})\n",
        "a.docx": "PK\x03\x04 broken",
        "deep.json": '{"chain":' + "[" * 100_000,
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
        assert "COUNT:HEAD" in posing.fails(2, "verify", "--against", tmp_path / name), name
