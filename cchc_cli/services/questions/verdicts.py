"""Judging obligations: the database counts (`storage.records.counts`), the rules judge (`domain.verdicts.rules`).

Agency by agency in the order of the plan.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.plan.model import Measure, Where, owes
from cchc_cli.domain.verdicts.findings import Finding, Totals
from cchc_cli.domain.verdicts.obligations import Obligation, duties, obligation, slots, waived_days
from cchc_cli.domain.verdicts.rules import (
    EMPTY_TALLY,
    VALUE_FUNCTIONS,
    CutOff,
    JudgedValue,
    Row,
    Tally,
    Verdict,
    can_be_untouched,
    elapsed_span,
    gap_start,
    judge,
    verdict_without_value,
)
from cchc_cli.services.questions.lookup import NO_KEY
from cchc_cli.storage.records.counts import Late, Scope, Tallies, count
from cchc_cli.storage.records.waivers import Waivers, load_waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from cchc_cli.domain.plan.model import Activity, Agency, Requirement
    from cchc_cli.domain.records.waiver import Waiver
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import StoredPlan


class Selection(NamedTuple):
    """Which obligations are judged, and as of when."""

    connection: Connection
    stored: StoredPlan
    cutoff: CutOff
    window: Span
    activity: str | None
    waivers: Waivers
    known: int | None
    """Count the records as they stood after this change; None: now."""


def findings_of_activity(
    connection: Connection, stored: StoredPlan, cutoff: CutOff, window: Span, *, activity: str
) -> Iterator[Finding]:
    """Judge the loaded agencies' obligations of one activity whose days overlap the window."""
    waivers = load_waivers(connection, stored.id)
    return judge_findings(Selection(connection, stored, cutoff, window, activity, waivers, None))


def judge_findings(selection: Selection) -> Iterator[Finding]:
    """Give the findings in the order of the plan: agency by agency."""
    judges = [_DutyJudge(selection, *duty) for duty in _selected_duties(selection)]
    for agency in selection.stored.plan.agencies:
        for duty_judge in judges:
            if agency.code in duty_judge.owners:
                yield from duty_judge.findings(agency)


def judge_totals(selection: Selection) -> Totals:
    """Count the verdicts of each agency, duty by duty, so that only one duty's numbers are held at a time."""
    totals = Totals()
    for activity, requirement, owners in _selected_duties(selection):
        duty_judge = _DutyJudge(selection, activity, requirement, owners)
        for agency in owners.values():
            counts = Counter(
                (found.verdict.status, found.verdict.standing) for found in duty_judge.verdicts(agency)
            )
            totals.add(agency.code, requirement.basis, counts)
    return totals


def _selected_duties(selection: Selection) -> Iterator[tuple[Activity, Requirement, dict[str, Agency]]]:
    """Give each selected requirement with the agencies that owe it, by code."""
    plan = selection.stored.plan
    groups = {group.code: group for group in plan.groups}
    for activity, requirement in duties(plan):
        if selection.activity in {None, activity.code}:
            owners = {agency.code: agency for agency in plan.agencies if owes(requirement, agency, groups)}
            yield activity, requirement, owners


class _DutyJudge:
    """Judges the obligations of one requirement, from what the database has counted.

    Agencies that exist on the same days owe the same, and thousands of agencies share few distinct values:
    obligations are computed once per span of days, verdicts once per value.
    """

    def __init__(
        self, selection: Selection, activity: Activity, requirement: Requirement, owners: dict[str, Agency]
    ) -> None:
        """Let the database count for all agencies that owe it."""
        self.activity = activity
        self.requirement = requirement
        self.owners = owners
        self._selection = selection
        self._ids = selection.stored.agencies
        self._every_slot = slots(selection.stored.plan, requirement)
        self._slots = [slot for slot in self._every_slot if slot.span.overlaps(selection.window)]
        self._owed: dict[Span, list[_OwedInSlot]] = {}
        self._tallies, self._late, self._touched = self._count()

    def _count(self) -> tuple[Tallies, Tallies | None, Tallies | None]:
        """Let the database count the executions that count, those recorded late, and those of any kind."""
        stored, plan = self._selection.stored, self._selection.stored.plan
        if not (self.owners and self._slots):
            return {}, None, None
        where = self.requirement.where.forms
        scope = Scope(
            [self._ids.get(code, NO_KEY) for code in self.owners],
            stored.activities.get(self.activity.code, NO_KEY),
            [stored.forms.get(code, NO_KEY) for code in where] if where else None,
            self._selection.known,
        )
        count_in_slots = partial(
            count, self._selection.connection, slots=self._slots, cutoff=self._selection.cutoff
        )
        tallies = count_in_slots(scope=scope, requirement=self.requirement)
        late = touched = None
        if plan.log_within_days is not None:
            recorded_late = scope._replace(late=Late(plan.log_within_days, plan.timezone))
            late = count_in_slots(scope=recorded_late, requirement=self.requirement)
        if can_be_untouched(self.requirement):
            touched = count_in_slots(
                scope=scope._replace(forms=None), requirement=_counting_everything(self.requirement)
            )
        return tallies, late, touched

    def findings(self, agency: Agency) -> Iterator[Finding]:
        """Give the findings of an agency in order of time."""
        gap = self.requirement.measure is Measure.GAP
        for owed, tally, value, verdict, late, since in self.verdicts(agency):
            yield Finding(
                agency,
                self.activity,
                self.requirement,
                owed,
                value,
                tally.executions,
                *verdict,
                late,
                since if gap else None,
                tally.last,
            )

    def verdicts(self, agency: Agency) -> Iterator[_Judgement]:
        """Judge what an agency owes, in order of time."""
        key = self._ids.get(agency.code, NO_KEY)
        tallies = self._tallies.get(key, _NO_TALLIES)
        late = None if self._late is None else self._late.get(key, _NO_TALLIES)
        touched = None if self._touched is None else self._touched.get(key, _NO_TALLIES)
        waivers = self._selection.waivers.get(agency.code)
        value_in = VALUE_FUNCTIONS[self.requirement.measure]
        start_of = self._gap_starts(agency, waivers or ())
        for owed, number, span, judged in self._obligations(agency.life):
            tally = tallies.get(number, EMPTY_TALLY)
            start = start_of(owed, tally)
            value = value_in(tally, span, start)
            untouched = touched is not None and not touched.get(number, EMPTY_TALLY).executions
            verdict = judged.get((value, untouched))
            if verdict is None:
                verdict = judged[value, untouched] = self._judge(owed, value, untouched=untouched)
            if waivers and not owed.cut and self._is_waived(owed, waivers):
                verdict = _WAIVED
            recorded_late = None if late is None else late.get(number, EMPTY_TALLY).executions
            yield _Judgement(owed, tally, value, verdict, recorded_late, start)

    def _judge(self, owed: Obligation, value: int | None, *, untouched: bool) -> Verdict:
        if owed.cut:
            return _CUT
        judged = JudgedValue(self.requirement.measure, owed.bounds, value, owed.span, untouched)
        return judge(judged, self._selection.cutoff)

    def _is_waived(self, owed: Obligation, waivers: Iterable[Waiver]) -> bool:
        activity, requirement = self.activity.code, self.requirement.code
        days = waived_days(self.requirement, owed.span)
        return any(waiver.covers(activity, requirement, days) for waiver in waivers)

    def _gap_starts(self, agency: Agency, waivers: Iterable[Waiver]) -> Callable[[Obligation, Tally], date]:
        """Give a function for the first day of the gap without executions that reaches into an obligation."""
        if self.requirement.measure is not Measure.GAP:
            return _first_day
        plan = self._selection.stored.plan
        binds = (plan.effective & self.requirement.in_force & agency.life).start
        every = (
            [obligation(self.requirement, slot, agency.life) for slot in self._every_slot] if waivers else []
        )
        waived = [one.span for one in every if one and self._is_waived(one, waivers)]
        return lambda owed, tally: gap_start(owed.span.start, binds, tally.before, waived)

    def _obligations(self, life: Span) -> list[_OwedInSlot]:
        found = self._owed.get(life)
        if found is None:
            cutoff = self._selection.cutoff
            every = (obligation(self.requirement, slot, life) for slot in self._slots)
            found = self._owed[life] = [
                (owed, owed.slot.number, elapsed_span(owed.span, cutoff), {})
                for owed in every
                if owed and owed.span.overlaps(self._selection.window)
            ]
        return found


class _Judgement(NamedTuple):
    """An obligation of an agency, what was counted for it, and the verdict."""

    owed: Obligation
    tally: Tally
    value: int | None
    verdict: Verdict
    late: int | None
    """How many of the executions were recorded late; None where the plan does not ask."""
    since: date
    """The first day of the gap without executions that reaches in, where the measure is `gap`."""


_OwedInSlot = tuple[Obligation, int, Span, dict[tuple[int | None, bool], Verdict]]
"""An obligation, its slot's number, the days that its value covers, and the verdicts so far by value."""

_NO_TALLIES: dict[int, Tally] = {}
_CUT = verdict_without_value(Row.CUT)
_WAIVED = verdict_without_value(Row.WAIVER)


def _counting_everything(requirement: Requirement) -> Requirement:
    """Give a requirement under which every record of the activity counts."""
    measure = Measure.STOCK if requirement.measure is Measure.STOCK else Measure.EXECUTIONS
    return requirement._replace(measure=measure, where=Where(repeats=True))


def _first_day(owed: Obligation, _tally: Tally) -> date:
    return owed.span.start
