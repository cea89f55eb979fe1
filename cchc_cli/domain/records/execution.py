"""Executions: the record of what an agency did, its checks, and the digest that detects duplicates."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from cchc_cli.domain.calendar.periods import ALWAYS, Span
from cchc_cli.domain.language.amounts import THOUSANDTHS, Amount
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import nfc
from cchc_cli.domain.plan.model import PERCENT, Activity, Agency, Kind, Plan, Requirement
from cchc_cli.domain.records.evidence import evidence_name
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.domain.wording.requirements import forms_condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime


class Execution(NamedTuple):
    """One execution of an activity; `amount` is in thousandths of its unit, `evidence` holds addresses."""

    agency: str
    activity: str
    day: date
    amount: int
    form: str | None = None
    repeat: bool = False
    title: str | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    external_id: str | None = None

    def details(self) -> int:
        """Give 64 bits of a SHA-256, as a signed number, over amount, repeat, title, note and evidence.

        Two executions say the same if this digest, the agency, the activity, the day and the form are equal. The form
        stays outside, because the program may have filled it in. Files of evidence are compared by name, whatever
        they contain, and CR LF is a line end like LF. Each part is prefixed with its length, so that two different
        records never have the same encoding.
        """
        _, _, _, amount, _, repeat, title, note, evidence, _ = self
        whole = b"".join(
            (
                _encode_common_parts(amount, repeat),
                length_prefixed(_with_lf(title)) if title else _EMPTY,
                length_prefixed(_with_lf(note)) if note else _EMPTY,
                *(length_prefixed(evidence_name(address)) for address in evidence),
            )
        )
        return int.from_bytes(hashlib.sha256(whole).digest()[:8], "big", signed=True)


def length_prefixed(text: str) -> bytes:
    """Encode a text in NFC as UTF-8, prefixed with its length in eight bytes."""
    encoded = nfc(text).encode()
    return len(encoded).to_bytes(8, "big") + encoded


_EMPTY = length_prefixed("")


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r" in text else text


@lru_cache(20_000)
def _encode_common_parts(amount: int, repeat: bool) -> bytes:  # noqa: FBT001 - a part like the other
    """Encode the parts that are the same in many executions."""
    return b"".join(map(length_prefixed, (str(amount), "repeat" if repeat else "")))


class Recorded(NamedTuple):
    """A stored version of an execution."""

    uid: UUID
    no: int
    version: int
    execution: Execution
    recorded_at: datetime
    author: str
    voided: bool = False
    reason: str | None = None
    logged_at: datetime | None = None
    """When the first version was recorded; None if this is the first version."""
    change: int = 0
    """The number of the change that recorded the first version; 0 before it is recorded."""


def recording_delay(execution: Execution, plan: Plan, logged_at: datetime) -> int:
    """Give the days from an execution to its first recording, counted in the plan's time zone."""
    return (logged_at.astimezone(ZoneInfo(plan.timezone)).date() - execution.day).days


def is_late(recorded: Recorded, plan: Plan) -> bool:
    """Tell whether an execution was first recorded later than the plan's `log_within_days` allows."""
    within = plan.log_within_days
    first = recorded.logged_at or recorded.recorded_at
    return within is not None and recording_delay(recorded.execution, plan, first) > within


def new_uid(now: datetime) -> UUID:
    """Make a time-ordered UUID (RFC 9562, version 7): milliseconds, then 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    random = int.from_bytes(os.urandom(10), "big") >> 6
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    )


def uids_from(now: datetime) -> Iterator[str]:
    """Make ascending UUIDs of one moment, as 32 hexadecimal digits each.

    Records that are written together are neighbours in the index, in the order of recording.
    """
    first = new_uid(now).hex
    # The lower half starts with the two bits of the variant. A random number of 61 bits leaves one bit free,
    # so that counting up never changes the variant.
    upper, variant = first[:16], 0b10 << 62
    for number in count(variant | int.from_bytes(os.urandom(8), "big") >> 3):
        yield f"{upper}{number:016x}"


def form_faults(form: str | None, activity: Activity, names: Names) -> list[Message]:
    """Give the reasons why a form cannot be recorded for an activity."""
    if not form or not activity.forms or form in activity.forms:
        return []
    return [
        message(
            "{activity} does not take the form {form}; it takes: {known}",
            activity=activity_words(activity),
            form=names.forms_to_type([form])[0],
            known=names.forms_to_type(activity.forms),
        )
    ]


def days_open(plan: Plan, agency: Agency, today: date) -> Span:
    """Give the days that can be recorded for an agency: within the plan, within its life, up to today."""
    return plan.effective & agency.life & Span(ALWAYS.start, today)


def day_faults(
    day: date, plan: Plan, agency: Agency | None, today: date, elsewhere: Sequence[str] = ()
) -> Iterator[Message]:
    """Give the reasons why a day cannot be recorded for an agency; none if it is in `days_open`.

    Without an agency, give those that hold for all. `elsewhere` are the codes of other plans that include the day.
    """
    if day > today:
        yield message("{day} is in the future; record only what has been done", day=day)
    if not plan.effective.start <= day <= plan.effective.end:
        yield _outside_plan(day, plan, elsewhere)
    if agency and agency.start and day < agency.start:
        yield message(
            "{agency} did not exist on {day}; it begins on {start}",
            agency=agency.shown,
            day=day,
            start=agency.start,
        )
    if agency and agency.end and day > agency.end:
        yield message(
            "{agency} no longer existed on {day}; it ended on {end}{successors}",
            agency=agency.shown,
            day=day,
            end=agency.end,
            successors=_successors_note(agency),
        )


def _outside_plan(day: date, plan: Plan, elsewhere: Sequence[str]) -> Message:
    facts = {"day": day, "plan": plan.code, "start": plan.effective.start, "end": plan.effective.end}
    if elsewhere:
        return message(
            "{day} is outside the plan {plan}, which runs from {start} to {end}; if the day is right, it belongs to another plan: record it there with --plan {plans}",
            **facts,
            plans=list(elsewhere),
        )
    return message(
        "{day} is outside the plan {plan}, which runs from {start} to {end}; if the day is right, it belongs to another plan: import that one, and record it there with --plan",
        **facts,
    )


def _successors_note(agency: Agency) -> Message | str:
    if not agency.successors:
        return ""
    return message("; its work is continued by {successors}", successors=list(agency.successors))


def amount_faults(amount: int, activity: Activity) -> Iterable[Message]:
    """Give the reasons why an amount, in thousandths, cannot be recorded for an activity."""
    kind = activity.kind
    if kind is Kind.FLOW and amount <= 0:
        return [message("the amount {amount} must be above 0", amount=Amount(amount))]
    if kind is Kind.STOCK and amount == 0:
        return [
            message("the amount must not be 0: above 0 for what was added, below 0 for what was taken away")
        ]
    if kind is Kind.READING and amount < 0:
        return [message("the value {amount} must not be below 0", amount=Amount(amount))]
    if kind is Kind.READING and activity.unit.code == PERCENT and amount > 100 * THOUSANDTHS:
        return [message("the value {amount} is above 100 percent", amount=Amount(amount))]
    return ()


class Exclusion(StrEnum):
    """The reason why an execution does not count for a requirement."""

    VOIDED = "voided"
    AFTER_CUT_OFF = "after_cut_off"
    BEFORE = "before"
    """It precedes the obligation; the gap that reaches into the obligation starts after it."""
    FORM = "form"
    REPEAT = "repeat"
    AMOUNT = "amount"


def exclusion_of(requirement: Requirement, execution: Execution) -> Exclusion | None:
    """Give the reason, other than its day, why an execution does not count: docs/semantics.md, “What counts”."""
    where = requirement.where
    if where.forms and execution.form not in where.forms:
        return Exclusion.FORM
    if execution.repeat and not where.repeats:
        return Exclusion.REPEAT
    if where.amount_at_least is not None and execution.amount < where.amount_at_least:
        return Exclusion.AMOUNT
    return None


def exclusion_message(requirement: Requirement, execution: Execution, names: Names) -> Message | None:
    """Say why an execution does not count; None if `exclusion_of` gives no reason."""
    match exclusion_of(requirement, execution):
        case Exclusion.FORM:
            return forms_condition(requirement.where.forms, names)
        case Exclusion.REPEAT:
            return message("a repeat does not count")
        case Exclusion.AMOUNT:
            least = Amount(requirement.where.amount_at_least or 0)
            return message("only amounts of at least {amount} count", amount=least)
        case _:
            return None
