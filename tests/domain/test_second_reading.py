"""The rules as a whole against the naive second reading, on random plans and records, without a database."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings

from cchc_cli.domain.execution import Execution, uncounted
from cchc_cli.domain.findings import Finding, Summary
from cchc_cli.domain.obligations import duties, obligation, slots
from cchc_cli.domain.periods import Span
from cchc_cli.domain.plan import Measure, owes
from cchc_cli.domain.rules import CutOff, Reason, Status, judge
from cchc_cli.domain.waivers import Waiver
from cchc_cli.services.plan_file import parse_plan
from tests import naive, strategies
from tests.domain.counting import tally_of, thousandths
from tests.domain.values import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan import Activity, Agency, Plan, Requirement


def counted(
    scenario: strategies.Scenario, agency: Agency, activity: Activity, requirement: Requirement
) -> list[naive.Execution]:
    """Give what the agency recorded that counts for the requirement, in the order of logging."""
    return [
        one
        for one in scenario.executions
        if (one.agency, one.activity) == (agency.code, activity.code)
        and uncounted(
            requirement,
            Execution(
                agency=one.agency,
                activity=one.activity,
                day=one.day,
                amount=thousandths(one.amount),
                form=one.form,
                repeat=one.repeat,
            ),
        )
        is None
    ]


def findings(plan: Plan, scenario: strategies.Scenario) -> Iterator[Finding]:
    """Judge every obligation, in the order of the plan."""
    cutoff = CutOff(scenario.as_of, scenario.day_over)
    groups = {group.code: group for group in plan.groups}
    waivers = [
        Waiver(
            agency=one.agency,
            activity=one.activity,
            requirement=one.requirement,
            span=Span(one.start, one.end),
            reason="so",
        )
        for one in scenario.waivers
    ]
    for agency in plan.agencies:
        own = [waiver for waiver in waivers if waiver.agency == agency.code]
        for activity, requirement in duties(plan):
            if not owes(requirement, agency, groups):
                continue
            records = counted(scenario, agency, activity, requirement)
            for slot in slots(plan, requirement):
                owed = obligation(requirement, slot, agency.life)
                if owed is None:
                    continue
                # As the database does it: over the slot, not over the agency's part of it.
                stock = requirement.measure is Measure.STOCK
                tally = tally_of(records, slot.span, cutoff, stock=stock)
                value = value_of(requirement.measure, tally, owed.span, cutoff)
                status, reason = judge(requirement.measure, owed.bounds, value, owed.span, cutoff)
                if owed.cut:
                    status, reason = Status.WAIVED, Reason.PARTIAL_PERIOD
                elif any(waiver.covers(activity.code, requirement.code, owed.span) for waiver in own):
                    status, reason = Status.WAIVED, Reason.WAIVER
                yield Finding(
                    agency=agency,
                    activity=activity,
                    requirement=requirement,
                    obligation=owed,
                    value=value,
                    executions=tally.executions,
                    status=status,
                    reason=reason,
                )


def exact(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number) / 1000


def document(finding: Finding) -> dict[str, Any]:
    """Give a finding as the second reading has it."""
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


@settings(max_examples=150)
@given(scenario=strategies.scenarios())
def test_every_verdict_is_that_of_the_second_reading(scenario: strategies.Scenario) -> None:
    plan = parse_plan(strategies.to_yaml(scenario.plan))
    found = list(findings(plan, scenario))
    assert [document(finding) for finding in found] == scenario.findings()
    summary = Summary()
    for finding in found:
        summary.add(finding)
    expected = naive.summary(scenario.findings())
    assert summary.obligations == expected["obligations"]
    assert {status: summary.of(status) for status in Status} == {
        status: expected[status] for status in Status
    }
