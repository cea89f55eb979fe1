"""Closed reviews in lines for a terminal."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.plurals import Number
from cchc_cli.domain.language.text import SafeText
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.domain.wording.requirements import value_in_words
from cchc_cli.reports.wording.about import local_time
from cchc_cli.reports.wording.words import (
    calendar_label_words,
    figures_lines,
    period_label_words,
    status_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Plan, Review
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import ClosedReview, ClosedVerdict, VerdictDifference


def closed_lines(closing: ClosedReview, assessment: Assessment) -> Iterator[Message]:
    """Describe a closing that was just made."""
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
            "note: the review runs until {day}; open obligations were kept as open", day=closing.window.end
        )


def review_lines(plan: Plan, reviews: Iterable[tuple[Review, list[ClosedReview]]]) -> Iterator[Message]:
    """List the reviews of a plan with their closings."""
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
                moment=_closed_at(closing, plan),
                author=closing.author,
                day=closing.cutoff.day,
            )
        if not closings:
            yield message("    not closed")


def _closed_at(closing: ClosedReview, plan: Plan) -> object:
    assert closing.recorded_at is not None
    return local_time(closing.recorded_at, plan.timezone)


def diff_lines(plan: Plan, closing: ClosedReview, differences: list[VerdictDifference]) -> Iterator[Message]:
    """List the verdicts that have changed since a review was closed, by agency."""
    facts = {
        "review": closing.review,
        "plan": plan.code,
        "moment": _closed_at(closing, plan),
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
    names, duties = {agency.code: agency.shown for agency in plan.agencies}, _Duties(plan)
    for code, group in groupby(differences, key=lambda one: _current_or_old(one)[0]):
        yield message("{agency}", agency=names.get(code, code))
        for duty, changed in groupby(group, key=lambda one: _current_or_old(one)[1:3]):
            yield message("  {duty}", duty=duties.words(*duty))
            for one in changed:
                yield from _difference_lines(one, plan, duties)


def _current_or_old(one: VerdictDifference) -> ClosedVerdict:
    known = one.new or one.old
    assert known is not None
    return known


class _Duties:
    """Words for the requirements of a plan; codes stand for those that it no longer has."""

    def __init__(self, plan: Plan) -> None:
        self._names = Names(plan)
        self._duties = {
            (activity.code, requirement.code): (activity, requirement)
            for activity in plan.activities
            for requirement in activity.requirements
        }

    def words(self, activity: str, requirement: str) -> Message | str:
        return self._names.duty(activity, requirement)

    def period(self, frozen: ClosedVerdict) -> SafeText:
        duty = self._duties.get(frozen[1:3])
        return SafeText(period_label_words(frozen[3], duty[1]) if duty else calendar_label_words(frozen[3]))

    def verdict(self, frozen: ClosedVerdict | None) -> Message:
        if frozen is None:
            return message("not owed")
        value, status = frozen[8], status_word(Status(frozen[10]))
        if value is None:
            return message("{status}", status=status)
        duty = self._duties.get(frozen[1:3])
        shown = value_in_words(value, duty[1].measure, duty[0]) if duty else Number(value)
        return message("{status} ({value})", status=status, value=shown)


def _difference_lines(one: VerdictDifference, plan: Plan, duties: _Duties) -> Iterator[Message]:
    known = _current_or_old(one)
    yield message(
        "    {period}: {old} → {new}",
        period=duties.period(known),
        old=duties.verdict(one.old),
        new=duties.verdict(one.new),
    )
    for reason in one.reasons:
        yield message("      {reason}", reason=_in_plan_zone(reason, plan))


def _in_plan_zone(reason: Message, plan: Plan) -> Message:
    """Convert the times in a message to the time zone of the plan."""
    values = {
        name: local_time(value, plan.timezone) if isinstance(value, datetime) else value
        for name, value in reason.values.items()
    }
    return Message(reason.template, values)
