"""Amending, voiding and waiving through the program, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.generated_docs import ROOT

if TYPE_CHECKING:
    from tests.program import Program

AGENCY = ("--agency", "dai-buon-ho")


@pytest.fixture
def plan(cchc_on: Program) -> Program:
    cchc_on.ok("import", ROOT / "data" / "plan_2024.yaml")
    return cchc_on


def logged(program: Program, *arguments: str) -> dict[str, Any]:
    document = program.ok("log", *arguments, "-f", "json").json
    execution: dict[str, Any] = document["executions"][0]
    return execution


def march(program: Program) -> dict[str, Any]:
    found = program.ok("status", *AGENCY, "--period", "2024-03", "--as-of", "2024-03-31", "-f", "json").json
    finding: dict[str, Any] = found["findings"][0]
    return finding


def test_an_amended_record_keeps_its_identity_and_every_version(plan: Program) -> None:
    first = logged(plan, "radio-column", "10", *AGENCY, "--date", "2024-03-14", "--title", "Số 1")
    logged(plan, "radio-column", "2", *AGENCY, "--date", "2024-03-14")
    document = plan.ok("amend", first["no"], "--amount", "15", "--reason", "ghi nhầm", "-f", "json").json
    assert document["format"] == "cchc-log/1"
    (amended,) = document["executions"]
    assert (amended["id"], amended["no"], amended["amount"]) == (first["id"], 1, 15)
    assert [finding["value"] for finding in document["findings"]] == [17]
    versions = plan.ok("history", first["id"], "-f", "json").json["executions"]
    assert [(one["version"], one["amount"], one["reason"], one["author"]) for one in versions] == [
        (1, 10, None, "tester"),
        (2, 15, "ghi nhầm", "tester"),
    ]
    assert [one["no"] for one in plan.ok("history", "-f", "json").json["executions"]] == [1, 2]
    plan.ok("amend", 1, "--date", "2024-04-02", "--repeat", "--title", "", "--reason", "phát lại")
    (last,) = [one for one in plan.ok("history", "-f", "json").json["executions"] if one["no"] == 1]
    assert (last["date"], last["repeat"], last["title"], last["version"]) == ("2024-04-02", True, None, 3)
    assert march(plan)["value"] == 2


def test_a_voided_record_counts_no_more_and_stays_in_the_history(plan: Program) -> None:
    logged(plan, "radio-column", "15", *AGENCY, "--date", "2024-03-14")
    assert march(plan)["status"] == "met"
    plan.ok("void", 1, "--reason", "không phát sóng")
    assert (march(plan)["status"], march(plan)["executions"]) == ("missed", 0)
    (kept,) = plan.ok("history", "-f", "json").json["executions"]
    assert (kept["voided"], kept["version"], kept["reason"]) == (True, 2, "không phát sóng")
    again = plan.fails(2, "void", 1, "--reason", "x")
    assert "no. 1 is voided already; nothing would change" in again
    assert "cchc log" not in again
    assert "no. 1 was voided" in plan.fails(2, "amend", 1, "--amount", "3", "--reason", "x")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("amend", "1", "--amount", "15", "--reason", " "), "a reason is needed"),
        (("amend", "1", "--amount", "15"), "--reason"),
        (("void", "1"), "--reason"),
        (("amend", "1", "--amount", "10", "--reason", "x"), "nothing would change"),
        (("amend", "1", "--amount", "0", "--reason", "x"), "above 0"),
        (("amend", "1", "--date", "2025-01-01", "--reason", "x"), "outside the plan"),
        (("amend", "1", "--form", "tv", "--reason", "x"), "does not take the form"),
        (("amend", "7", "--amount", "1", "--reason", "x"), "no execution"),
        (("void", "0", "--reason", "x"), "no execution"),
        (("waive", "III.4.b", *AGENCY, "--from", "2024-03-01", "--to", "2024-03-31"), "a reason is needed"),
        (("waive", "III.4.b", *AGENCY, "--from", "2024-03-01", "--reason", "x"), "--to"),
        (
            ("waive", "III.4.b/x", *AGENCY, "--from", "2024-03-01", "--to", "2024-03-02", "--reason", "x"),
            "“x”",
        ),
        (
            ("waive", "III.4.b", *AGENCY, "--from", "2024-03-02", "--to", "2024-03-01", "--reason", "x"),
            "before",
        ),
        (("waive", "--end", "1", "--reason", "x"), "no waiver no. 1"),
    ],
)
def test_what_cannot_be_corrected(cchc: Program, arguments: tuple[str, ...], words: str) -> None:
    cchc.ok("import", ROOT / "data" / "plan_2024.yaml")
    logged(cchc, "radio-column", "10", *AGENCY, "--date", "2024-03-14")
    assert words in cchc.fails(2, *arguments)
    (record,) = cchc.ok("history", "-f", "json").json["executions"]
    assert (record["version"], record["amount"]) == (1, 10)


def test_a_stock_may_not_lack_what_a_correction_takes(plan: Program) -> None:
    agency = ("--agency", "so-noi-vu")
    logged(plan, "pano", "2", *agency, "--date", "2024-02-01")
    logged(plan, "pano", "-2", *agency, "--date", "2024-05-01")
    assert "stock" in plan.fails(2, "void", 1, "--reason", "x")
    assert "stock" in plan.fails(2, "amend", 1, "--amount", "1", "--reason", "x")
    assert "stock" in plan.fails(2, "amend", 2, "--date", "2024-01-01", "--reason", "x")
    plan.ok("void", 2, "--reason", "x")
    plan.ok("void", 1, "--reason", "x")


def test_a_waiver_is_honoured_listed_and_ended(plan: Program) -> None:
    document = plan.ok(
        "waive", "radio-column/minutes", *AGENCY, "--from", "2024-03-01", "--to", "31/03/2024",
        "--reason", "sửa chữa máy phát", "--document", "12/QĐ", "-f", "json",
    ).json  # fmt: skip
    assert document["format"] == "cchc-waiver/1"
    assert (document["no"], document["requirement"], document["to"]) == (1, "minutes", "2024-03-31")
    assert (march(plan)["status"], march(plan)["reason"]) == ("waived", "waiver")
    listed = replace(plan, environment={"COLUMNS": "200"}).ok("waive", "--list").out
    assert "sửa chữa máy phát" in listed
    assert "III.4.b/minutes" not in listed
    plan.ok("waive", "--end", "1", "--reason", "máy đã chạy")
    assert march(plan)["status"] == "missed"
    (ended,) = plan.ok("waive", "--list", "-f", "json").json["waivers"]
    assert (ended["ended"], ended["reason"]) == (True, "máy đã chạy")
    assert "no waiver" in plan.fails(2, "waive", "--end", "1", "--reason", "x")


def test_advice_never_voids_the_only_record_that_counts(plan: Program) -> None:
    """A new record is reported as a possible duplicate only if an earlier one has the same content and counts."""
    record = ("log", "radio-column", "15", *AGENCY, "--date", "2024-03-14", "--title", "Số 1")
    assert "is the same" not in plan.ok(*record).err
    plan.ok("void", 1, "--reason", "x")
    assert "cchc void" not in plan.ok(*record).err
    for number in (3, 4):
        told = plan.ok(*record).err
        assert f"note: no. 2 is the same; if this is a mistake, type: cchc void {number}" in told
        plan.ok("void", number, "--reason", "ghi hai lần")
    plan.ok("amend", 2, "--title", "Số 2", "--reason", "x")
    assert "cchc void" not in plan.ok(*record).err
    counted = plan.ok("history", "-f", "json").json["executions"]
    assert [one["no"] for one in counted if not one["voided"]] == [2, 5]
