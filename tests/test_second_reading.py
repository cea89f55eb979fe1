"""The program against the naive second reading of the rules, on random plans and records.

Everything goes the way of the commands: a plan file is imported, a rows file recorded, the findings
come out of the JSON document. `tests.naive` shares no code with the program.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.records.waiver import Waiver
from cchc_cli.reports.data.status import status_document
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.plan_choice import NamedPlan
from cchc_cli.services.questions.question import Question
from cchc_cli.services.rows.reader import read_rows
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.plans.plans import load_plan
from cchc_cli.storage.records.waivers import add_waiver
from tests import naive, strategies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cchc_cli.storage.database.database import Database

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LATER = datetime(2031, 1, 1, tzinfo=UTC)
_NUMBERS = count()


@dataclass
class World:
    """A database that many random plans are imported into, each under a code of its own."""

    target: str
    folder: Path
    seen: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def load(self, scenario: strategies.Scenario) -> tuple[Database, str]:
        """Import a scenario's plan and record what was done; give the database and the plan's code."""
        code = f"plan-{next(_NUMBERS)}"
        scenario.plan["plan"]["code"] = code
        plan_file, rows_file = self.folder / "plan.yaml", self.folder / "rows.csv"
        plan_file.write_text(strategies.to_yaml(scenario.plan), "utf-8")
        rows_file.write_text(strategies.to_rows_csv(scenario.executions), "utf-8")
        import_plan(plan_file, self.target, author="t", now=LATER)
        database = open_database(self.target, create=False)
        assert database is not None
        outcome = record_rows(
            database,
            read_rows(rows_file).rows,
            plan=NamedPlan(code),
            source="rows.csv",
            author="t",
            now=LATER,
            dry_run=False,
        )
        assert outcome.errors == []
        assert outcome.created == len(scenario.executions)
        self._waive(database, code, scenario.waivers)
        return database, code

    def _waive(self, database: Database, code: str, waivers: list[naive.Waiver]) -> None:
        with database.writing() as connection:
            stored = load_plan(connection, code)
            assert stored is not None
            with new_change(connection, "t", "waive", LATER) as change:
                for one in waivers:
                    span = Span(one.start, one.end)
                    waiver = Waiver(one.agency, one.activity, one.requirement, span, "vì lý do")
                    add_waiver(connection, stored, waiver, change, LATER)


def question(code: str, as_of: date, *, day_over: bool, window: Span) -> Question:
    """Ask as of a day that is over, or on that day about noon."""
    period = f"{window.start}..{window.end}"
    if day_over:
        return Question(now=LATER, plan=NamedPlan(code), as_of=as_of.isoformat(), period=period)
    noon = datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=ZONE)
    return Question(now=noon, plan=NamedPlan(code), period=period)


def exact(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make numbers of either side compare by value."""
    return [
        {
            key: Decimal(str(value))
            if key in {"value", "at_least", "at_most"} and value is not None
            else value
            for key, value in finding.items()
        }
        for finding in findings
    ]


def check(
    world: World, scenario: strategies.Scenario, cutoffs: list[tuple[date, bool]], window: Span
) -> None:
    """Compare whole documents with the second reading, and note which cases occurred."""
    database, code = world.load(scenario)
    effective = scenario.plan["plan"]["effective"]
    for as_of, day_over in cutoffs:
        asked = question(code, as_of, day_over=day_over, window=window)
        expected = naive.answer(
            scenario.plan, scenario.executions, scenario.waivers, as_of, day_over, (window.start, window.end)
        )
        if not window.overlaps(Span(effective["from"], effective["to"])):
            assert not expected.findings
            with pytest.raises(InputError, match="lies outside it"):
                assess(database, asked)
            continue
        document = status_document(assess(database, asked), findings=True)
        assert exact(document["findings"]) == exact(expected.findings)
        assert_same_summary(document["summary"], naive.summary(expected))
        assert_same_agencies(document["agencies"], scenario.plan, expected)
        for finding in expected.findings:
            world.seen["verdict", finding["measure"], finding["status"], str(finding["reason"])] += 1
        for case in cases(scenario, expected):
            world.seen["case", case] += 1
    for activity in scenario.plan["activities"]:
        for requirement in activity["requirements"]:
            world.seen["window", _window(requirement)] += 1
            world.seen["partial", requirement.get("partial", "waive")] += 1
            both = "at_least" in requirement and "at_most" in requirement
            world.seen["bounds", "both" if both else "least" if "at_least" in requirement else "most"] += 1


def assert_same_summary(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare counts exactly, and ratios up to which way a tie in the fifth decimal is rounded."""
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        if value is None or found[key] is None or not key.startswith(("rate", "progress")):
            assert found[key] == value, key
        else:
            assert abs(Decimal(str(found[key])) - value) <= Decimal("0.0001"), key
            assert found[key] == round(found[key], 4)


def assert_same_agencies(found: list[dict[str, Any]], plan: naive.Plan, expected: naive.Answer) -> None:
    """Each agency that owes something with its own summary, furthest behind first."""
    codes = [agency["code"] for agency in plan["agencies"]]
    assert [one["agency"] for one in found] == naive.furthest_behind_first(expected, codes)
    for one in found:
        own = [place for place, finding in enumerate(expected.findings) if finding["agency"] == one["agency"]]
        answer = replace(
            expected,
            findings=[expected.findings[place] for place in own],
            untouched=[expected.untouched[place] for place in own],
        )
        summary = {key: value for key, value in one.items() if key not in {"agency", "name"}}
        assert_same_summary(summary, naive.summary(answer))


LOOKS_BACK = "a gap looks back beyond its first day"
CUT_BY_A_WAIVER = "a gap is cut by a waived period"
LATE_IN_FULL = "a deadline with a late beginning is owed in full"
LATE_AND_SAID = "a deadline with a late beginning, and a partial of its own"
LAST_DAY_WAIVED = "a waiver covers a deadline's last day and not all of it"
OPEN_UNTOUCHED = "an open maximum is untouched"
CASES = {LOOKS_BACK, CUT_BY_A_WAIVER, LATE_IN_FULL, LATE_AND_SAID, LAST_DAY_WAIVED, OPEN_UNTOUCHED}


def cases(scenario: strategies.Scenario, answer: naive.Answer) -> Iterator[str]:
    """Tell which of the cases occur that a verdict's measure and status do not tell."""
    series: dict[tuple[str, str, str], dict[str, naive.Obligation]] = {}
    for obligation in naive.obligations(scenario.plan):
        series.setdefault(naive.key_of(obligation), {})[obligation.label] = obligation
    for finding, untouched in zip(answer.findings, answer.untouched, strict=True):
        of_duty = series[finding["agency"], finding["activity"], finding["requirement"]]
        obligation = of_duty[finding["period"]]
        if untouched and finding["status"] == "pending":
            yield OPEN_UNTOUCHED
        if finding["measure"] == "gap":
            yield from _gap_cases(scenario, answer, obligation, list(of_duty.values()))
        if naive.is_deadline(obligation):
            yield from _deadline_cases(scenario, obligation, finding["status"])


def _gap_cases(
    scenario: strategies.Scenario,
    answer: naive.Answer,
    obligation: naive.Obligation,
    of_duty: list[naive.Obligation],
) -> Iterator[str]:
    """Value with what lies before, without it, and with the waivers left aside."""
    requirement, days = obligation.requirement, obligation.days
    key = naive.key_of(obligation)
    counted = [
        one
        for one in scenario.executions
        if (one.agency, one.activity) == key[:2] and naive.counts(one, requirement)
    ]
    excused = naive.excused_before(obligation, of_duty, scenario.waivers)

    def value(owed: naive.Obligation, cut: list[naive.Days]) -> Decimal | None:
        return naive.value_of(owed, counted, cut, answer.as_of, day_over=answer.day_over)[0]

    found = value(obligation, excused)
    if found != value(replace(obligation, owed=days), []):
        yield LOOKS_BACK
    if found != value(obligation, []):
        yield CUT_BY_A_WAIVER


def _deadline_cases(
    scenario: strategies.Scenario, obligation: naive.Obligation, status: str
) -> Iterator[str]:
    late = obligation.days[-1] == obligation.full[-1] and len(obligation.days) < len(obligation.full)
    if late and status != "waived":
        yield LATE_AND_SAID if "partial" in obligation.requirement else LATE_IN_FULL
    if status == "waived" and any(
        naive.is_waived(obligation, waiver) and waiver.start > obligation.days[0]
        for waiver in scenario.waivers
    ):
        yield LAST_DAY_WAIVED


def _window(requirement: dict[str, Any]) -> str:
    if "per" not in requirement:
        return next(key for key in ("by", "before", "schedule") if key in requirement)
    per: str = requirement["per"]
    return per if per in {"day", "week", "month", "quarter", "half", "year", "plan"} else "calendar"


EVERY_WINDOW = {
    *("day", "week", "month", "quarter", "half", "year", "plan"),
    *("calendar", "by", "before", "schedule"),
}
COUNTING = ("executions", "amount", "days", "forms")


def unseen(seen: Counter[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Give the cases that must have occurred and have not."""
    wanted: set[tuple[str, ...]] = {("window", window) for window in EVERY_WINDOW}
    wanted |= {("partial", rule) for rule in ("waive", "full", "prorate")}
    wanted |= {("bounds", bound) for bound in ("least", "most", "both")}
    for measure in (*COUNTING, "gap", "stock", "latest"):
        for status, reason in (
            ("met", "None"),
            ("missed", "exceeded"),
            ("pending", "None"),
            ("upcoming", "None"),
            ("waived", "partial_period"),
            ("waived", "waiver"),
            ("at_risk", "None"),
        ):
            wanted.add(("verdict", measure, status, reason))
    for measure in (*COUNTING, "stock", "latest"):
        wanted |= {("verdict", measure, "missed", "None"), ("verdict", measure, "partial", "None")}
    for measure in (*COUNTING, "stock"):
        wanted.add(("verdict", measure, "met", "untouched"))
    wanted |= {("case", case) for case in CASES}
    return wanted - set(seen)


EXAMPLES = 200
ROUNDS = 2
MOST_ROUNDS = 12


def test_every_verdict_is_that_of_the_second_reading(database: str, tmp_path: Path) -> None:
    """Hundreds of random plans, thousands of verdicts, each measure and status among them."""
    world = World(database, tmp_path)

    @settings(max_examples=EXAMPLES, database=None)
    @given(scenario=strategies.scenarios(), data=st.data())
    def compare(scenario: strategies.Scenario, data: st.DataObject) -> None:
        first, last = (scenario.plan["plan"]["effective"][end] for end in ("from", "to"))
        window = Span(first, last)
        if data.draw(st.integers(0, 3)) == 0:
            start = data.draw(st.dates(first - timedelta(20), last))
            window = Span(start, start + timedelta(data.draw(st.integers(0, 120))))
        cutoffs = [(scenario.as_of, scenario.day_over), data.draw(strategies.cutoffs(scenario.plan))]
        check(world, scenario, cutoffs, window)

    # Which cases are drawn is chance; some are rare, so drawing goes on until each has occurred.
    for round_ in range(MOST_ROUNDS):
        seed(round_)(compare)()
        if round_ + 1 >= ROUNDS and not unseen(world.seen):
            break
    assert unseen(world.seen) == set()
    assert sum(number for key, number in world.seen.items() if key[0] == "verdict") > 10 * ROUNDS * EXAMPLES
