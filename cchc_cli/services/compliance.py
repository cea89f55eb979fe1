"""Who has done what the plan asks: `status`, from the question to the findings.

The database counts (`storage.counts`), the rules judge (`domain.rules`); this module brings the two
together, agency by agency in the order of the plan.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cchc_cli.domain.days import parse_day, read_date, spoken_period
from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.findings import Finding, Summary
from cchc_cli.domain.obligations import Obligation, duties, obligation, slots
from cchc_cli.domain.periods import Period, Span, parse_label, span_label
from cchc_cli.domain.plan import owes
from cchc_cli.domain.results import Assessment, Extent
from cchc_cli.domain.rules import NOTHING, VALUES, CutOff, Reason, Status, Tally, counted_span, judge
from cchc_cli.services.lookup import (
    choose_plan,
    find_activity,
    find_agency,
    find_review,
    stored_plan,
    today_in,
)
from cchc_cli.storage.agencies import subtree
from cchc_cli.storage.changes import head, known_seq
from cchc_cli.storage.counts import Late, Scope, Tallies, count
from cchc_cli.storage.plans import source_at
from cchc_cli.storage.waivers import Waivers, load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.waivers import Waiver
    from cchc_cli.storage.engine import Connection, Database
    from cchc_cli.storage.plans import StoredPlan


class Question(NamedTuple):
    """What is asked; `now` carries an offset, None leaves a filter out."""

    now: datetime
    plan: str | None = None
    agency: str | None = None
    with_subtree: bool = False
    activity: str | None = None
    period: str | None = None
    review: str | None = None
    as_of: str | None = None
    known_at: str | None = None
    only_totals: bool = False
    """Leave the findings out: of thousands of agencies only the counts are held."""


_GONE = 0
"""The key of what an earlier plan had and the database has no row of any more."""


def assess(database: Database, question: Question) -> Assessment:
    """Answer a question about one plan; raises InputError where it names what is not there."""
    with database.reading() as connection:
        return assess_in(connection, question, parse_known(connection, question))[1]


def assess_in(
    connection: Connection, question: Question, known: Known | None, cutoff: CutOff | None = None
) -> tuple[StoredPlan, Assessment]:
    """Answer a question within a transaction, as of a cut-off or else of the one that it says itself.

    With `known`, as the records stood then, whatever the question says. Also give the plan's keys.
    """
    stored, top = _select(connection, question, known)
    window, asked_for = _window(stored.plan, question, known)
    cutoff = cutoff or asked_for
    activity = find_activity(stored.plan, question.activity) if question.activity else None
    seq = known.seq if known else None
    waivers = load_waivers(connection, stored.id, seq)
    only = activity.code if activity else None
    asked = _Asked(connection, stored, cutoff, window.span, only, waivers, seq)
    findings = [] if question.only_totals else list(_findings(asked))
    totals = _totals(asked) if question.only_totals else _totals_of(findings)
    summary = Summary()
    for of in totals.values():
        summary.counts.update(of.counts)
    moment = known.moment if known else None
    extent = Extent(top, _below(stored.plan, top, window.span) if question.with_subtree else None, activity)
    chain = head(connection)
    found = Assessment(stored.plan, cutoff, window, findings, summary, totals, chain, moment, extent)
    return stored, found


def _below(plan: Plan, top: Agency | None, window: Span) -> int | None:
    """Count the loaded agencies but the top one that exist at some time of the window."""
    if top is None:
        return None
    return sum(one.code != top.code and one.life.overlaps(window) for one in plan.agencies)


def _totals_of(findings: list[Finding]) -> dict[str, Summary]:
    totals: dict[str, Summary] = {}
    for finding in findings:
        totals.setdefault(finding.agency.code, Summary()).add(finding)
    return totals


class Known(NamedTuple):
    """What had been recorded by a moment: everything up to a change."""

    seq: int
    moment: datetime


def parse_known(connection: Connection, question: Question) -> Known | None:
    """Read --known-at, an ISO time with an offset or else in the plan's time zone; None where not given."""
    if question.known_at is None:
        return None
    try:
        moment = datetime.fromisoformat(question.known_at.strip())
    except ValueError:
        raise InputError(
            message("“{text}” is no time; write 2024-04-05T17:00:00+07:00", text=question.known_at)
        ) from None
    if moment.tzinfo is None:
        head = choose_plan(connection, question.plan, question.now, question.as_of)
        moment = moment.replace(tzinfo=ZoneInfo(head.timezone))
    return Known(known_seq(connection, moment), moment)


def _select(
    connection: Connection, question: Question, known: Known | None
) -> tuple[StoredPlan, Agency | None]:
    """Load the plan with the agencies that are asked for; also give the one that was named."""
    head = choose_plan(connection, question.plan, question.now, question.as_of)
    key = wanted = None
    if question.agency is not None:
        key = find_agency(connection, head.id, question.agency)
        wanted = subtree(connection, key) if question.with_subtree else [key]
    stored = stored_plan(connection, head.code, wanted)
    top = next((one for one in stored.plan.agencies if stored.agencies[one.code] == key), None)
    if known is not None:
        stored = as_known(connection, stored, known, everyone=wanted is None)
        top = next((one for one in stored.plan.agencies if top and one.code == top.code), top)
    return stored, top


def as_known(connection: Connection, stored: StoredPlan, known: Known, *, everyone: bool) -> StoredPlan:
    """Give the plan as it had been imported by then; what it has no more keeps no key and no records."""
    from cchc_cli.services.plan_file import parse_plan  # noqa: PLC0415 - YAML only for questions about the past

    source = source_at(connection, stored.id, known.seq)
    if source is None:
        raise InputError(
            message(
                "the plan {plan} was not known yet then; see: cchc plan --versions", plan=stored.plan.code
            )
        )
    plan = parse_plan(source)
    if not everyone:
        kept = {agency.code for agency in stored.plan.agencies}
        plan = plan._replace(agencies=tuple(agency for agency in plan.agencies if agency.code in kept))
    return stored._replace(plan=plan)


def _window(plan: Plan, question: Question, known: Known | None) -> tuple[Period, CutOff]:
    today = today_in(plan.timezone, known.moment if known else question.now)
    cutoff = (
        CutOff(parse_day(question.as_of, today), over=True) if question.as_of else CutOff(today, over=False)
    )
    if question.period and question.review:
        raise InputError(message("--period and --review exclude each other; give one"))
    if question.period:
        return parse_window(plan, question.period), cutoff
    if question.review is None:
        return Period(span_label(plan.effective), plan.effective), cutoff
    review = find_review(plan, question.review)
    if question.as_of is None and review.span.end < today:
        cutoff = CutOff(review.span.end, over=True)
    return Period(review.code, review.span), cutoff


def parse_window(plan: Plan, text: str) -> Period:
    """Read a period label, `FROM..TO`, an entry of one of the plan's calendars, or a period in words."""
    text = text.strip()
    found = parse_label(text) or _range(text) or _calendar_entry(plan, text) or spoken_period(text)
    if found is None:
        raise InputError(
            message(
                "“{text}” is no period; write 2024-03, 2024-Q1, 2024-H1, 2024-W11, 2024 or 2024-01-15..2024-03-14",
                text=text,
            )
        )
    return found


def _range(text: str) -> Period | None:
    first, separator, last = text.partition("..")
    start, end = read_date(first.strip()), read_date(last.strip())
    if not separator or start is None or end is None or start > end:
        return None
    return Period(span_label(Span(start, end)), Span(start, end))


def _calendar_entry(plan: Plan, text: str) -> Period | None:
    found = [
        entry
        for calendar in plan.calendars
        for entry in calendar.entries
        if entry.label.casefold() == text.casefold()
    ]
    return found[0] if len(found) == 1 else None


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
