"""Which plan is meant: the one that the days lie in, or that has the code; never one in silence."""

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


class Named(NamedTuple):
    """A plan that somebody named."""

    code: str
    source: Message | str | None = None
    """The variable or the setting that names it; None where it was typed."""


class Fit(NamedTuple):
    """Which of several plans something belongs to."""

    what: Message
    """The thing itself, for errors."""
    plans: Sequence[PlanHead]
    """The plan that it belongs to; several where it could belong to each of them."""
    named: Sequence[PlanHead] = ()
    """Those that a variable or a setting may name besides."""
    free: bool = True
    """Whether it can be asked of a plan that it does not belong to."""


def choose(connection: Connection, named: Named | None, fit: Callable[[list[PlanHead]], Fit]) -> PlanHead:
    """Give the plan that is typed, or else the only one, or else the one that fits.

    Raises InputError where several fit or none does, and where a variable or a setting names another plan
    than the one that fits. `fit` is asked only where there are several plans.
    """
    heads = plan_heads(connection)
    if not heads:
        raise InputError(NO_PLAN)
    own = _find(heads, named.code) if named else None
    if own and named and named.source is None:
        return own
    if len(heads) == 1:
        return heads[0]
    found = fit(heads)
    if own and named:
        if not found.plans or own in found.plans or own in found.named:
            return own
        raise InputError(
            message(
                "{source} names the plan {plan}, but {what} belongs to {plans}; say which one is meant with --plan",
                source=named.source,
                plan=with_days(own),
                what=found.what,
                plans=list(map(with_days, found.plans)),
            )
        )
    if len(found.plans) == 1:
        return found.plans[0]
    raise InputError(_which(found, heads))


def _find(heads: list[PlanHead], code: str) -> PlanHead:
    wanted = code.strip().casefold()
    for head in heads:
        if head.code.casefold() == wanted:
            return head
    raise InputError(unknown_plan(code, [head.code for head in heads]))


def _which(found: Fit, heads: list[PlanHead]) -> Message:
    if found.plans:
        return message(
            "{what} can belong to several plans; say which one is meant with --plan: {plans}",
            what=found.what,
            plans=list(map(with_days, found.plans)),
        )
    known = list(map(with_days, heads))
    if found.free:
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


def with_days(head: PlanHead) -> Message:
    """Name a plan with its first and its last day."""
    return message(
        "{plan} ({start} – {end})", plan=head.code, start=head.effective.start, end=head.effective.end
    )


def plan_on(
    connection: Connection, named: Named | None, now: datetime, day: str | None = None, *, free: bool = False
) -> PlanHead:
    """Give the plan of a day as typed, today where none is. Only what is `free` can go to another plan."""
    return choose(
        connection, named, lambda heads: fit_of_day(heads, lambda head: day_in(head, now, day), free=free)
    )


def day_in(head: PlanHead, now: datetime, day: str | None) -> date:
    """Give a day as typed, by the calendar of a plan; today where none is."""
    today = today_in(head.timezone, now)
    return parse_day(day, today) if day else today


def fit_of_day(heads: Iterable[PlanHead], day: Callable[[PlanHead], date], *, free: bool) -> Fit:
    """Give the plans that a day lies in, which each plan reads by its own calendar."""
    days = {head: day(head) for head in heads}
    what = message("{day}", day=next(iter(days.values())))
    return Fit(what, [head for head, one in days.items() if one in head.effective], free=free)


def fit_of_span(heads: Iterable[PlanHead], span: Span, what: Message) -> Fit:
    """Give the plan that some days lie in: all of them, or else any of them."""
    touched = [head for head in heads if head.effective.overlaps(span)]
    whole = [head for head in touched if head.effective & span == span]
    return Fit(what, whole or touched, touched, free=False)


def fit_of_code(having: Sequence[PlanHead], day: Callable[[PlanHead], date], what: Message) -> Fit:
    """Give the plan that a code is of; of several that have it, the one that began last by the day."""
    if len(having) < 2:  # noqa: PLR2004 - several
        return Fit(what, having)
    begun = [head for head in having if head.effective.start <= day(head)]
    last = max((head.effective.start for head in begun), default=None)
    return Fit(what, [head for head in begun if head.effective.start == last])


def outside(connection: Connection, plan: Plan | PlanHead, span: Span, what: Message) -> InputError:
    """Make the error that some days lie outside a plan; it says in which they lie."""
    facts = {"plan": plan.code, "start": plan.effective.start, "end": plan.effective.end, "what": what}
    elsewhere = [with_days(head) for head in plan_heads(connection) if head.effective.overlaps(span)]
    if elsewhere:
        return InputError(
            message(
                "the plan {plan} runs from {start} to {end}; {what} lies outside it, in {plans}",
                **facts,
                plans=elsewhere,
            )
        )
    return InputError(message("the plan {plan} runs from {start} to {end}; {what} lies outside it", **facts))
