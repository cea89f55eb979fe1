"""Differences between plans: every part of a plan, in the terms of its file."""

from __future__ import annotations

from datetime import date

import pytest

from cchc_cli.domain.calendar.periods import Period, Span
from cchc_cli.domain.plan.comparison import Action, Change, plan_changes
from cchc_cli.domain.plan.model import (
    Activity,
    Agency,
    Basis,
    By,
    Calendar,
    Document,
    Form,
    Group,
    Kind,
    Measure,
    Partial,
    Per,
    Plan,
    Point,
    Requirement,
    Review,
    Roles,
    Schedule,
    Unit,
    Where,
)

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
MAY = Span(date(2024, 5, 1), date(2024, 5, 31))
DUTY = Requirement(
    code="r",
    owed_by=("g",),
    measure=Measure.AMOUNT,
    window=Per("month"),
    basis=Basis.STATED,
    at_least=1000,
    quote="q",
)
ACTIVITY = Activity(code="A", title="Một", requirements=(DUTY,))
PLAN = Plan(
    code="p",
    title="Kế hoạch",
    effective=YEAR,
    basis=(Document(number="76", date=None, issuer=None, title="N"),),
    goals=(Point(code="I", text="goal"),),
    topics=(Point(code="II", text="topic"),),
    forms=(Form(code="radio", name="R"), Form(code="web", name="W")),
    reviews=(Review(code="Q1", name="Quý I", span=MAY),),
    calendars=(Calendar("rounds", (Period("a", MAY),)),),
    groups=(Group(code="g", name="G", kinds=("k",)),),
    agencies=(Agency(code="a", name="A", kind="k"), Agency(code="b", name="B", kind="k")),
    activities=(ACTIVITY,),
)


def lines(before: Plan | None, after: Plan) -> list[tuple[str | None, ...]]:
    return [
        (one.action, one.section, one.code, one.field, one.old, one.new)
        for one in plan_changes(before, after)
    ]


def duty(**changes: object) -> Plan:
    changed = DUTY._replace(**changes)  # type: ignore[arg-type] # any field of it
    return PLAN._replace(activities=(ACTIVITY._replace(requirements=(changed,)),))


def activity(**changes: object) -> Plan:
    return PLAN._replace(activities=(ACTIVITY._replace(**changes),))  # type: ignore[arg-type] # any field of it


def test_the_same_plan_has_no_changes() -> None:
    assert plan_changes(PLAN, PLAN._replace()) == []


def test_everything_is_added_with_a_new_plan_in_the_order_of_the_file() -> None:
    assert lines(None, PLAN) == [
        ("added", section, code, None, None, None)
        for section, code in (
            ("plan", "p"),
            ("basis", "76"),
            ("goals", "I"),
            ("topics", "II"),
            ("forms", "radio"),
            ("forms", "web"),
            ("reviews", "Q1"),
            ("calendars", "rounds"),
            ("groups", "g"),
            ("agencies", "a"),
            ("agencies", "b"),
            ("activities", "A"),
            ("requirements", "A/r"),
        )
    ]


def test_what_is_gone_and_what_is_new() -> None:
    after = PLAN._replace(forms=(PLAN.forms[0], Form(code="tv", name="T")), goals=())
    assert lines(PLAN, after) == [
        ("removed", "goals", "I", None, None, None),
        ("added", "forms", "tv", None, None, None),
        ("removed", "forms", "web", None, None, None),
    ]


def test_another_order_is_a_change_of_those_that_stay() -> None:
    first, second = PLAN.agencies
    assert lines(PLAN, PLAN._replace(agencies=(second, first))) == [
        ("changed", "agencies", "*", "order", "a b", "b a")
    ]
    third = Agency(code="0", name="0", kind="k")
    assert lines(PLAN, PLAN._replace(agencies=(third, first, second))) == [
        ("added", "agencies", "0", None, None, None)
    ]
    assert lines(PLAN, PLAN._replace(agencies=(second,))) == [("removed", "agencies", "a", None, None, None)]


@pytest.mark.parametrize(
    ("after", "section", "code", "changed"),
    [
        (PLAN._replace(title="Khác"), "plan", "p", [("title", "Kế hoạch", "Khác")]),
        (PLAN._replace(issuer="UBND"), "plan", "p", [("issuer", None, "UBND")]),
        (PLAN._replace(published=date(2024, 2, 26)), "plan", "p", [("published", None, "2024-02-26")]),
        (PLAN._replace(log_within_days=5), "plan", "p", [("log_within_days", None, "5")]),
        (PLAN._replace(log_within_days=0), "plan", "p", [("log_within_days", None, "0")]),
        (
            PLAN._replace(effective=MAY),
            "plan",
            "p",
            [("from", "2024-01-01", "2024-05-01"), ("to", "2024-12-31", "2024-05-31")],
        ),
        (
            PLAN._replace(basis=(Document(number="76", date=date(2021, 7, 15), issuer=None, title=None),)),
            "basis",
            "76",
            [("date", None, "2021-07-15"), ("title", "N", None)],
        ),
        (PLAN._replace(goals=(Point(code="I", text="x"),)), "goals", "I", [("text", "goal", "x")]),
        (PLAN._replace(topics=(Point(code="II", text="x"),)), "topics", "II", [("text", "topic", "x")]),
        (
            PLAN._replace(reviews=(Review(code="Q1", name="Quý I", span=YEAR, due=date(2024, 4, 1)),)),
            "reviews",
            "Q1",
            [
                ("from", "2024-05-01", "2024-01-01"),
                ("to", "2024-05-31", "2024-12-31"),
                ("due", None, "2024-04-01"),
            ],
        ),
        (
            PLAN._replace(calendars=(Calendar("rounds", (Period("b", MAY), Period("a", YEAR))),)),
            "calendars",
            "rounds",
            [
                ("b", None, "2024-05-01..2024-05-31"),
                ("a", "2024-05-01..2024-05-31", "2024-01-01..2024-12-31"),
            ],
        ),
        (
            PLAN._replace(groups=(Group(code="g", name="G", kinds=("k", "l"), agencies=("a", "b")),)),
            "groups",
            "g",
            [("kinds", "k", "k, l"), ("agencies", None, "a, b")],
        ),
        (
            PLAN._replace(
                agencies=(PLAN.agencies[0]._replace(start=MAY.start, end=MAY.end), PLAN.agencies[1])
            ),
            "agencies",
            "a",
            [("from", None, "2024-05-01"), ("to", None, "2024-05-31")],
        ),
        (activity(kind=Kind.STOCK), "activities", "A", [("kind", "flow", "stock")]),
        (
            activity(unit=Unit("minute", "phút")),
            "activities",
            "A",
            [("unit.code", "time", "minute"), ("unit.name", "lần", "phút")],
        ),
        (activity(roles=Roles(lead=("a", "b"))), "activities", "A", [("roles.lead", None, "a, b")]),
        (
            duty(at_least=None, at_most=7500),
            "requirements",
            "A/r",
            [("at_most", None, "7.5"), ("at_least", "1", None)],
        ),
        (duty(at_least=0), "requirements", "A/r", [("at_least", "1", "0")]),
        (duty(partial=Partial.PRORATE), "requirements", "A/r", [("partial", None, "prorate")]),
        (
            duty(window=By(MAY.end)),
            "requirements",
            "A/r",
            [("by", None, "2024-05-31"), ("per", "month", None)],
        ),
        (
            duty(window=By(MAY.end, inclusive=False)),
            "requirements",
            "A/r",
            [("before", None, "2024-05-31"), ("per", "month", None)],
        ),
        (
            duty(window=Schedule("FREQ=DAILY", 2)),
            "requirements",
            "A/r",
            [("schedule", None, "FREQ=DAILY, tolerance_days 2"), ("per", "month", None)],
        ),
        (
            duty(where=Where(forms=("radio",), repeats=True, amount_at_least=500)),
            "requirements",
            "A/r",
            [
                ("where.forms", None, "radio"),
                ("where.repeats", "exclude", "include"),
                ("where.amount_at_least", None, "0.5"),
            ],
        ),
        (duty(quote=None, note="x"), "requirements", "A/r", [("note", None, "x"), ("quote", "q", None)]),
        (duty(quote=""), "requirements", "A/r", [("quote", "q", None)]),
    ],
)
def test_each_field_is_told_in_the_words_of_the_file(
    after: Plan, section: str, code: str, changed: list[tuple[str, str | None, str | None]]
) -> None:
    assert lines(PLAN, after) == [("changed", section, code, *one) for one in changed]


def test_sentences() -> None:
    assert [
        str(one.sentence())
        for one in (
            Change(action=Action.ADDED, section="forms", code="tv"),
            Change(action=Action.REMOVED, section="forms", code="web"),
            Change(action=Action.CHANGED, section="plan", code="p", field="title", old="a", new="b"),
            Change(action=Action.CHANGED, section="plan", code="p", field="title"),
        )
    ] == [
        "added: forms tv",
        "removed: forms web",
        "changed: plan p: title: a → b",
        "changed: plan p: title: – → –",
    ]
