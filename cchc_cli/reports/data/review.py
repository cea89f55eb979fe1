"""Reviews and their closings as JSON (docs/json.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import optional_json_number
from cchc_cli.reports.data.status import status_document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cchc_cli.domain.plan.model import Plan, Review
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import ClosedReview, ClosedVerdict, VerdictDifference
    from cchc_cli.reports.data.formats import Document


def closed_document(closing: ClosedReview, assessment: Assessment) -> Document:
    """Give `cchc-closing/1`: what closing a review has kept."""
    return {
        "format": "cchc-closing/1",
        "plan": assessment.plan.code,
        **_closing_document(closing),
        "summary": status_document(assessment, findings=False)["summary"],
    }


def reviews_document(plan: Plan, reviews: Iterable[tuple[Review, list[ClosedReview]]]) -> Document:
    """Give `cchc-reviews/1`: the reviews of a plan with their closings."""
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
                "closings": [_closing_document(one) for one in closings],
            }
            for review, closings in reviews
        ],
    }


def diff_document(plan: Plan, closing: ClosedReview, differences: Iterable[VerdictDifference]) -> Document:
    """Give `cchc-review-diff/1`: the verdicts that have changed since a review was closed."""
    return {
        "format": "cchc-review-diff/1",
        "plan": plan.code,
        **_closing_document(closing),
        "differences": [_difference_document(one) for one in differences],
    }


def _closing_document(closing: ClosedReview) -> Document:
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
        "recorded_at": _iso(closing.recorded_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _difference_document(one: VerdictDifference) -> Document:
    known = one.new or one.old
    assert known is not None
    agency, activity, requirement, period = known[:4]
    return {
        "agency": agency,
        "activity": activity,
        "requirement": requirement,
        "period": period,
        "old": _verdict_document(one.old),
        "new": _verdict_document(one.new),
        "reasons": [str(reason) for reason in one.reasons],
    }


def _verdict_document(frozen: ClosedVerdict | None) -> Document | None:
    if frozen is None:
        return None
    least, most, value, executions, status, reason = frozen[6:12]
    return {
        "at_least": optional_json_number(least),
        "at_most": optional_json_number(most),
        "value": optional_json_number(value),
        "executions": executions,
        "status": status,
        "reason": reason,
    }
