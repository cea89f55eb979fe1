"""Verdicts without a database: combines the domain rules as `services.questions.assessment` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.plan.model import Measure, owes
from cchc_cli.domain.records.execution import Execution, exclusion_of
from cchc_cli.domain.records.waiver import Waiver
from cchc_cli.domain.verdicts.findings import Finding
from cchc_cli.domain.verdicts.obligations import duties, obligation, slots, waived_days
from cchc_cli.domain.verdicts.rules import (
    CutOff,
    JudgedValue,
    Row,
    can_be_untouched,
    gap_start,
    judge,
    verdict_without_value,
)
from tests.domain.counting import tally_of, thousandths
from tests.domain.values import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.verdicts.obligations import Obligation
    from tests import naive


def _done(executions: Sequence[naive.Execution], agency: Agency, activity: Activity) -> list[naive.Execution]:
    return [
        one
        for one in executions
        if (one.agency, one.activity) == (agency.code, activity.code) and not one.voided
    ]


def _counts(one: naive.Execution, requirement: Requirement) -> bool:
    execution = Execution(
        agency=one.agency,
        activity=one.activity,
        day=one.day,
        amount=thousandths(one.amount),
        form=one.form,
        repeat=one.repeat,
    )
    return exclusion_of(requirement, execution) is None


def findings(
    plan: Plan, executions: Sequence[naive.Execution], waivers: Sequence[naive.Waiver], cutoff: CutOff
) -> Iterator[Finding]:
    """Judge every obligation, in the order of the plan."""
    groups = {group.code: group for group in plan.groups}
    for agency in plan.agencies:
        own = [
            Waiver(
                agency=one.agency,
                activity=one.activity,
                requirement=one.requirement,
                span=Span(one.start, one.end),
                reason="so",
            )
            for one in waivers
            if one.agency == agency.code
        ]
        for activity, requirement in duties(plan):
            if owes(requirement, agency, groups):
                done = _done(executions, agency, activity)
                yield from _of_duty(plan, (agency, activity, requirement), done, own, cutoff)


def _of_duty(
    plan: Plan,
    duty: tuple[Agency, Activity, Requirement],
    done: list[naive.Execution],
    waivers: list[Waiver],
    cutoff: CutOff,
) -> Iterator[Finding]:
    agency, activity, requirement = duty
    records = [one for one in done if _counts(one, requirement)]
    binds = (plan.effective & requirement.in_force & agency.life).start

    def is_waived(owed: Obligation) -> bool:
        days = waived_days(requirement, owed.span)
        return any(waiver.covers(activity.code, requirement.code, days) for waiver in waivers)

    every = [one for slot in slots(plan, requirement) if (one := obligation(requirement, slot, agency.life))]
    waived = [one.span for one in every if is_waived(one)]
    gap, stock = requirement.measure is Measure.GAP, requirement.measure is Measure.STOCK
    for owed in every:
        # Like the database: over the slot, not over the agency's part of it.
        tally = tally_of(records, owed.slot.span, cutoff, stock=stock)
        since = gap_start(owed.span.start, binds, tally.before, waived)
        value = value_of(requirement.measure, tally, owed.span, cutoff, since)
        touched = tally_of(done, owed.slot.span, cutoff, stock=stock).executions
        untouched = can_be_untouched(requirement) and not touched
        verdict = judge(JudgedValue(requirement.measure, owed.bounds, value, owed.span, untouched), cutoff)
        if owed.cut:
            verdict = verdict_without_value(Row.CUT)
        elif is_waived(owed):
            verdict = verdict_without_value(Row.WAIVER)
        yield Finding(
            agency,
            activity,
            requirement,
            owed,
            value,
            tally.executions,
            *verdict,
            None,
            since if gap else None,
            tally.last,
        )
