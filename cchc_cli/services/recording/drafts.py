"""From a draft, typed or a row of a file, to an execution: names are looked up, defaults filled in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.days import parse_day
from cchc_cli.domain.calendar.periods import ALWAYS
from cchc_cli.domain.language.amounts import THOUSANDTHS, AmountError, parse_amount
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.plan.model import TIME
from cchc_cli.domain.records.execution import Execution, amount_faults, day_faults, days_open, form_faults
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.services.questions.lookup import find_activity, find_form, today_in
from cchc_cli.services.recording.evidence import evidence_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path
    from typing import ParamSpec, TypeVar

    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Activity, Agency
    from cchc_cli.domain.records.doubts import Doubt
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan

    P = ParamSpec("P")
    T = TypeVar("T")

_CACHE_SIZE = 20_000
"""The results for so many different texts of a column are cached."""


class Draft(NamedTuple):
    """An execution as typed; None where nothing was typed."""

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


Faults = tuple[tuple[str, Message], ...]
"""Faults: each a column and a sentence."""

_COLUMN_ORDER = ("agency", "activity", "date", "amount", "form", "evidence")
"""Columns in the order in which their faults are reported."""


class _ReadAgency(NamedTuple):
    """The agency, and the days that can be recorded for it; None where there is no such agency."""

    agency: Agency | None
    open: Span
    faults: Faults


class _ReadActivity(NamedTuple):
    """The activity with amount and form; None where one cannot be read."""

    activity: Activity | None
    amount: int | None
    form: str | None
    faults: Faults
    """Why one of these cannot be read."""
    refused: Faults
    """Why the plan refuses amount or form."""
    doubts: tuple[Doubt, ...] = ()


class DraftReader:
    """Turns drafts into executions of one plan; caches what it looks up.

    Days and amounts are read as on the command line, where `today` is a day and `5.010` a decimal number. Those of
    rows files are read by `services.rows.row_drafts`.
    """

    def __init__(
        self, stored: StoredPlan, today: date, find: Callable[[str], int], plans: Sequence[PlanHead]
    ) -> None:
        """Take a plan that was loaded with all the agencies that drafts may name.

        `find` gives the key of the one agency that a text names; it raises InputError for none or several.
        `plans` are plans of the database: where a day lies outside this plan, its fault names those that have it.
        """
        self._plans = plans
        self._plan = stored.plan
        self._names = Names(stored.plan)
        self._today = today
        self._find = find
        self._by_id = {stored.agencies[agency.code]: agency for agency in stored.plan.agencies}
        self.doubts: tuple[Doubt, ...] = ()
        """What is worth a look in the draft that was read last; always empty for typed ones."""
        # The rows of a file repeat few different texts.
        cached = lru_cache(_CACHE_SIZE)
        self._agency = cached(self._read_agency)
        self._day = cached(self._read_day)
        self._activity = cached(lambda text: value_or_faults("activity", find_activity, self._plan, text))
        self._form = cached(lambda text: value_or_faults("form", find_form, self._plan, text))
        self._activity_parts = cached(self._read_activity)
        self._address = cached(evidence_address)
        self.evidence_folder: Path | None = None
        """The folder of the rows file that the next drafts come from; None where a person names the evidence."""

    def read(self, draft: Draft) -> tuple[Execution | None, Faults]:
        """Give the execution, and every fault with its column.

        Where only the plan refuses what could be read, there are both: a row of a file may be recorded already,
        under an earlier version of the plan.
        """
        agency, (first, last), agency_faults = self._agency(draft.agency)
        activity, amount, form, activity_faults, refused, amount_doubts = self._activity_parts(
            draft.activity, draft.amount, draft.form
        )
        day, unread_day, day_doubts = self._day(draft.date) if draft.date else (self._today, (), ())
        self.doubts = day_doubts + amount_doubts if day_doubts or amount_doubts else ()
        evidence, evidence_faults = (
            value_or_faults("evidence", self._addresses, draft.evidence) if draft.evidence else ((), ())
        )
        faults: Faults = ()
        if (
            agency is None
            or activity is None
            or day is None
            or evidence is None
            or activity_faults
            or refused
            or not first <= day <= last
        ):
            faults = (
                *agency_faults,
                *activity_faults,
                *refused,
                *unread_day,
                *self._day_faults(day, agency),
                *evidence_faults,
            )
            faults = tuple(sorted(faults, key=lambda fault: _COLUMN_ORDER.index(fault[0])))
            if activity_faults or agency is None or activity is None or day is None or evidence is None:
                return None, faults
        if amount is None:  # Its faults are among those of the activity.
            return None, faults
        return Execution(
            agency.code,
            activity.code,
            day,
            amount,
            form,
            draft.repeat,
            _none_if_blank(draft.title),
            _none_if_blank(draft.note),
            evidence,
            draft.external_id or None,
        ), faults

    def _day_faults(self, day: date | None, agency: Agency | None) -> Faults:
        if day is None or agency is None:
            return ()
        plans = [head.code for head in self._plans if day in head.effective]
        return tuple(("date", fault) for fault in day_faults(day, self._plan, agency, self._today, plans))

    def read_or_raise(self, draft: Draft) -> Execution:
        """Give the execution. Raises InputError with every fault."""
        execution, faults = self.read(draft)
        if execution is None or faults:
            raise InputError(*(fault for _, fault in faults))
        return execution

    def _read_agency(self, text: str) -> _ReadAgency:
        key, faults = value_or_faults("agency", self._find, text)
        if key is None:
            return _ReadAgency(None, ALWAYS, faults)
        agency = self._by_id[key]
        return _ReadAgency(agency, days_open(self._plan, agency, self._today), ())

    def _addresses(self, given: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._address(text, self.evidence_folder) for text in given)

    def _read_activity(
        self, activity_text: str, amount_text: str | None, form_text: str | None
    ) -> _ReadActivity:
        """Read the activity with amount and form, which depend on the activity."""
        activity, unknown_activity = self._activity(activity_text)
        read, unread_amount = value_or_faults("amount", self._read_amount, amount_text, activity)
        amount, doubts = read or (None, ())
        only_form = activity.forms[0] if activity and len(activity.forms) == 1 else None
        form, unknown_form = self._form(form_text) if form_text else (only_form, ())
        refused = []
        if activity and amount is not None:
            refused += [("amount", fault) for fault in amount_faults(amount, activity)]
        if activity:
            refused += [("form", fault) for fault in form_faults(form, activity, self._names)]
        unread = (*unknown_activity, *unread_amount, *unknown_form)
        return _ReadActivity(activity, amount, form, unread, tuple(refused), doubts)

    def _read_amount(self, text: str | None, activity: Activity | None) -> tuple[int, tuple[Doubt, ...]]:
        if text:
            return self.parse_amount(text, activity)
        if activity is None or activity.unit.code == TIME:
            return THOUSANDTHS, ()
        raise InputError(
            message(
                "the amount is missing; {activity} is counted in {unit}",
                activity=activity_words(activity),
                unit=activity.unit.name,
            )
        )

    def _read_day(self, text: str) -> tuple[date | None, Faults, tuple[Doubt, ...]]:
        read, faults = value_or_faults("date", self.parse_day, text)
        day, doubts = read or (None, ())
        return day, faults, doubts

    def parse_day(self, text: str) -> tuple[date, tuple[Doubt, ...]]:
        """Read a day; give it with what is worth a look. Raises InputError."""
        return parse_day(text, self._today), ()

    def parse_amount(self, text: str, activity: Activity | None) -> tuple[int, tuple[Doubt, ...]]:
        """Read an amount of an activity, in thousandths; give it with what is worth a look. Raises InputError."""
        _ = activity
        try:
            return parse_amount(text), ()
        except AmountError:
            raise InputError(
                message(
                    "“{text}” is no amount: write a number with at most three decimals, up to 1000000000",
                    text=text,
                )
            ) from None


def _none_if_blank(text: str | None) -> str | None:
    return text if text and not text.isspace() else None


def value_or_faults(
    column: str, parse: Callable[P, T], *given: P.args, **named: P.kwargs
) -> tuple[T | None, Faults]:
    """Call a parser; where it raises InputError, give None and the sentences as faults of the column."""
    try:
        return parse(*given, **named), ()
    except InputError as error:
        return None, tuple((column, sentence) for sentence in error.messages)


def draft_reader_for_agency(stored: StoredPlan, now: datetime, plans: Sequence[PlanHead]) -> DraftReader:
    """Give the reader for a plan that was loaded with the one agency that drafts name, see `lookup.stored_with`."""
    (key,) = stored.agencies.values()
    return DraftReader(stored, today_in(stored.plan.timezone, now), lambda _: key, plans)
