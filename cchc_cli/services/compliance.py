"""Who has done what the plan asks: `status`, from the question to the findings.

The database counts (`storage.counts`), the rules judge (`domain.rules`); this module brings the two
together, agency by agency in the order of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.days import parse_day
from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.findings import Finding, Summary
from cchc_cli.domain.obligations import Slot, duties, obligation, slots
from cchc_cli.domain.periods import Period, Span, parse_label, span_label
from cchc_cli.domain.plan import owes
from cchc_cli.domain.reading import read_date
from cchc_cli.domain.results import Assessment
from cchc_cli.domain.rules import NOTHING, CutOff, Reason, Status, judge, value_of
from cchc_cli.services.lookup import (
    choose_plan,
    find_activity,
    find_agency,
    stored_plan,
    today_in,
    unknown_review,
)
from cchc_cli.storage.agencies import only_agency, subtree
from cchc_cli.storage.counts import Scope, Tallies, count
from cchc_cli.storage.waivers import Waivers, load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from cchc_cli.domain.plan import Activity, Agency, Plan, Requirement
    from cchc_cli.storage.engine import Database
    from cchc_cli.storage.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `now` carries an offset, None leaves a filter out."""

    now: datetime
    plan: str | None = None
    agency: str | None = None
    with_subtree: bool = False
    activity: str | None = None
    period: str | None = None
    review: str | None = None
    as_of: str | None = None


class _Duty(NamedTuple):
    activity: Activity
    requirement: Requirement
    slots: Sequence[Slot]
    tallies: Tallies


def assess(database: Database, question: Question) -> Assessment:
    """Answer a question about one plan; raises InputError where it names what is not there."""
    with database.reading() as connection:
        stored = _select(connection, question)
        window, cutoff = _window(stored.plan, question)
        only = find_activity(stored.plan, question.activity).code if question.activity else None
        findings = list(findings_of(connection, stored, cutoff, window.span, activity=only))
    assessment = Assessment(stored.plan, cutoff, window, findings, Summary(), {})
    for finding in findings:
        assessment.summary.add(finding)
        assessment.by_agency.setdefault(finding.agency.code, Summary()).add(finding)
    return assessment


def _select(connection: Connection, question: Question) -> StoredPlan:
    """Load the plan with the agencies that are asked for."""
    head = choose_plan(connection, question.plan, question.now, question.as_of)
    if question.agency is None:
        return stored_plan(connection, head.code)
    plan = stored_plan(connection, head.code, only_agency(0))
    agency = find_agency(connection, plan.id, question.agency)
    return stored_plan(
        connection, head.code, subtree(agency) if question.with_subtree else only_agency(agency)
    )


def _window(plan: Plan, question: Question) -> tuple[Period, CutOff]:
    today = today_in(plan.timezone, question.now)
    cutoff = (
        CutOff(parse_day(question.as_of, today), over=True) if question.as_of else CutOff(today, over=False)
    )
    if question.period and question.review:
        raise InputError(message("--period and --review exclude each other; give one"))
    if question.period:
        return parse_window(plan, question.period), cutoff
    if question.review is None:
        return Period(span_label(plan.effective), plan.effective), cutoff
    wanted = question.review.strip().casefold()
    review = next((review for review in plan.reviews if review.code.casefold() == wanted), None)
    if review is None:
        raise unknown_review(plan, question.review)
    if question.as_of is None and review.span.end < today:
        cutoff = CutOff(review.span.end, over=True)
    return Period(review.code, review.span), cutoff


def parse_window(plan: Plan, text: str) -> Period:
    """Read a period label, `FROM..TO`, or an entry of one of the plan's calendars."""
    text = text.strip()
    found = parse_label(text) or _range(text) or _calendar_entry(plan, text)
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
) -> Iterator[Finding]:
    """Judge every obligation of the plan's loaded agencies whose days overlap the window."""
    plan = stored.plan
    waivers = load_waivers(connection, stored.id)
    groups = {group.code: group for group in plan.groups}
    judged = [
        (_duty(connection, stored, owner, requirement, cutoff, window), requirement)
        for owner, requirement in duties(plan)
        if activity in {None, owner.code}
    ]
    for agency in plan.agencies:
        for duty, requirement in judged:
            if owes(requirement, agency, groups):
                yield from _judge(stored, duty, agency, cutoff, window, waivers)


def _duty(
    connection: Connection,
    stored: StoredPlan,
    activity: Activity,
    requirement: Requirement,
    cutoff: CutOff,
    window: Span,
) -> _Duty:
    plan = stored.plan
    wanted = [slot for slot in slots(plan, requirement) if slot.span.overlaps(window)]
    groups = {group.code: group for group in plan.groups}
    owners = [stored.agencies[agency.code] for agency in plan.agencies if owes(requirement, agency, groups)]
    forms = [stored.forms[code] for code in requirement.where.forms] or None
    scope = Scope(owners, stored.activities[activity.code], forms)
    tallies = count(connection, scope, requirement, wanted, cutoff) if owners and wanted else {}
    return _Duty(activity, requirement, wanted, tallies)


def _judge(
    stored: StoredPlan, duty: _Duty, agency: Agency, cutoff: CutOff, window: Span, waivers: Waivers
) -> Iterator[Finding]:
    requirement = duty.requirement
    agency_id = stored.agencies[agency.code]
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
        yield Finding(agency, duty.activity, requirement, owed, value, tally.executions, status, reason)
