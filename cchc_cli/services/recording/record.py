"""Recording one execution: checked, written, and acknowledged once."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import Amount
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.plan.model import Kind, Measure, owes
from cchc_cli.domain.records.evidence import countable_keys
from cchc_cli.domain.records.execution import Execution, Recorded, exclusion_message, exclusion_of
from cchc_cli.domain.results.recording import LogResult
from cchc_cli.domain.verdicts.rules import CutOff
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.services.questions.lookup import load_plan_with_agency, today_in
from cchc_cli.services.questions.plan_choice import choose_plan_of_day
from cchc_cli.services.questions.verdicts import findings_of_activity
from cchc_cli.services.recording.drafts import Draft, draft_reader_for_agency
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.services.recording.once import keep_or_discard
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.plans.plans import plan_heads, plan_version_no
from cchc_cli.storage.records.evidence import executions_sharing
from cchc_cli.storage.records.executions import (
    add_version,
    encode_execution,
    first_shortage,
    next_no,
    versions_of,
)
from cchc_cli.storage.records.intents import Intent, begin
from cchc_cli.storage.records.same_records import find_latest_saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan


def record(
    database: Database, draft: Draft, *, plan: NamedPlan | None, author: str, now: datetime
) -> LogResult:
    """Record one execution; raises InputError with every fault of the draft, and then changes nothing."""
    with recording(database, draft, plan=plan, author=author, now=now) as entry:
        return entry


@contextmanager
def recording(
    database: Database, draft: Draft, *, plan: NamedPlan | None, author: str, now: datetime
) -> Iterator[LogResult]:
    """Record one execution as `record` does; it counts as acknowledged when the block ends without an error.

    Where it does not, because the program died or the answer could not be written, the same draft of
    the same author is not recorded a second time: the next run gives the entry of the first.
    """
    run = _Run(database, draft, plan, author, now)
    try:
        yield run.record()
    except BaseException as error:
        run.keep_or_forget_intent(error)
        raise
    run.forget_intent()


class _Run:
    """One run of `recording`: draft → execution → version → sums → entry."""

    def __init__(
        self, database: Database, draft: Draft, plan: NamedPlan | None, author: str, now: datetime
    ) -> None:
        """Do nothing yet."""
        self._database = database
        self._draft = draft
        self._plan = plan
        self._author = author
        self._now = now
        self._intent: Intent | None = None
        self._has_write_lock = False

    def record(self) -> LogResult:
        """Record the draft, or find what an unacknowledged run recorded of it. Raises InputError."""
        # Writers wait for one another, so only what needs the write lock is done while it is held.
        with self._database.driver_connection() as driver:
            with self._database.reading(on=driver) as connection:
                loaded = self._load_plan(connection)
            # Outside of any transaction: hashing evidence may take long, and others write meanwhile.
            prepared = self._prepare(loaded)
            intent = self._begin_intent(prepared)
            with self._database.writing(on=driver) as connection:
                self._has_write_lock = True
                if prepared.version != plan_version_no(connection, prepared.stored.id):
                    prepared, intent = self._prepare_again(connection, prepared, intent)
                recorded, is_earlier = self._find_or_add(connection, prepared, intent)
            # Outside of the transaction: other writers need not wait for these queries.
            connection = Connection(driver)
            stored = prepared.stored
            same = None if is_earlier else _first_duplicate(connection, stored, recorded)
            entry = entry_of(connection, stored, recorded, self._now, same_as=same)
        return entry._replace(already_recorded=is_earlier)

    def _load_plan(self, connection: Connection) -> _LoadedPlan:
        head = choose_plan_of_day(connection, self._plan, self._now, self._draft.date)
        stored = load_plan_with_agency(connection, head, self._draft.agency)
        return _LoadedPlan(stored, plan_version_no(connection, head.id), plan_heads(connection))

    def _prepare(self, loaded: _LoadedPlan) -> _PreparedRecord:
        stored, version, plans = loaded
        reader = draft_reader_for_agency(stored, self._now, plans)
        return _PreparedRecord(stored, reader.read_or_raise(self._draft), version)

    def _begin_intent(self, prepared: _PreparedRecord) -> Intent:
        self._intent = begin(self._database, self._intent_text(prepared), self._now)
        return self._intent

    def _intent_text(self, prepared: _PreparedRecord) -> str:
        """Say who records what; a run of the same command has the same text."""
        return _intent_text(self._author, prepared.stored.plan.code, prepared.execution)

    def _prepare_again(
        self, connection: Connection, before: _PreparedRecord, intent: Intent
    ) -> tuple[_PreparedRecord, Intent]:
        """Prepare the record by the plan version that was imported after the plan was read."""
        prepared = self._prepare(self._load_plan(connection))
        if self._intent_text(prepared) == self._intent_text(before):
            return prepared, intent
        # An intent that an earlier run left under the old plan stays.
        intent.release() if intent.resumed else intent.discard()
        return prepared, self._begin_intent(prepared)

    def _find_or_add(
        self, connection: Connection, prepared: _PreparedRecord, intent: Intent
    ) -> tuple[Recorded, bool]:
        """Give the record, and whether it was there: recorded by an earlier run that died unacknowledged.

        A record that was corrected since has been seen, so this is a new one. So it is where an intent names
        another record, which no run of the program leaves behind.
        """
        while intent.resumed and (found := versions_of(connection, intent.uid)):
            plan_code, versions = found
            first = versions[0]
            meant = _intent_text(first.author, plan_code, first.execution) == self._intent_text(prepared)
            if meant and len(versions) == 1:
                return first, True
            intent.discard()
            intent = self._begin_intent(prepared)
        stored, execution, _ = prepared
        paths = dict(zip(self._draft.evidence, execution.evidence, strict=True))
        keep_files(self._database, connection, paths)
        return _add_record(connection, stored, execution, intent.uid, self._author, self._now), False

    def keep_or_forget_intent(self, error: BaseException) -> None:
        """Keep the intent for the next run, unless nothing was recorded or the user knows that it was."""
        if self._intent:
            keep_or_discard(self._intent, error, has_write_lock=self._has_write_lock)

    def forget_intent(self) -> None:
        """Forget the intent of an acknowledged record."""
        if self._intent:
            self._intent.discard()


def _intent_text(author: str, plan_code: str, execution: Execution) -> str:
    return json.dumps([author, plan_code, *execution], default=str)


class _LoadedPlan(NamedTuple):
    """The plan that a draft is recorded under, with its agency; its version; and the heads of all plans."""

    stored: StoredPlan
    version: int
    plans: list[PlanHead]


class _PreparedRecord(NamedTuple):
    """An execution to be recorded, and the version of the plan that it was checked against."""

    stored: StoredPlan
    execution: Execution
    version: int


def _add_record(
    connection: Connection, stored: StoredPlan, execution: Execution, uid: UUID, author: str, now: datetime
) -> Recorded:
    with new_change(connection, author, "log", now) as change:
        recorded = Recorded(uid, next_no(connection), 1, execution, change.moment, author, change=change.seq)
        add_version(connection, stored, recorded, change)
    check_stock(connection, stored, execution)
    return recorded


def _first_duplicate(connection: Connection, stored: StoredPlan, recorded: Recorded) -> int | None:
    """Give the number of the first earlier record with the same content that is not voided; None without one."""
    encoded = encode_execution(stored, recorded.execution)
    key = encoded.duplicate_key
    same = find_latest_saying(connection, [key])[key]
    earlier = [one.no for one in same if one.no < recorded.no and one.form == encoded.form and not one.voided]
    return min(earlier, default=None)


def entry_of(
    connection: Connection,
    stored: StoredPlan,
    recorded: Recorded,
    now: datetime,
    *,
    same_as: int | None = None,
) -> LogResult:
    """Give what is acknowledged of a version that was just added: the findings it counts for, and warnings."""
    execution = recorded.execution
    findings = findings_counted_for(connection, stored, [execution], now)
    given = () if recorded.voided else execution.evidence
    names = {key: address for address in given for key in countable_keys([address])}
    shared = executions_sharing(connection, names, recorded.uid)
    return LogResult(
        stored.plan,
        recorded,
        findings,
        same_as,
        _reasons_not_counted(stored.plan, execution),
        {names[key]: numbers for key, numbers in shared.items()},
        several_plans=len(plan_heads(connection)) > 1,
    )


def check_stock(connection: Connection, stored: StoredPlan, execution: Execution) -> None:
    """Raise InputError where a stock would fall below zero on any day."""
    lacking = stock_shortage(connection, stored, execution.agency, execution.activity)
    if lacking:
        raise InputError(lacking)


def stock_shortage(connection: Connection, stored: StoredPlan, agency: str, activity: str) -> Message | None:
    """Say on which day the recorded stock falls below zero; None where it never does."""
    done = next(item for item in stored.plan.activities if item.code == activity)
    if done.kind is not Kind.STOCK:
        return None
    found = first_shortage(connection, stored.agencies[agency], stored.activities[activity])
    if found is None:
        return None
    names = {one.code: one.name for one in stored.plan.agencies}
    return message(
        "{activity}: the stock at {agency} would fall to {stock} on {day}; no more can be taken away than there is; see: cchc history --agency {agency_code} --activity {code}",
        activity=activity_words(done),
        agency=names[agency],
        stock=Amount(found[1]),
        day=found[0],
        agency_code=agency,
        code=activity,
    )


def findings_counted_for(
    connection: Connection, stored: StoredPlan, executions: Sequence[Execution], now: datetime
) -> list[Finding]:
    """Give the findings that at least one of the executions counts for, in the order of the plan."""
    cutoff = CutOff(today_in(stored.plan.timezone, now), over=False)
    done: dict[tuple[str, str], list[Execution]] = defaultdict(list)
    for execution in executions:
        done[execution.agency, execution.activity].append(execution)
    activities = {activity for _, activity in done}
    found = [
        finding
        for activity in stored.plan.activities
        if activity.code in activities
        for finding in findings_of_activity(
            connection, stored, cutoff, stored.plan.effective, activity=activity.code
        )
        if any(_counts_for(finding, one) for one in done[finding.agency.code, activity.code])
    ]
    places = {agency.code: place for place, agency in enumerate(stored.plan.agencies)}
    return sorted(found, key=lambda finding: places[finding.agency.code])


def _counts_for(finding: Finding, execution: Execution) -> bool:
    """Tell whether an execution can count for a finding; for a stock it counts from its day on."""
    span = finding.obligation.span
    return (
        exclusion_of(finding.requirement, execution) is None
        and execution.day <= span.end
        and (finding.requirement.measure is Measure.STOCK or span.start <= execution.day)
    )


def _reasons_not_counted(plan: Plan, execution: Execution) -> list[tuple[str, Message]]:
    groups, names = {group.code: group for group in plan.groups}, Names(plan)
    return [
        (requirement.code, reason)
        for activity in plan.activities
        if activity.code == execution.activity
        for requirement in activity.requirements
        if owes(requirement, plan.agencies[0], groups)
        and (reason := exclusion_message(requirement, execution, names)) is not None
    ]
