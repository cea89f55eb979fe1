"""The oracle itself, against the worked cases and against tables written by hand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests import naive, strategies
from tests.naive import Execution, Finding, Plan, Waiver

CASES = Path(__file__).parent / "data" / "cases"


# --- the worked cases ---------------------------------------------------------------------------


def worked() -> list[Any]:
    """Each case with each of its cut-off days."""
    return [
        pytest.param(
            folder,
            date.fromisoformat(answer["as_of"]),
            answer["findings"],
            answer["figures"],
            id=f"{folder.name}@{answer['as_of']}",
        )
        for folder in sorted(CASES.iterdir())
        for answer in json.loads((folder / "expected.json").read_text("utf-8"), parse_float=Decimal)
    ]


@pytest.mark.parametrize(("folder", "as_of", "expected", "figures"), worked())
def test_a_worked_case_comes_out_as_expected(
    folder: Path, as_of: date, expected: list[Finding], figures: dict[str, Any]
) -> None:
    """Worked cases: the findings and figures as `status --as-of … -f json` gives them, all but the unit."""
    plan = naive.load_plan((folder / "plan.yaml").read_text("utf-8"))
    executions = naive.load_rows((folder / "rows.csv").read_text("utf-8"))
    found = naive.answer(plan, executions, [], as_of, day_over=True)
    assert [{key: one[key] for key in one if key != "unit"} for one in found.findings] == expected
    summary = naive.summary(found)
    assert {key: summary[key] for key in figures} == figures


# --- tables written by hand ---------------------------------------------------------------------


def day(text: str) -> date:
    """A day of 2024 from `MM-DD`, or any day in full."""
    return date.fromisoformat(text if len(text) > len("03-01") else f"2024-{text}")


def plan_of(requirement: dict[str, Any], kind: str = "flow", agency: dict[str, Any] | None = None) -> Plan:
    """A plan of 2024 with one agency, one activity and one requirement."""
    filled = {"code": "q", "owed_by": ["a"], "basis": "interpreted", "note": "…", **requirement}
    activity: dict[str, Any] = {"code": "X", "title": "X", "kind": kind, "requirements": [filled]}
    return {
        "format": "cchc/plan/1",
        "plan": {"code": "p", "effective": {"from": day("01-01"), "to": day("12-31")}},
        "agencies": [{"code": "a", "name": "A", "kind": "district", **(agency or {})}],
        "activities": [activity],
    }


def did(when: str, amount: str = "1", form: str | None = None, **more: bool) -> Execution:
    """An execution of the one agency and the one activity."""
    return Execution("a", "X", day(when), Decimal(amount), form, **more)


def ask(  # noqa: PLR0913 - the question as the page puts it
    requirement: dict[str, Any],
    executions: list[Execution],
    as_of: str,
    *,
    kind: str = "flow",
    over: bool = True,
    waivers: list[Waiver] | None = None,
    agency: dict[str, Any] | None = None,
) -> list[Finding]:
    """The findings for one agency and one requirement."""
    return answer_to(
        requirement, executions, as_of, kind=kind, over=over, waivers=waivers, agency=agency
    ).findings


def answer_to(  # noqa: PLR0913 - the question as the page puts it
    requirement: dict[str, Any],
    executions: list[Execution],
    as_of: str,
    *,
    kind: str = "flow",
    over: bool = True,
    waivers: list[Waiver] | None = None,
    agency: dict[str, Any] | None = None,
) -> naive.Answer:
    """The whole answer for one agency and one requirement."""
    plan = plan_of(requirement, kind, agency)
    return naive.answer(plan, executions, waivers or [], day(as_of), day_over=over)


def verdict(found: list[Finding], period: str) -> tuple[object, ...]:
    """Value, executions, status and reason of one period."""
    (one,) = [one for one in found if one["period"] == period]
    return one["value"], one["executions"], one["status"], one["reason"]


MONTHLY = {"per": "month"}


def test_periods_have_the_labels_of_the_page() -> None:
    """Obligations: calendar periods, ISO weeks, halves, each cut to W."""
    labels: dict[str, list[str]] = {}
    for per in ("day", "week", "month", "quarter", "half", "year", "plan"):
        requirement = {
            "measure": "days", "at_least": 1, "per": per, "from": day("06-29"), "to": day("07-01"),
        }  # fmt: skip
        labels[per] = [
            f"{one['period']} {one['from'][5:]} {one['to'][5:]}" for one in ask(requirement, [], "12-31")
        ]
    assert labels == {
        "day": ["2024-06-29 06-29 06-29", "2024-06-30 06-30 06-30", "2024-07-01 07-01 07-01"],
        "week": ["2024-W26 06-29 06-30", "2024-W27 07-01 07-01"],
        "month": ["2024-06 06-29 06-30", "2024-07 07-01 07-01"],
        "quarter": ["2024-Q2 06-29 06-30", "2024-Q3 07-01 07-01"],
        "half": ["2024-H1 06-29 06-30", "2024-H2 07-01 07-01"],
        "year": ["2024 06-29 07-01"],
        "plan": ["2024-06-29..2024-07-01 06-29 07-01"],
    }


def test_by_and_before_start_at_the_later_first_day_and_schedules_end_with_w() -> None:
    """Obligations: `by`, `before` and `schedule`."""
    base: dict[str, Any] = {"measure": "days", "at_least": 1}
    (one,) = ask(base | {"by": day("03-10"), "from": day("02-01")}, [], "12-31")
    assert (one["period"], one["from"], one["to"]) == ("2024-03-10", "2024-02-01", "2024-03-10")
    (one,) = ask(base | {"before": day("03-01")}, [], "12-31")
    assert (one["period"], one["from"], one["to"]) == ("2024-02-29", "2024-01-01", "2024-02-29")
    (one,) = ask(base | {"by": day("03-10"), "to": day("02-01")}, [], "12-31")
    assert (one["to"], one["status"], one["reason"]) == ("2024-02-01", "waived", "partial_period")
    assert ask(base | {"by": day("03-10"), "from": day("03-11")}, [], "12-31") == []
    rule = {"schedule": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=31", "tolerance_days": 3}}
    found = ask(base | rule | {"to": day("05-31")}, [], "12-31")
    assert [(one["period"], one["to"]) for one in found] == [
        ("2024-01-31", "2024-02-03"), ("2024-03-31", "2024-04-03"), ("2024-05-31", "2024-05-31"),
    ]  # fmt: skip
    assert {one["status"] for one in found} == {"missed"}  # C = P: nothing is partial


def test_a_table_entry_is_cut_to_the_plan_before_it_is_compared() -> None:
    """Obligations: `per: CALENDAR` is first cut to the plan's range, so its edge is no part period."""
    plan = plan_of({"measure": "days", "at_least": 1, "per": "rounds", "to": day("02-10")})
    plan["calendars"] = {
        "rounds": [
            {"code": "r0", "from": day("2023-12-20"), "to": day("01-05")},
            {"code": "r1", "from": day("02-01"), "to": day("02-20")},
            {"code": "r2", "from": day("03-01"), "to": day("03-20")},
        ]
    }
    found = naive.answer(plan, [], [], day("12-31"), day_over=True).findings
    assert [(one["period"], one["from"][5:], one["to"][5:], one["status"]) for one in found] == [
        ("r0", "01-01", "01-05", "missed"),
        ("r1", "02-01", "02-10", "waived"),
    ]


@pytest.mark.parametrize(
    ("requirement", "rows", "expected"),
    [
        ({}, [did("03-01"), did("03-02", repeat=True)], 1),
        ({"where": {"repeats": "include"}}, [did("03-01"), did("03-02", repeat=True)], 2),
        ({"where": {"forms": ["tv"]}}, [did("03-01", form="tv"), did("03-02"), did("03-03", form="web")], 1),
        ({"where": {"amount_at_least": Decimal("2.5")}}, [did("03-01", "2.5"), did("03-01", "2.499")], 1),
        ({}, [did("03-01", voided=True), did("03-31"), did("02-29"), did("04-01")], 1),
    ],
)
def test_what_counts(requirement: dict[str, Any], rows: list[Execution], expected: int) -> None:
    """What counts: forms, repeats, least amount, voided ones, and the days of C."""
    found = ask({"measure": "executions", "at_least": 1, "per": "month", **requirement}, rows, "12-31")
    assert verdict(found, "2024-03")[:2] == (expected, expected)


def test_the_last_by_date_and_then_by_order_of_logging_is_the_latest() -> None:
    """Value, `latest`; an agency and an activity see only their own."""
    requirement = {"measure": "latest", "at_least": 50, "per": "month"}
    rows = [
        did("03-09", "80"), did("03-09", "40"), did("03-01", "99"), did("03-12", "100"),
        Execution("b", "X", day("03-10"), Decimal(1)), Execution("a", "Y", day("03-10"), Decimal(1)),
    ]  # fmt: skip
    found = ask(requirement, rows, "03-11", kind="reading")
    assert verdict(found, "2024-03") == (40, 3, "pending", None)
    assert verdict(found, "2024-01") == (None, 0, "missed", None)
    assert verdict(found, "2024-04") == (None, 0, "upcoming", None)
    assert verdict(ask(requirement, rows, "03-31", kind="reading"), "2024-03") == (100, 4, "met", None)
    zero = ask(requirement, [did("03-09", "0")], "03-31", kind="reading")
    assert verdict(zero, "2024-03") == (0, 1, "missed", None)
    some = ask(requirement, [did("03-09", "0.001")], "03-31", kind="reading")
    assert verdict(some, "2024-03") == (Decimal("0.001"), 1, "partial", None)


def test_a_stock_counts_what_lies_before_its_period_and_before_w() -> None:
    """Value, `stock`: up to the earlier of C's last day and c, also before W."""
    requirement = {"measure": "stock", "at_least": 5, "per": "month", "from": day("03-01")}
    rows = [did("01-05", "6"), did("03-20", "-2"), did("04-20", "1.5")]
    found = ask(requirement, rows, "04-15", kind="stock")
    assert [one["period"] for one in found][:2] == ["2024-03", "2024-04"]
    assert verdict(found, "2024-03") == (4, 2, "partial", None)
    assert verdict(found, "2024-04") == (4, 2, "pending", None)
    assert verdict(found, "2024-05") == (4, 2, "upcoming", None)
    found = ask(requirement, rows, "04-30", kind="stock")
    assert verdict(found, "2024-04") == (Decimal("5.5"), 3, "met", None)
    assert verdict(found, "2024-03") == (4, 2, "partial", None)


@pytest.mark.parametrize(
    ("rows", "as_of", "over", "expected"),
    [
        ([], "03-10", True, (10, 0, "pending", None)),
        ([], "03-11", False, (10, 0, "pending", None)),
        ([], "03-11", True, (11, 0, "at_risk", None)),  # 33 > 32
        ([], "03-16", True, (16, 0, "at_risk", None)),
        ([], "03-17", False, (16, 0, "at_risk", None)),
        ([], "03-17", True, (17, 0, "missed", "exceeded")),
        ([did("03-09")], "03-31", False, (21, 1, "missed", "exceeded")),
        ([did("03-16")], "03-31", False, (15, 1, "at_risk", None)),
        ([did("03-16")], "03-31", True, (15, 1, "met", None)),
        ([did("03-15"), did("02-20")], "03-31", False, (15, 1, "at_risk", None)),
        ([did("03-15"), did("02-20")], "03-31", True, (16, 1, "met", None)),
        ([did("03-05")], "03-05", False, (4, 1, "pending", None)),
        ([], "03-01", False, (0, 0, "pending", None)),
        ([], "02-29", True, (0, 0, "upcoming", None)),
    ],
)
def test_the_longest_gap_runs_to_the_last_day_that_is_over(
    rows: list[Execution],
    as_of: str,
    over: bool,  # noqa: FBT001
    expected: tuple[object, ...],
) -> None:
    """Value, `gap`, and its rows of the status table; W begins with March, so nothing lies before."""
    requirement = {"measure": "gap", "at_most": 16, "per": "month", "from": day("03-01")}
    assert verdict(ask(requirement, rows, as_of, over=over), "2024-03") == expected


@pytest.mark.parametrize(
    ("rows", "excused", "more", "expected"),
    [
        ([did("02-20")], None, {}, (14, 0)),  # 21 February to 5 March
        ([did("02-28")], None, {}, (6, 0)),
        ([did("02-29")], None, {}, (5, 0)),
        ([did("02-20"), did("03-01")], None, {}, (4, 1)),  # the run before has ended
        ([did("02-20"), did("03-02")], None, {}, (10, 1)),  # 21 February to 1 March reaches in
        ([did("02-20"), did("02-25", voided=True)], None, {}, (14, 0)),
        ([], None, {}, (65, 0)),  # from the plan's first day
        ([], None, {"from": day("02-10")}, (25, 0)),
        ([did("02-05")], None, {"from": day("02-10")}, (25, 0)),
        ([did("02-20")], ("02-01", "02-29"), {}, (5, 0)),  # February was waived
        ([did("02-20")], ("02-02", "02-29"), {}, (14, 0)),  # not all of it
        ([did("01-20")], ("01-01", "01-31"), {}, (34, 0)),  # from 1 February
        ([did("01-31")], ("01-01", "01-31"), {}, (34, 0)),
        ([did("02-03")], ("01-01", "01-31"), {}, (31, 0)),
        ([did("02-20")], ("03-01", "03-31"), {}, (14, 0)),  # its own waiver cuts nothing
    ],
)
def test_a_gap_is_counted_back_beyond_the_first_day(
    rows: list[Execution],
    excused: tuple[str, str] | None,
    more: dict[str, Any],
    expected: tuple[int, int],
) -> None:
    """Value, `gap`: back to the day after the last one, to W's first day, or to a waived obligation's end."""
    waivers = [Waiver("a", "X", None, day(excused[0]), day(excused[1]))] if excused else []
    requirement = {"measure": "gap", "at_most": 90, "per": "month", **more}
    assert verdict(ask(requirement, rows, "03-05", waivers=waivers), "2024-03")[:2] == expected
    # Before its first day is over, no run reaches in.
    first = ask(requirement, rows, "03-01", waivers=waivers, over=False)
    assert verdict(first, "2024-03")[0] == 0


@pytest.mark.parametrize(
    ("partial", "least", "most", "status"),
    [
        ("waive", Decimal(10), Decimal("20.5"), "waived"),
        ("full", Decimal(10), Decimal("20.5"), "partial"),
        ("prorate", 4, 7, "met"),  # 10 × 11/31 = 3.54…, 20.5 × 11/31 = 7.27…
    ],
)
def test_a_part_period_is_waived_owed_whole_or_prorated(
    partial: str, least: Decimal, most: Decimal, status: str
) -> None:
    """Obligations: `at_least` × days(C)/days(P) rounded up, `at_most` rounded down."""
    requirement = {
        "measure": "amount", "at_least": 10, "at_most": Decimal("20.5"), "per": "month", "partial": partial,
    }  # fmt: skip
    found = ask(requirement, [did("03-22", "5")], "12-31", agency={"from": day("03-21")})
    assert (found[0]["period"], found[0]["from"], found[0]["to"]) == ("2024-03", "2024-03-21", "2024-03-31")
    assert (found[0]["at_least"], found[0]["at_most"], found[0]["status"]) == (least, most, status)
    assert (found[1]["at_least"], found[1]["at_most"]) == (10, Decimal("20.5"))


def test_prorating_to_a_whole_number_does_not_round_further() -> None:
    """Obligations: an exact share stays, and whole periods keep bounds that are no whole numbers."""
    requirement = {"measure": "amount", "at_least": Decimal("7.5"), "per": "month", "partial": "prorate"}
    found = ask(requirement, [], "12-31", agency={"from": day("04-07")})  # 7.5 × 24/30 = 6
    assert [one["at_least"] for one in found][:2] == [6, Decimal("7.5")]


@pytest.mark.parametrize(
    ("as_of", "over", "status"),
    [
        ("02-29", True, "upcoming"),
        ("03-01", False, "pending"),
        ("03-20", True, "pending"),  # 3 × 20 = 60 ≤ 62
        ("03-21", False, "pending"),
        ("03-21", True, "at_risk"),  # 3 × 21 = 63 > 62
        ("03-22", False, "at_risk"),
        ("03-31", False, "at_risk"),
        ("03-31", True, "partial"),
        ("04-01", False, "partial"),
    ],
)
def test_a_short_period_is_at_risk_after_two_thirds(as_of: str, over: bool, status: str) -> None:  # noqa: FBT001
    """Status: 3 × elapsed days > 2 × days(C), the cut-off day elapsed only where it is over."""
    found = ask(
        {"measure": "amount", "at_least": 15, "per": "month"}, [did("03-01", "14.999")], as_of, over=over
    )
    assert verdict(found, "2024-03")[2] == status


def test_at_risk_needs_more_than_two_thirds() -> None:
    """Status: exactly two thirds are not enough."""
    requirement = {"measure": "days", "at_least": 1, "per": "month"}
    assert verdict(ask(requirement, [], "04-20"), "2024-04")[2] == "pending"
    assert verdict(ask(requirement, [], "04-21"), "2024-04")[2] == "at_risk"


@pytest.mark.parametrize(
    ("kind", "measure", "amount", "as_of", "expected"),
    [
        ("flow", "amount", "9", "03-10", ("pending", None)),
        ("flow", "amount", "9", "03-31", ("partial", None)),
        ("flow", "amount", "10", "03-10", ("pending", None)),  # an at_most: not met before the end
        ("flow", "amount", "20", "03-31", ("met", None)),
        ("flow", "amount", "20.001", "03-10", ("missed", "exceeded")),
        ("flow", "amount", "20.001", "03-31", ("missed", "exceeded")),
        ("reading", "latest", "20.001", "03-10", ("pending", None)),
        ("reading", "latest", "20.001", "03-30", ("pending", None)),
        ("reading", "latest", "20.001", "03-31", ("missed", "exceeded")),
        ("reading", "latest", "5", "03-30", ("at_risk", None)),
        ("reading", "latest", "15", "03-30", ("pending", None)),
        ("stock", "stock", "21", "03-10", ("pending", None)),
        ("stock", "stock", "21", "03-31", ("missed", "exceeded")),
        ("stock", "stock", "15", "03-31", ("met", None)),
    ],
)
def test_both_bounds(
    kind: str, measure: str, amount: str, as_of: str, expected: tuple[str, str | None]
) -> None:
    """Status: over comes before short, and what may still change is left open."""
    requirement = {"measure": measure, "at_least": 10, "at_most": 20, "per": "month"}
    found = ask(requirement, [did("03-05", amount)], as_of, kind=kind)
    assert verdict(found, "2024-03")[2:] == expected


def test_prorated_bounds_that_cross_are_exceeded_first() -> None:
    """Status: rounding may lift `at_least` above `at_most`; the row "closed, over" stands first."""
    requirement = {
        "measure": "executions", "at_least": 2, "at_most": 2, "per": "month", "partial": "prorate",
    }  # fmt: skip
    found = ask(requirement, [did("03-31")], "12-31", agency={"from": day("03-21")})
    assert (found[0]["at_least"], found[0]["at_most"]) == (1, 0)
    assert verdict(found, "2024-03") == (1, 1, "missed", "exceeded")
    assert verdict(ask(requirement, [], "12-31", agency={"from": day("03-21")}), "2024-03")[2] == "missed"


def test_no_data_is_never_compliance() -> None:
    """Status: `at_most` alone without a value is short; a count of nothing is a value."""
    reading = {"measure": "latest", "at_most": 5, "per": "month"}
    assert verdict(ask(reading, [], "03-31", kind="reading"), "2024-03") == (None, 0, "missed", None)
    assert verdict(ask(reading, [], "03-30", kind="reading"), "2024-03") == (None, 0, "at_risk", None)
    assert verdict(ask(reading, [], "03-05", kind="reading"), "2024-03") == (None, 0, "pending", None)
    flow = {"measure": "amount", "at_most": 5, "per": "month"}
    assert verdict(ask(flow, [], "03-31"), "2024-03") == (0, 0, "met", "untouched")
    assert verdict(ask(flow, [], "03-30"), "2024-03") == (0, 0, "pending", None)


@pytest.mark.parametrize(
    ("measure", "kind", "rows", "untouched"),
    [
        ("executions", "flow", [], True),
        ("executions", "flow", [did("03-05")], False),
        ("executions", "flow", [did("03-05", voided=True)], True),
        ("executions", "flow", [did("03-05", repeat=True)], False),  # it does not count, but it was done
        ("executions", "flow", [did("02-29"), did("04-01")], True),
        ("days", "flow", [did("03-31")], False),
        ("forms", "flow", [did("03-01")], False),  # without a form
        ("amount", "flow", [], True),
        ("stock", "stock", [], True),
        ("stock", "stock", [did("01-05")], False),
        ("stock", "stock", [did("04-01")], True),
        ("latest", "reading", [], False),
        ("gap", "flow", [], False),
    ],
)
def test_a_maximum_that_nobody_came_near_is_untouched(
    measure: str, kind: str, rows: list[Execution], *, untouched: bool
) -> None:
    """Status, *untouched*: no `at_least`, and nothing of the activity recorded, whatever `where` leaves out."""
    requirement = {"measure": measure, "at_most": 99, "per": "month", "where": {"repeats": "exclude"}}
    found = answer_to(requirement, rows, "04-01", kind=kind)
    place = [one["period"] for one in found.findings].index("2024-03")
    assert found.untouched[place] is untouched
    assert (found.findings[place]["reason"] == "untouched") is untouched
    both = answer_to(requirement | {"at_least": 1}, rows, "04-01", kind=kind)
    assert not any(both.untouched)


@pytest.mark.parametrize(
    ("more", "agency", "expected"),
    [
        ({}, {}, "missed"),
        ({}, {"from": day("03-09")}, "missed"),  # begun late, owed in full
        ({}, {"from": day("03-10")}, "missed"),
        ({}, {"from": day("03-11")}, None),  # too late for it
        ({}, {"to": day("03-10")}, "missed"),
        ({}, {"to": day("03-09")}, "waived"),  # gone before the day
        ({"partial": "waive"}, {"from": day("03-09")}, "waived"),
        ({"partial": "full"}, {"from": day("03-09")}, "missed"),
        ({"partial": "full"}, {"to": day("03-09")}, "missed"),
        ({"partial": "waive"}, {}, "missed"),
    ],
)
def test_a_deadline_is_not_cut_by_a_late_beginning(
    more: dict[str, Any], agency: dict[str, Any], expected: str | None
) -> None:
    """Obligations: `by` and `before` are owed in full where C ends on P's last day and R has no `partial`."""
    for window in ({"by": day("03-10")}, {"before": day("03-11")}):
        requirement = {"measure": "days", "at_least": 1, **window, **more}
        assert [one["status"] for one in ask(requirement, [], "12-31", agency=agency)] == (
            [expected] if expected else []
        )


def test_a_late_deadline_is_prorated_where_the_plan_says_so() -> None:
    """Obligations: with an explicit `prorate`, and without `partial`, of a deadline that begins late."""
    requirement = {"measure": "days", "at_least": 10, "by": day("03-10")}  # 70 days
    agency = {"from": day("02-25")}  # 15 of them
    (one,) = ask(requirement | {"partial": "prorate"}, [], "12-31", agency=agency)
    assert (one["at_least"], one["from"]) == (3, "2024-02-25")
    (one,) = ask(requirement, [], "12-31", agency=agency)
    assert (one["at_least"], one["from"]) == (10, "2024-02-25")


@pytest.mark.parametrize(
    ("start", "end", "waived"),
    [
        ("03-10", "03-10", True),
        ("03-01", "04-01", True),
        ("01-01", "03-09", False),
        ("03-11", "12-31", False),
    ],
)
def test_a_waiver_of_a_deadline_covers_its_last_day(start: str, end: str, *, waived: bool) -> None:
    """Status: with `by` and `before` a waiver need cover C's last day alone."""
    waivers = [Waiver("a", "X", None, day(start), day(end))]
    for window in ({"by": day("03-10")}, {"before": day("03-11")}):
        (one,) = ask({"measure": "days", "at_least": 1, **window}, [], "12-31", waivers=waivers)
        assert one["status"] == ("waived" if waived else "missed")


def test_what_is_enough_is_met_before_the_end() -> None:
    """Status: open and not short is met for what only grows, pending for what can fall again."""
    for measure, kind, status in (
        ("executions", "flow", "met"), ("amount", "flow", "met"), ("days", "stock", "met"),
        ("forms", "reading", "met"), ("latest", "reading", "pending"), ("stock", "stock", "pending"),
    ):  # fmt: skip
        requirement = {"measure": measure, "at_least": 1, "per": "month"}
        found = ask(requirement, [did("03-05", "3", "tv")], "03-05", kind=kind, over=False)
        assert verdict(found, "2024-03")[2] == status, measure


def test_forms_are_distinct_and_no_form_is_none() -> None:
    """Value, `forms` and `days`."""
    rows = [did("03-01", form="tv"), did("03-01", form="tv"), did("03-02"), did("03-03", form="web")]
    forms = ask({"measure": "forms", "at_least": 3, "per": "month"}, rows, "03-31")
    assert verdict(forms, "2024-03") == (2, 4, "partial", None)
    days = ask({"measure": "days", "at_least": 3, "per": "month"}, rows, "03-31")
    assert verdict(days, "2024-03") == (3, 4, "met", None)


def test_a_waiver_covers_every_day_or_nothing() -> None:
    """Status: one waiver, for the agency and the activity or that requirement, over all of C."""
    requirement = {"measure": "days", "at_least": 1, "per": "month"}

    def march(*waivers: Waiver, agency: dict[str, Any] | None = None) -> tuple[object, ...]:
        return verdict(ask(requirement, [], "12-31", waivers=list(waivers), agency=agency), "2024-03")[2:]

    whole = Waiver("a", "X", None, day("03-01"), day("03-31"))
    assert march(whole) == ("waived", "waiver")
    assert march(Waiver("a", "X", "q", day("02-01"), day("04-30"))) == ("waived", "waiver")
    assert march(Waiver("a", "X", "other", day("02-01"), day("04-30"))) == ("missed", None)
    assert march(Waiver("b", "X", None, day("02-01"), day("04-30"))) == ("missed", None)
    assert march(Waiver("a", "Y", None, day("02-01"), day("04-30"))) == ("missed", None)
    assert march(Waiver("a", "X", None, day("03-02"), day("04-30"))) == ("missed", None)
    halves = [
        Waiver("a", "X", None, day("03-01"), day("03-15")),
        Waiver("a", "X", None, day("03-16"), day("03-31")),
    ]
    assert march(*halves) == ("missed", None)
    assert march(whole, agency={"from": day("03-05")}) == ("waived", "partial_period")
    upcoming = ask(requirement, [], "01-31", waivers=[whole])
    assert verdict(upcoming, "2024-03")[2:] == ("waived", "waiver")


def test_a_requirement_named_twice_is_owed_once() -> None:
    """Obligations: groups by kind, by list and by both, and the agency itself, give one obligation."""
    plan = plan_of({"measure": "days", "at_least": 1, "per": "year", "owed_by": ["a", "g", "h"]})
    plan["agencies"].append({"code": "b", "name": "B", "kind": "commune"})
    plan["agencies"].append({"code": "c", "name": "C", "kind": "department"})
    plan["groups"] = [
        {"code": "g", "name": "G", "kinds": ["district"]},
        {"code": "h", "name": "H", "kinds": ["district"], "agencies": ["b"]},
        {"code": "i", "name": "I", "agencies": ["c"]},
    ]
    found = naive.answer(plan, [], [], day("12-31"), day_over=True).findings
    assert [one["agency"] for one in found] == ["a", "b"]


def test_a_window_selects_what_overlaps_it() -> None:
    """Which obligations a question selects: those whose C overlaps the window."""
    plan = plan_of({"measure": "days", "at_least": 1, "per": "month"})
    window = day("03-31"), day("05-01")
    found = naive.answer(plan, [], [], day("12-31"), day_over=True, window=window)
    assert [one["period"] for one in found.findings] == ["2024-03", "2024-04", "2024-05"]


def figures(found: naive.Answer) -> tuple[object, ...]:
    """Each part and whole, how many are running, and the two ratios."""
    summary = naive.summary(found)
    keys = ("settled_met", "settled", "begun_met", "begun", "running", "rate", "progress")
    return tuple(summary[key] for key in keys)


def test_what_is_over_and_what_can_be_done_by_now_stand_apart() -> None:
    """Figures: settled, begun, running; which obligations are counted never depends on how they came out."""
    rows = [did("01-01"), did("02-01", "0.5"), did("04-03")]
    least = {"measure": "amount", "at_least": 1, "per": "month"}
    found = answer_to(least, rows, "04-25")
    summary = naive.summary(found)
    assert {key: summary[key] for key in ("obligations", *naive.STATUSES, "untouched")} == {
        "obligations": 12, "met": 2, "partial": 1, "missed": 1, "pending": 0, "at_risk": 0, "upcoming": 8,
        "waived": 0, "untouched": 0,
    }  # fmt: skip
    assert figures(found) == (1, 3, 2, 4, 0, Decimal("0.3333"), Decimal("0.5"))
    # April is not done yet: the rate is the same, the progress is not.
    assert figures(answer_to(least, rows[:2], "04-25"))[2:] == (1, 4, 0, Decimal("0.3333"), Decimal("0.25"))
    # On the last day of April the rate still knows nothing of it, at its end it does.
    assert figures(answer_to(least, rows, "04-30", over=False))[:2] == (1, 3)
    assert figures(answer_to(least, rows, "04-30"))[:2] == (2, 4)
    assert (summary["rate_stated"], summary["settled_stated"]) == (None, 0)
    assert (summary["rate_interpreted"], summary["begun_interpreted"]) == (Decimal("0.3333"), 4)


def test_what_is_decided_on_its_last_day_is_running() -> None:
    """Figures: an open maximum, gap, stock or reading is in neither figure; a waived one in none at all."""
    rows = [did("01-05"), did("02-05"), did("03-05"), did("04-05")]
    most = {"measure": "executions", "at_most": 5, "per": "month"}
    assert figures(answer_to(most, rows, "04-25")) == (3, 3, 3, 3, 1, 1, 1)
    # Untouched months are in no figure, whether they are open or closed.
    assert figures(answer_to(most, rows[:2], "04-25")) == (2, 2, 2, 2, 0, 1, 1)
    assert naive.summary(answer_to(most, rows[:2], "04-25"))["untouched"] == 1
    both = most | {"at_least": 1}
    assert figures(answer_to(both, rows, "04-25"))[3:5] == (3, 1)
    gap = {"measure": "gap", "at_most": 60, "per": "month"}
    assert figures(answer_to(gap, rows, "04-25"))[1:5] == (3, 3, 3, 1)
    stock = {"measure": "stock", "at_least": 1, "per": "month"}
    assert figures(answer_to(stock, rows, "04-25", kind="stock"))[1:5] == (3, 3, 3, 1)
    waivers = [Waiver("a", "X", None, day("03-01"), day("04-30"))]
    assert figures(answer_to(gap, rows, "04-25", waivers=waivers))[1:5] == (2, 2, 2, 0)


def test_without_a_denominator_there_is_no_figure() -> None:
    """Figures: each is none where its denominator is 0."""
    least = {"measure": "amount", "at_least": 1, "per": "month"}
    assert figures(answer_to(least, [], "2023-12-31")) == (0, 0, 0, 0, 0, None, None)
    assert figures(answer_to(least, [], "01-05")) == (0, 0, 0, 1, 0, None, 0)
    assert figures(naive.Answer([], [], day("12-31"), day_over=True))[5:] == (None, None)


def test_who_is_furthest_behind_stands_first() -> None:
    """Figures: the mean over requirements; then how many are in trouble; those with nothing begun last."""
    plan = plan_of({"measure": "days", "at_least": 1, "per": "month", "owed_by": ["all"]})
    plan["groups"] = [{"code": "all", "name": "A", "kinds": ["district"]}]
    plan["agencies"] = [{"code": code, "name": code, "kind": "district"} for code in "abcde"]
    plan["agencies"][3]["from"] = day("05-01")
    daily = {"code": "d", "measure": "days", "at_least": 1, "per": "day", "from": day("03-01")}
    plan["activities"][0]["requirements"].append(
        {**daily, "owed_by": ["b"], "basis": "interpreted", "note": "…", "to": day("03-20")}
    )
    rows = [
        Execution(agency, "X", day(when), Decimal(1))
        for agency, days in {
            "a": ("01-05", "02-05", "03-05"),
            "b": ("01-05", "02-05", "03-05"),  # 19 of 20 days missed, 0 of 3 months: (0.95 + 0) / 2
            "c": ("01-05", "02-05"),  # 1 of 3 months: 0.333
            "e": ("01-05",),  # 2 of 3: 0.667
        }.items()
        for when in days
    ]
    found = naive.answer(plan, rows, [], day("03-31"), day_over=True)
    assert naive.furthest_behind_first(found, list("abcde")) == ["e", "b", "c", "a", "d"]


# --- the strategies -----------------------------------------------------------------------------

ALWAYS = {
    ("upcoming", None), ("met", None), ("missed", "exceeded"), ("pending", None), ("at_risk", None),
    ("waived", "partial_period"), ("waived", "waiver"),
}  # fmt: skip
POSSIBLE = {
    (measure, *verdict)
    for measure in ("executions", "amount", "days", "forms", "latest", "gap", "stock")
    for verdict in ALWAYS
    | (set() if measure == "gap" else {("partial", None), ("missed", None)})
    | (set() if measure in ("gap", "latest") else {("met", "untouched")})
}
"""Every measure with every status it can have; a gap has a value always and no lower bound."""

SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def test_every_measure_meets_every_status() -> None:
    """The draws reach every row of "Status" for every measure, and nothing else."""
    seen: Counter[tuple[str, str, str | None]] = Counter()

    @settings(
        max_examples=700, derandomize=True, database=None, deadline=None, suppress_health_check=SLOW_IS_FINE
    )
    @given(strategies.scenarios())
    def look(scenario: strategies.Scenario) -> None:
        found = scenario.findings()
        seen.update({(one["measure"], one["status"], one["reason"]) for one in found})

    look()
    assert set(seen) == POSSIBLE, seen.most_common()[-8:]


@settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=SLOW_IS_FINE)
@given(strategies.scenarios(voids=True))
def test_what_is_drawn_is_valid_and_survives_its_files(scenario: strategies.Scenario) -> None:
    """What counts, and the plan file: days, forms, amounts and stocks are such as may be logged."""
    plan = scenario.plan
    assert naive.load_plan(strategies.to_yaml(plan)) == plan
    rows = strategies.to_rows_csv(scenario.executions)
    assert naive.load_rows(rows) == [
        Execution(one.agency, one.activity, one.day, one.amount, one.form, one.repeat)
        for one in scenario.executions
    ]
    agencies = {one["code"]: one for one in plan["agencies"]}
    activities = {one["code"]: one for one in plan["activities"]}
    for one in scenario.executions:
        activity = activities[one.activity]
        assert one.day in strategies.allowed_days(plan, agencies[one.agency])
        assert one.form is None or one.form in activity.get("forms", strategies.FORMS)
        assert one.amount == one.amount.quantize(Decimal("0.001"))
        least = {"flow": Decimal("0.001"), "stock": None, "reading": Decimal(0)}[activity["kind"]]
        assert one.amount != 0 if least is None else one.amount >= least
        percent = (activity.get("unit") or {}).get("code") == "percent"
        assert not percent or one.amount <= 100
        if activity["kind"] == "stock":
            same = [
                other
                for other in scenario.executions
                if not other.voided and (other.agency, other.activity) == (one.agency, one.activity)
            ]
            for until in {other.day for other in same}:
                held = sum((other.amount for other in same if other.day <= until), Decimal(0))
                assert held >= 0


@settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=SLOW_IS_FINE)
@given(strategies.scenarios())
def test_the_obligations_do_not_depend_on_what_was_done(scenario: strategies.Scenario) -> None:
    """Obligations are computed from the plan alone, and identified by agency, code and label."""
    keys = [
        (one["agency"], one["activity"], one["requirement"], one["period"], one["from"], one["to"])
        for one in scenario.findings()
    ]
    assert len({key[:4] for key in keys}) == len(keys)
    later = scenario.as_of + timedelta(days=30)
    again = naive.answer(scenario.plan, [], [], later, day_over=True).findings
    assert keys == [
        (one["agency"], one["activity"], one["requirement"], one["period"], one["from"], one["to"])
        for one in again
    ]
