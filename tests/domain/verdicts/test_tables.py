"""Rules by example: tables written by hand, a plan of one duty, what was done, and the verdict day by day.

Each row is reckoned on paper, with the day before and the day after what it is about.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.verdicts.dues import due_of
from cchc_cli.domain.verdicts.rules import CutOff
from cchc_cli.services.files.plan_file import parse_plan
from tests.domain.judging import findings
from tests.naive import Execution, Waiver

if TYPE_CHECKING:
    from cchc_cli.domain.verdicts.findings import Finding

PLAN = """\
format: cchc/plan/1
plan:
  code: p
  title: P
  effective: {{from: 2024-01-01, to: 2024-12-31}}
  forms: [{{code: tv, name: TV}}, {{code: web, name: Web}}]
agencies:
  - {{code: a, name: A, kind: k{life}}}
activities:
  - code: X
    title: X
    kind: {kind}
    requirements:
      - {{code: r, owed_by: [a], {duty}, basis: interpreted, note: so}}
"""


def day(text: str) -> date:
    return date.fromisoformat(f"2024-{text}")


def judged(
    duty: str,
    done: str,
    as_of: str,
    *,
    kind: str = "flow",
    life: str = "",
    waived: str = "",
) -> list[Finding]:
    """Judge a duty; what was done as `MM-DD[:AMOUNT[:FORM]]`, a waiver as `MM-DD..MM-DD`, a running day as `MM-DD?`."""
    plan = parse_plan(PLAN.format(duty=duty, kind=kind, life=f", {life}" if life else ""))
    executions = []
    for one in done.split():
        when, amount, form, *_ = [*one.split(":"), "", ""]
        executions.append(Execution("a", "X", day(when), Decimal(amount or 1), form or None))
    waivers = [Waiver("a", "X", None, *(day(end) for end in one.split(".."))) for one in waived.split()]
    cutoff = CutOff(day(as_of.rstrip("?")), over=not as_of.endswith("?"))
    return list(findings(plan, executions, waivers, cutoff))


def told(found: Finding) -> str:
    """Give value, status, reason and standing, in one line."""
    value = "-" if found.value is None else f"{Decimal(found.value) / 1000:f}"
    return f"{value} {found.status} {found.reason or '-'} {found.standing.name.lower()}"


def of_period(period: str, found: list[Finding]) -> str:
    (one,) = [one for one in found if one.obligation.slot.label == period]
    return told(one)


@pytest.mark.parametrize(
    ("as_of", "march", "april"),
    [
        # News on 20 February and 28 March; no more than 30 days without.
        ("02-29", "0 upcoming - aside", "0 upcoming - aside"),
        ("03-01?", "0 pending - running", "0 upcoming - aside"),
        ("03-01", "10 pending - running", "0 upcoming - aside"),  # 21 February to 1 March
        ("03-11", "20 pending - running", "0 upcoming - aside"),
        ("03-12", "21 at_risk - running", "0 upcoming - aside"),  # 63 > 60
        ("03-21", "30 at_risk - running", "0 upcoming - aside"),
        ("03-22?", "30 at_risk - running", "0 upcoming - aside"),
        ("03-22", "31 missed exceeded running", "0 upcoming - aside"),  # in March alone there are 22
        ("03-31?", "36 missed exceeded running", "0 upcoming - aside"),
        ("03-31", "36 missed exceeded settled", "0 upcoming - aside"),  # 21 February to 27 March
        ("04-01", "36 missed exceeded settled", "4 pending - running"),  # 29 March to 1 April
        ("04-27", "36 missed exceeded settled", "30 at_risk - running"),
        ("04-28", "36 missed exceeded settled", "31 missed exceeded running"),
        ("04-30", "36 missed exceeded settled", "33 missed exceeded settled"),
    ],
)
def test_a_silence_over_the_turn_of_the_month_is_one_silence(as_of: str, march: str, april: str) -> None:
    found = judged("measure: gap, at_most: 30, per: month", "02-20 03-28", as_of)
    assert of_period("2024-03", found) == march
    assert of_period("2024-04", found) == april


@pytest.mark.parametrize(
    ("done", "march"),
    [
        ("02-20", "40 missed exceeded settled"),  # 21 February to 31 March
        ("02-20 03-01", "30 met - settled"),  # an execution on the first day ends the gap before
        ("02-20 03-02", "29 met - settled"),  # 3 to 31 March; 21 February to 1 March are 10
        ("02-29 03-16", "15 met - settled"),
        ("02-29 03-31", "30 met - settled"),
        ("02-28 03-31", "31 missed exceeded settled"),  # 29 February too
        ("02-28 03-30", "30 met - settled"),
    ],
)
def test_which_runs_reach_into_a_month(done: str, march: str) -> None:
    found = judged("measure: gap, at_most: 30, per: month", done, "12-31")
    assert of_period("2024-03", found) == march


@pytest.mark.parametrize(
    ("duty", "life", "waived", "march"),
    [
        ("per: month", "", "", "71 missed exceeded running"),  # 1 January to 11 March
        ("per: month, from: 2024-02-10", "", "", "31 missed exceeded running"),
        ("per: month, from: 2024-02-11", "", "", "30 at_risk - running"),
        ("per: month", "from: 2024-02-10", "", "31 missed exceeded running"),
        ("per: month", "from: 2024-02-11", "", "30 at_risk - running"),
        ("per: month", "", "02-01..02-29", "11 pending - running"),  # from 1 March
        ("per: month", "", "02-02..02-29", "71 missed exceeded running"),  # not the whole of February
        ("per: month", "", "01-01..01-31", "40 missed exceeded running"),  # from 1 February
        ("per: month", "", "01-01..02-29", "11 pending - running"),
        ("per: month", "", "01-01..02-28", "40 missed exceeded running"),
        ("per: month", "", "02-01..03-31", "11 waived waiver aside"),
        ("per: month", "", "04-01..04-30", "71 missed exceeded running"),
    ],
)
def test_how_far_back_a_silence_is_counted(duty: str, life: str, waived: str, march: str) -> None:
    found = judged(f"measure: gap, at_most: 30, {duty}", "", "03-11", life=life, waived=waived)
    assert of_period("2024-03", found) == march


@pytest.mark.parametrize(
    ("done", "march"),
    [
        ("02-20", "11 pending - running"),  # the last one before lies before the waived month's end
        ("02-29", "11 pending - running"),
        ("03-01", "10 pending - running"),
        ("03-02", "9 pending - running"),
    ],
)
def test_a_waived_month_ends_a_silence(done: str, march: str) -> None:
    found = judged("measure: gap, at_most: 30, per: month", done, "03-11", waived="02-01..02-29")
    assert of_period("2024-03", found) == march


@pytest.mark.parametrize(
    ("done", "as_of", "period", "due"),
    [
        ("04-26 05-03", "05-09", "2024-05", "05-11"),
        ("04-26 05-03", "05-11?", "2024-05", "05-11"),
        ("04-26 05-03", "05-11", "2024-05", None),  # it is missed
        ("04-26 05-03 05-10 05-17 05-24", "05-24", "2024-05", None),  # the 25th to the 31st may stay without
        ("04-26 05-03 05-10 05-17 05-23", "05-23", "2024-05", "05-31"),
        ("05-24", "05-31", "2024-06", "06-01"),  # from the 25th seven days
        ("05-25", "05-31", "2024-06", "06-02"),
        ("05-31", "05-31", "2024-06", "06-08"),
        # An execution on the first day ends the gap before, however long it is.
        ("05-03", "05-09", "2024-06", "06-01"),
        ("05-03", "06-01?", "2024-06", "06-01"),
        ("05-03", "06-01", "2024-06", None),  # it is missed
        ("05-03", "05-09", "2024-07", "07-01"),
    ],
)
def test_until_when_the_next_one_comes_in_time(done: str, as_of: str, period: str, due: str | None) -> None:
    found = judged("measure: gap, at_most: 7, per: month", done, as_of)
    (one,) = [due_of(one) for one in found if one.obligation.slot.label == period]
    assert (one and one.by) == (day(due) if due else None)


def test_a_silence_that_no_period_is_long_enough_for_is_never_due() -> None:
    found = judged("measure: gap, at_most: 1000000000, per: month", "", "05-09")
    assert [due_of(one) for one in found] == [None] * 12


@pytest.mark.parametrize(
    ("done", "as_of", "march"),
    [
        ("", "02-29", "0 upcoming - aside"),
        ("", "03-01?", "0 pending - untouched"),
        ("", "03-30", "0 pending - untouched"),
        ("", "03-31?", "0 pending - untouched"),
        ("", "03-31", "0 met untouched untouched"),
        ("", "04-01", "0 met untouched untouched"),
        ("02-29 04-01", "04-30", "0 met untouched untouched"),
        ("03-01:1:tv", "03-01?", "1 pending - running"),
        ("03-31:1:tv", "03-30", "0 pending - untouched"),  # after the cut-off: not done yet
        ("03-31:1:tv", "03-31?", "1 pending - running"),
        ("03-31:1:tv", "03-31", "1 met - settled"),
        # It does not count, but it was recorded, so the maximum is met and not untouched.
        ("03-15:1:web", "03-14", "0 pending - untouched"),
        ("03-15:1:web", "03-15", "0 pending - running"),
        ("03-15:1:web", "03-31", "0 met - settled"),
        ("03-01:1:tv 03-02:1:tv 03-03:1:tv", "03-02", "2 pending - running"),
        ("03-01:1:tv 03-02:1:tv 03-03:1:tv", "03-03", "3 missed exceeded running"),
        ("03-01:1:tv 03-02:1:tv 03-03:1:tv", "03-31", "3 missed exceeded settled"),
    ],
)
def test_a_maximum_that_nobody_came_near(done: str, as_of: str, march: str) -> None:
    duty = "measure: executions, at_most: 2, per: month, where: {forms: [tv]}"
    assert of_period("2024-03", judged(duty, done, as_of)) == march


@pytest.mark.parametrize(
    ("kind", "duty", "done", "first"),
    [
        ("flow", "measure: executions, at_most: 2", "", "0 met untouched untouched"),
        ("flow", "measure: executions, at_least: 1, at_most: 2", "", "0 missed - settled"),
        ("flow", "measure: amount, at_most: 0", "", "0 met untouched untouched"),
        ("flow", "measure: days, at_most: 2", "04-01", "0 met untouched untouched"),
        ("flow", "measure: forms, at_most: 2", "03-31", "0 met - settled"),
        ("flow", "measure: gap, at_most: 99", "", "91 met - settled"),
        ("stock", "measure: stock, at_most: 2", "", "0 met untouched untouched"),
        ("stock", "measure: stock, at_most: 2", "04-01", "0 met untouched untouched"),
        ("stock", "measure: stock, at_most: 2", "03-31", "1 met - settled"),
        ("stock", "measure: stock, at_most: 2", "01-05 01-06:-1", "0 met - settled"),  # put up and taken down
        ("stock", "measure: executions, at_most: 2", "", "0 met untouched untouched"),
        ("reading", "measure: latest, at_most: 2", "", "- missed - settled"),
        ("reading", "measure: days, at_most: 2", "", "0 met untouched untouched"),
    ],
)
def test_what_can_be_untouched(kind: str, duty: str, done: str, first: str) -> None:
    found = judged(f"{duty}, per: quarter", done, "12-31", kind=kind)
    assert of_period("2024-Q1", found) == first


def test_a_stock_that_stood_before_is_touched_in_every_period_after() -> None:
    found = judged("measure: stock, at_most: 2, per: quarter", "05-10", "12-31", kind="stock")
    assert [told(one) for one in found] == [
        "0 met untouched untouched",
        *["1 met - settled"] * 3,
    ]


@pytest.mark.parametrize("window", ["by: 2024-06-30", "before: 2024-07-01"])
@pytest.mark.parametrize(
    ("more", "life", "verdict"),
    [
        ("", "", "1 partial - settled"),
        ("", "from: 2024-06-30", "1 partial - settled"),  # a day before it: owed in full
        ("", "from: 2024-07-01", None),
        ("", "to: 2024-06-30", "1 partial - settled"),
        ("", "to: 2024-06-29", "0 waived partial_period aside"),
        (", partial: waive", "from: 2024-06-30", "1 waived partial_period aside"),
        (", partial: full", "to: 2024-06-29", "0 missed - settled"),
        (", partial: prorate", "from: 2024-06-30", "1 met - settled"),  # 2 × 1 ÷ 182, up to 1
        (", partial: prorate", "", "1 partial - settled"),
        (", from: 2024-06-30", "", "1 partial - settled"),
    ],
)
def test_a_report_is_due_however_late_the_office_began(
    window: str, more: str, life: str, verdict: str | None
) -> None:
    done = "06-30" if "06-29" not in life and verdict else ""
    found = judged(f"measure: executions, at_least: 2, {window}{more}", done, "12-31", life=life)
    assert [told(one) for one in found] == ([verdict] if verdict else [])


@pytest.mark.parametrize("window", ["by: 2024-06-30", "before: 2024-07-01"])
@pytest.mark.parametrize(
    ("waived", "verdict"),
    [
        ("06-30..06-30", "0 waived waiver aside"),
        ("06-30..12-31", "0 waived waiver aside"),
        ("01-01..06-30", "0 waived waiver aside"),
        ("01-01..06-29", "0 missed - settled"),
        ("07-01..12-31", "0 missed - settled"),
        ("01-01..06-29 07-01..12-31", "0 missed - settled"),
    ],
)
def test_a_waiver_of_a_deadline_need_cover_its_last_day_alone(window: str, waived: str, verdict: str) -> None:
    found = judged(f"measure: executions, at_least: 1, {window}", "", "12-31", waived=waived)
    assert [told(one) for one in found] == [verdict]


@pytest.mark.parametrize(
    ("waived", "verdict"),
    [
        ("06-28..06-30", "0 waived waiver aside"),
        ("06-29..06-30", "0 missed - settled"),
        ("06-30..06-30", "0 missed - settled"),
    ],
)
def test_a_waiver_of_anything_else_covers_every_day(waived: str, verdict: str) -> None:
    duty = 'measure: executions, at_least: 1, schedule: {rrule: "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=28", tolerance_days: 2}'
    assert [told(one) for one in judged(duty, "", "12-31", waived=waived)] == [verdict]


@pytest.mark.parametrize(
    ("kind", "duty", "open_as"),
    [
        ("flow", "measure: executions, at_least: 2", "early"),
        ("flow", "measure: amount, at_least: 2", "early"),
        ("flow", "measure: days, at_least: 2", "early"),
        ("flow", "measure: forms, at_least: 2", "early"),
        ("flow", "measure: executions, at_least: 1, at_most: 9", "running"),
        ("flow", "measure: executions, at_most: 9", "running"),
        ("flow", "measure: gap, at_most: 90", "running"),
        ("stock", "measure: stock, at_least: 2", "running"),
        ("stock", "measure: days, at_least: 2", "early"),
        ("reading", "measure: latest, at_least: 2", "running"),
    ],
)
def test_a_day_decides_in_which_figures_it_is_counted(kind: str, duty: str, open_as: str) -> None:
    """Done on 1 March: before that day it is upcoming, on the 31st open, and settled when that is over."""

    def march(as_of: str, done: str = "03-01:2:tv") -> str:
        return of_period("2024-03", judged(f"{duty}, per: month", done, as_of, kind=kind)).split()[-1]

    assert [march(as_of) for as_of in ("02-29", "03-01?", "03-31?", "03-31", "04-01?")] == [
        "aside",
        open_as,
        open_as,
        "settled",
        "settled",
    ]
    assert march("03-31", done="03-01:2:tv 03-02:1:web") == "settled"
