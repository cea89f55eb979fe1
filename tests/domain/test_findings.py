"""Counts and rates: by status, by basis, and none where nothing was judged."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.findings import Finding, Summary
from cchc_cli.domain.obligations import Bounds, Obligation, Slot
from cchc_cli.domain.periods import Span
from cchc_cli.domain.plan import Activity, Agency, Basis, Measure, Per, Requirement
from cchc_cli.domain.rules import Status

DAY = Span(date(2024, 1, 1), date(2024, 1, 1))


def finding(basis: Basis, status: Status) -> Finding:
    slot = Slot(number=0, label="x", full=DAY, span=DAY, whole=False)
    return Finding(
        agency=Agency(code="a", name="A", kind="k"),
        activity=Activity(code="A", title="A"),
        requirement=Requirement(
            code="r", owed_by=("a",), measure=Measure.DAYS, window=Per("day"), basis=basis
        ),
        obligation=Obligation(slot=slot, span=DAY, bounds=Bounds(at_least=1, at_most=None), cut=False),
        value=None,
        executions=0,
        status=status,
        reason=None,
    )


def summary(pairs: list[tuple[Basis, Status]]) -> Summary:
    found = Summary()
    for basis, status in pairs:
        found.add(finding(basis, status))
    return found


@given(pairs=st.lists(st.tuples(st.sampled_from(Basis), st.sampled_from(Status))))
def test_each_finding_is_counted_once(pairs: list[tuple[Basis, Status]]) -> None:
    found, expected = summary(pairs), Counter(pairs)
    assert found.obligations == len(pairs)
    for basis, status in product(Basis, Status):
        assert found.of(status, basis) == expected[basis, status]
        assert found.of(status) == sum(expected[one, status] for one in Basis)
        assert found.of(status, *Basis) == found.of(status)


def test_a_rate_is_of_what_was_judged_only() -> None:
    judged = [Status.MET, Status.MET, Status.PARTIAL, Status.MISSED]
    rest = [Status.PENDING, Status.AT_RISK, Status.UPCOMING, Status.WAIVED]
    found = summary([(Basis.STATED, one) for one in judged + rest])
    assert found.rate() == found.rate(Basis.STATED) == 0.5
    assert found.rate(Basis.INTERPRETED) is None
    assert summary([(Basis.STATED, one) for one in rest]).rate() is None
    assert Summary().rate() is None


def test_rates_of_stated_and_interpreted_stand_beside_the_total() -> None:
    pairs = [(Basis.STATED, Status.MET)] * 2 + [(Basis.STATED, Status.MISSED)]
    pairs += [(Basis.INTERPRETED, Status.PARTIAL)]
    found = summary(pairs)
    assert (found.rate(Basis.STATED), found.rate(Basis.INTERPRETED), found.rate()) == (0.6667, 0, 0.5)
    assert summary([(Basis.STATED, Status.MET)]).rate() == 1
