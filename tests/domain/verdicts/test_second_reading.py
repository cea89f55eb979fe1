"""The rules compared with the naive implementation, on random plans and records, without a database."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cchc_cli.domain.plan.model import Basis, Measure
from cchc_cli.domain.verdicts.findings import Finding, Summary, summary_of, totals_of
from cchc_cli.domain.verdicts.rules import CutOff, Standing, Status
from cchc_cli.services.files.plan_file import parse_plan
from tests import naive, strategies
from tests.domain.judging import findings


def exact(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number) / 1000


def document(finding: Finding) -> dict[str, Any]:
    """Give a finding in the form of the naive implementation."""
    return {
        "agency": finding.agency.code,
        "activity": finding.activity.code,
        "requirement": finding.requirement.code,
        "period": finding.obligation.slot.label,
        "from": finding.obligation.span.start.isoformat(),
        "to": finding.obligation.span.end.isoformat(),
        "measure": finding.requirement.measure,
        "unit": finding.activity.unit.code,
        "at_least": exact(finding.obligation.bounds.at_least),
        "at_most": exact(finding.obligation.bounds.at_most),
        "value": exact(finding.value),
        "executions": finding.executions,
        "status": finding.status,
        "reason": finding.reason,
        "basis": finding.requirement.basis,
    }


def exact_figures(summary: Summary, *bases: Basis) -> tuple[object, ...]:
    """Give the figures, with ratios rounded as in the naive implementation."""
    figures = summary.figures(*bases)
    ratios = (naive.four_decimals(*ratio) for ratio in (figures.rate, figures.progress))
    return (*figures, *ratios)


FIGURES = ("settled", "settled_met", "begun", "begun_met", "running", "rate", "progress")


@settings(max_examples=150)
@given(scenario=strategies.scenarios())
def test_every_verdict_is_that_of_the_second_reading(scenario: strategies.Scenario) -> None:
    plan = parse_plan(strategies.to_yaml(scenario.plan))
    cutoff = CutOff(scenario.as_of, scenario.day_over)
    found = list(findings(plan, scenario.executions, scenario.waivers, cutoff))
    answer = scenario.answer()
    assert [document(finding) for finding in found] == answer.findings
    totals, expected = totals_of(found), naive.summary(answer)
    summary = totals.all()
    assert summary.counts == summary_of(found).counts
    assert summary.obligations == expected["obligations"]
    assert {status: summary.of(status) for status in Status} == {
        status: expected[status] for status in Status
    }
    # An open maximum without executions is untouched too, but no field of the finding shows it.
    assert summary.untouched() == expected["untouched"]
    assert summary.untouched(Basis.STATED) + summary.untouched(Basis.INTERPRETED) == summary.untouched()
    assert exact_figures(summary) == tuple(expected[key] for key in FIGURES)
    for basis in Basis:
        assert exact_figures(summary, basis) == tuple(expected[f"{key}_{basis}"] for key in FIGURES)
    codes = [agency.code for agency in plan.agencies]
    ordered = [agency.code for agency in totals.furthest_behind_first(plan.agencies)]
    assert ordered == naive.furthest_behind_first(answer, codes)


@settings(max_examples=60)
@given(scenario=strategies.scenarios(), data=st.data())
def test_the_order_of_logging_changes_no_verdict_but_that_of_readings(
    scenario: strategies.Scenario, data: st.DataObject
) -> None:
    plan = parse_plan(strategies.to_yaml(scenario.plan))
    cutoff = CutOff(scenario.as_of, scenario.day_over)
    other = data.draw(st.permutations(scenario.executions))
    for one, two in zip(
        findings(plan, scenario.executions, scenario.waivers, cutoff),
        findings(plan, other, scenario.waivers, cutoff),
        strict=True,
    ):
        assert one == two or one.requirement.measure is Measure.LATEST


WORST_FIRST = (Status.MISSED, Status.PARTIAL, Status.AT_RISK, Status.PENDING, Status.MET)


@settings(max_examples=60)
@given(scenario=strategies.scenarios())
def test_one_more_execution_worsens_no_minimum_and_no_gap(scenario: strategies.Scenario) -> None:
    """Holds for gaps and for minima of growing measures, whatever was done before, and on any day."""
    assume(scenario.executions)
    plan = parse_plan(strategies.to_yaml(scenario.plan))
    cutoff = CutOff(scenario.as_of, scenario.day_over)
    before = findings(plan, scenario.executions[:-1], scenario.waivers, cutoff)
    after = findings(plan, scenario.executions, scenario.waivers, cutoff)
    for one, two in zip(before, after, strict=True):
        assert (one.obligation, one.standing is Standing.ASIDE) == (
            two.obligation,
            two.standing is Standing.ASIDE,
        )
        minimum = one.obligation.bounds.at_most is None and one.requirement.measure in GROWING
        if (minimum or one.requirement.measure is Measure.GAP) and one.standing is not Standing.ASIDE:
            assert WORST_FIRST.index(two.status) >= WORST_FIRST.index(one.status)


GROWING = (Measure.EXECUTIONS, Measure.AMOUNT, Measure.DAYS, Measure.FORMS)


@settings(max_examples=60)
@given(scenario=strategies.scenarios())
def test_every_obligation_is_counted_in_one_way(scenario: strategies.Scenario) -> None:
    """Each obligation is settled, early, running, untouched or aside; the verdict does not decide which."""
    plan = parse_plan(strategies.to_yaml(scenario.plan))
    cutoff = CutOff(scenario.as_of, scenario.day_over)
    found = list(findings(plan, scenario.executions, scenario.waivers, cutoff))
    number = Counter(finding.standing for finding in found)
    figures = summary_of(found).figures()
    assert figures.settled == number[Standing.SETTLED]
    assert figures.begun == number[Standing.SETTLED] + number[Standing.EARLY]
    assert figures.running == number[Standing.RUNNING]
    assert number.total() == len(found) == summary_of(found).obligations
    assert 0 <= figures.settled_met <= figures.begun_met <= figures.begun
    assert figures.settled_met <= figures.settled <= figures.begun
    for finding in found:
        assert (finding.standing is Standing.ASIDE) == (finding.status in {Status.UPCOMING, Status.WAIVED})
        assert finding.standing is not Standing.EARLY or finding.reason is None
    # Without any execution the denominators change only by the obligations that become untouched.
    idle = Counter(finding.standing for finding in findings(plan, [], scenario.waivers, cutoff))
    untouched = idle[Standing.UNTOUCHED] - number[Standing.UNTOUCHED]
    moved = figures.settled + figures.running - idle[Standing.SETTLED] - idle[Standing.RUNNING]
    assert (idle[Standing.EARLY], idle[Standing.ASIDE], moved) == (
        number[Standing.EARLY],
        number[Standing.ASIDE],
        untouched,
    )
