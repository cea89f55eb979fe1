"""Recording the rows of a file: all or nothing, and safe to repeat.

Rows come in batches, see `batches`. Making these needs only the keys of agencies from the database, so a
worker process can do it, while this process looks up which rows are recorded already and inserts the new ones.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.plan.model import Kind
from cchc_cli.domain.records.evidence import countable_keys
from cchc_cli.domain.results.rows import RowsOutcome
from cchc_cli.services.questions.lookup import find_agency, load_known_plan
from cchc_cli.services.questions.plan_choice import choose_plan
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.services.recording.record import stock_shortage
from cchc_cli.services.rows.batches import PeekedRows, read_batches
from cchc_cli.services.rows.worker_process import run_in_worker
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.evidence import shared_evidence
from cchc_cli.storage.records.executions import (
    COLUMNS,
    LatestVersion,
    Version,
    add_versions,
    duplicate_key_of,
    encode_versions,
    find_duplicates,
    next_no,
    with_external_ids,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.rows.batches import Batch
    from cchc_cli.services.rows.reader import Row
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan
    from cchc_cli.storage.records.executions import DuplicateKey, EncodedExecution, EncodedVersions

_ENOUGH_AMBIGUOUS = 100
"""So many ambiguous amounts, about, are reported."""

_UID, _NO, _EXTERNAL_ID = map(COLUMNS.index, ("uid", "no", "external_id"))


class _Rollback(Exception):  # noqa: N818 - control flow, no error
    """Leaves the transaction and rolls it back."""


def record_rows(  # noqa: PLR0913 - the options of one command
    database: Database,
    rows: Iterable[Row],
    *,
    plan: NamedPlan | None,
    source: str,
    author: str,
    now: datetime,
    dry_run: bool,
    many: bool = False,
    tick: Callable[[int], None] | None = None,
) -> RowsOutcome:
    """Record the rows of a file, all or nothing; a row with faults comes as the list of them.

    `source` is the file's name, the reason of the versions that correct records. With `many` a worker
    process reads the rows. `tick` is called with the number of rows done since the last call.
    """
    outcome = RowsOutcome(dry_run)
    try:
        with database.writing() as connection:
            if many:
                connection.enlarge_cache()
            peeked = PeekedRows(rows, now)
            stored, others = _choose_plan(connection, plan, peeked, outcome)
            find = partial(find_agency, connection, stored.id)
            with new_change(connection, author, f"log --file {source}", now) as change:
                run = _RowsImport(connection, stored, outcome, source, change)
                read = partial(read_batches, peeked.rows(), stored, others, now, change, run.no)
                run.add_batches(run_in_worker(read, find) if many else read(find), tick)
            outcome.errors.sort(key=lambda error: error.row)
            if dry_run or outcome.rejected or change.is_empty:
                raise _Rollback  # noqa: TRY301 - leaves the transaction
            keep_files(database, connection, run.files)
            outcome.change = change.seq
    except _Rollback:
        outcome.shared = {}
    if outcome.rejected:
        outcome.created = outcome.updated = 0
    return outcome


def _choose_plan(
    connection: Connection, plan: NamedPlan | None, peeked: PeekedRows, outcome: RowsOutcome
) -> tuple[StoredPlan, list[PlanHead]]:
    """Give the plan that the rows go into, and the other plans."""
    stored = load_known_plan(connection, choose_plan(connection, plan, peeked.candidates).code)
    others = [head for head in plan_heads(connection) if head.code != stored.plan.code]
    outcome.plan, outcome.several_plans = stored.plan.code, bool(others)
    return stored, others


class _RowsImport:
    """Adds the rows of one file inside a transaction; rows that are recorded already are deduplicated."""

    def __init__(
        self, connection: Connection, stored: StoredPlan, outcome: RowsOutcome, source: str, change: Change
    ) -> None:
        """Begin with no rows."""
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
        """The last row that changed a stock, by the keys of agency and activity."""
        self.files: dict[str, str] = {}
        """The evidence files of all batches: path as typed → recorded address."""

    def add_batches(self, batches: Iterable[Batch], tick: Callable[[int], None] | None) -> None:
        """Add new records, and new versions of records that an external id names; reject the bad rows."""
        for batch in batches:
            self._add_good(batch)
            for number, faults in batch.bad:
                self.outcome.reject(number, faults)
            if len(self.outcome.grouped) < _ENOUGH_AMBIGUOUS:
                self.outcome.grouped |= batch.ambiguous_amounts
            if tick:
                tick(len(batch.numbers) + len(batch.bad))
        self._check_stocks()

    def _add_good(self, batch: Batch) -> None:
        self.files.update(batch.files)
        rows = batch.new.rows
        named = [row[_EXTERNAL_ID] for row in rows if row[_EXTERNAL_ID]]
        by_id = with_external_ids(self.connection, self.stored.id, set(named)) if named else {}
        keys = list(map(duplicate_key_of, rows))
        alone = {key for key, row in zip(keys, rows, strict=True) if not row[_EXTERNAL_ID]}
        numbers = find_duplicates(self.connection, alone)
        twice = len(set(named)) < len(named) or len(set(keys)) < len(rows)
        if by_id or numbers or twice or (rows and rows[0][_NO] != self.no):
            self._add_deduplicated(batch, by_id, numbers)
            return
        # The common case, handled fast: no row is recorded already, and none stands twice in the batch.
        for number, (agency, activity, _, _) in zip(batch.numbers, keys, strict=True):
            if activity in self.stocks:
                self.touched[agency, activity] = number
        self.outcome.created += len(rows)
        self.no += len(rows)
        self._add(batch.new)

    def _add_deduplicated(
        self, batch: Batch, by_id: dict[str, LatestVersion], numbers: dict[DuplicateKey, set[int]]
    ) -> None:
        fresh: dict[str, Version] = {}
        for place, number in enumerate(batch.numbers):
            row = batch.new.execution(place)
            version = self._version_to_add(number, batch.new.rows[place][_UID], row, by_id, numbers)
            if version is None:
                continue
            if version.uid in fresh:
                # Two rows of a batch with one external id: the first version must be inserted before the second.
                self._add_versions(fresh.values())
                fresh = {}
            fresh[version.uid] = version
            if row.external_id:
                self._remember_external_id(row, version, by_id, numbers)
            numbers[row.duplicate_key].add(version.no)
        self._add_versions(fresh.values())

    @staticmethod
    def _remember_external_id(
        one: EncodedExecution,
        version: Version,
        by_id: dict[str, LatestVersion],
        numbers: dict[DuplicateKey, set[int]],
    ) -> None:
        """Remember which version an external id names now, for the rows that follow."""
        named = str(one.external_id)
        before = by_id.get(named)
        if before:
            numbers[before.duplicate_key].discard(before.no)
        by_id[named] = LatestVersion(
            version.uid, version.no, version.version, voided=False, duplicate_key=one.duplicate_key
        )

    def _version_to_add(
        self,
        number: int,
        uid: str,
        row: EncodedExecution,
        by_id: dict[str, LatestVersion],
        numbers: dict[DuplicateKey, set[int]],
    ) -> Version | None:
        """Give the version to add for a row; None where it is recorded already, or rejected."""
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
        self._note_stock_change(row.duplicate_key, number)
        if known:
            self.outcome.updated += 1
            # A correction can also make the stock short that the old version belonged to.
            self._note_stock_change(known.duplicate_key, number)
            return Version(known.uid, known.no, known.version + 1, row, reason=self.source)
        self.outcome.created += 1
        self.no += 1
        return Version(uid, self.no - 1, 1, row)

    def _add_versions(self, versions: Collection[Version]) -> None:
        if versions:
            self._add(encode_versions(self.stored.plan.code, self.change.seq, versions))

    def _add(self, new: EncodedVersions) -> None:
        add_versions(self.connection, new, self.change)
        self.change.sums.save_if_large(self.connection)
        keys = {key for given in new.evidence.values() for key in countable_keys(given)}
        if keys:
            self.outcome.shared |= shared_evidence(self.connection, keys)

    def _note_stock_change(self, key: DuplicateKey, number: int) -> None:
        agency, activity, *_ = key
        if activity in self.stocks:
            self.touched[agency, activity] = number

    def _check_stocks(self) -> None:
        """Reject the last row of each stock that would fall below zero."""
        agencies = {key: code for code, key in self.stored.agencies.items()}
        for (agency, activity), number in self.touched.items():
            lacking = stock_shortage(self.connection, self.stored, agencies[agency], self.stocks[activity])
            if lacking:
                self.outcome.reject(number, [("amount", lacking)])
