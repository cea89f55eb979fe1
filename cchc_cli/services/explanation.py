"""Why something stands as it does: `explain`, from the question to the records behind each verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.explanation import Explanation, days_looked_at, explained
from cchc_cli.domain.periods import Span
from cchc_cli.services.compliance import as_known, assess, parse_known, parse_window
from cchc_cli.services.lookup import choose_plan, find_activity, find_requirement, find_review, stored_with
from cchc_cli.storage.changes import head
from cchc_cli.storage.executions import Filter, latest_executions
from cchc_cli.storage.waivers import waivers_in_force

if TYPE_CHECKING:
    from cchc_cli.domain.execution import Recorded
    from cchc_cli.domain.plan import Activity, Plan
    from cchc_cli.domain.results import Assessment
    from cchc_cli.domain.waivers import RecordedWaiver
    from cchc_cli.services.compliance import Question
    from cchc_cli.storage.engine import Connection, Database

_NOTHING = 0
"""The key of an activity that an earlier version of the plan had, and no row is of any more."""


def explain(database: Database, question: Question) -> Explanation:
    """Explain what an agency owes of `ACTIVITY` or `ACTIVITY/REQUIREMENT` in a period or review.

    The question names both as its activity, and the period, review or entry as its period. What is recorded
    while it is being answered makes it be answered anew. Raises InputError.
    """
    while True:
        with database.reading() as connection:
            begun = head(connection)
            asked, requirement = _resolved(connection, question)
        assessment = assess(database, asked)
        with database.reading() as connection:
            if begun == assessment.chain == head(connection):
                return _explanation(connection, asked, assessment, requirement)


def _resolved(connection: Connection, question: Question) -> tuple[Question, str | None]:
    """Give the question with codes for what it names, and the requirement's code where one is named."""
    chosen = choose_plan(connection, question.plan, question.now, question.as_of)
    stored = stored_with(connection, chosen, question.agency or "")
    known = parse_known(connection, question)
    plan = as_known(connection, stored, known, everyone=False).plan if known else stored.plan
    if not plan.agencies:
        (agency,) = stored.plan.agencies
        raise InputError(
            message("the plan {plan} did not have {agency} then", plan=plan.code, agency=agency.name)
        )
    activity, requirement = _find_duty(plan, question.activity or "")
    asked = question._replace(
        plan=plan.code,
        agency=plan.agencies[0].code,
        activity=activity.code,
    )
    return _with_window(plan, asked), requirement


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


def _with_window(plan: Plan, question: Question) -> Question:
    """Take the period for a review where it is none, but the code of one."""
    text = question.period or ""
    try:
        parse_window(plan, text)
    except InputError:
        if all(review.code.casefold() != text.strip().casefold() for review in plan.reviews):
            raise
        return question._replace(period=None, review=find_review(plan, text).code)
    return question


def _explanation(
    connection: Connection, asked: Question, assessment: Assessment, requirement: str | None
) -> Explanation:
    plan = assessment.plan
    activity = find_activity(plan, asked.activity or "")
    findings = [finding for finding in assessment.findings if requirement in {None, finding.requirement.code}]
    spans = [days_looked_at(finding) for finding in findings]
    records: list[Recorded] = []
    waivers: list[RecordedWaiver] = []
    if spans:
        hull = Span(min(span.start for span in spans), max(span.end for span in spans))
        records, waivers = _behind(connection, asked, hull)
    return Explanation(
        plan,
        plan.agencies[0],
        activity,
        tuple(one for one in activity.requirements if requirement in {None, one.code}),
        assessment.window,
        assessment.cutoff,
        assessment.known_at,
        [explained(finding, assessment.cutoff, records, waivers) for finding in findings],
    )


def _behind(
    connection: Connection, asked: Question, span: Span
) -> tuple[list[Recorded], list[RecordedWaiver]]:
    """Give what the agency did of the activity on some days, and the plan's waivers, as they were known."""
    stored = stored_with(connection, choose_plan(connection, asked.plan, asked.now), asked.agency or "")
    known = parse_known(connection, asked)
    seq = known.seq if known else None
    wanted = Filter(
        stored.id,
        span,
        list(stored.agencies.values()),
        stored.activities.get(asked.activity or "", _NOTHING),
        seq,
    )
    return list(latest_executions(connection, wanted)), list(waivers_in_force(connection, stored.id, seq))
