"""The content of a report: verdicts, records and waivers of one window, read in one transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import StorageError, message
from cchc_cli.domain.results.reviews import Report
from cchc_cli.domain.verdicts.findings import Finding, totals_of
from cchc_cli.domain.verdicts.obligations import Bounds, Obligation, duties, slots
from cchc_cli.domain.verdicts.rules import RULE_SET, Reason, Standing, Status, standing_of
from cchc_cli.services.questions.assessment import assess_resolved
from cchc_cli.services.questions.question import resolve, resolve_as_known
from cchc_cli.services.reviews.closing import frozen_verdict, known_at_closing, last_closing
from cchc_cli.storage.records.closed_reviews import verdicts_of
from cchc_cli.storage.records.executions import Filter, latest_executions
from cchc_cli.storage.records.waivers import waivers_in_force

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.results.reviews import ClosedReview, ClosedVerdict
    from cchc_cli.domain.verdicts.obligations import Slot
    from cchc_cli.domain.verdicts.rules import CutOff
    from cchc_cli.services.questions.question import Question, Resolved
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


def make_report(database: Database, question: Question) -> Report:
    """Give the report that a question asks for.

    The report of a closed review shows it as it was closed, unless the question has `as_of` or `known_at`.
    It is judged again from the records of then and compared with the stored verdicts. Raises StorageError
    where they differ, because then somebody has altered the database. A closing of an earlier rule set is
    not judged again; the report shows the stored verdicts.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question)
        closing = _find_closing(connection, resolved)
        if closing:
            resolved = resolve_as_known(connection, resolved, known_at_closing(closing), closing.cutoff)
        assessment = assess_resolved(connection, resolved)
        if closing and closing.rules == RULE_SET:
            _check_against_closing(connection, closing, assessment)
        elif closing:
            assessment = _assessment_at_closing(connection, closing, assessment)
        return Report(
            assessment,
            resolved.review,
            _executions(connection, resolved),
            _waivers(connection, resolved),
            closing.recorded_at if closing else None,
            closing.rules if closing and closing.rules != RULE_SET else None,
        )


def _find_closing(connection: Connection, resolved: Resolved) -> ClosedReview | None:
    """Give the latest closing of the question's review; None where the question asks for the current state."""
    live = resolved.question.as_of or resolved.question.known_at
    if resolved.review is None or live:
        return None
    return last_closing(connection, resolved.stored, resolved.review.code)


def _verdicts_at_closing(connection: Connection, closing: ClosedReview, plan: Plan) -> list[ClosedVerdict]:
    """Give the stored verdicts of the plan's loaded agencies."""
    codes = {agency.code for agency in plan.agencies}
    return [one for one in verdicts_of(connection, closing.no) if one[0] in codes]


def _assessment_at_closing(
    connection: Connection, closing: ClosedReview, assessment: Assessment
) -> Assessment:
    """Replace the findings of an assessment by those of the closing."""
    plan = assessment.plan
    agencies = {agency.code: agency for agency in plan.agencies}
    owed = {
        (activity.code, requirement.code, slot.label): (activity, requirement, slot)
        for activity, requirement in duties(plan)
        for slot in slots(plan, requirement)
    }
    findings = [
        _finding_at_closing(one, agencies[one[0]], owed[one[1:4]], closing.cutoff)
        for one in _verdicts_at_closing(connection, closing, plan)
    ]
    totals = totals_of(findings)
    by_agency = {one.code: totals.by_agency[one.code] for one in totals.furthest_behind_first(plan.agencies)}
    return assessment._replace(findings=findings, summary=totals.all(), by_agency=by_agency)


def _finding_at_closing(
    frozen: ClosedVerdict, agency: Agency, owed: tuple[Activity, Requirement, Slot], cutoff: CutOff
) -> Finding:
    """Give the finding of a stored verdict."""
    activity, requirement, slot = owed
    start, end, least, most, value, executions, status, reason = frozen[4:12]
    span, bounds = Span(date.fromisoformat(start), date.fromisoformat(end)), Bounds(least, most)
    begun = status not in {Status.WAIVED, Status.UPCOMING}
    return Finding(
        agency,
        activity,
        requirement,
        Obligation(slot, span, bounds, cut=reason == Reason.PARTIAL_PERIOD),
        value,
        executions,
        Status(status),
        Reason(reason) if reason else None,
        standing_of(requirement.measure, bounds, span, cutoff) if begun else Standing.ASIDE,
    )


def _check_against_closing(connection: Connection, closing: ClosedReview, assessment: Assessment) -> None:
    kept = _verdicts_at_closing(connection, closing, assessment.plan)
    if kept != [frozen_verdict(finding) for finding in assessment.findings]:
        raise StorageError(
            message(
                "the verdicts stored when the review {review} was closed do not follow from the records of that time; for more, type: cchc verify",
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
