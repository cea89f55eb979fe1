"""What a report tells: verdicts, records and waivers of one window, as of one state of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.errors import StorageError, message
from cchc_cli.domain.periods import Span
from cchc_cli.domain.results import Report
from cchc_cli.services.compliance import assess_in
from cchc_cli.services.question import resolve, resolved_then
from cchc_cli.services.reviews import freeze, known_then, last_closing
from cchc_cli.storage.closings import verdicts_of
from cchc_cli.storage.executions import Filter, latest_executions
from cchc_cli.storage.waivers import waivers_in_force

if TYPE_CHECKING:
    from cchc_cli.domain.execution import Recorded
    from cchc_cli.domain.results import Assessment, Closing
    from cchc_cli.domain.waivers import RecordedWaiver
    from cchc_cli.services.question import Question, Resolved
    from cchc_cli.storage.engine import Connection, Database


def make_report(database: Database, question: Question) -> Report:
    """Give the report that a question asks for.

    Of a review that was closed, as it was then, unless the question names a day or a moment of its own:
    reckoned anew from what was recorded by then, and held against the verdicts that were kept. Raises
    StorageError where the two differ: somebody has altered what was recorded.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question)
        closing = _closing(connection, resolved)
        if closing:
            resolved = resolved_then(connection, resolved, known_then(closing), closing.cutoff)
        assessment = assess_in(connection, resolved)
        if closing:
            _check(connection, closing, assessment)
        return Report(
            assessment,
            resolved.review,
            assessment.plan.agencies[0] if question.agency and not question.with_subtree else None,
            _executions(connection, resolved),
            _waivers(connection, resolved),
            closing.recorded_at if closing else None,
        )


def _closing(connection: Connection, resolved: Resolved) -> Closing | None:
    """Give the latest closing of the review that is asked for, where the question is about that."""
    live = resolved.question.as_of or resolved.question.known_at
    if resolved.review is None or live:
        return None
    return last_closing(connection, resolved.stored, resolved.review.code)


def _check(connection: Connection, closing: Closing, assessment: Assessment) -> None:
    codes = {agency.code for agency in assessment.plan.agencies}
    activities = {activity.code for activity in assessment.plan.activities}
    kept = [one for one in verdicts_of(connection, closing.no) if one[0] in codes and one[1] in activities]
    if kept != [freeze(finding) for finding in assessment.findings]:
        raise StorageError(
            message(
                "the verdicts kept when the review {review} was closed do not follow from the records of then; cchc verify says more",
                review=closing.review,
            )
        )


def _executions(connection: Connection, resolved: Resolved) -> list[Recorded]:
    stored, window = resolved.stored, resolved.window.span
    agencies = [stored.agencies[one.code] for one in stored.plan.agencies if one.code in stored.agencies]
    wanted = Filter(
        stored.id,
        Span(window.start, min(window.end, resolved.cutoff.day)),
        agencies,
        known=resolved.seq,
    )
    return [one for one in latest_executions(connection, wanted) if not one.voided]


def _waivers(connection: Connection, resolved: Resolved) -> list[RecordedWaiver]:
    codes = {agency.code for agency in resolved.stored.plan.agencies}
    return [
        one
        for one in waivers_in_force(connection, resolved.stored.id, resolved.seq)
        if one.waiver.agency in codes and one.waiver.span.overlaps(resolved.window.span)
    ]
