"""What somebody typed, or a row of a file, to an execution: names looked up, defaults filled in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.days import parse_day
from cchc_cli.domain.calendar.periods import ALWAYS
from cchc_cli.domain.language.amounts import THOUSANDTHS, AmountError, parse_amount, read_in_thousands
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.plan.model import TIME
from cchc_cli.domain.records.execution import Execution, amount_faults, day_faults, days_open, form_faults
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.services.questions.lookup import find_activity, find_form, today_in
from cchc_cli.services.recording.evidence import evidence_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from typing import ParamSpec, TypeVar

    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Activity, Agency
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan

    P = ParamSpec("P")
    T = TypeVar("T")

_REMEMBERED = 20_000
"""So many different texts of a column are looked up once."""


class Draft(NamedTuple):
    """An execution as typed; None where nothing was."""

    agency: str
    activity: str
    date: str | None = None
    amount: str | None = None
    form: str | None = None
    repeat: bool = False
    title: str | None = None
    note: str | None = None
    evidence: Sequence[str] = ()
    external_id: str | None = None


Faulty = tuple[tuple[str, Message], ...]
"""What is wrong: the column, and the sentence."""

_ORDER = ("agency", "activity", "date", "amount", "form", "evidence")
"""Columns in the order in which their faults are told."""


class _Doer(NamedTuple):
    """Who did it, and the days that can be recorded for them; None where there is no such agency."""

    agency: Agency | None
    open: Span
    faults: Faulty


class _Done(NamedTuple):
    """What was done, as the plan has it; None where it cannot be read."""

    activity: Activity | None
    amount: int | None
    form: str | None
    faults: Faulty


class Desk:
    """Turns drafts into executions of one plan, remembering what was already looked up."""

    def __init__(
        self, stored: StoredPlan, today: date, find: Callable[[str], int], plans: Sequence[PlanHead]
    ) -> None:
        """Work on a plan that was loaded with all the agencies that drafts may name.

        `find` gives the key of the one agency that a text means; it raises InputError for none or several.
        `plans` are all of the database: where a day lies in another one, it is named.
        """
        self._plans = plans
        self._plan = stored.plan
        self._names = Names(stored.plan)
        self._today = today
        self._find = find
        self._by_id = {stored.agencies[agency.code]: agency for agency in stored.plan.agencies}
        self.grouped: set[str] = set()
        """Amounts that were read with decimals, though their sign may stand between thousands."""
        # A rows file says the same few things again and again.
        remembering = lru_cache(_REMEMBERED)
        self._doer = remembering(self._doer_of)
        self._day = remembering(lambda text: _attempt("date", parse_day, text, today))
        self._activity = remembering(lambda text: _attempt("activity", find_activity, self._plan, text))
        self._form = remembering(lambda text: _attempt("form", find_form, self._plan, text))
        self._done = remembering(self._done_of)
        self._address = remembering(evidence_address)

    def read(self, draft: Draft) -> tuple[Execution | None, Faulty]:
        """Give the execution, or every fault with its column."""
        agency, (first, last), no_agency = self._doer(draft.agency)
        activity, amount, form, undone = self._done(draft.activity, draft.amount, draft.form)
        day, no_day = self._day(draft.date) if draft.date else (self._today, ())
        evidence, unproven = (
            _attempt("evidence", self._addresses, draft.evidence) if draft.evidence else ((), ())
        )
        if (
            agency is None
            or activity is None
            or amount is None
            or day is None
            or evidence is None
            or undone
            or not first <= day <= last
        ):
            faults = (*no_agency, *undone, *no_day, *self._wrong_day(day, agency), *unproven)
            return None, tuple(sorted(faults, key=lambda fault: _ORDER.index(fault[0])))
        return Execution(
            agency.code,
            activity.code,
            day,
            amount,
            form,
            draft.repeat,
            draft.title or None,
            draft.note or None,
            evidence,
            draft.external_id or None,
        ), ()

    def _wrong_day(self, day: date | None, agency: Agency | None) -> Faulty:
        if day is None or agency is None:
            return ()
        holding = [head.code for head in self._plans if day in head.effective]
        return tuple(("date", fault) for fault in day_faults(day, self._plan, agency, self._today, holding))

    def needed(self, draft: Draft) -> Execution:
        """Give the execution. Raises InputError with every fault."""
        execution, faults = self.read(draft)
        if execution is None:
            raise InputError(*(fault for _, fault in faults))
        return execution

    def _doer_of(self, text: str) -> _Doer:
        key, faults = _attempt("agency", self._find, text)
        if key is None:
            return _Doer(None, ALWAYS, faults)
        agency = self._by_id[key]
        return _Doer(agency, days_open(self._plan, agency, self._today), ())

    def _addresses(self, given: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._address, given))

    def _done_of(self, activity_text: str, amount_text: str | None, form_text: str | None) -> _Done:
        """Read what belongs together: what an activity takes as amounts and forms is its own."""
        activity, no_activity = self._activity(activity_text)
        amount, no_amount = _attempt("amount", _amount, amount_text, activity)
        if amount_text and read_in_thousands(amount_text) is not None:
            self.grouped.add(amount_text)
        alone = activity.forms[0] if activity and len(activity.forms) == 1 else None
        form, no_form = self._form(form_text) if form_text else (alone, ())
        faults = [*no_activity, *no_amount, *no_form]
        if activity and amount is not None:
            faults += [("amount", fault) for fault in amount_faults(amount, activity)]
        if activity:
            faults += [("form", fault) for fault in form_faults(form, activity, self._names)]
        return _Done(activity, amount, form, tuple(faults))


def _attempt(column: str, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> tuple[T | None, Faulty]:
    """Run a reader; give None and its error, under the column, where it raises InputError."""
    try:
        return read(*given, **named), ()
    except InputError as error:
        return None, tuple((column, sentence) for sentence in error.messages)


def desk_of_one(stored: StoredPlan, now: datetime, plans: Sequence[PlanHead]) -> Desk:
    """Give the desk of a plan that was loaded with the one agency that drafts name, see `lookup.stored_with`."""
    (key,) = stored.agencies.values()
    return Desk(stored, today_in(stored.plan.timezone, now), lambda _: key, plans)


def _amount(text: str | None, activity: Activity | None) -> int:
    if text:
        try:
            return parse_amount(text)
        except AmountError:
            raise InputError(
                message(
                    "“{text}” is no amount: write a number with at most three decimals, up to 1000000000",
                    text=text,
                )
            ) from None
    if activity is None or activity.unit.code == TIME:
        return THOUSANDTHS
    raise InputError(
        message(
            "the amount is missing; {activity} is counted in {unit}",
            activity=activity_words(activity),
            unit=activity.unit.name,
        )
    )
