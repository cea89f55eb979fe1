"""What was kept by earlier rules: plans that would be refused today, and reviews that were judged otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.domain.results.reviews import ClosedReview, ClosedVerdict, Report
from cchc_cli.services.files.plan_file import parse_plan
from cchc_cli.services.questions.assessment import assess_resolved
from cchc_cli.services.questions.question import Question, resolve
from cchc_cli.services.reviews.closing import frozen_verdict
from cchc_cli.services.reviews.report import make_report
from cchc_cli.storage.changes.changes import chain_head, new_change
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.plans.plans import plan_digest
from cchc_cli.storage.plans.saving import save_plan, save_version
from cchc_cli.storage.records.closed_reviews import add_closing
from tests.small_plan import FIXED, write_plan
from tests.test_reviews import past_the_program

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
        database.writing(use_sqlalchemy=True) as connection,
        new_change(connection, "x", "import small", THEN) as change,
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


# --- reviews that were closed by the rules of then ----------------------------------------------------

QUIET = """\
  - code: A.5
    title: Tin, bài
    text: không quá 20 ngày không có tin
    requirements:
      - {code: gap, owed_by: [dai-buon-ho], measure: gap, at_most: 20, per: month, basis: stated, quote: không quá 20 ngày}
      - {code: most, owed_by: [buon-ho], measure: executions, at_most: 3, per: quarter, basis: interpreted, note: x}
"""
REVIEW = (
    "code: past, name: Kỳ đã qua, from: 2024-03-16, to: 2024-04-14",
    "code: Q1, name: Kỳ đã qua, from: 2024-01-01, to: 2024-03-31",
)
LATER = datetime(2024, 5, 1, tzinfo=UTC)
THEN_IN_FEBRUARY = (19_000, "met", None)
"""From 1 to 19 February: the first rule set looked at no day before the month."""
NOW_IN_FEBRUARY = (25_000, "missed", "exceeded")
"""From 26 January to 19 February."""


def as_then(verdict: ClosedVerdict) -> ClosedVerdict:
    """Give what the first rule set made of a verdict: no gap reached in from before, and nothing was untouched."""
    if (verdict[2], verdict[3]) == ("gap", "2024-02"):
        value, *rest = THEN_IN_FEBRUARY
        return (*verdict[:8], value, verdict[9], *rest, verdict[12])  # type: ignore[return-value]
    return (*verdict[:11], None if verdict[11] == "untouched" else verdict[11], verdict[12])


@pytest.fixture
def closed(cchc_on: Program, tmp_path: Path) -> tuple[Program, list[ClosedVerdict]]:
    """Give a program whose first quarter was closed by the first rule set, and the verdicts that were kept."""
    cchc_on.ok("import", write_plan(tmp_path, REVIEW, frame=FIXED, more=QUIET))
    for day in ("2024-01-05", "2024-01-25", "2024-02-20", "2024-03-10", "2024-03-25"):
        cchc_on.ok("log", "A.5", "--agency", "dai-buon-ho", "--date", day)
    database = open_database(cchc_on.db, create=False)
    assert database is not None
    with database.writing() as connection:
        resolved = resolve(connection, Question(LATER, review="Q1"))
        found, stored = assess_resolved(connection, resolved), resolved.stored
        chain, digest = chain_head(connection), plan_digest(connection, "small") or ""
        verdicts = [as_then(frozen_verdict(finding)) for finding in found.findings]
        with new_change(connection, "Lan", "close review Q1", LATER) as change:
            moment, window = change.moment, found.window.span
            kept = ClosedReview(
                1, "Q1", window, found.cutoff, chain.links, chain.link, digest, 1, "Lan", moment
            )
            add_closing(connection, (stored.id, "small"), kept, verdicts, change)
    return cchc_on, verdicts


def reported(program: Program, **asked: Any) -> tuple[list[ClosedVerdict], Report]:  # noqa: ANN401 - of a question
    """Give the verdicts of a report of the review, and the report."""
    database = open_database(program.db, create=False)
    assert database is not None
    report = make_report(database, Question(LATER, review="Q1", **asked))
    return [frozen_verdict(finding) for finding in report.assessment.findings], report


def test_a_review_closed_by_earlier_rules_is_told_as_it_was_kept(
    closed: tuple[Program, list[ClosedVerdict]],
) -> None:
    program, kept = closed
    found, report = reported(program)
    assert found == kept
    assert (report.rules, report.closed_at is not None) == (1, True)
    # One month of gap was met by the rules of then; the maximum counts as met, for nothing was untouched.
    figures = report.assessment.summary.figures()
    assert report.assessment.summary.untouched() == 0
    counted = [one for one in kept if one[10] != "waived"]
    assert figures.settled == len([one for one in counted if one[5] <= "2024-03-31"])
    assert figures.settled + figures.running == len(counted)
    assert figures.settled_met == len([one for one in kept if one[10] == "met"])
    own, report = reported(program, agency="dai-buon-ho")
    assert own == [one for one in kept if one[0] == "dai-buon-ho"]
    assert report.assessment.by_agency.keys() == {"dai-buon-ho"}
    # A day or a moment of one's own is a question of today, and so is one about a period.
    for asked in ({"as_of": "2024-03-31"}, {"known_at": "2100-01-01T00:00:00Z"}):
        now, report = reported(program, **asked)
        assert report.rules is None
        assert [one[8:12] for one in now if one[2:4] == ("gap", "2024-02")] == [
            (25_000, 1, "missed", "exceeded")
        ]
    assert program.ok("verify", "-f", "json").json["ok"]


def test_changed_rules_are_a_reason_of_their_own(closed: tuple[Program, list[ClosedVerdict]]) -> None:
    program, _ = closed
    found = {
        (one["requirement"], one["period"]): one
        for one in program.ok("review", "diff", "Q1", "-f", "json").json["differences"]
    }
    assert found.keys() == {("gap", "2024-02"), ("most", "2024-Q1")}
    one = found["gap", "2024-02"]
    assert (one["old"]["value"], one["old"]["status"]) == (19, "met")
    assert (one["new"]["value"], one["new"]["status"]) == (25, "missed")
    assert one["reasons"] == ["the rules have changed since: rule set 1 became 2"]
    assert found["most", "2024-Q1"]["new"]["reason"] == "untouched"
    # What was done before the month is a reason too, beside what was done in it.
    program.ok("void", 2, "--reason", "nhầm")
    program.ok("amend", 3, "--title", "Tin", "--reason", "thiếu tên")
    reasons = next(
        one["reasons"]
        for one in program.ok("review", "diff", "Q1", "-f", "json").json["differences"]
        if (one["requirement"], one["period"]) == ("gap", "2024-02")
    )
    assert [reason.split(" on ")[0] for reason in reasons] == [
        "no. 2 was voided",
        "no. 3 was corrected",
        "the rules have changed since: rule set 1 became 2",
    ]


def test_to_close_again_is_to_judge_by_the_rules_of_today(
    closed: tuple[Program, list[ClosedVerdict]],
) -> None:
    program, _ = closed
    program.ok("review", "close", "Q1", "--again", "--as-of", "2024-03-31")
    assert program.ok("review", "diff", "Q1", "-f", "json").json["differences"] == []
    listed = program.ok("review", "list", "-f", "json").json["reviews"]
    (first,) = [one for one in listed if one["review"] == "Q1"]
    assert [one["rules"] for one in first["closings"]] == [1, 2]
    _, report = reported(program)
    assert report.rules is None


@pytest.mark.parametrize("rules", [2, 3])
def test_the_number_of_the_rule_set_is_in_the_chain(
    closed: tuple[Program, list[ClosedVerdict]], rules: int
) -> None:
    program, _ = closed
    past_the_program(program, f"UPDATE closing SET rules = {rules}")  # noqa: S608 - a number of ours
    kinds = {one["kind"] for one in program.run("verify", "-f", "json").json["problems"]}
    assert "rows" in kinds
