"""Waivers: an agency need not do an activity or requirement for some time; they have versions too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.plan.model import owes
from cchc_cli.domain.records.waiver import RecordedWaiver, Waiver
from cchc_cli.domain.verdicts.obligations import duties, obligation, slots, waived_days
from cchc_cli.services.questions.lookup import (
    find_activity,
    find_requirement,
    load_known_plan,
    load_plan_with_agency,
)
from cchc_cli.services.questions.plan_choice import (
    candidates_by_span,
    choose_plan,
    choose_plan_of_day,
    outside_plan_error,
    parse_day_in,
)
from cchc_cli.services.recording.corrections import require_reason
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.waivers import add_waiver, end_waiver, latest_waivers

if TYPE_CHECKING:
    from datetime import datetime

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.services.questions.plan_choice import Candidates, NamedPlan
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead


def waive(  # noqa: PLR0913 - the options of one command
    database: Database,
    duty: str,
    *,
    plan: NamedPlan | None,
    agency: str,
    start: str,
    end: str,
    reason: str,
    document: str | None,
    author: str,
    now: datetime,
) -> RecordedWaiver:
    """Record that an agency need not do an activity (`III.4.b`) or one requirement (`III.4.b/minutes`)."""
    require_reason(reason)
    with database.writing() as connection:
        head = choose_plan(connection, plan, lambda heads: _candidates(heads, start, end, now))
        stored = load_plan_with_agency(connection, head, agency)
        activity, requirement = _find_duty(stored.plan, duty)
        span = _parse_span(head, start, end, now)
        if not span.overlaps(head.effective):
            raise outside_plan_error(connection, head, span, _span_text(span))
        waiver = Waiver(
            stored.plan.agencies[0].code, activity, requirement, span, reason.strip(), document or None
        )
        _refuse_duplicate(connection, stored.id, waiver)
        with new_change(connection, author, "waive", now) as change:
            no = add_waiver(connection, stored, waiver, change, now)
        covered = obligations_covered(stored.plan, waiver)
        return RecordedWaiver(
            no,
            stored.plan.code,
            waiver,
            ended=False,
            author=author,
            recorded_at=change.moment,
            covered=covered,
        )


def _refuse_duplicate(connection: Connection, plan_id: int, waiver: Waiver) -> None:
    for known in latest_waivers(connection, plan_id):
        if not known.ended and known.waiver == waiver:
            raise InputError(
                message("waiver no. {no} says that already; see: cchc waive --list", no=known.no)
            )


def _candidates(heads: list[PlanHead], start: str, end: str, now: datetime) -> Candidates:
    span = _parse_span(heads[0], start, end, now)
    return candidates_by_span(heads, span, _span_text(span))


def _parse_span(head: PlanHead, start: str, end: str, now: datetime) -> Span:
    span = Span(parse_day_in(head, now, start), parse_day_in(head, now, end))
    if not span.days:
        raise InputError(
            message("“--to” lies before “--from”; give the first day with --from and the last with --to")
        )
    return span


def _span_text(span: Span) -> Message:
    return message("{start} – {end}", start=span.start, end=span.end)


def obligations_covered(plan: Plan, waiver: Waiver) -> int:
    """Count the obligations of the waiver's agency, the only one loaded, that the waiver covers whole.

    A partial period, which is waived anyway, is not counted.
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


def _find_duty(plan: Plan, text: str) -> tuple[str, str | None]:
    name, separator, code = text.partition("/")
    activity = find_activity(plan, name)
    if not separator:
        return activity.code, None
    return activity.code, find_requirement(plan, activity, code)


def stop_waiving(database: Database, no: int, *, reason: str, author: str, now: datetime) -> RecordedWaiver:
    """End a waiver: from now on it covers nothing; its last version has the reason."""
    require_reason(reason)
    with database.writing() as connection:
        with new_change(connection, author, f"end waiver {no}", now) as change:
            found = end_waiver(connection, no, reason.strip(), change)
        if not found:
            raise InputError(
                message("there is no waiver no. {no} in force; cchc waive --list shows them", no=no)
            )
        return next(found for found in latest_waivers(connection, None) if found.no == no)


def list_waivers(
    database: Database, plan: NamedPlan | None, now: datetime
) -> tuple[Plan, list[RecordedWaiver]]:
    """Give a plan and the latest versions of its waivers, ended ones too, in the order of recording."""
    with database.reading() as connection:
        stored = load_known_plan(connection, choose_plan_of_day(connection, plan, now, any_plan=True).code)
        return stored.plan, latest_waivers(connection, stored.id)


def plan_of_waiver(database: Database, recorded: RecordedWaiver) -> Plan:
    """Give the plan of a waiver, with its agency."""
    with database.reading() as connection:
        head = next(
            head
            for head in plan_heads(connection)
            if any(one.no == recorded.no for one in latest_waivers(connection, head.id))
        )
        return load_plan_with_agency(connection, head, recorded.waiver.agency).plan
