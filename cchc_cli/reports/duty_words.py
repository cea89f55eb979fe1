"""What a requirement says beyond its bounds and its window: what counts, its own days, what becomes of cut periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.amounts import Amount
from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.plan import Partial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan import Activity, Requirement

_PARTIALS: dict[Partial, Message] = {
    Partial.WAIVE: message("periods that are not whole are waived"),
    Partial.FULL: message("periods that are not whole are owed in full"),
    Partial.PRORATE: message("periods that are not whole are owed in proportion"),
}


def conditions(requirement: Requirement, activity: Activity) -> list[Message]:
    """Say what differs from the usual, and what tells it from one of the same activity that reads alike."""
    twins = _twins(requirement, activity)
    return [
        *_where(requirement, in_full=any(twin.where.repeats != requirement.where.repeats for twin in twins)),
        *_range(requirement),
        *(
            [_PARTIALS[requirement.when_cut]]
            if any(twin.when_cut is not requirement.when_cut for twin in twins)
            else []
        ),
    ]


def telling_apart(requirement: Requirement, activity: Activity) -> list[Message]:
    """Say the conditions where another requirement of the activity would read alike without them."""
    return conditions(requirement, activity) if _twins(requirement, activity) else []


def _twins(requirement: Requirement, activity: Activity) -> list[Requirement]:
    """Give those that ask for the same in the same window."""
    return [
        other
        for other in activity.requirements
        if other.code != requirement.code and _asked(other) == _asked(requirement)
    ]


def _asked(requirement: Requirement) -> tuple[object, ...]:
    return (
        requirement.measure,
        requirement.at_least,
        requirement.at_most,
        requirement.window,
        requirement.basis,
    )


def _where(requirement: Requirement, *, in_full: bool) -> Iterator[Message]:
    where = requirement.where
    if where.forms:
        yield message("only these forms count: {forms}", forms=list(where.forms))
    if where.amount_at_least is not None:
        yield message("only amounts of at least {amount} count", amount=Amount(where.amount_at_least))
    if where.repeats:
        yield message("repeats count too")
    elif in_full:
        yield message("a repeat does not count")


def _range(requirement: Requirement) -> Iterator[Message]:
    if requirement.start and requirement.end:
        yield message("from {start} to {end}", start=requirement.start, end=requirement.end)
    elif requirement.start:
        yield message("from {day}", day=requirement.start)
    elif requirement.end:
        yield message("until {day}", day=requirement.end)
