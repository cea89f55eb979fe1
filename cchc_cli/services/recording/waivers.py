"""Waivers: an agency need not do an activity or requirement for some time; they have versions too."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.plan.model import is_member, owes
from cchc_cli.domain.records.waiver import RecordedWaiver, Waiver
from cchc_cli.domain.verdicts.obligations import duties, obligation, slots, waived_days
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.services.questions.lookup import (
    find_activity,
    find_agency,
    find_group,
    find_plan_head,
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
from cchc_cli.services.recording.once import once
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.agencies import subtree
from cchc_cli.storage.records.waivers import add_waiver, end_waiver, latest_waivers, waivers_of_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Agency, Plan
    from cchc_cli.services.questions.plan_choice import Candidates, NamedPlan
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan


class Whom(NamedTuple):
    """Who is excused: an agency, or those of a group or below an agency that owe it."""

    agency: str | None = None
    group: str | None = None
    below: str | None = None


class Request(NamedTuple):
    """A waiver as typed."""

    duty: str
    """An activity (`III.4.b`) or one requirement of it (`III.4.b/minutes`)."""
    whom: Whom
    start: str
    end: str
    reason: str
    document: str | None = None


class Waived(NamedTuple):
    """The waivers that were recorded or ended, and their plan with the agencies."""

    plan: Plan
    waivers: list[RecordedWaiver]
    known: int = 0
    """How many others were asked for that are in force already."""


class _Prepared(NamedTuple):
    """The waivers of a request, and the plan loaded with their agencies."""

    stored: StoredPlan
    waivers: list[Waiver]


class _Rollback(Exception):  # noqa: N818 - control flow, no error
    """Leaves the transaction and rolls it back."""


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
    """Record that one agency need not do something; see `waiving`."""
    request = Request(duty, Whom(agency), start, end, reason, document)
    with waiving(database, request, plan=plan, author=author, now=now) as (done, _):
        return done.waivers[0]


@contextmanager
def waiving(
    database: Database, request: Request, *, plan: NamedPlan | None, author: str, now: datetime
) -> Iterator[tuple[Waived, bool]]:
    """Record that agencies need not do something, all in one change.

    Gives the waivers and whether an earlier run recorded them, see `once`. Raises InputError where every one of them
    is in force already.
    """
    require_reason(request.reason)
    with once(
        database,
        [author, "waive", plan and plan.code, *request],
        now,
        write=lambda connection: _waive(connection, request, plan, author, now),
        find=_waived_by,
    ) as done:
        yield done


def rehearse_waiving(
    database: Database, request: Request, *, plan: NamedPlan | None, author: str, now: datetime
) -> Waived | None:
    """Give the result of `waiving`, but record nothing."""
    require_reason(request.reason)
    result = None
    with suppress(_Rollback), database.writing() as connection:
        result = _waive(connection, request, plan, author, now)
        raise _Rollback
    return result


def count_waivers(database: Database, request: Request, *, plan: NamedPlan | None, now: datetime) -> int:
    """Give how many waivers a request asks for, also those that are in force already."""
    with database.reading() as connection:
        return len(_prepare(connection, request, plan, now).waivers)


def _waive(
    connection: Connection, request: Request, plan: NamedPlan | None, author: str, now: datetime
) -> Waived:
    stored, waivers = _prepare(connection, request, plan, now)
    in_force = {one.waiver: one.no for one in latest_waivers(connection, stored.id) if not one.ended}
    new = [waiver for waiver in waivers if waiver not in in_force]
    if not new:
        raise InputError(
            message(
                "waiver no. {no} says that already; see: cchc waive --list",
                no=[in_force[waiver] for waiver in waivers],
            )
        )
    with new_change(connection, author, "waive", now) as change:
        numbers = [add_waiver(connection, stored, waiver, change, now) for waiver in new]
    recorded = [
        RecordedWaiver(no, stored.plan.code, waiver, ended=False, author=author, recorded_at=change.moment)
        for no, waiver in zip(numbers, new, strict=True)
    ]
    return Waived(stored.plan, _with_covered(stored.plan, recorded), len(waivers) - len(new))


def _prepare(connection: Connection, request: Request, plan: NamedPlan | None, now: datetime) -> _Prepared:
    head = choose_plan(connection, plan, lambda heads: _candidates(heads, request.start, request.end, now))
    keys = _agency_keys(connection, head, request.whom)
    stored = load_known_plan(connection, head.code, keys)
    activity, requirement = _find_duty(stored.plan, request.duty)
    span = _parse_span(head, request.start, request.end, now)
    if not span.overlaps(head.effective):
        raise outside_plan_error(connection, head, span, _span_text(span))
    agencies: Sequence[Agency] = stored.plan.agencies
    if not request.whom.agency:
        agencies = _those_that_owe(stored.plan, request, activity, requirement, span)
    reason, document = request.reason.strip(), request.document or None
    waivers = [Waiver(one.code, activity, requirement, span, reason, document) for one in agencies]
    return _Prepared(stored, waivers)


def _agency_keys(connection: Connection, head: PlanHead, whom: Whom) -> list[int] | None:
    """Give the keys of the agencies to load; None for all, among which are those of a group."""
    if whom.group:
        return None
    key = find_agency(connection, head.id, whom.agency or whom.below or "")
    return [one for one in subtree(connection, key) if one != key] if whom.below else [key]


def _those_that_owe(
    plan: Plan, request: Request, activity: str, requirement: str | None, span: Span
) -> list[Agency]:
    """Give the agencies of the group, or all loaded, that owe the duty and exist on one of the days."""
    group = find_group(plan, request.whom.group) if request.whom.group else None
    groups = {one.code: one for one in plan.groups}
    owed = [
        one
        for done in plan.activities
        if done.code == activity
        for one in done.requirements
        if requirement in {None, one.code}
    ]
    found = [
        agency
        for agency in plan.agencies
        if (group is None or is_member(group, agency))
        and agency.life.overlaps(span)
        and any(owes(one, agency, groups) for one in owed)
    ]
    if not found:
        raise InputError(
            message(
                "none of the agencies meant owes {duty} on these days; cchc plan {activity} shows who does",
                duty=Names(plan).duty(activity, requirement),
                activity=activity,
            )
        )
    return found


def _with_covered(plan: Plan, waivers: list[RecordedWaiver]) -> list[RecordedWaiver]:
    """Count for each waiver the obligations that it covers."""
    agencies = {one.code: one for one in plan.agencies}
    return [
        one._replace(
            covered=obligations_covered(plan._replace(agencies=(agencies[one.waiver.agency],)), one.waiver)
        )
        for one in waivers
    ]


def _waived_by(connection: Connection, seq: int) -> Waived | None:
    """Give the waivers that a change recorded or ended; None where one was changed since."""
    written = waivers_of_change(connection, seq)
    latest = {one.no: one for one in latest_waivers(connection, None)}
    if not written or any(latest[one.no] != one for one in written):
        return None
    head = find_plan_head(connection, written[0].plan)
    codes = dict.fromkeys(one.waiver.agency for one in written)
    keys = [find_agency(connection, head.id, code) for code in codes]
    plan = load_known_plan(connection, head.code, keys).plan
    return Waived(plan, written if written[0].ended else _with_covered(plan, written))


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
    """End a waiver; see `ending`."""
    with ending(database, no, reason=reason, author=author, now=now) as (done, _):
        return done.waivers[0]


@contextmanager
def ending(
    database: Database, no: int, *, reason: str, author: str, now: datetime
) -> Iterator[tuple[Waived, bool]]:
    """End a waiver: from now on it covers nothing; its last version has the reason.

    Gives it and whether an earlier run ended it, see `once`.
    """
    require_reason(reason)

    def write(connection: Connection) -> Waived:
        with new_change(connection, author, f"end waiver {no}", now) as change:
            found = end_waiver(connection, no, reason.strip(), change)
        if not found:
            raise InputError(
                message("there is no waiver no. {no} in force; cchc waive --list shows them", no=no)
            )
        ended = next(one for one in latest_waivers(connection, None) if one.no == no)
        head = find_plan_head(connection, ended.plan)
        return Waived(load_plan_with_agency(connection, head, ended.waiver.agency).plan, [ended])

    with once(database, [author, "end waiver", no, reason], now, write=write, find=_waived_by) as done:
        yield done


def list_waivers(
    database: Database, plan: NamedPlan | None, now: datetime
) -> tuple[Plan, list[RecordedWaiver]]:
    """Give a plan and the latest versions of its waivers, ended ones too, in the order of recording."""
    with database.reading() as connection:
        stored = load_known_plan(connection, choose_plan_of_day(connection, plan, now, any_plan=True).code)
        return stored.plan, latest_waivers(connection, stored.id)
