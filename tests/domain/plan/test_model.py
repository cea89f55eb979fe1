"""The plan model: who owes, ranges of validity, and default values."""

from __future__ import annotations

from datetime import date

from cchc_cli.domain.calendar.periods import ALWAYS, Span
from cchc_cli.domain.plan.model import (
    PERCENT,
    TIME,
    Activity,
    Agency,
    Basis,
    By,
    Group,
    Kind,
    Measure,
    Partial,
    Per,
    Plan,
    Requirement,
    Roles,
    Schedule,
    Unit,
    Where,
    is_member,
    owes,
    takes_part,
)

AGENCY = Agency(code="a", name="A", kind="k")
FIRST, LAST = date(2024, 2, 1), date(2024, 3, 1)


def requirement(*owed_by: str, start: date | None = None, end: date | None = None) -> Requirement:
    return Requirement(
        code="r",
        owed_by=owed_by,
        measure=Measure.DAYS,
        window=Per("month"),
        basis=Basis.STATED,
        start=start,
        end=end,
    )


def test_an_end_that_is_not_given_is_open() -> None:
    assert AGENCY.life == requirement().in_force == ALWAYS
    assert Agency(code="a", name="A", kind="k", start=FIRST).life == Span(FIRST, ALWAYS.end)
    assert Agency(code="a", name="A", kind="k", end=LAST).life == Span(ALWAYS.start, LAST)
    assert requirement(start=FIRST).in_force == Span(FIRST, ALWAYS.end)
    assert requirement(end=LAST).in_force == Span(ALWAYS.start, LAST)


def test_an_agency_owes_by_its_code_its_kind_or_a_list() -> None:
    kind = Group(code="kind", name="K", kinds=("j", "k"))
    listed = Group(code="listed", name="L", agencies=("b", "a"))
    other = Group(code="other", name="O", kinds=("a",), agencies=("k",))
    groups = {group.code: group for group in (kind, listed, other)}
    assert [is_member(group, AGENCY) for group in groups.values()] == [True, True, False]
    assert [
        owes(requirement(code), AGENCY, groups) for code in ("a", "kind", "listed", "other", "b", "k")
    ] == [
        *(True, True, True),
        *(False, False, False),
    ]
    assert owes(requirement("other", "b", "a"), AGENCY, groups)
    assert not owes(requirement(), AGENCY, groups)


def test_what_holds_where_nothing_is_said() -> None:
    """The same as in docs/plan-format.md."""
    plan = Plan(code="p", title="P", effective=ALWAYS)
    assert (plan.timezone, plan.language, plan.requirement_count) == ("Asia/Ho_Chi_Minh", "vi", 0)
    activity = Activity(code="A", title="A")
    assert (activity.kind, activity.unit) == (Kind.FLOW, Unit("time", "lần"))
    assert (requirement().partial, requirement().when_cut) == (None, Partial.WAIVE)
    assert requirement()._replace(partial=Partial.FULL).when_cut is Partial.FULL
    assert requirement().where == Where(forms=(), repeats=False, amount_at_least=None)
    assert By(FIRST).inclusive is True
    assert Schedule("FREQ=DAILY").tolerance_days == 0
    assert (PERCENT, TIME) == ("percent", "time")


def test_requirements_of_all_activities_are_counted() -> None:
    activities = (
        Activity(code="A", title="A", requirements=(requirement(), requirement())),
        Activity(code="B", title="B"),
        Activity(code="C", title="C", requirements=(requirement(),)),
    )
    assert Plan(code="p", title="P", effective=ALWAYS, activities=activities).requirement_count == 3


def test_words_of_the_plan_file_are_never_translated() -> None:
    assert [*Kind] == ["flow", "stock", "reading"]
    assert [*Measure] == ["executions", "amount", "days", "forms", "gap", "stock", "latest"]
    assert [*Partial] == ["waive", "full", "prorate"]
    assert [*Basis] == ["stated", "interpreted"]


def test_an_agency_takes_part_in_what_it_performs_or_owes() -> None:
    groups = {"kind": Group(code="kind", name="K", kinds=("k",))}

    def part(*owed_by: str, **roles: tuple[str, ...]) -> bool:
        requirements = (requirement(*owed_by),) if owed_by else ()
        done = Activity(code="x", title="X", roles=Roles(**roles), requirements=requirements)
        return takes_part(done, AGENCY, groups)

    assert part("a")
    assert part("b", "kind")
    assert part(perform=("kind",))
    assert part("b", perform=("a",))
    assert not part("b", lead=("a",), coordinate=("kind",))
    assert not part()
