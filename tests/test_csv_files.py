"""`--to FILE.csv`: what a spreadsheet opens; the codes of the CSV on stdout, with names beside them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

COMMANDS: dict[str, tuple[str, ...]] = {
    "status": ("--as-of", "2024-05-15"),
    "history": (),
    "due": ("--as-of", "2024-05-15", "--within", "90d"),
    "agencies": (),
}
BESIDE = {
    "status": {"agency_name", "activity_title", "asked", "period_name", "status_name"},
    "history": {"agency_name", "activity_title", "unit", "form_name"},
    "due": {"asked", "period_name", "status_name"},
    "agencies": {"parent_name"},
}


@pytest.fixture
def year(cchc_on: Program, tmp_path: Path) -> Program:
    cchc_on.ok("import", write_plan(tmp_path, frame=FIXED))
    cchc_on.ok("log", "A.1", 15, "--agency", "dai-buon-ho", "--date", "2024-03-14", "--form", "radio")
    cchc_on.ok("log", "A.4", "--agency", "so-noi-vu", "--date", "2024-03-15", "--title", "=1+1")
    cchc_on.ok("log", "A.2", 2, "--agency", "buon-ho", "--date", "2024-02-15", "--form", "panel")
    cchc_on.ok("log", "A.2", "-1", "--agency", "buon-ho", "--date", "2024-02-16", "--form", "panel")
    return cchc_on


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_for_a_spreadsheet(year: Program, tmp_path: Path, command: str) -> None:
    """Its columns are those of `-f csv` under their names, in their order, and the names beside them."""
    path = tmp_path / "out.CSV"
    plain = year.ok(command, *COMMANDS[command], "-f", "csv").out
    assert not plain.startswith("\ufeff")
    outcome = year.ok(command, *COMMANDS[command], "--to", path)
    assert outcome.out == ""
    content = path.read_bytes().decode()
    assert content.startswith("\ufeff")
    assert content.count("\r\n") == content.count("\n")
    expected, found = rows_of(plain), rows_of(content[1:])
    assert f"written, rows: {len(found)}" in outcome.err
    assert expected
    assert [{key: row[key] for key in expected[0]} for row in found] == expected
    assert set(found[0]) - set(expected[0]) == BESIDE[command]
    assert [key for key in found[0] if key in expected[0]] == list(expected[0])
    for row in found:
        for code, name in (("agency", "agency_name"), ("activity", "activity_title"), ("form", "form_name")):
            assert name not in row or bool(row[code]) == bool(row[name])


def test_names_are_said_in_the_language_spoken(year: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    for language, words in (
        ("vi", ("Đài Truyền thanh Buôn Hồ", "Chuyên mục CCHC trên sóng", "Tháng 3/2024", "đạt")),
        ("en", ("Đài Truyền thanh Buôn Hồ", "Chuyên mục CCHC trên sóng", "Month 3/2024", "met")),
    ):
        year.ok("status", "--agency", "dai-buon-ho", "--period", "2024-03", "--to", path, "--lang", language)
        (row,) = rows_of(path.read_text("utf-8-sig"))
        assert (row["agency_name"], row["activity_title"], row["period_name"], row["status_name"]) == words
        assert "15" in row["asked"]
        assert (row["period"], row["status"]) == ("2024-03", "met")


def test_a_history_keeps_what_a_rows_file_needs(year: Program, tmp_path: Path) -> None:
    """The columns of a rows file have their names and values: without the others it is loaded again, unchanged."""
    path, again = tmp_path / "out.csv", tmp_path / "again.csv"
    year.ok("history", "--to", path)
    rows = rows_of(path.read_text("utf-8-sig"))
    known = (
        "date",
        "agency",
        "activity",
        "amount",
        "form",
        "repeat",
        "title",
        "evidence",
        "note",
        "external_id",
    )
    with again.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, known, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    done = year.ok("log", "--file", again, "-f", "json").json
    assert (done["created"], done["unchanged"]) == (0, len(rows))


def test_one_record_too(year: Program, tmp_path: Path) -> None:
    year.ok("amend", 1, "--amount", 20, "--reason", "x")
    year.ok("history", 1, "--to", tmp_path / "out.csv")
    rows = rows_of((tmp_path / "out.csv").read_text("utf-8-sig"))
    assert [(row["version"], row["amount"], row["unit"]) for row in rows] == [
        ("1", "15", "phút"),
        ("2", "20", "phút"),
    ]


def test_check_still_gives_its_exit_code(year: Program, tmp_path: Path) -> None:
    year.fails(1, "status", "--as-of", "2024-05-15", "--check", "--to", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_written(year: Program, tmp_path: Path, command: str) -> None:
    """Another name, folder or form is refused before anything is read; what lies there stays, whole."""
    path = tmp_path / "out.csv"
    path.write_text("before", "utf-8")
    for arguments, words in (
        (("--to", tmp_path / "out.txt"), "must end in .csv"),
        (("--to", tmp_path / "none" / "out.csv"), "there is no such folder"),
        (("--to", path, "-f", "json"), "--to writes CSV"),
        (("--to", path, "-f", "table"), "--to writes CSV"),
        (("--to", path, "--plan", "none"), "none"),
    ):
        assert words in year.fails(2, command, *arguments)
    assert path.read_text("utf-8") == "before"
    year.ok(command, "--to", path, "--force", "-f", "csv")
    assert path.read_text("utf-8-sig") != "before"
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert str(folder) in year.fails(3, command, "--to", folder)
    assert sorted(one.name for one in tmp_path.glob(".*")) == []


def test_a_calendar_or_a_table_not_both(year: Program, tmp_path: Path) -> None:
    assert "--ics" in year.fails(2, "due", "--ics", tmp_path / "x.ics", "--to", tmp_path / "x.csv")
