"""`explain`: from a question to the records and waivers behind each verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.verdicts.explanation import Explanation, days_considered, explain_finding
from cchc_cli.services.questions.assessment import assess_resolved
from cchc_cli.services.questions.lookup import NO_KEY, find_activity, find_requirement, load_known_plan
from cchc_cli.services.questions.question import resolve
from cchc_cli.storage.records.executions import Filter, latest_executions
from cchc_cli.storage.records.waivers import waivers_in_force

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.services.questions.question import Question, Resolved
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


def explain(database: Database, question: Question) -> Explanation:
    """Explain the verdicts on an agency for `ACTIVITY` or `ACTIVITY/REQUIREMENT` in a period or review.

    `question.activity` holds either of the two, `question.period` a period, a review or a calendar entry.
    Raises InputError.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question._replace(activity=None, period_or_review=True))
        plan = resolved.stored.plan
        if not plan.agencies:
            (agency,) = load_known_plan(
                connection, plan.code, resolved.stored.agencies.values()
            ).plan.agencies
            raise InputError(
                message("the plan {plan} did not have {agency} then", plan=plan.code, agency=agency.shown)
            )
        activity, requirement = _find_duty(plan, question.activity or "")
        resolved = resolved._replace(only=activity)
        assessment = assess_resolved(connection, resolved)
        findings = [one for one in assessment.findings if requirement in {None, one.requirement.code}]
        spans = [days_considered(finding) for finding in findings]
        records: list[Recorded] = []
        waivers: list[RecordedWaiver] = []
        if spans:
            overall = Span(min(span.start for span in spans), max(span.end for span in spans))
            records, waivers = _records_and_waivers(connection, resolved, overall)
    return Explanation(
        plan,
        plan.agencies[0],
        activity,
        tuple(one for one in activity.requirements if requirement in {None, one.code}),
        assessment.window,
        assessment.cutoff,
        assessment.known_at,
        [explain_finding(finding, assessment.cutoff, records, waivers) for finding in findings],
    )


def _find_duty(plan: Plan, text: str) -> tuple[Activity, str | None]:
    """Find an activity, or one of its requirements after a slash: no code has one, but a title may."""
    first, slash, last = text.rpartition("/")
    try:
        return find_activity(plan, text), None
    except InputError:
        if not slash:
            raise
    activity = find_activity(plan, first)
    return activity, find_requirement(plan, activity, last)


def _records_and_waivers(
    connection: Connection, resolved: Resolved, span: Span
) -> tuple[list[Recorded], list[RecordedWaiver]]:
    """Give the agency's records of the activity on some days, and the plan's waivers, as they were known."""
    stored = resolved.stored
    wanted = Filter(
        stored.id,
        span,
        list(stored.agencies.values()),
        stored.activities.get(resolved.activity or "", NO_KEY),
        resolved.seq,
    )
    return list(latest_executions(connection, wanted)), list(
        waivers_in_force(connection, stored.id, resolved.seq)
    )
