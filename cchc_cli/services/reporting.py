"""What a report tells: verdicts, records and waivers of one window, as of one state of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.errors import StorageError, message
from cchc_cli.domain.periods import Span
from cchc_cli.domain.results import Report
from cchc_cli.services.compliance import assess_in, parse_known
from cchc_cli.services.lookup import choose_plan, find_review, stored_plan
from cchc_cli.services.reviews import freeze, known_then, last_closing
from cchc_cli.storage.closings import verdicts_of
from cchc_cli.storage.executions import Filter, latest_executions
from cchc_cli.storage.waivers import waivers_in_force

if TYPE_CHECKING:
    from cchc_cli.domain.execution import Recorded
    from cchc_cli.domain.plan import Review
    from cchc_cli.domain.results import Assessment, Closing
    from cchc_cli.domain.waivers import RecordedWaiver
    from cchc_cli.services.compliance import Known, Question
    from cchc_cli.storage.engine import Connection, Database
    from cchc_cli.storage.plans import StoredPlan


def make_report(database: Database, question: Question) -> Report:
    """Give the report that a question asks for.

    Of a review that was closed, as it was then, unless the question names a day or a moment of its own:
    reckoned anew from what was recorded by then, and held against the verdicts that were kept. Raises
    StorageError where the two differ: somebody has altered what was recorded.
    """
    with database.reading() as connection:
        review, closing = _closed(connection, question)
        if closing:
            known: Known | None = known_then(closing)
            stored, assessment = assess_in(connection, question, known, closing.cutoff)
            _check(connection, closing, assessment)
        else:
            known = parse_known(connection, question)
            stored, assessment = assess_in(connection, question, known)
        return Report(
            assessment,
            review,
            _executions(connection, stored, assessment, known),
            _waivers(connection, stored, assessment, known),
            closing.recorded_at if closing else None,
        )


def _closed(connection: Connection, question: Question) -> tuple[Review | None, Closing | None]:
    """Give the review that is asked for, and its latest closing where the question is about that."""
    if question.review is None:
        return None, None
    stored = stored_plan(connection, choose_plan(connection, question.plan, question.now).code)
    review = find_review(stored.plan, question.review)
    live = question.as_of or question.known_at
    return review, None if live else last_closing(connection, stored, review.code)


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


def _executions(
    connection: Connection, stored: StoredPlan, assessment: Assessment, known: Known | None
) -> list[Recorded]:
    window = assessment.window.span
    agencies = [stored.agencies[one.code] for one in assessment.plan.agencies if one.code in stored.agencies]
    wanted = Filter(
        stored.id,
        Span(window.start, min(window.end, assessment.cutoff.day)),
        agencies,
        known=known.seq if known else None,
    )
    return [one for one in latest_executions(connection, wanted) if not one.voided]


def _waivers(
    connection: Connection, stored: StoredPlan, assessment: Assessment, known: Known | None
) -> list[RecordedWaiver]:
    codes = {agency.code for agency in assessment.plan.agencies}
    return [
        one
        for one in waivers_in_force(connection, stored.id, known.seq if known else None)
        if one.waiver.agency in codes and one.waiver.span.overlaps(assessment.window.span)
    ]
