"""Recording what was done, one at a time: checked, kept, and acknowledged once."""

from __future__ import annotations

import json
from collections.abc import Iterator  # noqa: TC003 - contextmanager's annotation is read by callers
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import Amount
from cchc_cli.domain.language.errors import CchcError, InputError, Message, message
from cchc_cli.domain.plan.model import Kind, Measure, owes
from cchc_cli.domain.records.evidence import evidence_key
from cchc_cli.domain.records.execution import Execution, Recorded, exclusion_message, exclusion_of
from cchc_cli.domain.results import LogResult
from cchc_cli.domain.verdicts.rules import CutOff
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.services.questions.assessment import findings_of
from cchc_cli.services.questions.lookup import stored_with, today_in
from cchc_cli.services.questions.plan_choice import plan_on
from cchc_cli.services.recording.drafts import Draft, desk_of_one
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.plans.plans import plan_heads, plan_version_no
from cchc_cli.storage.records.evidence import executions_sharing
from cchc_cli.storage.records.executions import (
    add_version,
    encode_execution,
    find_duplicates,
    first_shortage,
    next_no,
    versions_of,
)
from cchc_cli.storage.records.intents import Intent, begin

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.services.questions.plan_choice import Named
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan


def record(database: Database, draft: Draft, *, plan: Named | None, author: str, now: datetime) -> LogResult:
    """Record one execution; raises InputError with every fault of the draft, and then changes nothing."""
    with recording(database, draft, plan=plan, author=author, now=now) as entry:
        return entry


@contextmanager
def recording(
    database: Database, draft: Draft, *, plan: Named | None, author: str, now: datetime
) -> Iterator[LogResult]:
    """Record one execution as `record` does; it counts as acknowledged when the block ends in peace.

    Where it does not, because the program died or the answer could not be written, the same draft of
    the same author is not recorded a second time: the entry then is that of the first run.
    """
    intent: Intent | None = None
    begun = False
    try:
        # Writers wait for one another; what needs no such wait stands before it and after it.
        with database.driver_connection() as driver:
            with database.reading(on=driver) as connection:
                wanted = _wanted(connection, draft, plan, now)
            # In no transaction: to digest what proves it may take long, and others write meanwhile.
            planned = _planned(wanted, draft, now)
            intent = begin(database, _told(planned, author), now)
            with database.writing(on=driver) as connection:
                begun = True
                if planned.version != plan_version_no(connection, planned.stored.id):
                    before, planned = planned, _planned(_wanted(connection, draft, plan, now), draft, now)
                    if _told(planned, author) != _told(before, author):
                        # What another run left behind under the old plan is its own affair.
                        intent.release() if intent.resumed else intent.discard()
                        intent = begin(database, _told(planned, author), now)
                stored, execution, _ = planned
                earlier, corrected = _earlier(connection, intent)
                if corrected:
                    intent.discard()
                    intent = begin(database, _told(planned, author), now)
                if earlier:
                    recorded = earlier
                else:
                    given = dict(zip(draft.evidence, execution.evidence, strict=True))
                    keep_files(database, connection, given)
                    recorded = _record(connection, stored, execution, intent.uid, author, now)
            # In no transaction: who commits need not wait until all of this has been asked.
            connection = Connection(driver)
            same = None if earlier else _same_as(connection, stored, recorded)
            entry = entry_of(connection, stored, recorded, now, same_as=same)
        yield entry._replace(already_recorded=earlier is not None)
    except BaseException as error:
        if intent:
            # A refusal recorded nothing, nor did who was stopped while waiting; whoever has read enough knows
            # that it was recorded.
            refused = isinstance(error, CchcError) and error.exit_code in {InputError.exit_code, 0}
            waited = not begun and not intent.resumed
            intent.discard() if refused or waited else intent.release()
        raise
    intent.discard()


def _told(planned: _Planned, author: str) -> str:
    """Say who records what: by this the same command run again is known."""
    return json.dumps([author, planned.stored.plan.code, *planned.execution], default=str)


def _earlier(connection: Connection, intent: Intent) -> tuple[Recorded | None, bool]:
    """Give what an earlier run recorded that died before it could say so, and whether that was corrected since.

    What somebody has seen and corrected is no longer unfinished.
    """
    found = versions_of(connection, intent.uid) if intent.resumed else None
    if found is None:
        return None, False
    _, versions = found
    return (versions[0], False) if len(versions) == 1 else (None, True)


class _Planned(NamedTuple):
    """What is to be recorded, by a version of the plan."""

    stored: StoredPlan
    execution: Execution
    version: int


class _Wanted(NamedTuple):
    """The plan that a draft is recorded under, with its agency; its version; and what plans there are."""

    stored: StoredPlan
    version: int
    plans: list[PlanHead]


def _wanted(connection: Connection, draft: Draft, plan: Named | None, now: datetime) -> _Wanted:
    head = plan_on(connection, plan, now, draft.date)
    stored = stored_with(connection, head, draft.agency)
    return _Wanted(stored, plan_version_no(connection, head.id), plan_heads(connection))


def _planned(wanted: _Wanted, draft: Draft, now: datetime) -> _Planned:
    stored, version, plans = wanted
    return _Planned(stored, desk_of_one(stored, now, plans).needed(draft), version)


def _record(
    connection: Connection, stored: StoredPlan, execution: Execution, uid: UUID, author: str, now: datetime
) -> Recorded:
    with new_change(connection, author, "log", now) as change:
        recorded = Recorded(uid, next_no(connection), 1, execution, change.moment, author)
        add_version(connection, stored, recorded, change)
    check_stock(connection, stored, execution)
    return recorded


def _same_as(connection: Connection, stored: StoredPlan, recorded: Recorded) -> int | None:
    """Give the number of the first record that says the same and counts; None where none before this one does."""
    duplicate_key = encode_execution(stored, recorded.execution).duplicate_key
    earlier = sorted(
        no for no in find_duplicates(connection, [duplicate_key])[duplicate_key] if no < recorded.no
    )
    return next((no for no in earlier if not _is_voided(connection, no)), None)


def _is_voided(connection: Connection, no: int) -> bool:
    found = versions_of(connection, no)
    return found is not None and found[1][-1].voided


def entry_of(
    connection: Connection,
    stored: StoredPlan,
    recorded: Recorded,
    now: datetime,
    *,
    same_as: int | None = None,
) -> LogResult:
    """Tell what a version did that was just added."""
    execution = recorded.execution
    findings = _counted_for(connection, stored, execution, now)
    names = {} if recorded.voided else {evidence_key(address): address for address in execution.evidence}
    shared = executions_sharing(connection, names, recorded.uid)
    return LogResult(
        stored.plan,
        recorded,
        findings,
        same_as,
        _uncounted(stored.plan, execution),
        {names[key]: numbers for key, numbers in shared.items()},
        several_plans=len(plan_heads(connection)) > 1,
    )


def check_stock(connection: Connection, stored: StoredPlan, execution: Execution) -> None:
    """Refuse what takes more from a stock than is there. Raises InputError."""
    lacking = shortage(connection, stored, execution.agency, execution.activity)
    if lacking:
        raise InputError(lacking)


def shortage(connection: Connection, stored: StoredPlan, agency: str, activity: str) -> Message | None:
    """Say on which day a stock would fall below nothing, by what has been recorded; None where it does not."""
    done = next(item for item in stored.plan.activities if item.code == activity)
    if done.kind is not Kind.STOCK:
        return None
    found = first_shortage(connection, stored.agencies[agency], stored.activities[activity])
    if found is None:
        return None
    names = {one.code: one.name for one in stored.plan.agencies}
    return message(
        "{activity}: the stock at {agency} would fall to {stock} on {day}; more cannot be taken away than is there; see: cchc history --agency {agency_code} --activity {code}",
        activity=activity_words(done),
        agency=names[agency],
        stock=Amount(found[1]),
        day=found[0],
        agency_code=agency,
        code=activity,
    )


def _counted_for(
    connection: Connection, stored: StoredPlan, execution: Execution, now: datetime
) -> list[Finding]:
    """Give the findings that the execution counts for: for a stock, every period from its day on."""
    cutoff = CutOff(today_in(stored.plan.timezone, now), over=False)
    found = findings_of(connection, stored, cutoff, stored.plan.effective, activity=execution.activity)
    return [
        finding
        for finding in found
        if exclusion_of(finding.requirement, execution) is None
        and execution.day <= finding.obligation.span.end
        and (finding.requirement.measure is Measure.STOCK or finding.obligation.span.start <= execution.day)
    ]


def _uncounted(plan: Plan, execution: Execution) -> list[tuple[str, Message]]:
    groups, names = {group.code: group for group in plan.groups}, Names(plan)
    return [
        (requirement.code, reason)
        for activity in plan.activities
        if activity.code == execution.activity
        for requirement in activity.requirements
        if owes(requirement, plan.agencies[0], groups)
        and (reason := exclusion_message(requirement, execution, names)) is not None
    ]
