"""Recording the rows of a file: all or nothing, and safe to repeat.

What a row says is read, checked and written out in one step, which needs nothing of the database but the
keys of agencies; that step can run in a process beside (`services.beside`), while this one looks up what is
there already and puts in what is new.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.plan.model import Kind
from cchc_cli.domain.records.evidence import evidence_key, parse_file
from cchc_cli.domain.records.execution import uids_from
from cchc_cli.domain.results import RowsOutcome
from cchc_cli.services.questions.lookup import find_agency, stored_plan, today_in
from cchc_cli.services.questions.plan_choice import Fit, choose, day_in, fit_of_day
from cchc_cli.services.recording.drafts import Desk, Draft
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.services.recording.record import shortage
from cchc_cli.services.rows.worker_process import beside
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.evidence import shared_evidence
from cchc_cli.storage.records.executions import (
    COLUMNS,
    LatestVersion,
    Version,
    add_versions,
    duplicate_key_of,
    encode_execution,
    encode_versions,
    find_duplicates,
    next_no,
    with_external_ids,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from cchc_cli.domain.records.execution import Execution
    from cchc_cli.services.questions.plan_choice import Named
    from cchc_cli.services.rows.reader import Row
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan
    from cchc_cli.storage.records.executions import DuplicateKey, EncodedExecution, EncodedVersions

_BATCH = 250
"""Rows that are read, looked up and written at a time: few enough for a processor to keep near."""

_LOOKED_AT = 1000
"""So many rows are looked at to know their plan."""

_ENOUGH = 100
"""Amounts of one kind that need be pointed out."""

_UID, _NO, _NAMED = map(COLUMNS.index, ("uid", "no", "external_id"))


class _Batch(NamedTuple):
    """Rows of a file as they were read: the good ones as they are written, were nothing of them there yet."""

    numbers: list[int]
    """The numbers of the good rows."""
    new: EncodedVersions
    files: dict[str, str]
    """What proves them, where it is a file, as given and as recorded."""
    bad: list[tuple[int, Sequence[tuple[str, Message]]]]
    """The numbers of the other rows, and what is wrong with them."""
    grouped: set[str]
    """Amounts that were met for the first time and may have been meant otherwise, see `Desk.grouped`."""


class _Undo(Exception):  # noqa: N818 - control flow of this module, never an error of the program
    """Leaves the transaction without keeping anything of it."""


def _undo(wanted: bool) -> None:  # noqa: FBT001 - reads as a sentence where it is called
    if wanted:
        raise _Undo


def record_rows(  # noqa: PLR0913 - the options of one command
    database: Database,
    rows: Iterable[Row],
    *,
    plan: Named | None,
    source: str,
    author: str,
    now: datetime,
    dry_run: bool,
    many: bool = False,
    tick: Callable[[int], None] | None = None,
) -> RowsOutcome:
    """Record the rows of a file, all or nothing; a row with faults comes as the list of them.

    `source` is the file's name, which stands as the reason of versions that it corrects. With `many` the
    rows are read in a process beside this one. `tick` hears how many rows are done.
    """
    outcome = RowsOutcome(dry_run)
    try:
        with database.writing() as connection:
            if many:
                connection.enlarge_cache()
            days = _Days(rows, now)
            stored = stored_plan(connection, choose(connection, plan, days.fit).code)
            others = [head for head in plan_heads(connection) if head.code != stored.plan.code]
            outcome.plan, outcome.several_plans = stored.plan.code, bool(others)
            find = partial(find_agency, connection, stored.id)
            with new_change(connection, author, f"log --file {source}", now) as change:
                intake = _Intake(connection, stored, outcome, source, change)
                work = partial(_batches, days.rows(), stored, others, now, change, intake.no)
                for batch in beside(work, find) if many else work(find):
                    intake.keep(batch)
                    for number, faults in batch.bad:
                        outcome.reject(number, faults)
                    if len(outcome.grouped) < _ENOUGH:
                        outcome.grouped |= batch.grouped
                    if tick:
                        tick(len(batch.numbers) + len(batch.bad))
                intake.check_stocks()
            if outcome.rejected:
                outcome.created = outcome.updated = 0
                outcome.errors.sort(key=lambda error: error.row)
            # Nothing recorded is no change either.
            _undo(dry_run or outcome.rejected > 0 or change.is_empty)
            keep_files(database, connection, intake.files)
    except _Undo:
        outcome.shared = {}
    return outcome


def _batches(  # noqa: PLR0913 - what the work beside needs
    rows: Iterable[Row],
    stored: StoredPlan,
    others: Sequence[PlanHead],
    now: datetime,
    change: Change,
    no: int,
    find: Callable[[str], int],
) -> Iterator[_Batch]:
    """Read and check rows, some at a time, and write the good ones, numbered from `no` on.

    `others` are the plans that they do not go into: a row whose day lies in one of these is told so.
    """
    desk = Desk(stored, today_in(stored.plan.timezone, now), find, others)
    uids = uids_from(change.moment)
    each = iter(rows)
    for some in iter(lambda: list(islice(each, _BATCH)), []):
        numbers: list[int] = []
        versions: list[Version] = []
        files: dict[str, str] = {}
        bad: list[tuple[int, Sequence[tuple[str, Message]]]] = []
        for number, draft in some:
            if not isinstance(draft, Draft):
                bad.append((number, draft))
                continue
            execution, faults = desk.read(draft)
            if execution is None:
                bad.append((number, faults))
                continue
            numbers.append(number)
            versions.append(Version(next(uids), no, 1, encode_execution(stored, execution)))
            no += 1
            if execution.evidence:
                files.update(_files(draft, execution))
        yield _Batch(
            numbers, encode_versions(stored.plan.code, change.seq, versions), files, bad, desk.grouped
        )
        desk.grouped = set()


class _Days:
    """The rows of a file, looked at as far as it takes to know the plan that their days lie in."""

    def __init__(self, rows: Iterable[Row], now: datetime) -> None:
        """Look at nothing yet."""
        self._rest = iter(rows)
        self._now = now
        self._seen: list[Row] = []

    def rows(self) -> Iterator[Row]:
        """Give all the rows, those that were looked at first."""
        return chain(self._seen, self._rest)

    def fit(self, heads: list[PlanHead]) -> Fit:
        """Give the plan of the first row whose day lies in one plan alone; the others must lie in it too."""
        found: Fit | None = None
        for row in islice(self._rest, _LOOKED_AT):
            self._seen.append(row)
            _, draft = row
            if not isinstance(draft, Draft):
                continue
            with suppress(InputError):
                fit = fit_of_day(heads, partial(day_in, now=self._now, day=draft.date), free=False)
                if len(fit.plans) == 1:
                    return fit
                if found is None or (fit.plans and not found.plans):
                    found = fit
        # Of rows without a day the faults are told, and need a plan to be read by.
        return found or fit_of_day(heads, partial(day_in, now=self._now, day=None), free=True)


def _files(draft: Draft, execution: Execution) -> Iterator[tuple[str, str]]:
    given = zip(draft.evidence, execution.evidence, strict=True)
    return ((text, address) for text, address in given if parse_file(address))


class _Intake:
    """One run over a rows file, inside its transaction."""

    def __init__(
        self, connection: Connection, stored: StoredPlan, outcome: RowsOutcome, source: str, change: Change
    ) -> None:
        """Begin with nothing taken in."""
        self.connection = connection
        self.stored = stored
        self.outcome = outcome
        self.source = source
        self.change = change
        self.no = next_no(connection)
        self.stocks = {
            stored.activities[activity.code]: activity.code
            for activity in stored.plan.activities
            if activity.kind is Kind.STOCK
        }
        self.touched: dict[tuple[int, int], int] = {}
        """The last row that touched a stock, by the keys of its agency and activity."""
        self.files: dict[str, str] = {}
        """What proves the rows that bring something, as given and as recorded."""

    def keep(self, batch: _Batch) -> None:
        """Record what a batch brings: what is new, and new versions of what an external id names."""
        self.files.update(batch.files)
        rows = batch.new.rows
        named = [row[_NAMED] for row in rows if row[_NAMED]]
        by_id = with_external_ids(self.connection, self.stored.id, set(named)) if named else {}
        duplicate_keys = list(map(duplicate_key_of, rows))
        alone = {
            duplicate_key for duplicate_key, row in zip(duplicate_keys, rows, strict=True) if not row[_NAMED]
        }
        numbers = find_duplicates(self.connection, alone)
        twice = len(set(named)) < len(named) or len(set(duplicate_keys)) < len(rows)
        if by_id or numbers or twice or (rows and rows[0][_NO] != self.no):
            self._sort_out(batch, by_id, numbers)
            return
        # The common case, and the quick one: nothing of it is there, and nothing stands in it twice.
        for number, (agency, activity, _, _) in zip(batch.numbers, duplicate_keys, strict=True):
            if activity in self.stocks:
                self.touched[agency, activity] = number
        self.outcome.created += len(rows)
        self.no += len(rows)
        self._add(batch.new)

    def _sort_out(
        self, batch: _Batch, by_id: dict[str, LatestVersion], numbers: dict[DuplicateKey, set[int]]
    ) -> None:
        fresh: dict[str, Version] = {}
        for place, number in enumerate(batch.numbers):
            row = batch.new.execution(place)
            version = self._version(number, batch.new.rows[place][_UID], row, by_id, numbers)
            if version is None:
                continue
            if version.uid in fresh:
                # Twice in one batch under one external id: the versions must follow one another.
                self._add_anew(fresh.values())
                fresh = {}
            fresh[version.uid] = version
            if row.external_id:
                self._name(row, version, by_id, numbers)
            numbers[row.duplicate_key].add(version.no)
        self._add_anew(fresh.values())

    @staticmethod
    def _name(
        one: EncodedExecution,
        version: Version,
        by_id: dict[str, LatestVersion],
        numbers: dict[DuplicateKey, set[int]],
    ) -> None:
        """Remember what an external id names now, for the rows that follow."""
        named = str(one.external_id)
        before = by_id.get(named)
        if before:
            numbers[before.duplicate_key].discard(before.no)
        by_id[named] = LatestVersion(
            version.uid, version.no, version.version, voided=False, duplicate_key=one.duplicate_key
        )

    def _version(
        self,
        number: int,
        uid: str,
        row: EncodedExecution,
        by_id: dict[str, LatestVersion],
        numbers: dict[DuplicateKey, set[int]],
    ) -> Version | None:
        """Give the version to add for a row; None where the row is there already, or refused."""
        known = by_id.get(row.external_id) if row.external_id else None
        if (known and known.duplicate_key == row.duplicate_key) or (
            not row.external_id and numbers.get(row.duplicate_key)
        ):
            self.outcome.unchanged += 1
            return None
        if known and known.voided:
            fault = message(
                "the record with this id was voided (no. {no}); give the row a new id", no=known.no
            )
            self.outcome.reject(number, [("external_id", fault)])
            return None
        self._touch(row.duplicate_key, number)
        if known:
            self.outcome.updated += 1
            # What it was taken from may now lack it, just as what it goes to may.
            self._touch(known.duplicate_key, number)
            return Version(known.uid, known.no, known.version + 1, row, reason=self.source)
        self.outcome.created += 1
        self.no += 1
        return Version(uid, self.no - 1, 1, row)

    def _add_anew(self, versions: Collection[Version]) -> None:
        if versions:
            self._add(encode_versions(self.stored.plan.code, self.change.seq, versions))

    def _add(self, new: EncodedVersions) -> None:
        add_versions(self.connection, new, self.change)
        self.change.sums.save_if_large(self.connection)
        keys = {evidence_key(address) for given in new.evidence.values() for address in given}
        if keys:
            self.outcome.shared |= shared_evidence(self.connection, keys)

    def _touch(self, duplicate_key: DuplicateKey, number: int) -> None:
        agency, activity, *_ = duplicate_key
        if activity in self.stocks:
            self.touched[agency, activity] = number

    def check_stocks(self) -> None:
        """Reject the last rows of stocks that would fall below nothing."""
        agencies = {key: code for code, key in self.stored.agencies.items()}
        for (agency, activity), number in self.touched.items():
            lacking = shortage(self.connection, self.stored, agencies[agency], self.stocks[activity])
            if lacking:
                self.outcome.reject(number, [("amount", lacking)])
