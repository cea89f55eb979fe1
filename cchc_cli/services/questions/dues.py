"""What is due: `due`, from the question to what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Period, Span, span_label
from cchc_cli.domain.verdicts.dues import Dues, due_within, parse_within, window_ahead
from cchc_cli.services.questions.assessment import assess_in
from cchc_cli.services.questions.question import resolve

if TYPE_CHECKING:
    from cchc_cli.services.questions.question import Question
    from cchc_cli.storage.database.database import Database


def list_dues(database: Database, question: Question, within: str) -> Dues:
    """Give what is due within some time after the cut-off day; the question's own period is left aside.

    Raises InputError where the question names what is not there or `within` is no time.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question._replace(period=None))
        day, plan = resolved.cutoff.day, resolved.stored.plan
        days = parse_within(within, day)
        window = window_ahead(day, days)
        asked = window & plan.effective
        if not asked.days:  # Nothing can be due then; one day of the plan is asked for, and shows it.
            asked = Span(plan.effective.start, plan.effective.start)
        assessment = assess_in(connection, resolved._replace(window=Period(span_label(asked), asked)))
    dues = due_within(assessment.findings, window)
    return Dues(plan, resolved.cutoff, days, dues, assessment.extent)
