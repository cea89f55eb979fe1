"""Recording what was done, one at a time or by the file, and looking back at it."""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - contextmanager's annotation is read by callers
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from cchc_cli.domain.amounts import Amount
from cchc_cli.domain.days import parse_day
from cchc_cli.domain.errors import CchcError, InputError, Message, message
from cchc_cli.domain.evidence import evidence_key, parse_file
from cchc_cli.domain.execution import Execution, Recorded, new_uid, not_counted
from cchc_cli.domain.periods import Span
from cchc_cli.domain.plan import Kind, Measure, owes
from cchc_cli.domain.results import Entry, RowsOutcome
from cchc_cli.domain.rules import CutOff
from cchc_cli.services.compliance import as_known, findings_of, parse_known, parse_window
from cchc_cli.services.drafts import Desk, Draft
from cchc_cli.services.evidence import keep_files
from cchc_cli.services.lookup import (
    choose_plan,
    find_activity,
    find_agency,
    find_review,
    stored_plan,
    stored_with,
    today_in,
)
from cchc_cli.storage.agencies import only_agency, subtree
from cchc_cli.storage.changes import Change, changing
from cchc_cli.storage.evidence import others_with, shared_evidence
from cchc_cli.storage.executions import (
    Filter,
    add_versions,
    first_shortage,
    latest_executions,
    next_no,
    numbers_with,
    versions_of,
    with_external_ids,
)
from cchc_cli.storage.intents import Intent, begin

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from cchc_cli.domain.findings import Finding
    from cchc_cli.domain.plan import Plan
    from cchc_cli.services.compliance import Question
    from cchc_cli.storage.engine import Database
    from cchc_cli.storage.plans import StoredPlan

_BATCH = 500
_LONGEST_NO = 18


def record(database: Database, draft: Draft, *, plan: str | None, author: str, now: datetime) -> Entry:
    """Record one execution; raises InputError with every fault of the draft, and then changes nothing."""
    with recording(database, draft, plan=plan, author=author, now=now) as entry:
        return entry


@contextmanager
def recording(
    database: Database, draft: Draft, *, plan: str | None, author: str, now: datetime
) -> Iterator[Entry]:
    """Record one execution as `record` does; it counts as acknowledged when the block ends in peace.

    Where it does not, because the program died or the answer could not be written, the same draft of
    the same author is not recorded a second time: the entry then is that of the first run.
    """
    intent: Intent | None = None
    try:
        with database.writing() as connection:
            head = choose_plan(connection, plan, now, draft.date)
            stored = stored_with(connection, head.code, draft.agency)
            execution = Desk(connection, stored, now).needed(draft)
            what = f"{author}\n{stored.plan.code}\n{execution.content()}"
            intent = begin(database, what, now)
            versions = _earlier_run(connection, intent)
            if len(versions) > 1:
                # Somebody has seen that record since, and corrected it: it is no longer unfinished.
                intent.forget()
                intent, versions = begin(database, what, now), []
            entry = None
            if versions:
                entry = replace(entry_of(connection, stored, versions[0], now), again=True)
            if entry is None:
                keep_files(database, connection, dict(zip(draft.evidence, execution.evidence, strict=True)))
                entry = _record(connection, stored, execution, intent.uid, author, now)
        yield entry
    except CchcError as error:
        if intent:
            # A refusal recorded nothing; whoever has read enough knows that it was recorded.
            intent.forget() if error.exit_code in {InputError.exit_code, 0} else intent.leave()
        raise
    except BaseException:
        if intent:
            intent.leave()
        raise
    intent.forget()


def _earlier_run(connection: Connection, intent: Intent) -> list[Recorded]:
    """Give the versions of what a run recorded that died before it could say so; none where it did not."""
    found = versions_of(connection, intent.uid) if intent.found else None
    return found[1] if found else []


def _record(
    connection: Connection, stored: StoredPlan, execution: Execution, uid: UUID, author: str, now: datetime
) -> Entry:
    content = execution.content()
    same = min(numbers_with(connection, stored.id, [content])[content], default=None)
    with changing(connection, author, "log", now) as change:
        recorded = Recorded(uid, next_no(connection), 1, execution, change.moment, author)
        add_versions(connection, stored, [recorded], change)
    return entry_of(connection, stored, recorded, now, same_as=same)


def entry_of(
    connection: Connection,
    stored: StoredPlan,
    recorded: Recorded,
    now: datetime,
    *,
    same_as: int | None = None,
) -> Entry:
    """Tell what a version did that was just added; raises InputError where a stock would lack it."""
    execution = recorded.execution
    _check_stock(connection, stored, execution)
    findings = _counted_for(connection, stored, execution, now)
    names = {} if recorded.voided else {evidence_key(address): address for address in execution.evidence}
    shared = others_with(connection, names, recorded.uid)
    return Entry(
        stored.plan,
        recorded,
        findings,
        same_as,
        _uncounted(stored.plan, execution),
        {names[key]: numbers for key, numbers in shared.items()},
    )


def _check_stock(connection: Connection, stored: StoredPlan, execution: Execution) -> None:
    shortage = _shortage(connection, stored, execution.agency, execution.activity)
    if shortage:
        raise InputError(shortage)


def _shortage(connection: Connection, stored: StoredPlan, agency: str, activity: str) -> Message | None:
    kind = next(item.kind for item in stored.plan.activities if item.code == activity)
    if kind is not Kind.STOCK:
        return None
    found = first_shortage(connection, stored.agencies[agency], stored.activities[activity])
    if found is None:
        return None
    return message(
        "the stock of {activity} at {agency} would fall to {stock} on {day}; more cannot be taken away than is there",
        activity=activity,
        agency=agency,
        stock=Amount(found[1]),
        day=found[0],
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
        if not_counted(finding.requirement, execution) is None
        and execution.day <= finding.obligation.span.end
        and (finding.requirement.measure is Measure.STOCK or finding.obligation.span.start <= execution.day)
    ]


def _uncounted(plan: Plan, execution: Execution) -> list[tuple[str, Message]]:
    groups = {group.code: group for group in plan.groups}
    return [
        (requirement.code, reason)
        for activity in plan.activities
        if activity.code == execution.activity
        for requirement in activity.requirements
        if owes(requirement, plan.agencies[0], groups)
        and (reason := not_counted(requirement, execution)) is not None
    ]


class _Undo(Exception):  # noqa: N818 - control flow of this module, never an error of the program
    """Leaves the transaction without keeping anything of it."""


def _undo(wanted: bool) -> None:  # noqa: FBT001 - reads as a sentence where it is called
    if wanted:
        raise _Undo


def record_rows(  # noqa: PLR0913 - the options of one command
    database: Database,
    rows: Iterable[tuple[int, Draft | list[tuple[str, Message]]]],
    *,
    plan: str | None,
    source: str,
    author: str,
    now: datetime,
    dry_run: bool,
) -> RowsOutcome:
    """Record the rows of a file, all or nothing; a row with faults comes as the list of them.

    `source` is the file's name, which stands as the reason of versions that it corrects.
    """
    outcome = RowsOutcome(dry_run)
    try:
        with database.writing() as connection:
            stored = stored_plan(connection, choose_plan(connection, plan, now).code)
            with changing(connection, author, f"log --file {source}", now) as change:
                intake = _Intake(connection, stored, outcome, source, author, now, change)
                intake.take(rows)
            if outcome.rejected:
                outcome.created = outcome.updated = 0
                outcome.errors.sort(key=lambda error: error.row)
            # Nothing recorded is no change either.
            _undo(dry_run or outcome.rejected > 0 or not change.rows)
            keep_files(database, connection, intake.files)
            outcome.shared = shared_evidence(connection, change.seq)
    except _Undo:
        pass
    return outcome


@dataclass(slots=True)
class _Intake:
    """One run over a rows file, inside its transaction."""

    connection: Connection
    stored: StoredPlan
    outcome: RowsOutcome
    source: str
    author: str
    now: datetime
    change: Change
    no: int = 0
    touched: dict[tuple[str, str], int] = field(default_factory=dict)
    """The last row that touched a stock, by agency and activity."""
    files: dict[str, str] = field(default_factory=dict)
    """What proves the rows that bring something, as given and as recorded."""

    def take(self, rows: Iterable[tuple[int, Draft | list[tuple[str, Message]]]]) -> None:
        desk = Desk(self.connection, self.stored, self.now)
        self.no = next_no(self.connection)
        batch: list[tuple[int, Execution]] = []
        for number, draft in rows:
            execution, faults = desk.read(draft) if isinstance(draft, Draft) else (None, draft)
            if execution is None or not isinstance(draft, Draft):
                self.outcome.reject(number, faults)
                continue
            given = zip(draft.evidence, execution.evidence, strict=True)
            self.files |= {text: address for text, address in given if parse_file(address)}
            batch.append((number, execution))
            if len(batch) == _BATCH:
                self._keep(batch)
                batch = []
        self._keep(batch)
        for (agency, activity), number in self.touched.items():
            shortage = _shortage(self.connection, self.stored, agency, activity)
            if shortage:
                self.outcome.reject(number, [("amount", shortage)])

    def _keep(self, batch: list[tuple[int, Execution]]) -> None:
        """Record what a batch brings: what is new, and new versions of what an external id names."""
        executions = [execution for _, execution in batch]
        by_id = with_external_ids(
            self.connection, self.stored.id, (item.external_id for item in executions if item.external_id)
        )
        contents = numbers_with(
            self.connection, self.stored.id, (item.content() for item in executions if not item.external_id)
        )
        fresh: dict[UUID, Recorded] = {}
        for number, execution in batch:
            version = self._version(number, execution, by_id, contents)
            if version is None:
                continue
            if version.uid in fresh:
                # Twice in one batch under one external id: the versions must follow one another.
                self._add(list(fresh.values()))
                fresh = {}
            fresh[version.uid] = version
            if execution.external_id:
                before = by_id.get(execution.external_id)
                if before:
                    contents[before.execution.content()].discard(before.no)
                by_id[execution.external_id] = version
            contents[execution.content()].add(version.no)
            self.touched[execution.agency, execution.activity] = number
        self._add(list(fresh.values()))

    def _version(
        self, number: int, execution: Execution, by_id: dict[str, Recorded], contents: dict[str, set[int]]
    ) -> Recorded | None:
        """Give the version to add for a row; None where the row is there already, or refused."""
        known = by_id.get(execution.external_id) if execution.external_id else None
        if (known and known.execution.content() == execution.content()) or (
            not execution.external_id and contents[execution.content()]
        ):
            self.outcome.unchanged += 1
            return None
        if known and known.voided:
            fault = message(
                "the record with this id was voided (no. {no}); give the row a new id", no=known.no
            )
            self.outcome.reject(number, [("external_id", fault)])
            return None
        if known:
            self.outcome.updated += 1
            # What it was taken from may now lack it, just as what it goes to may.
            self.touched[known.execution.agency, known.execution.activity] = number
            return Recorded(
                known.uid, known.no, known.version + 1, execution, self.now, self.author, reason=self.source
            )
        self.outcome.created += 1
        self.no += 1
        return Recorded(new_uid(self.now), self.no - 1, 1, execution, self.now, self.author)

    def _add(self, versions: list[Recorded]) -> None:
        if not versions:
            return
        add_versions(self.connection, self.stored, versions, self.change)


@contextmanager
def history(database: Database, question: Question) -> Iterator[tuple[Plan, Iterator[Recorded]]]:
    """Give a plan and the executions asked for, by date and then in the order of logging.

    They are read while the block runs, so that a long history need not fit into memory.
    """
    with database.reading() as connection:
        head = choose_plan(connection, question.plan, question.now)
        stored = stored_plan(connection, head.code)
        known = parse_known(connection, question)
        if known:
            stored = as_known(connection, stored, known, everyone=True)
        agencies = None
        if question.agency:
            agency = find_agency(connection, stored.id, question.agency)
            agencies = subtree(agency) if question.with_subtree else only_agency(agency)
        activity = find_activity(stored.plan, question.activity) if question.activity else None
        wanted = Filter(
            stored.id,
            agencies,
            stored.activities.get(activity.code, 0) if activity else None,
            _history_span(stored.plan, question),
            known.seq if known else None,
        )
        yield stored.plan, latest_executions(connection, wanted)


def _history_span(plan: Plan, question: Question) -> Span:
    span = plan.effective
    if question.period:
        span &= parse_window(plan, question.period).span
    if question.review:
        span &= find_review(plan, question.review).span
    if question.as_of:
        span &= Span(span.start, parse_day(question.as_of, today_in(plan.timezone, question.now)))
    return span


def find_versions(connection: Connection, reference: str) -> tuple[str, list[Recorded]]:
    """Give the plan's code and every version of one execution, by its number or its id."""
    text = reference.strip()
    found = None
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NO:
        found = versions_of(connection, int(text))
    else:
        with suppress(ValueError):
            found = versions_of(connection, UUID(text))
    if found is None:
        raise InputError(message("there is no execution “{text}”; cchc history lists them", text=reference))
    return found


def versions(database: Database, reference: str) -> tuple[Plan, list[Recorded]]:
    """Give every version of one execution, oldest first, by its number or its id; and its plan."""
    with database.reading() as connection:
        code, found = find_versions(connection, reference)
        return stored_plan(connection, code).plan, found
