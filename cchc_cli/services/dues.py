"""What is due: `due`, from the question to what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.days import parse_day
from cchc_cli.domain.dues import Dues, due_within, parse_within, window_of
from cchc_cli.domain.periods import Span, span_label
from cchc_cli.services.compliance import assess
from cchc_cli.services.lookup import choose_plan, today_in

if TYPE_CHECKING:
    from cchc_cli.services.compliance import Question
    from cchc_cli.storage.engine import Database


def list_dues(database: Database, question: Question, within: str) -> Dues:
    """Give what is due within some time after the cut-off day; the question's own period is left aside.

    Raises InputError where the question names what is not there or `within` is no time.
    """
    with database.reading() as connection:
        head = choose_plan(connection, question.plan, question.now, question.as_of)
    today = today_in(head.timezone, question.now)
    day = parse_day(question.as_of, today) if question.as_of else today
    days = parse_within(within, day)
    window = window_of(day, days)
    asked = window & head.effective
    if not asked.days:  # Nothing can be due then; one day of the plan is asked for, and shows it.
        asked = Span(head.effective.start, head.effective.start)
    assessment = assess(database, question._replace(plan=head.code, period=span_label(asked)))
    dues = due_within(assessment.findings, window)
    return Dues(assessment.plan, assessment.cutoff, days, dues, assessment.extent)
