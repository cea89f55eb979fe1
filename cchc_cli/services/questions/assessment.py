"""Who has done what the plan asks: `status`, from the question as it was read to the findings.

The database counts (`storage.counts`), the rules judge (`domain.rules`); this module brings the two
together, agency by agency in the order of the plan.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.plan.model import Measure, Where, owes
from cchc_cli.domain.results import Assessment
from cchc_cli.domain.verdicts.extent import Extent
from cchc_cli.domain.verdicts.findings import Finding, Totals, totals_of
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
from cchc_cli.storage.changes.changes import chain_head
from cchc_cli.storage.records.counts import Late, Scope, Tallies, count
from cchc_cli.storage.records.waivers import Waivers, load_waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.records.waiver import Waiver
    from cchc_cli.services.questions.question import Question, Resolved
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan


_GONE = 0
"""The key of what an earlier plan had and the database has no row of any more."""


def assess(database: Database, question: Question) -> Assessment:
    """Answer a question about one plan; raises InputError where it names what is not there."""
    from cchc_cli.services.questions.question import resolve  # noqa: PLC0415 - what records judges too, and reads no question

    with database.reading() as connection:
        return assess_in(connection, resolve(connection, question))


def assess_in(connection: Connection, resolved: Resolved) -> Assessment:
    """Answer a question that was read, within the same transaction."""
    stored, window, cutoff = resolved.stored, resolved.window, resolved.cutoff
    waivers = load_waivers(connection, stored.id, resolved.seq)
    asked = _Asked(connection, stored, cutoff, window.span, resolved.activity, waivers, resolved.seq)
    only_totals = resolved.question.only_totals
    findings = [] if only_totals else list(_findings(asked))
    totals = _totals(asked) if only_totals else totals_of(findings)
    by_agency = {
        agency.code: totals.by_agency[agency.code]
        for agency in totals.furthest_behind_first(stored.plan.agencies)
    }
    moment = resolved.known.moment if resolved.known else None
    below = _below(stored.plan, resolved.top, window.span) if resolved.question.with_subtree else None
    extent = Extent(resolved.top, below, resolved.only)
    chain = chain_head(connection)
    return Assessment(stored.plan, cutoff, window, findings, totals.all(), by_agency, chain, moment, extent)


def _below(plan: Plan, top: Agency | None, window: Span) -> int | None:
    """Count the loaded agencies but the top one that exist at some time of the window."""
    if top is None:
        return None
    return sum(one.code != top.code and one.life.overlaps(window) for one in plan.agencies)


class _Asked(NamedTuple):
    """Which obligations are judged, and as of when."""

    connection: Connection
    stored: StoredPlan
    cutoff: CutOff
    window: Span
    activity: str | None
    waivers: Waivers
    known: int | None
    """As the records stood after this change; None: now."""


def findings_of(
    connection: Connection, stored: StoredPlan, cutoff: CutOff, window: Span, *, activity: str
) -> Iterator[Finding]:
    """Judge the obligations of one activity, of the plan's loaded agencies, whose days overlap the window."""
    waivers = load_waivers(connection, stored.id)
    return _findings(_Asked(connection, stored, cutoff, window, activity, waivers, None))


def _findings(asked: _Asked) -> Iterator[Finding]:
    """Give the findings in the order of the plan: agency by agency."""
    judges = [
        _Judge(asked, activity, requirement, owners) for activity, requirement, owners in _duties(asked)
    ]
    for agency in asked.stored.plan.agencies:
        for judge_ in judges:
            if agency.code in judge_.owners:
                yield from judge_.findings(agency)


def _totals(asked: _Asked) -> Totals:
    """Count the verdicts of each agency, duty by duty, so that only one duty's numbers are held at a time."""
    totals = Totals()
    for activity, requirement, owners in _duties(asked):
        judge_ = _Judge(asked, activity, requirement, owners)
        for agency in owners.values():
            counts = Counter(
                (found.verdict.status, found.verdict.standing) for found in judge_.verdicts(agency)
            )
            totals.add(agency.code, requirement.basis, counts)
    return totals


def _duties(asked: _Asked) -> Iterator[tuple[Activity, Requirement, dict[str, Agency]]]:
    """Give each requirement asked for with the agencies that owe it, by code."""
    plan = asked.stored.plan
    groups = {group.code: group for group in plan.groups}
    for activity, requirement in duties(plan):
        if asked.activity in {None, activity.code}:
            owners = {agency.code: agency for agency in plan.agencies if owes(requirement, agency, groups)}
            yield activity, requirement, owners


class _Judge:
    """Judges the obligations of one requirement; the database has counted, here is only the rule.

    Agencies whose lives cut the periods alike owe alike, and of the values that thousands of agencies
    reach most are the same: each is judged once.
    """

    def __init__(
        self, asked: _Asked, activity: Activity, requirement: Requirement, owners: dict[str, Agency]
    ) -> None:
        """Let the database count for all who owe it."""
        self.activity = activity
        self.requirement = requirement
        self.owners = owners
        self._asked = asked
        self._ids = asked.stored.agencies
        self._every_slot = slots(asked.stored.plan, requirement)
        self._slots = [slot for slot in self._every_slot if slot.span.overlaps(asked.window)]
        self._owed: dict[Span, list[_Owed]] = {}
        self._tallies, self._late, self._touched = self._count()

    def _count(self) -> tuple[Tallies, Tallies | None, Tallies | None]:
        """Let the database count: what counts, what of it was recorded late, and whether anything was done."""
        stored, plan = self._asked.stored, self._asked.stored.plan
        if not (self.owners and self._slots):
            return {}, None, None
        where = self.requirement.where.forms
        scope = Scope(
            [self._ids.get(code, _GONE) for code in self.owners],
            stored.activities.get(self.activity.code, _GONE),
            [stored.forms.get(code, _GONE) for code in where] if where else None,
            self._asked.known,
        )
        ask = partial(count, self._asked.connection, slots=self._slots, cutoff=self._asked.cutoff)
        tallies = ask(scope=scope, requirement=self.requirement)
        late = touched = None
        if plan.log_within_days is not None:
            recorded_late = scope._replace(late=Late(plan.log_within_days, plan.timezone))
            late = ask(scope=recorded_late, requirement=self.requirement)
        if can_be_untouched(self.requirement):
            touched = ask(scope=scope._replace(forms=None), requirement=_anything(self.requirement))
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

    def verdicts(self, agency: Agency) -> Iterator[_Found]:
        """Judge what an agency owes, in order of time."""
        key = self._ids.get(agency.code, _GONE)
        tallies = self._tallies.get(key, _NONE)
        late = None if self._late is None else self._late.get(key, _NONE)
        touched = None if self._touched is None else self._touched.get(key, _NONE)
        waivers = self._asked.waivers.get(agency.code)
        value_in = VALUE_FUNCTIONS[self.requirement.measure]
        since = self._since(agency, waivers or ())
        for owed, number, span, judged in self._obligations(agency.life):
            tally = tallies.get(number, EMPTY_TALLY)
            start = since(owed, tally)
            value = value_in(tally, span, start)
            untouched = touched is not None and not touched.get(number, EMPTY_TALLY).executions
            verdict = judged.get((value, untouched))
            if verdict is None:
                verdict = judged[value, untouched] = self._judge(owed, value, untouched=untouched)
            if waivers and not owed.cut and self._is_waived(owed, waivers):
                verdict = _WAIVED
            recorded_late = None if late is None else late.get(number, EMPTY_TALLY).executions
            yield _Found(owed, tally, value, verdict, recorded_late, start)

    def _judge(self, owed: Obligation, value: int | None, *, untouched: bool) -> Verdict:
        if owed.cut:
            return _CUT
        judged = JudgedValue(self.requirement.measure, owed.bounds, value, owed.span, untouched)
        return judge(judged, self._asked.cutoff)

    def _is_waived(self, owed: Obligation, waivers: Iterable[Waiver]) -> bool:
        activity, requirement = self.activity.code, self.requirement.code
        days = waived_days(self.requirement, owed.span)
        return any(waiver.covers(activity, requirement, days) for waiver in waivers)

    def _since(self, agency: Agency, waivers: Iterable[Waiver]) -> Callable[[Obligation, Tally], date]:
        """Give what tells the first day of the run without one that reaches into an obligation."""
        if self.requirement.measure is not Measure.GAP:
            return _first_day
        plan = self._asked.stored.plan
        binds = (plan.effective & self.requirement.in_force & agency.life).start
        every = (
            [obligation(self.requirement, slot, agency.life) for slot in self._every_slot] if waivers else []
        )
        waived = [one.span for one in every if one and self._is_waived(one, waivers)]
        return lambda owed, tally: gap_start(owed.span.start, binds, tally.before, waived)

    def _obligations(self, life: Span) -> list[_Owed]:
        found = self._owed.get(life)
        if found is None:
            cutoff = self._asked.cutoff
            every = (obligation(self.requirement, slot, life) for slot in self._slots)
            found = self._owed[life] = [
                (owed, owed.slot.number, elapsed_span(owed.span, cutoff), {})
                for owed in every
                if owed and owed.span.overlaps(self._asked.window)
            ]
        return found


class _Found(NamedTuple):
    """What an agency owes in a slot, what was counted, and the verdict."""

    owed: Obligation
    tally: Tally
    value: int | None
    verdict: Verdict
    late: int | None
    """How many of the executions were recorded late; None where the plan does not ask."""
    since: date
    """The first day of the run without one that reaches in, where the measure is `gap`."""


_Owed = tuple[Obligation, int, Span, dict[tuple[int | None, bool], Verdict]]
"""An obligation, its slot's number, the days that its value is of, and what was judged so far of each value."""

_NONE: dict[int, Tally] = {}
_CUT = verdict_without_value(Row.CUT)
_WAIVED = verdict_without_value(Row.WAIVER)


def _anything(requirement: Requirement) -> Requirement:
    """Give a requirement under which everything counts that was recorded of the activity."""
    measure = Measure.STOCK if requirement.measure is Measure.STOCK else Measure.EXECUTIONS
    return requirement._replace(measure=measure, where=Where(repeats=True))


def _first_day(owed: Obligation, _tally: Tally) -> date:
    return owed.span.start
