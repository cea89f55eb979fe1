"""Chooses the plan that a command works on: by its code, or by the days or the code that the command names.

Where several plans are possible, the user is asked to say which; none is chosen silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.days import parse_day
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.services.questions.lookup import NO_PLAN, today_in, unknown_plan
from cchc_cli.storage.plans.plans import PlanHead, plan_heads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.storage.database.connection import Connection


class NamedPlan(NamedTuple):
    """A plan named by option, variable or setting."""

    code: str
    source: Message | str | None = None
    """The variable or the setting that names it; None where it was typed."""


class Candidates(NamedTuple):
    """The plans that something, such as a day or a review, can belong to."""

    what: Message
    """What it is, for errors."""
    plans: Sequence[PlanHead]
    """The plan that it belongs to; several where it can belong to each of them."""
    also_allowed: Sequence[PlanHead] = ()
    """Further plans that a variable or a setting may name."""
    any_plan: bool = True
    """Whether --plan may name a plan that it does not belong to."""


def choose_plan(
    connection: Connection, named: NamedPlan | None, find_candidates: Callable[[list[PlanHead]], Candidates]
) -> PlanHead:
    """Give the plan that was typed, or else the only plan, or else the only candidate.

    `find_candidates` is called only where there are several plans. Raises InputError where there are several
    candidates or none, and where a variable or a setting names a plan that is no candidate.
    """
    heads = plan_heads(connection)
    if not heads:
        raise InputError(NO_PLAN)
    own = _find_head(heads, named.code) if named else None
    if own and named and named.source is None:
        return own
    if len(heads) == 1:
        return heads[0]
    found = find_candidates(heads)
    if own and named:
        if not found.plans or own in found.plans or own in found.also_allowed:
            return own
        raise InputError(
            message(
                "{source} names the plan {plan}, but {what} belongs to {plans}; say which one is meant with --plan",
                source=named.source,
                plan=plan_with_days(own),
                what=found.what,
                plans=list(map(plan_with_days, found.plans)),
            )
        )
    if len(found.plans) == 1:
        return found.plans[0]
    raise InputError(_choice_message(found, heads))


def _find_head(heads: list[PlanHead], code: str) -> PlanHead:
    wanted = code.strip().casefold()
    for head in heads:
        if head.code.casefold() == wanted:
            return head
    raise InputError(unknown_plan(code, [head.code for head in heads]))


def _choice_message(found: Candidates, heads: list[PlanHead]) -> Message:
    if found.plans:
        return message(
            "{what} can belong to several plans; say which one is meant with --plan: {plans}",
            what=found.what,
            plans=list(map(plan_with_days, found.plans)),
        )
    known = list(map(plan_with_days, heads))
    if found.any_plan:
        return message(
            "{what} belongs to no plan; say which one is meant with --plan: {plans}",
            what=found.what,
            plans=known,
        )
    return message(
        "{what} belongs to no plan; give days of one of these, which --plan may name: {plans}",
        what=found.what,
        plans=known,
    )


def plan_with_days(head: PlanHead) -> Message:
    """Name a plan with its first and its last day."""
    return message(
        "{plan} ({start} – {end})", plan=head.code, start=head.effective.start, end=head.effective.end
    )


def choose_plan_of_day(
    connection: Connection,
    named: NamedPlan | None,
    now: datetime,
    day: str | None = None,
    *,
    any_plan: bool = False,
) -> PlanHead:
    """Give the plan of a day as typed, of today without one; with `any_plan` --plan may name any plan."""
    return choose_plan(
        connection,
        named,
        lambda heads: candidates_by_day(heads, lambda head: parse_day_in(head, now, day), any_plan=any_plan),
    )


def parse_day_in(head: PlanHead, now: datetime, day: str | None) -> date:
    """Read a day as typed, in the time zone of a plan; today where none is typed."""
    today = today_in(head.timezone, now)
    return parse_day(day, today) if day else today


def candidates_by_day(
    heads: Iterable[PlanHead], day: Callable[[PlanHead], date], *, any_plan: bool
) -> Candidates:
    """Give the plans that a day lies in; `day` gives the day in the time zone of each plan."""
    days = {head: day(head) for head in heads}
    what = message("{day}", day=next(iter(days.values())))
    return Candidates(what, [head for head, one in days.items() if one in head.effective], any_plan=any_plan)


def candidates_by_span(heads: Iterable[PlanHead], span: Span, what: Message) -> Candidates:
    """Give the plans that contain all of some days, or else those that contain any of them."""
    touched = [head for head in heads if head.effective.overlaps(span)]
    whole = [head for head in touched if head.effective & span == span]
    return Candidates(what, whole or touched, touched, any_plan=False)


def candidates_by_code(
    having: Sequence[PlanHead], day: Callable[[PlanHead], date], what: Message
) -> Candidates:
    """Give the plan that has a code; of several, the one that began last before or on the day."""
    if len(having) <= 1:
        return Candidates(what, having)
    begun = [head for head in having if head.effective.start <= day(head)]
    last = max((head.effective.start for head in begun), default=None)
    return Candidates(what, [head for head in begun if head.effective.start == last])


def outside_plan_error(
    connection: Connection, plan: Plan | PlanHead, span: Span, what: Message
) -> InputError:
    """Make the error that some days lie outside a plan; it names the plans that they lie in."""
    facts = {"plan": plan.code, "start": plan.effective.start, "end": plan.effective.end, "what": what}
    elsewhere = [plan_with_days(head) for head in plan_heads(connection) if head.effective.overlaps(span)]
    if elsewhere:
        return InputError(
            message(
                "the plan {plan} runs from {start} to {end}; {what} lies outside it, in {plans}",
                **facts,
                plans=elsewhere,
            )
        )
    return InputError(message("the plan {plan} runs from {start} to {end}; {what} lies outside it", **facts))
