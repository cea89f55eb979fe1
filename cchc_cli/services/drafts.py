"""What somebody typed, or a row of a file, to an execution: names looked up, defaults filled in."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.amounts import THOUSANDTHS, AmountError, parse_amount
from cchc_cli.domain.days import parse_day
from cchc_cli.domain.errors import InputError, Message, message
from cchc_cli.domain.execution import Execution, execution_faults
from cchc_cli.domain.plan import TIME
from cchc_cli.services.evidence import evidence_address
from cchc_cli.services.lookup import find_activity, find_agency, find_form, today_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from typing import ParamSpec, TypeVar

    from cchc_cli.domain.plan import Activity, Agency
    from cchc_cli.storage.engine import Connection
    from cchc_cli.storage.plans import StoredPlan

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


class Faults:
    """What is wrong with a draft: the column, and the sentence."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.found: list[tuple[str, Message]] = []

    def attempt(self, column: str, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | None:
        """Run a reader; note its error under the column and give None."""
        try:
            return read(*given, **named)
        except InputError as error:
            self.found.extend((column, sentence) for sentence in error.messages)
            return None


class Desk:
    """Turns drafts into executions of one plan, remembering what was already looked up."""

    def __init__(self, stored: StoredPlan, today: date, find: Callable[[str], int]) -> None:
        """Work on a plan that was loaded with all the agencies that drafts may name.

        `find` gives the key of the one agency that a text means; it raises InputError for none or several.
        """
        self.stored = stored
        self.today = today
        self._find = find
        self._by_id = {stored.agencies[agency.code]: agency for agency in stored.plan.agencies}
        self._addresses: dict[str, str] = {}
        # A rows file says the same few things again and again.
        self.agency = lru_cache(_REMEMBERED)(self._agency)
        self._activity = lru_cache(_REMEMBERED)(partial(find_activity, stored.plan))
        self._form = lru_cache(_REMEMBERED)(partial(find_form, stored.plan))
        self._day = lru_cache(_REMEMBERED)(partial(parse_day, today=today))

    def _agency(self, text: str) -> Agency:
        """Give the one agency that the text means. Raises InputError."""
        return self._by_id[self._find(text)]

    def read(self, draft: Draft) -> tuple[Execution | None, list[tuple[str, Message]]]:
        """Give the execution, or every fault with its column."""
        plan, faults = self.stored.plan, Faults()
        agency = faults.attempt("agency", self.agency, draft.agency)
        activity = faults.attempt("activity", self._activity, draft.activity)
        day = faults.attempt("date", self._day, draft.date) if draft.date else self.today
        amount = faults.attempt("amount", _amount, draft.amount, activity)
        form = faults.attempt("form", self._form_of, draft.form, activity)
        evidence = faults.attempt("evidence", self._addresses_of, draft.evidence) if draft.evidence else ()
        if faults.found or not (agency and activity and day) or amount is None or evidence is None:
            return None, faults.found
        execution = Execution(
            agency=agency.code,
            activity=activity.code,
            day=day,
            amount=amount,
            form=form,
            repeat=draft.repeat,
            title=draft.title or None,
            note=draft.note or None,
            evidence=evidence,
            external_id=draft.external_id or None,
        )
        wrong = list(execution_faults(execution, plan, agency, activity, self.today))
        return (None if wrong else execution), wrong

    def needed(self, draft: Draft) -> Execution:
        """Give the execution. Raises InputError with every fault."""
        execution, faults = self.read(draft)
        if execution is None:
            raise InputError(*(fault for _, fault in faults))
        return execution

    def _addresses_of(self, given: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._address, given))

    def _address(self, text: str) -> str:
        """Give what is recorded of a piece of evidence; many rows may name the same file."""
        if text not in self._addresses:
            self._addresses[text] = evidence_address(text)
        return self._addresses[text]

    def _form_of(self, text: str | None, activity: Activity | None) -> str | None:
        if text:
            return self._form(text)
        return activity.forms[0] if activity and len(activity.forms) == 1 else None


def desk_at(connection: Connection, stored: StoredPlan, now: datetime) -> Desk:
    """Give the desk of a plan that looks agencies up in the database."""
    return Desk(stored, today_in(stored.plan.timezone, now), partial(find_agency, connection, stored.id))


_parsed = lru_cache(_REMEMBERED)(parse_amount)


def _amount(text: str | None, activity: Activity | None) -> int:
    if text:
        try:
            return _parsed(text)
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
            activity=activity.code,
            unit=activity.unit.name,
        )
    )
