"""Who has done what the plan asks: `status`, from the question to the findings.

The database counts (`storage.counts`), the rules judge (`domain.rules`); this module brings the two
together, agency by agency in the order of the plan.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cchc_cli.domain.days import parse_day, read_date, spoken_period
from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.findings import Finding, Summary
from cchc_cli.domain.obligations import Slot, duties, obligation, slots
from cchc_cli.domain.periods import Period, Span, parse_label, span_label
from cchc_cli.domain.plan import owes
from cchc_cli.domain.results import Assessment
from cchc_cli.domain.rules import NOTHING, CutOff, Reason, Status, judge, value_of
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
    from collections.abc import Iterator, Sequence

    from cchc_cli.domain.plan import Activity, Agency, Plan, Requirement
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


_GONE = 0
"""The key of what an earlier plan had and the database has no row of any more."""


class _Duty(NamedTuple):
    activity: Activity
    requirement: Requirement
    slots: Sequence[Slot]
    tallies: Tallies
    late: Tallies | None
    """Of those, what was recorded late; None where the plan does not ask."""


def assess(database: Database, question: Question) -> Assessment:
    """Answer a question about one plan; raises InputError where it names what is not there."""
    with database.reading() as connection:
        known = parse_known(connection, question)
        stored = _select(connection, question, known)
        window, cutoff = _window(stored.plan, question, known)
        only = find_activity(stored.plan, question.activity).code if question.activity else None
        findings = list(
            findings_of(connection, stored, cutoff, window.span, activity=only, known=known and known.seq)
        )
        chain = head(connection)
    assessment = Assessment(
        stored.plan, cutoff, window, findings, Summary(), {}, chain, known.moment if known else None
    )
    for finding in findings:
        assessment.summary.add(finding)
        assessment.by_agency.setdefault(finding.agency.code, Summary()).add(finding)
    return assessment


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


def _select(connection: Connection, question: Question, known: Known | None) -> StoredPlan:
    """Load the plan with the agencies that are asked for."""
    head = choose_plan(connection, question.plan, question.now, question.as_of)
    wanted = None
    if question.agency is not None:
        agency = find_agency(connection, head.id, question.agency)
        wanted = subtree(connection, agency) if question.with_subtree else [agency]
    stored = stored_plan(connection, head.code, wanted)
    return stored if known is None else as_known(connection, stored, known, everyone=wanted is None)


def as_known(connection: Connection, stored: StoredPlan, known: Known, *, everyone: bool) -> StoredPlan:
    """Give the plan as it had been imported by then; what it has no more keeps no key and no records."""
    from cchc_cli.services.plan_file import parse_plan  # noqa: PLC0415 - YAML only for questions about the past

    source = source_at(connection, stored.id, known.seq)
    if source is None:
        raise InputError(message("the plan {plan} was not known yet then", plan=stored.plan.code))
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


def findings_of(
    connection: Connection,
    stored: StoredPlan,
    cutoff: CutOff,
    window: Span,
    *,
    activity: str | None = None,
    known: int | None = None,
) -> Iterator[Finding]:
    """Judge every obligation of the plan's loaded agencies whose days overlap the window.

    With `known`, as the records stood after that change.
    """
    plan = stored.plan
    waivers = load_waivers(connection, stored.id, known)
    groups = {group.code: group for group in plan.groups}
    judged = [
        (_duty(connection, stored, owner, requirement, cutoff, window, known), requirement)
        for owner, requirement in duties(plan)
        if activity in {None, owner.code}
    ]
    for agency in plan.agencies:
        for duty, requirement in judged:
            if owes(requirement, agency, groups):
                yield from _judge(stored, duty, agency, cutoff, window, waivers)


def _duty(  # noqa: PLR0913 - what a duty is counted by
    connection: Connection,
    stored: StoredPlan,
    activity: Activity,
    requirement: Requirement,
    cutoff: CutOff,
    window: Span,
    known: int | None,
) -> _Duty:
    plan = stored.plan
    wanted = [slot for slot in slots(plan, requirement) if slot.span.overlaps(window)]
    groups = {group.code: group for group in plan.groups}
    owners = [
        stored.agencies.get(agency.code, _GONE)
        for agency in plan.agencies
        if owes(requirement, agency, groups)
    ]
    where = requirement.where.forms
    forms = [stored.forms.get(code, _GONE) for code in where] if where else None
    scope = Scope(owners, stored.activities.get(activity.code, _GONE), forms, known)
    if not (owners and wanted):
        return _Duty(activity, requirement, wanted, {}, None)
    tallies = count(connection, scope, requirement, wanted, cutoff)
    late = None
    if plan.log_within_days is not None:
        scope = scope._replace(late=Late(plan.log_within_days, plan.timezone))
        late = count(connection, scope, requirement, wanted, cutoff)
    return _Duty(activity, requirement, wanted, tallies, late)


def _judge(
    stored: StoredPlan, duty: _Duty, agency: Agency, cutoff: CutOff, window: Span, waivers: Waivers
) -> Iterator[Finding]:
    requirement = duty.requirement
    agency_id = stored.agencies.get(agency.code, _GONE)
    for slot in duty.slots:
        owed = obligation(requirement, slot, agency)
        if owed is None or not owed.span.overlaps(window):
            continue
        tally = duty.tallies.get((agency_id, slot.number), NOTHING)
        value = value_of(requirement.measure, tally, owed.span, cutoff)
        status, reason = judge(requirement.measure, owed.bounds, value, owed.span, cutoff)
        if owed.cut:
            status, reason = Status.WAIVED, Reason.PARTIAL_PERIOD
        elif any(
            waiver.covers(duty.activity.code, requirement.code, owed.span)
            for waiver in waivers.get(agency.code, ())
        ):
            status, reason = Status.WAIVED, Reason.WAIVER
        late = None if duty.late is None else duty.late.get((agency_id, slot.number), NOTHING).executions
        yield Finding(
            agency,
            duty.activity,
            requirement,
            owed,
            value,
            tally.executions,
            status,
            reason,
            late,
            tally.last,
        )
