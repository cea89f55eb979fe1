"""`cchc review` and `cchc report`: closed reviews and their reports do not change later."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.reports.samples import ROOT
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

RADIO = ("log", "radio-column", "15", "--agency", "dai-buon-ho", "--form", "radio")
REVIEW = (
    "code: past, name: Kỳ đã qua, from: 2024-03-16, to: 2024-04-14",
    "code: Q1, name: Kỳ đã qua, from: 2024-01-01, to: 2024-03-31",
)
FORMATS = ("docx", "xlsx", "html", "pdf", "md")


@pytest.fixture
def year(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the program with the small plan and two months of radio."""
    cchc_on.ok("import", write_plan(tmp_path, REVIEW, frame=FIXED))
    for month in ("01", "02"):
        cchc_on.ok(*RADIO, "--date", f"2024-{month}-05")
    return cchc_on


def close(cchc: Program, *options: object) -> dict[str, Any]:
    found: dict[str, Any] = cchc.ok("review", "close", "Q1", "--by", "Lan", *options, "-f", "json").json
    return found


def differences(cchc: Program) -> dict[tuple[str, str], tuple[object, object, list[str]]]:
    """Give what has changed, by requirement and period: status then, status now, reasons."""
    return {
        (one["requirement"], one["period"]): (
            one["old"] and one["old"]["status"],
            one["new"] and one["new"]["status"],
            one["reasons"],
        )
        for one in cchc.ok("review", "diff", "Q1", "-f", "json").json["differences"]
    }


def test_a_closing_keeps_what_status_says_and_what_it_rests_on(year: Program) -> None:
    status = year.ok("status", "--review", "Q1", "-f", "json").json
    closed = close(year)
    assert closed["summary"] == status["summary"]
    assert closed["chain"] == status["chain"]
    assert closed["as_of"] == status["as_of"]
    assert (closed["author"], closed["review"], closed["no"]) == ("Lan", "Q1", 1)
    year.ok("verify", "--against", f"{closed['chain']['count']}:{closed['chain']['head']}")
    assert year.ok("verify", "-f", "json").json["count"] == closed["chain"]["count"] + 1
    assert differences(year) == {}
    assert "nothing has changed" in year.ok("review", "diff", "q1").out


def test_what_changes_later_is_told_with_its_reason(year: Program) -> None:
    close(year)
    year.ok("void", "1", "--reason", "phát nhầm")
    year.ok("amend", "2", "--amount", "7", "--reason", "đo lại")
    year.ok(
        "waive",
        "panels",
        "--agency",
        "ea-drong",
        "--from",
        "2024-01-01",
        "--to",
        "2024-12-31",
        "--reason",
        "bão",
    )
    found = differences(year)
    old, new, reasons = found["minutes", "2024-01"]
    assert (old, new) == ("met", "missed")
    assert len(reasons) == 1
    assert "no. 1 was voided" in reasons[0]
    assert "phát nhầm" in reasons[0]
    old, new, reasons = found["minutes", "2024-02"]
    assert (old, new) == ("met", "partial")
    assert "no. 2 was corrected" in reasons[0]
    assert any("waiver no. 1" in reason for *_, reasons in found.values() for reason in reasons)
    assert ("minutes", "2024-03") not in found
    text = year.ok("review", "diff", "Q1").out
    assert "by Lan" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_plan_imported_anew_is_a_reason(year: Program, tmp_path: Path) -> None:
    close(year)
    year.ok("import", write_plan(tmp_path, REVIEW, ("at_least: 15", "at_least: 20"), frame=FIXED))
    old, new, reasons = differences(year)["minutes", "2024-01"]
    assert (old, new) == ("met", "partial")
    assert "the plan was imported again" in reasons[-1]


def test_a_review_is_closed_once_and_again_only_when_meant(year: Program) -> None:
    first = close(year)
    said = year.fails(2, "review", "close", "Q1")
    assert "--again" in said
    assert "Lan" in said
    year.ok("void", "1", "--reason", "x")
    assert close(year, "--again")["no"] == 2
    assert differences(year) == {}
    listed = year.ok("review", "list", "-f", "json").json["reviews"]
    q1 = next(one for one in listed if one["review"] == "Q1")
    assert [one["no"] for one in q1["closings"]] == [1, 2]
    assert q1["closings"][0]["chain"] == first["chain"]
    assert "not closed" in year.ok("review", "list").out
    assert "not closed yet" in year.fails(2, "review", "diff", "running")
    assert "no review" in year.fails(2, "review", "close", "Q9")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_report_of_a_closed_review_stays_the_same_to_the_byte(
    year: Program, tmp_path: Path, suffix: str
) -> None:
    """After later records only the chain head of the report differs."""
    close(year)
    one, two, live = (tmp_path / f"{name}.{suffix}" for name in ("one", "two", "live"))
    year.ok("report", "--review", "Q1", "--to", one)
    assert one.read_bytes()
    year.ok("report", "--review", "Q1", "--to", two)
    assert one.read_bytes() == two.read_bytes()
    year.ok("report", "--review", "Q1", "--as-of", "2024-03-31", "--to", live)
    assert live.read_bytes() != one.read_bytes()


@pytest.mark.parametrize("suffix", ["md", "html", "docx", "xlsx"])
def test_an_older_report_is_what_verify_holds_the_chain_against(
    year: Program, tmp_path: Path, suffix: str
) -> None:
    report = tmp_path / f"r.{suffix}"
    year.ok("report", "--period", "2024-Q1", "--to", report)
    year.ok(*RADIO, "--date", "2024-03-05")
    year.ok("verify", "--against", report)
    past_the_program(year, "UPDATE change SET author = 'x' WHERE seq = 2")
    kinds = {one["kind"] for one in year.run("verify", "--against", report, "-f", "json").json["problems"]}
    assert "link" in kinds


def past_the_program(cchc: Program, statement: str) -> None:
    if "://" in cchc.db:
        with psycopg.connect(cchc.db, autocommit=True) as server:
            server.execute("SET session_replication_role = replica")
            server.execute(statement.encode())
    else:
        with closing(sqlite3.connect(cchc.db)) as connection, connection:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('closing', 'execution', 'change')"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement)


def test_verdicts_altered_past_the_program_are_found(year: Program, tmp_path: Path) -> None:
    close(year)
    past_the_program(year, """UPDATE closing SET verdicts = replace(verdicts, '"met"', '"missed"')""")
    kinds = {one["kind"] for one in year.run("verify", "-f", "json").json["problems"]}
    assert "rows" in kinds
    assert "do not follow" in year.fails(3, "report", "--review", "Q1", "--to", tmp_path / "r.md")
    assert not (tmp_path / "r.md").exists()


def test_a_closing_is_never_changed_or_deleted(year: Program) -> None:
    close(year)
    for statement in ("DELETE FROM closing", "UPDATE closing SET review = 'Q2'"):
        if "://" in year.db:
            with psycopg.connect(year.db) as server, pytest.raises(psycopg.Error, match="never changed"):
                server.execute(statement.encode())
        else:
            with (
                closing(sqlite3.connect(year.db)) as file,
                pytest.raises(sqlite3.Error, match="never changed"),
            ):
                file.execute(statement)


def test_a_report_needs_a_window_a_known_name_and_a_folder(year: Program, tmp_path: Path) -> None:
    for said, options in (
        ("--review CODE or --period", ("--to", tmp_path / "r.md")),
        (".docx", ("--review", "Q1", "--to", tmp_path / "r.doc")),
        ("no such folder", ("--review", "Q1", "--to", tmp_path / "nowhere" / "r.md")),
        ("no period", ("--period", "x", "--to", tmp_path / "r.md")),
    ):
        assert said in year.fails(2, "report", *options)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("r.")] == []


def test_a_report_is_about_all_or_one_agency(year: Program, tmp_path: Path) -> None:
    agency = {**year.environment, "CCHC_AGENCY": "dai-buon-ho"}
    year.environment.update(agency)
    one, everyone = tmp_path / "one.html", tmp_path / "all.html"
    year.ok("report", "--period", "2024-Q1", "--to", one)
    year.ok("report", "--period", "2024-Q1", "--all", "--to", everyone)
    assert "ea-drong" not in one.read_text("utf-8")
    assert "ea-drong" in everyone.read_text("utf-8")


OPEN = {"pending", "at_risk", "upcoming"}


def test_each_duty_of_the_bundled_plan_is_settled_in_one_of_its_reviews(cchc: Program) -> None:
    """Those of the fourth quarter and of December too: the year of the letter ends on 14 December."""
    cchc.ok("import", ROOT / "data" / "plan_2024.yaml")
    keys = ("agency", "activity", "requirement", "period")
    status = cchc.ok("status", "--as-of", "2024-12-31", "-f", "json").json
    last = {tuple(one[key] for key in keys): one["to"] for one in status["findings"]}
    every = set(last)
    settled: dict[str, set[tuple[str, ...]]] = {}
    for review in cchc.ok("review", "list", "-f", "json").json["reviews"]:
        code = review["review"]
        found = cchc.ok("status", "--review", code, "-f", "json").json["findings"]
        settled[code] = {tuple(one[key] for key in keys) for one in found if one["status"] not in OPEN}
    assert set.union(*settled.values()) == settled["CN"] == every
    of_the_letter = set.union(*(settled[code] for code in ("Q1", "H1", "Q3", "Y")))
    assert every - of_the_letter == {one for one in every if last[one] == "2024-12-31"}
    assert {one[3] for one in every - of_the_letter} == {"2024-Q4", "2024-12"}
    closed = cchc.ok("review", "close", "CN", "-f", "json").json
    assert (closed["as_of"], closed["summary"]["pending"]) == ("2024-12-31", 0)
