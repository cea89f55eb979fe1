"""Names of agencies, over the whole bundled plan: what is typed means one agency or is refused, what is shown names one."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
import yaml

from tests.reports.samples import ROOT
from tests.small_plan import FIXED, run_within, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.program import Program

PLAN = ROOT / "data" / "plan_2024.yaml"

Node = dict[str, Any]

KINDS = ("tỉnh", "thành phố", "thị xã", "huyện", "phường", "thị trấn", "xã")
DISTINCT_WITH_MARKS = {"xa-ea-drong-buon-ho": "Ea Drông", "xa-ea-drong-cu-mgar": "Ea D'Rơng"}
"""The only agencies of which a name is another one's too when both are typed without marks, and only then."""


@cache
def roster() -> list[Node]:
    """Give the agencies as the file has them, read with PyYAML alone."""
    root: Node = yaml.load(PLAN.read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506 - resolves nothing
    agencies: list[Node] = root["agencies"]
    return agencies


def unmarked(text: str) -> str:
    """Give a name as people type it without any mark."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char) and char not in "'’")


def key(text: str) -> str:
    """Give what two names have in common that read the same without marks."""
    return " ".join(re.sub(r"[^a-z0-9]", " ", unmarked(text).lower()).split())


def names_of(agency: Node) -> Iterator[str]:
    """Give the names that the file has for an agency, and what is left of them without words of office and kind."""
    for name in filter(None, (agency["name"], agency.get("short"), *agency.get("aliases", ()))):
        yield name
        for pattern in (r"UBND ", rf"(?:UBND )?(?:{'|'.join(KINDS)}) "):
            found = re.match(pattern, name, re.IGNORECASE)
            if found:
                yield name[found.end() :]


@cache
def bearers() -> dict[str, set[str]]:
    """Give the codes of all agencies that a name can mean when it is typed without marks."""
    found: dict[str, set[str]] = {}
    for agency in roster():
        for name in names_of(agency):
            found.setdefault(key(name), set()).add(agency["code"])
    return found


def typed() -> Iterator[tuple[str, set[str]]]:
    """Give every way to type a name of an agency of the plan, and the agencies that it can mean."""
    for agency in roster():
        yield agency["code"], {agency["code"]}
        yield agency["code"].upper(), {agency["code"]}
        if "gso" in agency:
            yield agency["gso"], {agency["code"]}
        for name in names_of(agency):
            meant = bearers()[key(name)]
            told_apart = meant == set(DISTINCT_WITH_MARKS) and DISTINCT_WITH_MARKS[agency["code"]] in name
            yield unmarked(name), meant
            yield unmarked(name).upper(), meant
            for one in (name, name.lower(), name.upper()):
                yield one, {agency["code"]} if told_apart else meant


def rows(folder: Path, texts: list[str]) -> Path:
    """Write a rows file that names an agency in each row."""
    path = folder / "rows.csv"
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["date", "agency", "activity", "amount", "title"])
    writer.writerows(["2024-03-01", text, "III.3.a", "1", text] for text in texts)
    path.write_text(out.getvalue(), "utf-8")
    return path


def test_every_name_means_one_agency_or_is_refused_with_all_that_it_can_mean(
    cchc: Program, tmp_path: Path
) -> None:
    assert len(roster()) == 240
    assert "note:" not in cchc.ok("import", PLAN).err
    every = dict(typed())
    plain = {text: next(iter(meant)) for text, meant in every.items() if len(meant) == 1}
    assert {agency["code"] for agency in roster()} <= set(plain)
    official = {agency["name"] for agency in roster()}
    assert official - set(plain) == {"UBND phường Thống Nhất"}
    cchc.ok("log", "--file", rows(tmp_path, list(plain)))
    found = cchc.ok("history", "-f", "json").json["executions"]
    assert {one["title"]: one["agency"] for one in found} == plain

    several = {text: meant for text, meant in every.items() if len(meant) > 1}
    assert {"Ea Kar", "ea kar", "Tân Tiến", "Krông Búk", "Tân Hoà", "Ea Drong", "phường Thống Nhất"} <= set(
        several
    )
    answer = cchc.run("log", "--file", rows(tmp_path, list(several)), "-f", "json")
    assert (answer.code, answer.json["rejected"]) == (2, len(several))
    for error in answer.json["errors"]:
        text = list(several)[error["row"] - 2]
        assert error["column"] == "agency"
        listed = re.findall(r"(?:can mean |, )([a-z0-9-]+) – ", error["message"])
        assert (text, set(listed)) == (text, several[text]), error


def test_a_name_is_found_with_marks_left_off_or_with_its_tone_elsewhere(cchc_on: Program) -> None:
    cchc_on.ok("import", PLAN)
    for text, code in {
        "xã Tân Hòa": "xa-tan-hoa-buon-don",
        "phuong Tân Hoà": "phuong-tan-hoa-bmt",
        "Huyện Krong Buk": "ubnd-krong-buk",
        "ea drông": "xa-ea-drong-buon-ho",
        "EA D’RƠNG": "xa-ea-drong-cu-mgar",
    }.items():
        found = cchc_on.ok("status", "--agency", text, "--as-of", "2024-03-31", "-f", "json").json
        assert [one["agency"] for one in found["agencies"]] == [code], text
    for text, codes in {
        "Krông Buk": ("ubnd-krong-buk", "xa-krong-buk-krong-pac"),
        "Tân Hòa": ("phuong-tan-hoa-bmt", "xa-tan-hoa-buon-don"),
        "Ea Drong": tuple(DISTINCT_WITH_MARKS),
        "Thống Nhất": ("phuong-thong-nhat-bmt", "phuong-thong-nhat-buon-ho"),
    }.items():
        said = cchc_on.fails(2, "status", "--agency", text)
        assert all(code in said for code in codes), said
    assert "phuong-thong-nhat-bmt – UBND phường Thống Nhất (TP Buôn Ma Thuột), " in said


def test_what_is_suggested_would_be_found(cchc: Program) -> None:
    """In place of a name that two bear, and that would be refused next, their codes are suggested."""
    cchc.ok("import", PLAN)
    said = cchc.fails(2, "status", "--agency", "UBND phường Thống Nhất x")
    assert f"did you mean phuong-thong-nhat-bmt – {FIRST}, phuong-thong-nhat-buon-ho – {SECOND}?" in said


def test_an_official_name_goes_before_bare_names_of_others(cchc_on: Program, tmp_path: Path) -> None:
    changes = ("name: Phường Cũ,", "name: Mới,"), ("name: Phường Mới,", "name: UBND phường Mới,")
    cchc_on.ok("import", write_plan(tmp_path, *changes, frame=FIXED))
    record = ("log", "A.4", "--date", "2024-02-01", "-f", "json", "--agency")
    assert cchc_on.ok(*record, "mới").json["executions"][0]["agency"] == "old"
    assert cchc_on.ok(*record, "Moi").json["executions"][0]["agency"] == "old"


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ([], []),
        (
            [("aliases: [Thị Hồ]", "aliases: [Cũ, Thị Hồ]")],
            ["the name “Cũ” of buon-ho can also mean old, so it is refused"],
        ),
        (
            [("name: Phường Mới,", "name: Phường Mới, short: Phường Cũ,")],
            ["the name “Phường Cũ” of new can also mean old, so it is refused"],
        ),
        (
            [
                ("name: Phường Cũ,", "name: Phường Cũ, aliases: [Phường Hồ],"),
                ("name: Phường Mới,", "name: Phường Mới, aliases: [Ho],"),
            ],
            ["the name “Ho” of new can also mean old, so it is refused"],
        ),
    ],
)
def test_import_points_out_names_that_are_no_use(
    cchc: Program, tmp_path: Path, changes: list[tuple[str, str]], notes: list[str]
) -> None:
    path = write_plan(tmp_path, *changes, frame=FIXED)
    for arguments in (("--dry-run",), ("-f", "json"), ()):
        said = cchc.ok("import", path, *arguments).err
        assert said.count("note:") == len(notes), said
        assert all(note in said for note in notes), said


def test_not_more_than_twenty_are_pointed_out(cchc: Program, tmp_path: Path) -> None:
    names = "\n".join(
        f"  - {{code: a{number}, name: Cơ quan {number}, kind: ward, aliases: [Cũ]}}" for number in range(25)
    )
    path = write_plan(tmp_path, ("activities:\n", f"{names}\nactivities:\n"), frame=FIXED)
    said = cchc.ok("import", path).err
    assert said.count("note: the name “Cũ” of a") == 20
    assert "note: … and 5 more" in said


# What is shown

SHARED = "UBND phường Thống Nhất"
FIRST, SECOND = f"{SHARED} (TP Buôn Ma Thuột)", f"{SHARED} (TX Buôn Hồ)"
DAYS = ("--as-of", "2024-04-22")


def texts_of(path: Path) -> str:
    """Give all text of a document."""
    match path.suffix:
        case ".docx":
            document = docx.Document(str(path))
            cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
            return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
        case ".xlsx":
            book = openpyxl.load_workbook(path)
            return "\n".join(
                str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
            )
        case ".ics":
            return re.sub(r"\r\n[ \t]", "", path.read_text("utf-8")).replace("\\,", ",")
        case _:
            return path.read_text("utf-8")


@pytest.fixture
def two_wards(cchc: Program) -> Program:
    """Give a database in which both wards of one name have a record and a waiver, on a wide terminal."""
    cchc.environment["COLUMNS"] = "300"
    cchc.ok("import", PLAN)
    for code in ("phuong-thong-nhat-bmt", "phuong-thong-nhat-buon-ho"):
        cchc.ok("log", "pano", "1", "--agency", code, "--date", "2024-03-01")
        cchc.ok(
            "waive", "news", "--agency", code, "--from", "2024-01-01", "--to", "2024-03-31", "--reason", "x"
        )
    return cchc


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", *DAYS),
        ("due", *DAYS, "--within", "80d"),
        ("history",),
        ("waive", "--list"),
        ("agencies", "thong nhat"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_two_agencies_of_one_name_are_told_apart_in_tables(
    two_wards: Program, arguments: tuple[str, ...]
) -> None:
    said = two_wards.ok(*arguments).out
    assert FIRST in said
    assert SECOND in said
    assert not re.search(rf"{SHARED}(?! \()", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", *DAYS),
        ("explain", "pano", "--period", "2024-Q1", *DAYS),
        ("log", "news", "--date", "2024-03-02"),
        ("log", "news", "--date", "2024-11-02"),
        ("history",),
    ],
    ids=" ".join,
)
def test_it_is_told_apart_where_only_it_is_loaded(two_wards: Program, arguments: tuple[str, ...]) -> None:
    answer = two_wards.run(*arguments, "--agency", "phuong-thong-nhat-bmt")
    said = answer.out + answer.err
    assert FIRST in said
    assert not re.search(rf"{SHARED}(?! \()", said)


def test_versions_and_comparisons_name_the_one_that_is_meant(two_wards: Program) -> None:
    assert FIRST in two_wards.ok("history", "1").out
    two_wards.ok("review", "close", "Q1")
    two_wards.ok("void", "1", "--reason", "x")
    assert FIRST in two_wards.ok("review", "diff", "Q1").out


@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "md", "ics"])
def test_two_agencies_of_one_name_are_told_apart_in_documents(two_wards: Program, form: str) -> None:
    path = two_wards.home / f"told-apart.{form}"
    if form == "ics":
        two_wards.ok("due", *DAYS, "--within", "80d", "--ics", path)
    else:
        two_wards.ok("report", "--period", "2024", *DAYS, "--to", path)
    text = texts_of(path)
    if form != "md":
        assert FIRST in text
        assert SECOND in text
    assert not re.search(rf"{SHARED}(?! \()", text)


def test_a_report_of_one_names_it(two_wards: Program) -> None:
    for form in ("docx", "xlsx", "html", "md"):
        path = two_wards.home / f"one.{form}"
        two_wards.ok(
            "report", "--period", "2024", *DAYS, "--agency", "phuong-thong-nhat-buon-ho", "--to", path
        )
        assert SECOND in texts_of(path), form


def test_scripts_get_the_name_that_the_plan_has(two_wards: Program) -> None:
    found = two_wards.ok("agencies", "thong nhat", "-f", "json").json["agencies"]
    assert [one["name"] for one in found] == [SHARED, SHARED]


def test_what_tells_apart_is_no_change_of_the_plan(cchc: Program, tmp_path: Path) -> None:
    """A new agency can make the name of another one ambiguous; the other one is shown otherwise, not changed."""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    more = (
        "activities:\n",
        "  - {code: snv-2, name: Sở Nội vụ, kind: department, parent: buon-ho}\nactivities:\n",
    )
    changed = cchc.ok("import", write_plan(tmp_path, more, frame=FIXED), "-f", "json").json
    assert [(one["action"], one["code"]) for one in changed["changes"]] == [("added", "snv-2")]
    cchc.environment["COLUMNS"] = "200"
    said = cchc.ok("agencies", "Sở Nội vụ").out
    assert "Sở Nội vụ (UBND tỉnh)" in said
    assert "Sở Nội vụ (UBND thị xã Buôn Hồ)" in said


def test_many_agencies_of_one_name_take_no_longer_than_as_many_others(cchc: Program, tmp_path: Path) -> None:
    """Each is held against the group of its name, not against each other one of it."""
    names = "\n".join(
        f"  - {{code: x-{number}, name: X, kind: commune, aliases: [Y]}}" for number in range(6000)
    )
    path = write_plan(tmp_path, ("activities:\n", f"{names}\nactivities:\n"), frame=FIXED)
    said = run_within(cchc, 60, "import", path)
    assert (said.code, said.err.count("note: the name “Y” of x-")) == (0, 20)
    shown = run_within(cchc, 60, "status", "--agency", "x-5999", "--as-of", "2024-02-01")
    assert "X (x-5999)" in shown.out
    cchc.environment["COLUMNS"] = "200"
    found = run_within(cchc, 60, "agencies", "X")
    assert "X (x-5999)" in found.out
