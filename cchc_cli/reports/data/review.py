"""Closed reviews as documents for programs: docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cchc_cli.reports.data.formats import number
from cchc_cli.reports.data.status import status_document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cchc_cli.domain.plan.model import Plan, Review
    from cchc_cli.domain.results import Assessment, ClosedReview, ClosedVerdict, VerdictDifference

Document = dict[str, Any]


def closed_document(closing: ClosedReview, assessment: Assessment) -> Document:
    """Give what closing a review did."""
    return {
        "format": "cchc-closing/1",
        "plan": assessment.plan.code,
        **_closing(closing),
        "summary": status_document(assessment, findings=False)["summary"],
    }


def reviews_document(plan: Plan, reviews: Iterable[tuple[Review, list[ClosedReview]]]) -> Document:
    """Give the reviews of a plan with their closings."""
    return {
        "format": "cchc-reviews/1",
        "plan": plan.code,
        "reviews": [
            {
                "review": review.code,
                "name": review.name,
                "from": review.span.start.isoformat(),
                "to": review.span.end.isoformat(),
                "due": review.due.isoformat() if review.due else None,
                "closings": [_closing(one) for one in closings],
            }
            for review, closings in reviews
        ],
    }


def diff_document(plan: Plan, closing: ClosedReview, differences: Iterable[VerdictDifference]) -> Document:
    """Give what has changed since a review was closed."""
    return {
        "format": "cchc-review-diff/1",
        "plan": plan.code,
        **_closing(closing),
        "differences": [_difference(one) for one in differences],
    }


def _closing(closing: ClosedReview) -> Document:
    return {
        "no": closing.no,
        "review": closing.review,
        "from": closing.window.start.isoformat(),
        "to": closing.window.end.isoformat(),
        "as_of": closing.cutoff.day.isoformat(),
        "day_over": closing.cutoff.over,
        "chain": {"count": closing.known, "head": closing.head},
        "plan_digest": closing.plan_digest,
        "rules": closing.rules,
        "author": closing.author,
        "recorded_at": _moment(closing.recorded_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _difference(one: VerdictDifference) -> Document:
    known = one.new or one.old
    assert known is not None
    agency, activity, requirement, period = known[:4]
    return {
        "agency": agency,
        "activity": activity,
        "requirement": requirement,
        "period": period,
        "old": _verdict(one.old),
        "new": _verdict(one.new),
        "reasons": [str(reason) for reason in one.reasons],
    }


def _verdict(frozen: ClosedVerdict | None) -> Document | None:
    if frozen is None:
        return None
    least, most, value, executions, status, reason = frozen[6:12]
    return {
        "at_least": number(least),
        "at_most": number(most),
        "value": number(value),
        "executions": executions,
        "status": status,
        "reason": reason,
    }
