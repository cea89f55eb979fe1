"""Counts and figures by status, basis and standing; the order of agencies by how far they are behind."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.plan.model import Activity, Agency, Basis, Measure, Per, Requirement
from cchc_cli.domain.verdicts.findings import Figures, Finding, Ratio, Summary, Totals, summary_of, totals_of
from cchc_cli.domain.verdicts.obligations import Bounds, Obligation, Slot
from cchc_cli.domain.verdicts.rules import Reason, Standing, Status

DAY = Span(date(2024, 1, 1), date(2024, 1, 1))
ORDER = [Agency(code=code, name=code, kind="k") for code in "abcdef"]


def finding(
    basis: Basis, status: Status, standing: Standing = Standing.SETTLED, agency: str = "a", code: str = "r"
) -> Finding:
    slot = Slot(number=0, label="x", full=DAY, span=DAY, whole=False)
    return Finding(
        agency=Agency(code=agency, name="A", kind="k"),
        activity=Activity(code="A", title="A"),
        requirement=Requirement(
            code=code, owed_by=("a",), measure=Measure.DAYS, window=Per("day"), basis=basis
        ),
        obligation=Obligation(slot=slot, span=DAY, bounds=Bounds(at_least=1, at_most=None), cut=False),
        value=None,
        executions=0,
        status=status,
        reason=Reason.UNTOUCHED if standing is Standing.UNTOUCHED and status is Status.MET else None,
        standing=standing,
    )


VERDICTS = [
    *product([Status.MET, Status.PARTIAL, Status.MISSED], [Standing.SETTLED]),
    *product([Status.MET, Status.PENDING, Status.AT_RISK], [Standing.EARLY]),
    *product([Status.MISSED, Status.PENDING, Status.AT_RISK], [Standing.RUNNING]),
    *product([Status.MET, Status.PENDING], [Standing.UNTOUCHED]),
    *product([Status.UPCOMING, Status.WAIVED], [Standing.ASIDE]),
]
"""Every status with every standing that it can have."""
TRIPLES = st.lists(
    st.tuples(st.sampled_from(Basis), st.sampled_from(VERDICTS)).map(lambda pair: (pair[0], *pair[1]))
)


@given(triples=TRIPLES)
def test_each_finding_is_counted_once(triples: list[tuple[Basis, Status, Standing]]) -> None:
    found, expected = summary_of(finding(*one) for one in triples), Counter(triples)
    assert found.obligations == len(triples)
    for basis, status in product(Basis, Status):
        number = sum(expected[basis, status, standing] for standing in Standing)
        assert found.of(status, basis) == number
        assert found.of(status) == sum(found.of(status, one) for one in Basis)
        assert found.of(status, *Basis) == found.of(status)
        for standing in Standing:
            assert found.among(status, (standing,), basis) == expected[basis, status, standing]
    assert found.untouched() == sum(expected[one, Status.MET, Standing.UNTOUCHED] for one in Basis)


@given(triples=TRIPLES)
def test_the_figures_of_both_bases_add_up(triples: list[tuple[Basis, Status, Standing]]) -> None:
    found = summary_of(finding(*one) for one in triples)
    both = [found.figures(basis) for basis in Basis]
    assert found.figures() == Figures(*map(sum, zip(*both, strict=True)))
    counted = Counter(standing for _, _, standing in triples)
    figures = found.figures()
    assert figures.settled == counted[Standing.SETTLED]
    assert figures.begun == figures.settled + counted[Standing.EARLY]
    assert figures.running == counted[Standing.RUNNING]


def test_the_review_that_looked_done() -> None:
    """530 of 1,367 were once shown as “98.7 %”, because open ones were omitted and early ones were included."""
    counts = {
        (Status.MET, Standing.SETTLED): 30,
        (Status.MISSED, Standing.SETTLED): 7,
        (Status.MET, Standing.EARLY): 500,
        (Status.PENDING, Standing.EARLY): 180,
        (Status.AT_RISK, Standing.EARLY): 650,
        (Status.PENDING, Standing.RUNNING): 40,
        (Status.MET, Standing.UNTOUCHED): 90,
        (Status.PENDING, Standing.UNTOUCHED): 10,
        (Status.UPCOMING, Standing.ASIDE): 2000,
        (Status.WAIVED, Standing.ASIDE): 20,
    }
    found = Summary()
    found.add(Basis.STATED, counts)
    figures = found.figures()
    assert figures == Figures(settled=37, settled_met=30, begun=1367, begun_met=530, running=40)
    assert (figures.rate, figures.rate.value) == (Ratio(30, 37), 0.8108)
    assert (figures.progress, figures.progress.value) == (Ratio(530, 1367), 0.3877)
    assert (found.untouched(), found.obligations) == (90, sum(counts.values()))
    assert found.figures(Basis.INTERPRETED) == Figures(0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("part", "whole", "value"),
    [(0, 0, None), (0, 5, 0), (5, 5, 1), (1, 3, 0.3333), (2, 3, 0.6667), (1, 20_000, 0.0001)],
)
def test_a_ratio_has_four_decimals_or_none(part: int, whole: int, value: float | None) -> None:
    assert Ratio(part, whole).value == value


def ordered(*findings: Finding) -> list[str]:
    """Give the agencies furthest behind first; findings in the order of the plan."""
    return [agency.code for agency in totals_of(findings).furthest_behind_first(ORDER)]


MET, MISSED, RISK = (
    (Status.MET, Standing.SETTLED),
    (Status.MISSED, Standing.SETTLED),
    (Status.AT_RISK, Standing.EARLY),
)
NOT_YET = (Status.UPCOMING, Standing.ASIDE)


def of(agency: str, code: str, *verdicts: tuple[Status, Standing]) -> list[Finding]:
    return [finding(Basis.STATED, *one, agency=agency, code=code) for one in verdicts]


def test_a_duty_of_many_days_does_not_drown_one_of_few() -> None:
    """The mean over the requirements: a, 1 of 100 days and 1 of 1 meeting; b, 60 of 100 days and no meeting missed."""
    assert ordered(
        *of("a", "days", *[MISSED], *[MET] * 99),
        *of("a", "meeting", MISSED),
        *of("b", "days", *[MISSED] * 60, *[MET] * 40),
        *of("b", "meeting", MET),
    ) == ["a", "b"]  # 0.505 and 0.3


def test_at_risk_and_partly_done_are_behind_as_missed_is() -> None:
    partly = (Status.PARTIAL, Standing.SETTLED)
    for one in (MISSED, RISK, partly, (Status.AT_RISK, Standing.RUNNING), (Status.MISSED, Standing.RUNNING)):
        assert ordered(*of("a", "r", MET), *of("b", "r", MET, MET, one)) == ["b", "a"]
    for one in (MET, (Status.PENDING, Standing.EARLY), (Status.PENDING, Standing.RUNNING)):
        assert ordered(*of("a", "r", MET), *of("b", "r", MET, one)) == ["a", "b"]


def test_what_has_not_begun_is_waived_or_untouched_dilutes_nothing() -> None:
    aside = [NOT_YET, (Status.WAIVED, Standing.ASIDE), (Status.MET, Standing.UNTOUCHED)]
    diluted = of("b", "r", MET, MISSED, *aside * 3)
    assert ordered(*of("a", "r", MET, MET, MISSED), *diluted) == ["b", "a"]
    # A requirement without begun obligations is not part of the mean.
    assert ordered(*of("a", "r", MISSED, MET), *of("b", "r", MISSED), *of("b", "s", *aside)) == ["b", "a"]


def test_ties_and_those_with_nothing_begun() -> None:
    assert ordered(
        *of("a", "r", NOT_YET),
        *of("b", "r", MET),
        *of("c", "r", MET, MET),
        *of("d", "r", MISSED, MET),
        *of("e", "r", MISSED, MISSED, MET, MET),
        *of("f", "r", MISSED),
    ) == ["f", "e", "d", "b", "c", "a"]
    assert ordered(*of("a", "r", NOT_YET)) == ["a"]
    assert ordered() == []


def test_thirds_are_compared_exactly() -> None:
    """Means are compared exactly; if they are equal, the agency with more missed obligations comes first."""
    third = [MISSED, MET, MET]
    assert ordered(
        *of("a", "r", *third),
        *of("b", "r", MISSED, *[MET] * 8),
        *of("b", "s", MISSED, MISSED, *[MET] * 7),
        *of("b", "t", *[MISSED] * 6, *[MET] * 3),
    ) == ["b", "a"]  # (1/9 + 2/9 + 6/9) / 3 = 1/3 as well, but nine are missed
    assert ordered(*of("a", "r", *third), *of("b", "r", *third * 3)) == ["b", "a"]


def test_who_owes_nothing_is_not_listed() -> None:
    totals = Totals()
    totals.add("a", Basis.STATED, Counter())
    totals.add("b", Basis.STATED, Counter({MET: 2}))
    assert totals.by_agency.keys() == {"b"}
    assert totals.all().of(Status.MET) == 2
    assert [agency.code for agency in totals.furthest_behind_first(ORDER)] == ["b"]
