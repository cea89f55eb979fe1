"""Closed reviews: stores the verdicts of a review, and shows how later verdicts differ and why."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.plan.model import Measure
from cchc_cli.domain.results.reviews import ClosedReview, ClosedVerdict, VerdictDifference
from cchc_cli.domain.verdicts.obligations import duties
from cchc_cli.domain.verdicts.rules import RULE_SET
from cchc_cli.services.questions.assessment import assess_resolved
from cchc_cli.services.questions.lookup import load_known_plan
from cchc_cli.services.questions.plan_choice import NamedPlan, choose_plan_of_day
from cchc_cli.services.questions.question import KnownAt, Question, resolve
from cchc_cli.storage.changes.changes import chain_head, new_change
from cchc_cli.storage.plans.plans import plan_digest, plan_versions
from cchc_cli.storage.records.closed_reviews import (
    add_closing,
    closings_of,
    next_no,
    verdicts_of,
    versions_since,
)
from cchc_cli.storage.records.waivers import waivers_since

if TYPE_CHECKING:
    from datetime import datetime

    from cchc_cli.domain.plan.model import Plan, Review
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan
    from cchc_cli.storage.records.closed_reviews import VersionSince


class Closed(NamedTuple):
    """A closing that was just stored, and the assessment it stores."""

    closing: ClosedReview
    assessment: Assessment


def close_review(database: Database, question: Question, *, again: bool, author: str) -> Closed:
    """Store the verdicts of the review that the question names, as of now or of its `as_of`.

    Raises InputError where it was closed before and `again` is not set.
    """
    with database.writing() as connection:
        resolved = resolve(connection, question)
        stored, code = resolved.stored, resolved.window.label
        assessment = assess_resolved(connection, resolved)
        before = _closings_of_review(connection, stored, code)
        if before and not again:
            raise InputError(
                message(
                    "the review {review} of the plan {plan} was closed on {moment} by {author}; see cchc review diff {review} --plan {plan}, or close it again with --again",
                    review=code,
                    plan=stored.plan.code,
                    moment=_local_moment(before[-1], stored.plan),
                    author=before[-1].author,
                )
            )
        chain = chain_head(connection)
        digest = plan_digest(connection, stored.plan.code) or ""
        with new_change(connection, author, f"close review {code}", question.now) as change:
            closing = ClosedReview(
                next_no(connection),
                code,
                assessment.window.span,
                assessment.cutoff,
                chain.links,
                chain.link,
                digest,
                RULE_SET,
                author,
                change.moment,
            )
            verdicts = [frozen_verdict(finding) for finding in assessment.findings]
            add_closing(connection, (stored.id, stored.plan.code), closing, verdicts, change)
        return Closed(closing, assessment._replace(chain=chain_head(connection)))


def _local_moment(closing: ClosedReview, plan: Plan) -> datetime:
    assert closing.recorded_at is not None
    return closing.recorded_at.astimezone(ZoneInfo(plan.timezone))


def frozen_verdict(finding: Finding) -> ClosedVerdict:
    """Give a verdict as a closing stores it."""
    owed, requirement = finding.obligation, finding.requirement
    return (
        finding.agency.code,
        finding.activity.code,
        requirement.code,
        owed.slot.label,
        owed.span.start.isoformat(),
        owed.span.end.isoformat(),
        owed.bounds.at_least,
        owed.bounds.at_most,
        finding.value,
        finding.executions,
        finding.status.value,
        finding.reason.value if finding.reason else None,
        requirement.basis.value,
    )


def _closings_of_review(connection: Connection, stored: StoredPlan, code: str) -> list[ClosedReview]:
    return [one for one in closings_of(connection, stored.id) if one.review == code]


def list_reviews(
    database: Database, plan: NamedPlan | None, now: datetime
) -> tuple[Plan, list[tuple[Review, list[ClosedReview]]]]:
    """Give the reviews of a plan in their order, each with its closings, oldest first."""
    with database.reading() as connection:
        stored = load_known_plan(connection, choose_plan_of_day(connection, plan, now, any_plan=True).code)
        closings = closings_of(connection, stored.id)
        return stored.plan, [
            (review, [one for one in closings if one.review == review.code]) for review in stored.plan.reviews
        ]


def last_closing(connection: Connection, stored: StoredPlan, code: str) -> ClosedReview | None:
    """Give the latest closing of a review; None where it was never closed."""
    return next(iter(reversed(_closings_of_review(connection, stored, code))), None)


def known_at_closing(closing: ClosedReview) -> KnownAt:
    """Give what had been recorded when a review was closed."""
    assert closing.recorded_at is not None
    return KnownAt(closing.known, closing.recorded_at)


def diff_review(database: Database, question: Question) -> tuple[Plan, ClosedReview, list[VerdictDifference]]:
    """Give the verdicts that differ from those of the review's last closing, in the order of the plan.

    They are judged as of the same day, by the current plan and records. Raises InputError where the review
    was never closed.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question)
        stored, code = resolved.stored, resolved.window.label
        closing = last_closing(connection, stored, code)
        if closing is None:
            raise InputError(
                message(
                    "the review {review} of the plan {plan} was not closed yet; close it with: cchc review close {review} --plan {plan}",
                    review=code,
                    plan=stored.plan.code,
                )
            )
        assessment = assess_resolved(connection, resolved._replace(cutoff=closing.cutoff))
        old = {one[:4]: one for one in verdicts_of(connection, closing.no)}
        new = {one[:4]: one for one in map(frozen_verdict, assessment.findings)}
        reasons = _ReasonsSince(connection, stored, closing)
        keys = [*new, *(key for key in old if key not in new)]
        differences = [
            VerdictDifference(old.get(key), new.get(key), reasons.of(new.get(key) or old[key]))
            for key in keys
            if old.get(key) != new.get(key)
        ]
    return stored.plan, closing, differences


_LOOKS_BACK = frozenset({Measure.STOCK, Measure.GAP})
"""Measures whose value depends on executions before the obligation begins."""


class _ReasonsSince:
    """Why a verdict may differ from that of a closing: what was recorded or changed since."""

    def __init__(self, connection: Connection, stored: StoredPlan, closing: ClosedReview) -> None:
        """Load everything that was recorded since."""
        self._last = closing.cutoff.day
        self._measures = {
            (activity.code, requirement.code): requirement.measure
            for activity, requirement in duties(stored.plan)
        }
        self._found: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self._records: dict[tuple[str, str], list[VersionSince]] = defaultdict(list)
        for one in versions_since(connection, stored.id, closing.known):
            self._records[one.agency, one.activity].append(one)
        for waiver in waivers_since(connection, stored.id, closing.known):
            self._found[waiver.waiver.agency, waiver.waiver.activity].append(_waiver_words(waiver))
        self._plan = [
            message(
                "the plan was imported again on {moment} by {author}",
                moment=version.recorded_at,
                author=version.author,
            )
            for version in plan_versions(connection, stored.id)
            if closing.recorded_at and version.recorded_at > closing.recorded_at
        ]
        self._rules = (
            []
            if closing.rules == RULE_SET
            else [
                message(
                    "the rules have changed since: rule set {old} became {new}",
                    old=closing.rules,
                    new=RULE_SET,
                )
            ]
        )

    def of(self, verdict: ClosedVerdict) -> list[Message]:
        """Give what can have changed a verdict: records of its days, waivers, the plan, the rules."""
        agency, activity, requirement, _, start, end = verdict[:6]
        looks_back = self._measures.get((activity, requirement)) in _LOOKS_BACK
        first = date.min if looks_back else date.fromisoformat(start)
        days = Span(first, min(date.fromisoformat(end), self._last))
        words = [
            _version_words(one)
            for one in self._records.get((agency, activity), ())
            if one.day in days or (one.day_before and one.day_before in days)
        ]
        return [*words, *self._found.get((agency, activity), []), *self._plan, *self._rules]


def _version_words(one: VersionSince) -> Message:
    facts = {"no": one.no, "moment": one.recorded_at, "author": one.author, "reason": one.reason}
    if one.voided:
        return message("no. {no} was voided on {moment} by {author}: {reason}", **facts)
    if one.version > 1:
        return message("no. {no} was corrected on {moment} by {author}: {reason}", **facts)
    return message("no. {no} was recorded on {moment} by {author}", **facts)


def _waiver_words(one: RecordedWaiver) -> Message:
    facts = {"no": one.no, "moment": one.recorded_at, "author": one.author, "reason": one.waiver.reason}
    if one.ended:
        return message("waiver no. {no} was ended on {moment} by {author}: {reason}", **facts)
    return message("waiver no. {no} was recorded on {moment} by {author}: {reason}", **facts)
