"""`due`: from a question to the obligations that still have something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Period, Span, span_label
from cchc_cli.domain.verdicts.dues import Dues, due_within, parse_within, window_ahead
from cchc_cli.services.questions.assessment import assess_resolved
from cchc_cli.services.questions.question import resolve

if TYPE_CHECKING:
    from cchc_cli.services.questions.question import Question
    from cchc_cli.storage.database.database import Database


def list_dues(database: Database, question: Question, within: str) -> Dues:
    """Give what is due within some time after the cut-off day; the question's own period is ignored.

    Raises InputError where the question names something that does not exist or `within` is no length of time.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question._replace(period=None))
        day, plan = resolved.cutoff.day, resolved.stored.plan
        days = parse_within(within, day)
        window = window_ahead(day, days)
        judged = window & plan.effective
        if not judged.days:  # Nothing can be due outside the plan; judging one day of the plan shows it.
            judged = Span(plan.effective.start, plan.effective.start)
        assessment = assess_resolved(connection, resolved._replace(window=Period(span_label(judged), judged)))
    dues = due_within(assessment.findings, window)
    return Dues(plan, resolved.cutoff, days, dues, assessment.extent)
