"""Plans that were imported before a check was made: they open, are judged as they stand, and may be looked back at."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.services.plan_file import parse_plan
from cchc_cli.storage.changes import changing
from cchc_cli.storage.plan_saving import save_plan, save_version
from cchc_cli.storage.schema import open_database
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

THEN = datetime(2024, 1, 2, tzinfo=UTC)
AGENCY = ("--agency", "ubnd-tinh")

SHARED_DAYS = 'schedule: {rrule: "FREQ=WEEKLY;BYDAY=FR;COUNT=3", tolerance_days: 7}'
NO_DATE = 'schedule: {rrule: "FREQ=DAILY;UNTIL=20231231"}'
FORBIDDEN = 'schedule: {rrule: "FREQ=WEEKLY;BYDAY=1FR;COUNT=2"}'


def more(*schedules: str) -> str:
    """Give an activity with these schedules."""
    return "  - code: A.9\n    title: Bản tin\n    requirements:\n" + "".join(
        f"      - {{code: s{number}, owed_by: [ubnd-tinh], measure: executions, at_least: 1, {schedule},"
        " basis: interpreted, note: x}\n"
        for number, schedule in enumerate(schedules)
    )


@pytest.fixture
def old(cchc_on: Program, tmp_path: Path) -> tuple[Program, Path]:
    """Give a program whose database holds a plan that would be refused today, and the plan's file."""
    path = write_plan(tmp_path, frame=FIXED, more=more(SHARED_DAYS, NO_DATE, FORBIDDEN))
    source = path.read_text("utf-8")
    plan = parse_plan(source)
    database = open_database(cchc_on.db, create=True, now=THEN)
    assert database is not None
    with (
        database.writing(whole=True) as connection,
        changing(connection, "x", "import small", THEN) as change,
    ):
        plan_id = save_plan(connection.core, plan, None)
        version = source, sha256(source.encode()).hexdigest()
        save_version(connection.core, plan_id, plan.code, version, change)
    return cchc_on, path


def verdicts(program: Program, *options: object) -> list[tuple[Any, ...]]:
    """Give what stands of the schedules at the end of 20 January 2024."""
    asked = ("status", "--activity", "A.9", "--as-of", "2024-01-20", *options, "-f", "json")
    keys = ("requirement", "period", "from", "to", "value", "status")
    return [tuple(one[key] for key in keys) for one in program.ok(*asked).json["findings"]]


AS_IT_STANDS = [
    # One on the 12th lies in two of the ranges, and counts in both.
    ("s0", "2024-01-05", "2024-01-05", "2024-01-12", 1, "met"),
    ("s0", "2024-01-12", "2024-01-12", "2024-01-19", 1, "met"),
    ("s0", "2024-01-19", "2024-01-19", "2024-01-26", 0, "pending"),
    # The number in BYDAY means nothing with WEEKLY, and the rule without dates owes nothing.
    ("s2", "2024-01-05", "2024-01-05", "2024-01-05", 0, "missed"),
    ("s2", "2024-01-12", "2024-01-12", "2024-01-12", 1, "met"),
]


def test_an_old_plan_is_judged_as_it_stands(old: tuple[Program, Path]) -> None:
    program, _ = old
    program.ok("log", "A.9", *AGENCY, "--date", "2024-01-12")
    assert verdicts(program) == AS_IT_STANDS
    (first,) = program.ok("history", "-f", "json").json["executions"]
    assert verdicts(program, "--known-at", first["recorded_at"]) == AS_IT_STANDS
    explained = program.ok("explain", "A.9/s0", *AGENCY, "--period", "2024-01", "-f", "json").json
    assert [one["period"] for one in explained["obligations"]] == ["2024-01-05", "2024-01-12", "2024-01-19"]
    assert program.ok("verify", "-f", "json").json["ok"]


def test_the_same_file_is_refused_today_and_a_mended_one_taken(
    old: tuple[Program, Path], tmp_path: Path
) -> None:
    program, path = old
    program.ok("log", "A.9", *AGENCY, "--date", "2024-01-12")
    (first,) = program.ok("history", "-f", "json").json["executions"]
    for options in ((), ("--dry-run",)):
        told = program.fails(2, "import", path, *options)
        assert told.count("activities[4].requirements") == 3
        assert "share 2024-01-12" in told
    assert len(program.ok("plan", "--versions", "-f", "json").json["versions"]) == 1
    assert verdicts(program) == AS_IT_STANDS
    mended = write_plan(tmp_path, frame=FIXED, more=more(SHARED_DAYS.replace("days: 7", "days: 6")))
    program.ok("import", mended)
    assert next(one[:4] for one in verdicts(program)) == ("s0", "2024-01-05", "2024-01-05", "2024-01-11")
    # Looking back reads the old file again.
    assert verdicts(program, "--known-at", first["recorded_at"]) == AS_IT_STANDS
