"""Who has done what the plan asks: `status`, from the question as it was read to the findings.

The database counts (`storage.counts`), the rules judge (`domain.rules`); this module brings the two
together, agency by agency in the order of the plan.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.findings import Finding, Summary
from cchc_cli.domain.obligations import Obligation, duties, obligation, slots
from cchc_cli.domain.periods import Span
from cchc_cli.domain.plan import owes
from cchc_cli.domain.results import Assessment
from cchc_cli.domain.rules import NOTHING, VALUES, CutOff, Reason, Status, Tally, counted_span, judge
from cchc_cli.storage.changes import head
from cchc_cli.storage.counts import Late, Scope, Tallies, count
from cchc_cli.storage.waivers import Waivers, load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan import Activity, Agency, Requirement
    from cchc_cli.domain.waivers import Waiver
    from cchc_cli.services.question import Question, Resolved
    from cchc_cli.storage.engine import Connection, Database
    from cchc_cli.storage.plans import StoredPlan


_GONE = 0
"""The key of what an earlier plan had and the database has no row of any more."""


def assess(database: Database, question: Question) -> Assessment:
    """Answer a question about one plan; raises InputError where it names what is not there."""
    from cchc_cli.services.question import resolve  # noqa: PLC0415 - what records judges too, and reads no question

    with database.reading() as connection:
        return assess_in(connection, resolve(connection, question))


def assess_in(connection: Connection, resolved: Resolved) -> Assessment:
    """Answer a question that was read, within the same transaction."""
    stored, window, cutoff = resolved.stored, resolved.window, resolved.cutoff
    waivers = load_waivers(connection, stored.id, resolved.seq)
    asked = _Asked(connection, stored, cutoff, window.span, resolved.activity, waivers, resolved.seq)
    only_totals = resolved.question.only_totals
    findings = [] if only_totals else list(_findings(asked))
    totals = _totals(asked) if only_totals else _totals_of(findings)
    summary = Summary()
    for of in totals.values():
        summary.counts.update(of.counts)
    moment = resolved.known.moment if resolved.known else None
    return Assessment(stored.plan, cutoff, window, findings, summary, totals, head(connection), moment)


def _totals_of(findings: list[Finding]) -> dict[str, Summary]:
    totals: dict[str, Summary] = {}
    for finding in findings:
        totals.setdefault(finding.agency.code, Summary()).add(finding)
    return totals


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


def _totals(asked: _Asked) -> dict[str, Summary]:
    """Count the verdicts of each agency, duty by duty, so that only one duty's numbers are held at a time."""
    found: dict[str, Summary] = {}
    for activity, requirement, owners in _duties(asked):
        judge_ = _Judge(asked, activity, requirement, owners)
        for agency in owners.values():
            statuses = Counter(verdict[0] for _, _, _, verdict, _ in judge_.verdicts(agency))
            if statuses:
                counts = found.setdefault(agency.code, Summary()).counts
                for status, number in statuses.items():
                    counts[requirement.basis, status] += number
    order = (agency.code for agency in asked.stored.plan.agencies)
    return {code: found[code] for code in order if code in found}


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
        self._slots = [
            slot for slot in slots(asked.stored.plan, requirement) if slot.span.overlaps(asked.window)
        ]
        self._owed: dict[Span, list[_Owed]] = {}
        self._tallies, self._late = self._count()

    def _count(self) -> tuple[Tallies, Tallies | None]:
        stored, plan = self._asked.stored, self._asked.stored.plan
        if not (self.owners and self._slots):
            return {}, None
        where = self.requirement.where.forms
        scope = Scope(
            [self._ids.get(code, _GONE) for code in self.owners],
            stored.activities.get(self.activity.code, _GONE),
            [stored.forms.get(code, _GONE) for code in where] if where else None,
            self._asked.known,
        )
        ask = partial(count, self._asked.connection, requirement=self.requirement, slots=self._slots)
        tallies = ask(scope=scope, cutoff=self._asked.cutoff)
        if plan.log_within_days is None:
            return tallies, None
        late = scope._replace(late=Late(plan.log_within_days, plan.timezone))
        return tallies, ask(scope=late, cutoff=self._asked.cutoff)

    def findings(self, agency: Agency) -> Iterator[Finding]:
        """Give the findings of an agency in order of time."""
        for owed, tally, value, (status, reason), late in self.verdicts(agency):
            yield Finding(
                agency,
                self.activity,
                self.requirement,
                owed,
                value,
                tally.executions,
                status,
                reason,
                late,
                tally.last,
            )

    def verdicts(self, agency: Agency) -> Iterator[tuple[Obligation, Tally, int | None, Verdict, int | None]]:
        """Judge what an agency owes, in order of time: (owed, tally, value, verdict, recorded late)."""
        key = self._ids.get(agency.code, _GONE)
        tallies = self._tallies.get(key, _NONE)
        late = None if self._late is None else self._late.get(key, _NONE)
        waivers = self._asked.waivers.get(agency.code)
        value_in = VALUES[self.requirement.measure]
        for owed, number, span, judged in self._obligations(agency.life):
            tally = tallies.get(number, NOTHING)
            value = value_in(tally, span)
            verdict = judged.get(value)
            if verdict is None:
                verdict = judged[value] = self._judge(owed, value)
            if waivers and not owed.cut and self._is_waived(owed, waivers):
                verdict = _WAIVED
            yield owed, tally, value, verdict, None if late is None else late.get(number, NOTHING).executions

    def _judge(self, owed: Obligation, value: int | None) -> Verdict:
        if owed.cut:
            return _CUT
        return judge(self.requirement.measure, owed.bounds, value, owed.span, self._asked.cutoff)

    def _is_waived(self, owed: Obligation, waivers: Iterable[Waiver]) -> bool:
        activity, requirement = self.activity.code, self.requirement.code
        return any(waiver.covers(activity, requirement, owed.span) for waiver in waivers)

    def _obligations(self, life: Span) -> list[_Owed]:
        found = self._owed.get(life)
        if found is None:
            cutoff = self._asked.cutoff
            every = (obligation(self.requirement, slot, life) for slot in self._slots)
            found = self._owed[life] = [
                (owed, owed.slot.number, counted_span(owed.span, cutoff), {})
                for owed in every
                if owed and owed.span.overlaps(self._asked.window)
            ]
        return found


Verdict = tuple[Status, Reason | None]
_Owed = tuple[Obligation, int, Span, dict[int | None, Verdict]]
"""An obligation, its slot's number, the days that its value is of, and what was judged of each value so far."""

_NONE: dict[int, Tally] = {}
_CUT = (Status.WAIVED, Reason.PARTIAL_PERIOD)
_WAIVED = (Status.WAIVED, Reason.WAIVER)
