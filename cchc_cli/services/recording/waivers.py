"""Waivers: who need not do what, from when to when, and why; they too are versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.plan.model import owes
from cchc_cli.domain.records.waiver import RecordedWaiver, Waiver
from cchc_cli.domain.verdicts.obligations import duties, obligation, slots, waived_days
from cchc_cli.services.questions.lookup import find_activity, find_requirement, stored_plan, stored_with
from cchc_cli.services.questions.plan_choice import choose, day_in, fit_of_span, outside, plan_on
from cchc_cli.services.recording.corrections import needed_reason
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.waivers import add_waiver, end_waiver, latest_waivers

if TYPE_CHECKING:
    from datetime import datetime

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.services.questions.plan_choice import Fit, Named
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead


def waive(  # noqa: PLR0913 - what a waiver consists of
    database: Database,
    duty: str,
    *,
    plan: Named | None,
    agency: str,
    start: str,
    end: str,
    reason: str,
    document: str | None,
    author: str,
    now: datetime,
) -> RecordedWaiver:
    """Record that an agency need not do an activity (`III.4.b`) or one requirement (`III.4.b/minutes`)."""
    needed_reason(reason)
    with database.writing() as connection:
        head = choose(connection, plan, lambda heads: _fit(heads, start, end, now))
        stored = stored_with(connection, head, agency)
        activity, requirement = _duty(stored.plan, duty)
        span = _span(head, start, end, now)
        if not span.overlaps(head.effective):
            raise outside(connection, head, span, _words(span))
        waiver = Waiver(
            stored.plan.agencies[0].code, activity, requirement, span, reason.strip(), document or None
        )
        for known in latest_waivers(connection, stored.id):
            if not known.ended and known.waiver == waiver:
                raise InputError(
                    message("waiver no. {no} says that already; see: cchc waive --list", no=known.no)
                )
        with new_change(connection, author, "waive", now) as change:
            no = add_waiver(connection, stored, waiver, change, now)
        covered = obligations_covered(stored.plan, waiver)
        return RecordedWaiver(no, stored.plan.code, waiver, False, author, change.moment, covered)  # noqa: FBT003 - in force


def _fit(heads: list[PlanHead], start: str, end: str, now: datetime) -> Fit:
    span = _span(heads[0], start, end, now)
    return fit_of_span(heads, span, _words(span))


def _span(head: PlanHead, start: str, end: str, now: datetime) -> Span:
    span = Span(day_in(head, now, start), day_in(head, now, end))
    if not span.days:
        raise InputError(
            message("“--to” lies before “--from”; give the first day with --from and the last with --to")
        )
    return span


def _words(span: Span) -> Message:
    return message("{start} – {end}", start=span.start, end=span.end)


def obligations_covered(plan: Plan, waiver: Waiver) -> int:
    """Count what the waiver's agency, the only one loaded, owes on days that it all covers.

    A period that is waived for not being whole needs no waiver, and is not counted.
    """
    groups = {group.code: group for group in plan.groups}
    owed = (
        (activity.code, requirement, obligation(requirement, slot, plan.agencies[0].life))
        for activity, requirement in duties(plan)
        if activity.code == waiver.activity and owes(requirement, plan.agencies[0], groups)
        for slot in slots(plan, requirement)
    )
    return sum(
        one is not None
        and not one.cut
        and waiver.covers(activity, requirement.code, waived_days(requirement, one.span))
        for activity, requirement, one in owed
    )


def _duty(plan: Plan, text: str) -> tuple[str, str | None]:
    name, separator, code = text.partition("/")
    activity = find_activity(plan, name)
    if not separator:
        return activity.code, None
    return activity.code, find_requirement(plan, activity, code)


def stop_waiving(database: Database, no: int, *, reason: str, author: str, now: datetime) -> RecordedWaiver:
    """End a waiver: from now on it covers nothing, and its last version says why."""
    needed_reason(reason)
    with database.writing() as connection:
        with new_change(connection, author, f"end waiver {no}", now) as change:
            found = end_waiver(connection, no, reason.strip(), change)
        if not found:
            raise InputError(
                message("there is no waiver no. {no} in force; cchc waive --list shows them", no=no)
            )
        return next(found for found in latest_waivers(connection, None) if found.no == no)


def list_waivers(database: Database, plan: Named | None, now: datetime) -> tuple[Plan, list[RecordedWaiver]]:
    """Give a plan and its waivers as they stand now, ended ones included, in the order of recording."""
    with database.reading() as connection:
        stored = stored_plan(connection, plan_on(connection, plan, now, free=True).code)
        return stored.plan, latest_waivers(connection, stored.id)


def plan_of(database: Database, recorded: RecordedWaiver) -> Plan:
    """Give the plan of a waiver, with its agency."""
    with database.reading() as connection:
        head = next(
            head
            for head in plan_heads(connection)
            if any(one.no == recorded.no for one in latest_waivers(connection, head.id))
        )
        return stored_with(connection, head, recorded.waiver.agency).plan
