"""Resolves a question once: from typed texts to the plan, the window, the cut-off and what was known when."""

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
    load_known_plan,
    review_or_none,
    today_in,
    unknown_review,
)
from cchc_cli.services.questions.plan_choice import (
    Candidates,
    candidates_by_code,
    candidates_by_day,
    candidates_by_span,
    choose_plan,
    outside_plan_error,
)
from cchc_cli.storage.changes.changes import known_seq
from cchc_cli.storage.plans.agencies import subtree
from cchc_cli.storage.plans.plans import source_at

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Review
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan


class Question(NamedTuple):
    """A question as typed; `now` carries an offset, None means no filter."""

    now: datetime
    plan: NamedPlan | None = None
    agency: str | None = None
    with_subtree: bool = False
    activity: str | None = None
    period: str | None = None
    review: str | None = None
    as_of: str | None = None
    known_at: str | None = None
    only_totals: bool = False
    """Give totals without findings, so that memory holds only the counts of thousands of agencies."""
    period_or_review: bool = False
    """The period may also be the code of a review."""


class KnownAt(NamedTuple):
    """What had been recorded by a moment: every change up to `seq`."""

    seq: int
    moment: datetime


class Resolved(NamedTuple):
    """A question whose texts were resolved."""

    question: Question
    stored: StoredPlan
    """The plan with the selected agencies; as it was known then, where the question has `known_at`."""
    window: Period
    cutoff: CutOff
    known: KnownAt | None
    """What had been recorded by then; None: everything."""
    review: Review | None
    """The review that gives the window."""
    top: Agency | None
    """The selected agency, alone or with those below it."""
    only: Activity | None
    """The selected activity; None: all."""

    @property
    def activity(self) -> str | None:
        """The code of the selected activity; None: all."""
        return self.only.code if self.only else None

    @property
    def seq(self) -> int | None:
        """The last change that the answer takes into account; None: the last of all."""
        return self.known.seq if self.known else None


def resolve(connection: Connection, question: Question) -> Resolved:
    """Resolve a question; raises InputError where a name is unknown, or where several plans are possible."""
    if question.period and question.review:
        raise InputError(message("--period and --review exclude each other; give one"))
    moment = _parse_known_at(question)
    head = choose_plan(
        connection, question.plan, lambda heads: _candidates(connection, heads, question, moment)
    )
    known = None
    if moment:
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(head.timezone))
        known = KnownAt(known_seq(connection, local), local)
    key = keys = None
    if question.agency is not None:
        key = find_agency(connection, head.id, question.agency)
        keys = subtree(connection, key) if question.with_subtree else [key]
    stored = load_known_plan(connection, head.code, keys)
    top = next((one for one in stored.plan.agencies if stored.agencies[one.code] == key), None)
    return _resolve_in_plan(connection, question, stored, known, top)


def _parse_known_at(question: Question) -> datetime | None:
    """Read --known-at, an ISO time with an offset or else in the plan's time zone; None where not given."""
    if question.known_at is None:
        return None
    try:
        return datetime.fromisoformat(question.known_at.strip())
    except ValueError:
        raise InputError(
            message("“{text}” is no time; write 2024-04-05T17:00:00+07:00", text=question.known_at)
        ) from None


def _candidates(
    connection: Connection, heads: list[PlanHead], question: Question, moment: datetime | None
) -> Candidates:
    """Give the plans that a question can be about, by its period, its review, or else its cut-off day."""

    def day(head: PlanHead) -> date:
        if moment and not moment.tzinfo:
            today = moment.date()
        else:
            today = today_in(head.timezone, moment or question.now)
        return parse_day(question.as_of, today) if question.as_of else today

    if question.period is None and question.review is None:
        return candidates_by_day(heads, day, any_plan=True)
    text = (question.period or question.review or "").strip()
    what = message("{period}", period=text)
    found = None if question.review else parse_label(text)
    if found:
        return candidates_by_span(heads, found.span, what)
    plans = {head: load_known_plan(connection, head.code, []).plan for head in heads}
    now = moment if moment and moment.tzinfo else question.now
    windows = {head: _window_or_none(plan, question, now) for head, plan in plans.items()}
    having = {head: one for head, one in windows.items() if one}
    if not having:
        if question.review:
            raise InputError(unknown_review(text, *plans.values()))
        _window_and_review(plans[heads[0]], question, now)
    if any(review for _, review in having.values()):
        return candidates_by_code(list(having), day, message("the review {review}", review=text))
    spans = {period.span for period, _ in having.values()}
    if len(spans) == 1 and len(having) == len(heads):
        return candidates_by_span(heads, spans.pop(), what)
    return candidates_by_code(list(having), day, what)


def _window_or_none(plan: Plan, question: Question, now: datetime) -> tuple[Period, Review | None] | None:
    try:
        return _window_and_review(plan, question, now)
    except InputError:
        return None


def _resolve_in_plan(
    connection: Connection, question: Question, stored: StoredPlan, known: KnownAt | None, top: Agency | None
) -> Resolved:
    if known:
        stored = _plan_as_known(connection, stored, known, everyone=question.agency is None)
        top = next((one for one in stored.plan.agencies if top and one.code == top.code), top)
    plan = stored.plan
    window, review = _window_and_review(plan, question, known.moment if known else question.now)
    if question.period and not review and not window.span.overlaps(plan.effective):
        what = message("{period}", period=question.period.strip())
        raise outside_plan_error(connection, plan, window.span, what)
    only = find_activity(plan, question.activity) if question.activity else None
    cutoff = _cutoff(plan, question, known, review)
    return Resolved(question, stored, window, cutoff, known, review, top, only)


def _plan_as_known(
    connection: Connection, stored: StoredPlan, known: KnownAt, *, everyone: bool
) -> StoredPlan:
    """Give the plan version that was imported by then. Parts that the plan has lost since have no key, so no records."""
    from cchc_cli.services.files.plan_file import parse_plan  # noqa: PLC0415 - YAML only for questions about the past

    source = source_at(connection, stored.id, known.seq)
    if source is None:
        raise InputError(
            message(
                "the plan {plan} had not been imported by then; see: cchc plan --versions",
                plan=stored.plan.code,
            )
        )
    plan = parse_plan(source)
    if not everyone:
        kept = {agency.code for agency in stored.plan.agencies}
        plan = plan._replace(agencies=tuple(agency for agency in plan.agencies if agency.code in kept))
    return stored._replace(plan=plan)


def _window_and_review(plan: Plan, question: Question, now: datetime) -> tuple[Period, Review | None]:
    """Give the window that a question names, and the review where that gives the window."""
    code = question.review
    if question.period:
        try:
            return parse_window(plan, question.period, today_in(plan.timezone, now)), None
        except InputError:
            if not (question.period_or_review and review_or_none(plan, question.period)):
                raise
            code = question.period
    if code is None:
        return Period(span_label(plan.effective), plan.effective), None
    review = find_review(plan, code)
    return Period(review.code, review.span), review


def parse_window(plan: Plan, text: str, today: date) -> Period:
    """Read a period as typed, or the label of an entry of one of the plan's calendars."""
    label = text.strip()
    found = parse_label(label) or _calendar_entry(plan, label) or read_period(label, plan.effective, today)
    if found is not None:
        return found
    if review := review_or_none(plan, label):
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


def _cutoff(plan: Plan, question: Question, known: KnownAt | None, review: Review | None) -> CutOff:
    today = today_in(plan.timezone, known.moment if known else question.now)
    if question.as_of:
        return CutOff(parse_day(question.as_of, today), over=True)
    if review and review.span.end < today:
        return CutOff(review.span.end, over=True)
    return CutOff(today, over=False)


def resolve_as_known(connection: Connection, resolved: Resolved, known: KnownAt, cutoff: CutOff) -> Resolved:
    """Turn a question about now into one about what had been recorded by then, as of a cut-off."""
    then = _resolve_in_plan(connection, resolved.question, resolved.stored, known, resolved.top)
    return then._replace(cutoff=cutoff)
