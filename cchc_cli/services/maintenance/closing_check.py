"""Checks closed reviews for `verify`: what they say they rest on, and whether their verdicts follow from it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Period
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.verdicts.rules import RULE_SET
from cchc_cli.services.questions.assessment import assess_resolved
from cchc_cli.services.questions.lookup import load_known_plan
from cchc_cli.services.questions.question import Question, Resolved, resolve_as_known
from cchc_cli.services.reviews.closing import frozen_verdict, known_at_closing
from cchc_cli.storage.changes.changes import Problem, link_of
from cchc_cli.storage.plans.plans import plan_heads, source_at
from cchc_cli.storage.records.closed_reviews import change_of, closings_of, verdicts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.results.reviews import ClosedReview
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import PlanHead


def closing_problems(connection: Connection, notes: list[Message], *, replay: bool) -> Iterator[Problem]:
    """Give each closing that names another state than that of its time, or whose verdicts do not follow from it.

    Verdicts are judged again only with `replay`, and only those of the present rule set. `notes` says what was not.
    """
    older = left_out = 0
    for head in plan_heads(connection):
        for closing in closings_of(connection, head.id):
            if not _rests_on_its_time(connection, head, closing):
                yield _problem(
                    head,
                    closing,
                    message("it does not name the records and the plan file of the time when it was closed"),
                )
            elif closing.rules != RULE_SET:
                older += 1
            elif not replay:
                left_out += 1
            elif not _verdicts_follow(connection, head, closing):
                yield _problem(
                    head, closing, message("its verdicts do not follow from the records of that time")
                )
    if older:
        notes.append(
            message(
                "closings of an earlier rule set, whose verdicts cannot be judged again: {number}",
                number=older,
            )
        )
    if left_out:
        notes.append(
            message(
                "closings whose verdicts were not judged again (--without-closings): {number}",
                number=left_out,
            )
        )


def _problem(head: PlanHead, closing: ClosedReview, why: Message) -> Problem:
    return Problem(
        "closing",
        message(
            "closing no. {no}, of the review {review} of the plan {plan}: {why}",
            no=closing.no,
            review=closing.review,
            plan=head.code,
            why=why,
        ),
    )


def _rests_on_its_time(connection: Connection, head: PlanHead, closing: ClosedReview) -> bool:
    """Tell whether a closing names the change before it, the link of that, and the plan file in force then."""
    source = source_at(connection, head.id, closing.known) or ""
    digests = {hashlib.sha256(text.encode()).hexdigest() for text in (source, "\ufeff" + source)}
    return (
        closing.known == change_of(connection, closing.no) - 1
        and closing.head == link_of(connection, closing.known)
        and closing.plan_digest in digests
    )


def _verdicts_follow(connection: Connection, head: PlanHead, closing: ClosedReview) -> bool:
    """Judge a review again by the records and the plan of then; tell whether the verdicts are the stored ones."""
    known = known_at_closing(closing)
    question = Question(known.moment, review=closing.review)
    stored = load_known_plan(connection, head.code)
    window = Period(closing.review, closing.window)
    now = Resolved(question, stored, window, closing.cutoff, None, None, None, None)
    then = resolve_as_known(connection, now, known, closing.cutoff)
    assessment = assess_resolved(connection, then)
    found = [frozen_verdict(finding) for finding in assessment.findings]
    return then.window.span == closing.window and found == verdicts_of(connection, closing.no)
