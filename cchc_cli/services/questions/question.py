"""What is asked: read once, from what somebody typed to the plan, the days and the names that it means."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cchc_cli.domain.calendar.days import parse_day
from cchc_cli.domain.calendar.period_input import read_period
from cchc_cli.domain.calendar.periods import Period, parse_label, span_label
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.verdicts.rules import CutOff
from cchc_cli.services.questions.lookup import (
    find_activity,
    find_agency,
    find_review,
    review_of,
    stored_plan,
    today_in,
    unknown_review,
)
from cchc_cli.services.questions.plan_choice import Fit, choose, fit_of_code, fit_of_day, fit_of_span, outside
from cchc_cli.storage.changes.changes import known_seq
from cchc_cli.storage.plans.agencies import subtree
from cchc_cli.storage.plans.plans import source_at

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Review
    from cchc_cli.services.questions.plan_choice import Named
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan


class Question(NamedTuple):
    """What is asked; `now` carries an offset, None leaves a filter out."""

    now: datetime
    plan: Named | None = None
    agency: str | None = None
    with_subtree: bool = False
    activity: str | None = None
    period: str | None = None
    review: str | None = None
    as_of: str | None = None
    known_at: str | None = None
    only_totals: bool = False
    """Leave the findings out: of thousands of agencies only the counts are held."""
    period_or_review: bool = False
    """The period may also be the code of a review."""


class Known(NamedTuple):
    """What had been recorded by a moment: everything up to a change."""

    seq: int
    moment: datetime


class Resolved(NamedTuple):
    """A question as it was read."""

    question: Question
    stored: StoredPlan
    """The plan with the agencies that are asked for; as it was known then, where that is asked."""
    window: Period
    cutoff: CutOff
    known: Known | None
    """What had been recorded by then; None: all."""
    review: Review | None
    """The review whose window is asked for."""
    top: Agency | None
    """The agency that is asked for, alone or with those below it."""
    only: Activity | None
    """The only activity that is asked for."""

    @property
    def activity(self) -> str | None:
        """The code of the only activity that is asked for."""
        return self.only.code if self.only else None

    @property
    def seq(self) -> int | None:
        """The last change that the answer may rest on; None: the last of all."""
        return self.known.seq if self.known else None


def resolve(connection: Connection, question: Question) -> Resolved:
    """Read a question; raises InputError where it names what is not there, or could mean several plans."""
    if question.period and question.review:
        raise InputError(message("--period and --review exclude each other; give one"))
    moment = _known_at(question)
    head = choose(connection, question.plan, lambda heads: _fit(connection, heads, question, moment))
    known = None
    if moment:
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(head.timezone))
        known = Known(known_seq(connection, local), local)
    key = wanted = None
    if question.agency is not None:
        key = find_agency(connection, head.id, question.agency)
        wanted = subtree(connection, key) if question.with_subtree else [key]
    stored = stored_plan(connection, head.code, wanted)
    top = next((one for one in stored.plan.agencies if stored.agencies[one.code] == key), None)
    return _read(connection, question, stored, known, top)


def resolved_then(connection: Connection, resolved: Resolved, known: Known, cutoff: CutOff) -> Resolved:
    """Give a question about now as one about what had been recorded by then, as of a cut-off."""
    then = _read(connection, resolved.question, resolved.stored, known, resolved.top)
    return then._replace(cutoff=cutoff)


def _read(
    connection: Connection, question: Question, stored: StoredPlan, known: Known | None, top: Agency | None
) -> Resolved:
    if known:
        stored = _as_known(connection, stored, known, everyone=question.agency is None)
        top = next((one for one in stored.plan.agencies if top and one.code == top.code), top)
    plan = stored.plan
    window, review = _meant(plan, question, known.moment if known else question.now)
    if question.period and not review and not window.span.overlaps(plan.effective):
        what = message("{period}", period=question.period.strip())
        raise outside(connection, plan, window.span, what)
    only = find_activity(plan, question.activity) if question.activity else None
    cutoff = _cutoff(plan, question, known, review)
    return Resolved(question, stored, window, cutoff, known, review, top, only)


def _known_at(question: Question) -> datetime | None:
    """Read --known-at, an ISO time with an offset or else in the plan's time zone; None where not given."""
    if question.known_at is None:
        return None
    try:
        return datetime.fromisoformat(question.known_at.strip())
    except ValueError:
        raise InputError(
            message("“{text}” is no time; write 2024-04-05T17:00:00+07:00", text=question.known_at)
        ) from None


def _fit(connection: Connection, heads: list[PlanHead], question: Question, moment: datetime | None) -> Fit:
    """Give the plans that a question can be about: by its period, its review, or else its cut-off day."""

    def day(head: PlanHead) -> date:
        if moment and not moment.tzinfo:
            today = moment.date()
        else:
            today = today_in(head.timezone, moment or question.now)
        return parse_day(question.as_of, today) if question.as_of else today

    if question.period is None and question.review is None:
        return fit_of_day(heads, day, free=True)
    text = (question.period or question.review or "").strip()
    what = message("{period}", period=text)
    found = None if question.review else parse_label(text)
    if found:
        return fit_of_span(heads, found.span, what)
    plans = {head: stored_plan(connection, head.code, []).plan for head in heads}
    now = moment if moment and moment.tzinfo else question.now
    meant = {head: _meant_in(plan, question, now) for head, plan in plans.items()}
    having = {head: one for head, one in meant.items() if one}
    if not having:
        if question.review:
            raise InputError(unknown_review(text, *plans.values()))
        _meant(plans[heads[0]], question, now)
    if any(review for _, review in having.values()):
        return fit_of_code(list(having), day, message("the review {review}", review=text))
    spans = {period.span for period, _ in having.values()}
    if len(spans) == 1 and len(having) == len(heads):
        return fit_of_span(heads, spans.pop(), what)
    return fit_of_code(list(having), day, what)


def _meant_in(plan: Plan, question: Question, now: datetime) -> tuple[Period, Review | None] | None:
    try:
        return _meant(plan, question, now)
    except InputError:
        return None


def _meant(plan: Plan, question: Question, now: datetime) -> tuple[Period, Review | None]:
    """Give the window that a question names, asked at a moment, and the review whose window it is."""
    code = question.review
    if question.period:
        try:
            return parse_window(plan, question.period, today_in(plan.timezone, now)), None
        except InputError:
            if not (question.period_or_review and review_of(plan, question.period)):
                raise
            code = question.period
    if code is None:
        return Period(span_label(plan.effective), plan.effective), None
    review = find_review(plan, code)
    return Period(review.code, review.span), review


def _as_known(connection: Connection, stored: StoredPlan, known: Known, *, everyone: bool) -> StoredPlan:
    """Give the plan as it had been imported by then; what it has no more keeps no key and no records."""
    from cchc_cli.services.files.plan_file import parse_plan  # noqa: PLC0415 - YAML only for questions about the past

    source = source_at(connection, stored.id, known.seq)
    if source is None:
        raise InputError(
            message(
                "the plan {plan} was not known yet then; see: cchc plan --versions", plan=stored.plan.code
            )
        )
    plan = parse_plan(source)
    if not everyone:
        kept = {agency.code for agency in stored.plan.agencies}
        plan = plan._replace(agencies=tuple(agency for agency in plan.agencies if agency.code in kept))
    return stored._replace(plan=plan)


def _cutoff(plan: Plan, question: Question, known: Known | None, review: Review | None) -> CutOff:
    today = today_in(plan.timezone, known.moment if known else question.now)
    if question.as_of:
        return CutOff(parse_day(question.as_of, today), over=True)
    if review and review.span.end < today:
        return CutOff(review.span.end, over=True)
    return CutOff(today, over=False)


def parse_window(plan: Plan, text: str, today: date) -> Period:
    """Read a period as people type it, or the code of an entry of one of the plan's calendars."""
    label = text.strip()
    found = parse_label(label) or _calendar_entry(plan, label) or read_period(label, plan.effective, today)
    if found is not None:
        return found
    if review := review_of(plan, label):
        raise InputError(message("“{text}” is a review; type --review {code}", text=label, code=review.code))
    raise InputError(
        message(
            "“{text}” is no period; write month 3/2024, quarter I/2024, first half of 2024, first 9 months of 2024, year 2024, week 11/2024, a day such as 2024-03-14, a range such as 2024-01-15..2024-03-14, or 2024-03, 2024-Q1, 2024-H1, 2024, 2024-W11",
            text=text,
        )
    )


def _calendar_entry(plan: Plan, text: str) -> Period | None:
    found = [
        entry
        for calendar in plan.calendars
        for entry in calendar.entries
        if entry.label.casefold() == text.casefold()
    ]
    return found[0] if len(found) == 1 else None
