"""Closed reviews in lines for a terminal."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.amounts import Amount
from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.rules import Status
from cchc_cli.reports.facts import local
from cchc_cli.reports.words import figures_lines, label_words, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan import Plan, Review
    from cchc_cli.domain.results import Assessment, Closing, Difference, Frozen


def closed_lines(closing: Closing, assessment: Assessment) -> Iterator[Message]:
    """Say what was kept."""
    summary = assessment.summary
    yield message(
        "review {review} of the plan {plan} closed, as of {day}",
        review=closing.review,
        plan=assessment.plan.code,
        day=closing.cutoff.day,
    )
    yield message("verdicts: {number}", number=summary.obligations)
    yield from figures_lines(summary)
    yield message("chain {count}:{head}", count=closing.known, head=closing.head)
    if assessment.cutoff.day < closing.window.end:
        yield message(
            "note: the review runs until {day}; what is open was kept as open", day=closing.window.end
        )


def review_lines(plan: Plan, reviews: Iterable[tuple[Review, list[Closing]]]) -> Iterator[Message]:
    """Say which reviews there are, and which were closed."""
    yield message("{plan}  {title}", plan=plan.code, title=plan.title)
    for review, closings in reviews:
        yield message(
            "{review}  {start} – {end}  {name}",
            review=review.code,
            start=review.span.start,
            end=review.span.end,
            name=review.name,
        )
        if review.due:
            yield message("    due {day}", day=review.due)
        for closing in closings:
            yield message(
                "    closed on {moment} by {author}, as of {day}",
                moment=_moment(closing, plan),
                author=closing.author,
                day=closing.cutoff.day,
            )
        if not closings:
            yield message("    not closed")


def _moment(closing: Closing, plan: Plan) -> object:
    assert closing.recorded_at is not None
    return local(closing.recorded_at, plan.timezone)


def diff_lines(plan: Plan, closing: Closing, differences: list[Difference]) -> Iterator[Message]:
    """Say what has changed since a review was closed, agency by agency."""
    facts = {
        "review": closing.review,
        "plan": plan.code,
        "moment": _moment(closing, plan),
        "author": closing.author,
    }
    if not differences:
        yield message(
            "nothing has changed since review {review} of the plan {plan} was closed on {moment} by {author}",
            **facts,
        )
        return
    yield message(
        "since review {review} of the plan {plan} was closed on {moment} by {author}: verdicts changed {number}",
        **facts,
        number=len(differences),
    )
    names = {agency.code: agency.shown for agency in plan.agencies}
    for code, group in groupby(differences, key=lambda one: _either(one)[0]):
        yield message("{agency}", agency=names.get(code, code))
        for one in group:
            yield from _difference_lines(one, plan)


def _either(one: Difference) -> Frozen:
    found = one.new or one.old
    assert found is not None
    return found


def _difference_lines(one: Difference, plan: Plan) -> Iterator[Message]:
    _, activity, requirement, period = _either(one)[:4]
    yield message(
        "  {activity}/{requirement}, {period}: {old} → {new}",
        activity=activity,
        requirement=requirement,
        period=label_words(period),
        old=_verdict(one.old),
        new=_verdict(one.new),
    )
    for reason in one.reasons:
        yield message("    {reason}", reason=_local(reason, plan))


def _local(reason: Message, plan: Plan) -> Message:
    """Give a sentence with its moments in the plan's time zone."""
    values = {
        name: local(value, plan.timezone) if isinstance(value, datetime) else value
        for name, value in reason.values.items()
    }
    return Message(reason.template, values)


def _verdict(frozen: Frozen | None) -> Message:
    if frozen is None:
        return message("not owed")
    value, status = frozen[8], word(Status(frozen[10]))
    if value is None:
        return message("{status}", status=status)
    return message("{status} ({value})", status=status, value=Amount(value))
