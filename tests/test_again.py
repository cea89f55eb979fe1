"""`cchc log --again` and `cchc void --last`: the author's own last record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.program import Program
from tests.small_plan import NOW, without_answer, write_plan

if TYPE_CHECKING:
    from pathlib import Path

STATION = ("--agency", "dai-buon-ho")
OFFICE = ("--agency", "so-noi-vu")


@pytest.fixture
def small(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the program with the small plan, on each kind of database in turn."""
    cchc_on.ok("import", write_plan(tmp_path))
    return cchc_on


def recorded(cchc: Program) -> list[dict[str, Any]]:
    """Give every record, in the order of logging."""
    found: list[dict[str, Any]] = cchc.ok("history", "-f", "json").json["executions"]
    return sorted(found, key=lambda one: one["no"])


def by(cchc: Program, author: str) -> Program:
    return Program(cchc.home, cchc.db, {**cchc.environment, "CCHC_AUTHOR": author})


def test_again(small: Program) -> None:
    """The last record is repeated with today's date, without its evidence and id; options replace its values."""
    small.ok(
        *("log", "A.1", "7,5", *STATION, "--form", "radio", "--title", "Số 1", "--note", "thử", "--repeat"),
        *("--date", NOW.ago(3), "--evidence", "https://example.org/1"),
    )
    done = small.ok("log", "--again")
    assert f"repeats no. 1 of {NOW.ago(3)}" in done.err
    assert "no. 2: A.1" in done.out
    first, second = recorded(small)
    for key in ("agency", "activity", "amount", "form", "repeat", "title", "note"):
        assert second[key] == first[key], key
    assert (second["date"], second["evidence"]) == (NOW.today.isoformat(), [])
    small.ok(
        *("log", "--again", "--date", "yesterday", "--title", "Số 3", "--form", "web", "--note", ""),
        *("--evidence", "https://example.org/3"),
    )
    third = recorded(small)[-1]
    assert (third["no"], third["date"], third["title"]) == (3, NOW.ago(1), "Số 3")
    assert (third["form"], third["note"], third["evidence"]) == ("web", None, ["https://example.org/3"])
    assert third["amount"] == 7.5


def test_which_is_repeated(small: Program) -> None:
    """It is the author's last record that is not voided, as corrected; with an activity the last of that."""
    small.ok("log", "A.4", *OFFICE, "--title", "một")
    small.ok("log", "A.1", 10, *STATION, "--form", "radio")
    by(small, "Minh").ok("log", "A.2", 3, "--agency", "buon-ho")
    assert small.ok("log", "--again", "-f", "json").json["executions"][0]["activity"] == "A.1"
    again = small.ok("log", "meetings", "--again", "-f", "json").json["executions"][0]
    assert (again["activity"], again["title"]) == ("A.4", "một")
    small.ok("void", again["no"], "--reason", "nhầm")
    small.ok("amend", 4, "--amount", "12", "--reason", "sửa")
    last = small.ok("log", "--again", "-f", "json").json["executions"][0]
    assert (last["activity"], last["amount"]) == ("A.1", 12)
    other = small.ok("log", "radio-column", 20, "--again", "-f", "json").json["executions"][0]
    assert other["amount"] == 20
    mine = small.ok("log", "--again", "--by", "Minh", "-f", "json").json["executions"][0]
    assert (mine["activity"], mine["amount"]) == ("A.2", 3)


def test_the_usual_agency_changes_nothing(small: Program) -> None:
    """CCHC_AGENCY does not change the agency of the copy, only --agency does."""
    small.ok("log", "A.2", 3, "--agency", "buon-ho")
    usual = Program(small.home, small.db, {**small.environment, "CCHC_AGENCY": "ea-drong"})
    assert usual.ok("log", "--again", "-f", "json").json["executions"][0]["agency"] == "buon-ho"
    given = usual.ok("log", "--again", "--agency", "ea-drong-cmg", "-f", "json")
    assert given.json["executions"][0]["agency"] == "ea-drong-cmg"


def test_a_row_of_a_file_is_repeated(small: Program, tmp_path: Path) -> None:
    """The last record of a rows file is repeated like any other, without its id; the answer says which it was."""
    small.ok("log", "A.4", *OFFICE)
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"agency,activity,date,amount,external_id\nea-drong,A.2,{NOW.ago(5)},1,r0\nbuon-ho,A.2,{NOW.ago(4)},3,r1\n",
        encoding="utf-8",
    )
    small.ok("log", "--file", rows)
    done = small.ok("log", "--again")
    assert f"repeats no. 3 of {NOW.ago(4)}" in done.err
    last = recorded(small)[-1]
    assert (last["no"], last["agency"], last["activity"], last["amount"]) == (4, "buon-ho", "A.2", 3)
    assert last["date"] == NOW.today.isoformat()
    assert small.ok("log", "meetings", "--again", "-f", "json").json["executions"][0]["activity"] == "A.4"


def test_only_a_file_was_recorded(small: Program, tmp_path: Path) -> None:
    """After nothing but a file there is something to repeat."""
    rows = tmp_path / "rows.csv"
    rows.write_text(f"agency,activity,date,amount\nbuon-ho,A.2,{NOW.ago(4)},3\n", encoding="utf-8")
    small.ok("log", "--file", rows)
    assert small.ok("log", "--again", "-f", "json").json["executions"][0]["agency"] == "buon-ho"


def test_nothing_to_repeat(small: Program) -> None:
    """Without a record of the author the error says what to type; nothing is recorded."""
    by(small, "Minh").ok("log", "A.4", *OFFICE)
    told = small.fails(2, "log", "--again")
    assert "tester" in told
    assert "cchc log ACTIVITY" in told
    assert "A.9" in small.fails(2, "log", "A.9", "--again")
    assert "cchc log ACTIVITY" in small.fails(2, "log", "A.1", "--again")
    assert "--file" in small.fails(2, "log", "--again", "--file", "x.csv")
    assert "future" in by(small, "Minh").fails(2, "log", "--again", "--date", NOW.ago(-2))
    assert len(recorded(small)) == 1


def test_a_lost_acknowledgement_does_not_double_it(small: Program) -> None:
    """If the answer could not be written, the same command again records nothing twice."""
    small.ok("log", "A.1", 10, *STATION, "--form", "radio", "--date", NOW.ago(3))
    assert without_answer(small, "log", "--again") == 3
    assert len(recorded(small)) == 2
    done = small.ok("log", "--again")
    assert "nothing was added" in done.err
    assert "no. 2:" in done.out
    assert len(recorded(small)) == 2
    small.ok("log", "--again")
    assert len(recorded(small)) == 3


def test_void_last_whose_answer_was_lost_takes_nothing_further_back(small: Program) -> None:
    """Said again, it says what the first run voided; said a third time, it voids the record before."""
    small.ok("log", "A.4", *OFFICE)
    small.ok("log", "A.4", *OFFICE, "--title", "hai")
    command = ("void", "--last", "--reason", "nhầm")
    assert without_answer(small, *command) == 3
    assert [one["voided"] for one in recorded(small)] == [False, True]
    said = small.ok(*command)
    assert "no. 2:" in said.out
    assert "nothing was changed again" in said.err
    assert [one["voided"] for one in recorded(small)] == [False, True]
    assert "no. 1:" in small.ok(*command).out


def test_void_last(small: Program, tmp_path: Path) -> None:
    """The author's last record is voided, then the one before; the output says which."""
    small.ok("log", "A.4", *OFFICE)
    small.ok("log", "A.1", 10, *STATION, "--form", "radio")
    by(small, "Minh").ok("log", "A.2", 3, "--agency", "buon-ho")
    done = small.ok("void", "--last", "--reason", "nhầm")
    assert "no. 2: A.1" in done.out
    assert "voided: nhầm" in done.out
    assert "no. 1: A.4" in small.ok("void", "--last", "--reason", "nhầm").out
    told = small.fails(2, "void", "--last", "--reason", "nhầm")
    assert "tester" in told
    assert "cchc history" in told
    assert [one["voided"] for one in recorded(small)] == [True, True, False]
    other = write_plan(tmp_path, ("code: small", "code: other"))
    small.ok("import", other)
    small.ok("log", "A.4", *OFFICE, "--plan", "other")
    assert "no. 4: A.4" in small.ok("void", "--last", "--reason", "nhầm").out


def test_void_says_which(small: Program) -> None:
    """A number and --last exclude each other; one of them and a reason are needed."""
    small.ok("log", "A.4", *OFFICE)
    assert "--last" in small.fails(2, "void", "1", "--last", "--reason", "x")
    assert "cchc history" in small.fails(2, "void", "--reason", "x")
    assert "--reason" in small.fails(2, "void", "--last")
    assert "--reason" in small.fails(2, "void", "--last", "--reason", " ")
    assert [one["voided"] for one in recorded(small)] == [False]
