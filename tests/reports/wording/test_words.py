"""Recurrence rules in words, and conditions that distinguish requirements with the same bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.wording.recurrence import rule_words
from cchc_cli.locale import render, set_language
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=FR", "every Friday"),
        ("freq=weekly;byday=fr;interval=1;wkst=su", "every Friday"),
        ("FREQ=WEEKLY;INTERVAL=01;BYDAY=FR,MO,FR", "every Monday, Friday"),
        ("FREQ=DAILY", "every day"),
        ("FREQ=MONTHLY;BYDAY=1MO", "the first Monday of each month"),
        ("FREQ=MONTHLY;BYDAY=+04SU", "the fourth Sunday of each month"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "the last Friday of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "day 15 of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=+20,05", "day 5, 20 of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "the last day of each month"),
        ("FREQ=YEARLY;BYMONTH=03;BYMONTHDAY=8", "day 8 of month 3 each year"),
    ],
)
def test_simple_rules(rule: str, words: str) -> None:
    set_language("en")
    found = rule_words(rule)
    assert found is not None
    assert render(found) == words


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=FR;INTERVAL=2",
        "FREQ=WEEKLY;BYDAY=FR;INTERVAL=10",
        "FREQ=WEEKLY;BYDAY=FR;COUNT=3",
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20240630",
        "FREQ=WEEKLY;BYDAY=1FR",
        "FREQ=DAILY;BYDAY=FR",
        "FREQ=MONTHLY;BYDAY=FR",
        "FREQ=MONTHLY;BYDAY=5FR",
        "FREQ=MONTHLY;BYDAY=-2FR",
        "FREQ=MONTHLY;BYDAY=1FR,2MO",
        "FREQ=MONTHLY;BYMONTHDAY=1,-1",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=8",
        "FREQ=YEARLY;BYMONTHDAY=8",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
    ],
)
def test_other_rules_stay_as_they_are(rule: str) -> None:
    assert rule_words(rule) is None


def test_plan_and_status_say_the_rule(cchc: Program, tmp_path: Path) -> None:
    """A rule is said in words with its days of grace; one that is not simple as the plan has it."""
    more = """\
      - {code: weekly, owed_by: [so-noi-vu], measure: executions, at_least: 1, basis: stated, quote: Mỗi quý 01 lần,
         schedule: {rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 2}}
      - {code: odd, owed_by: [so-noi-vu], measure: executions, at_least: 1, basis: stated, quote: Mỗi quý 01 lần,
         schedule: {rrule: "FREQ=WEEKLY;BYDAY=FR;INTERVAL=2"}}
"""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED, more=more))
    assert "every Friday, 2 days of grace" in cchc.ok("plan", "A.4").out
    wide = replace(cchc, environment={"COLUMNS": "240"})
    assert "every Friday, 2 days of grace" in wide.ok("status", "--agency", "so-noi-vu").out
    assert "FREQ=WEEKLY;BYDAY=FR;INTERVAL=2" in cchc.ok("plan", "A.4").out


def test_what_tells_requirements_apart(cchc: Program, tmp_path: Path) -> None:
    """Requirements that ask for the same are told apart by what counts, by their days, by cut periods."""
    more = """\
      - {code: again, owed_by: [so-noi-vu], measure: executions, at_least: 1, per: quarter, partial: prorate,
         from: 2024-04-01, to: 2024-06-30, where: {repeats: include, amount_at_least: 2},
         basis: stated, quote: Mỗi quý 01 lần}
"""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED, more=more))
    conditions = (
        "only amounts of at least 2 count",
        "repeats count too",
        "a repeat does not count",
        "from 2024-04-01 to 2024-06-30",
        "periods that are not whole are owed in full",
        "periods that are not whole are owed in proportion",
    )
    wide = replace(cchc, environment={"COLUMNS": "400"})
    status = wide.ok("status", "--agency", "so-noi-vu").out
    shown = cchc.ok("plan", "A.4").out
    for condition in conditions:
        assert condition in shown
        assert condition in status
    station = cchc.ok("plan", "A.1").out
    assert "only these forms count: Phát thanh" in station
    assert "only amounts of at least 5 count" in station
    assert "a repeat" not in station
    assert "count" not in cchc.ok("plan", "A.3").out.replace("counted", "")


def test_waive_counts(cchc: Program, tmp_path: Path) -> None:
    """`waive` says how many obligations it covers, as the verdicts then show; and where it covers none."""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    station, why = ("--agency", "dai-buon-ho"), ("--reason", "x")
    done = cchc.ok("waive", "A.1", *station, "--from", "2024-01-15", "--to", "2024-04-30", *why)
    assert "obligations covered: 3" in done.out
    findings = cchc.ok("status", *station, "-f", "json").json["findings"]
    assert sum(finding["reason"] == "waiver" for finding in findings) == 3
    none = cchc.ok("waive", "A.1/minutes", *station, "--from", "2024-05-02", "--to", "2024-05-31", *why)
    assert "obligations covered: 0" in none.out
    assert "covers none" in none.err
    document = cchc.ok(
        *("waive", "A.1", *station, "--from", "2024-06-01", "--to", "2024-06-30", *why, "-f", "json")
    ).json
    assert document["obligations"] == 1
    other = ("--agency", "so-noi-vu", "--from", "2024-06-01", "--to", "2024-06-30")
    assert "covered: 0" in cchc.ok("waive", "A.1", *other, *why).out
    assert cchc.ok("waive", "--end", 1, *why, "-f", "json").json["obligations"] is None
