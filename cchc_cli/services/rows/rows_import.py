"""Adds the rows of one command inside a transaction: new records, and new versions of records."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from cchc_cli.domain.plan.model import Kind as ActivityKind
from cchc_cli.services.recording.record import stock_shortage
from cchc_cli.services.rows.assignment import Assignment, Decision, Kind, RowContent
from cchc_cli.services.rows.encoded_rows import CandidateRecords, EncodedRow, RowSpool
from cchc_cli.services.rows.files import decode_place
from cchc_cli.services.rows.plan_facts import FilledForms
from cchc_cli.services.rows.row_notes import RowNotes
from cchc_cli.storage.records.executions import (
    COLUMNS,
    Version,
    add_versions,
    duplicate_key_of,
    encode_execution,
    encode_versions,
    next_no,
    versions_of,
)
from cchc_cli.storage.records.same_records import (
    PastVersion,
    RecordHistory,
    find_named,
    find_saying,
    has_followed_versions,
    load_histories,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.services.rows.batches import Batch
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan
    from cchc_cli.storage.records.executions import DuplicateKey, EncodedExecution, EncodedVersions
    from cchc_cli.storage.records.same_records import NamedKey

_UID, _NO, _EXTERNAL_ID = map(COLUMNS.index, ("uid", "no", "external_id"))
_external_id_of = itemgetter(_EXTERNAL_ID)
_MOST_EXHAUSTED = 50_000
"""Keys without a free record that are remembered."""


class RowsImport:
    """Adds the rows of one command, batch by batch."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        stored: StoredPlan,
        outcome: RowsOutcome,
        change: Change,
        *,
        every_row: bool,
    ) -> None:
        """Begin with no rows; with `every_row` the outcome gets what became of each."""
        self.no = next_no(connection)
        """The number of the next new record."""
        self.notes = RowNotes(database, connection, stored, outcome, first_new=self.no, every_row=every_row)
        self._connection = connection
        self._stored = stored
        self._outcome = outcome
        self._change = change
        self._followed = has_followed_versions(connection)
        self._assignment = Assignment(self.no, FilledForms(connection, stored))
        self._exhausted: set[DuplicateKey] = set()
        """Keys that records of this command have, and of which no earlier record is free."""
        self._waiting: list[EncodedRow] = []
        self._lent = RowSpool()
        """Rows without an id that stand for a record with one."""
        self._pending: list[Version] = []
        self._stocks = {
            stored.activities[activity.code]: activity.code
            for activity in stored.plan.activities
            if activity.kind is ActivityKind.STOCK
        }
        self._touched: dict[tuple[int, int], int] = {}
        """The place of the last row that changed a stock, by the keys of agency and activity."""

    def add_batches(self, batches: Iterable[Batch], tick: Callable[[int], None] | None) -> None:
        """Add what the rows say that is not recorded yet; reject the bad rows."""
        for batch in batches:
            self._add_good(batch)
            for place, faults in batch.bad:
                self._outcome.reject(*decode_place(place), faults)
            self.notes.take_from(batch)
            if tick:
                tick(len(batch.places) + len(batch.bad))
        self._settle_waiting()
        self._check_stocks()
        self.notes.finish()

    def _add_good(self, batch: Batch) -> None:
        rows = batch.new.rows
        keys = list(map(duplicate_key_of, rows))
        self.notes.count_pairs(batch, keys)
        ids = map(_external_id_of, rows)
        names = [(external_id, key[0]) for external_id, key in zip(ids, keys, strict=True) if external_id]
        named = find_named(self._connection, set(names))
        saying = find_saying(self._connection, set(keys) - self._exhausted, followed=self._followed)
        twice = len(set(names)) < len(names)
        if named or saying or twice or batch.refused or self._waiting or (rows and rows[0][_NO] != self.no):
            self._add_matched(batch, keys, load_histories(self._connection, named | saying))
        else:
            # The common case, handled fast: no row is recorded already, and no id stands twice in the batch.
            self._add_all(batch, keys)

    def _add_all(self, batch: Batch, keys: Sequence[DuplicateKey]) -> None:
        """Add every row of a batch as a new record."""
        for place, (agency, activity, _, _) in zip(batch.places, keys, strict=True):
            if activity in self._stocks:
                self._touched[agency, activity] = place
        rows = batch.new.rows
        named = [
            (row[_NO], place, (row[_EXTERNAL_ID], key[0]))
            for row, place, key in zip(rows, batch.places, keys, strict=True)
            if row[_EXTERNAL_ID]
        ]
        if named:
            self._assignment.add_new((no, place) for no, place, _ in named)
        if self.notes.every_row or batch.new.evidence:
            for index, place in enumerate(batch.places):
                encoded = batch.new.execution(index)
                self.notes.keep_evidence(place, encoded, batch.files)
                self.notes.list_row(place, encoded, "created", rows[index][_NO])
        self._outcome.created += len(rows)
        self.no += len(rows)
        self._write(batch.new)
        self.notes.note_shared_ids({name: place for _, place, name in named})

    def _add_matched(
        self, batch: Batch, keys: Sequence[DuplicateKey], histories: Sequence[RecordHistory]
    ) -> None:
        """Add the rows of a batch that are not recorded yet; `histories` are the records that they may stand for."""
        records = CandidateRecords(histories)
        new_names: dict[NamedKey, int] = {}
        for index, (place, key) in enumerate(zip(batch.places, keys, strict=True)):
            encoded = batch.new.execution(index)
            content = RowContent(place, key, encoded.form, batch.form_given[index], encoded.external_id)
            known = records.matching(content)
            decision = self._assignment.decide(content, known)
            if decision.kind is Kind.NEW:
                self._note_exhausted(key, known)
                if content.name:
                    new_names[content.name] = place
            row = EncodedRow(
                content, batch.new.rows[index][_UID], encoded, batch.files, batch.refused.get(place, ())
            )
            made = self._apply(row, decision)
            if made is not None:
                records.add(made)
        self._write_pending()
        self.notes.note_shared_ids(new_names)

    def _note_exhausted(self, key: DuplicateKey, known: Sequence[RecordHistory]) -> None:
        """Remember that no earlier record with a key is free: a file may have thousands of equal rows."""
        if len(self._exhausted) < _MOST_EXHAUSTED and any(self._assignment.is_new(one) for one in known):
            self._exhausted.add(key)

    def _apply(self, row: EncodedRow, decision: Decision) -> RecordHistory | None:
        """Carry out a decision; give the record that was made or changed, in its new state."""
        place, record = row.content.place, decision.record
        if row.refused and decision.kind in {Kind.NEW, Kind.CORRECTED, Kind.RESTATED}:
            self._outcome.reject(*decode_place(place), row.refused)
            return None
        match decision.kind:
            case Kind.NEW:
                return self._create(row)
            case Kind.WAITING:
                self._waiting.append(row)
            case Kind.CORRECTED:
                assert record is not None
                self.notes.count(place, row.encoded, "updated", record.no)
                return self._correct(row, record)
            case Kind.TWICE | Kind.VOIDED | Kind.AMBIGUOUS:
                self.notes.reject(place, decision)
            case _:
                return self._apply_same(row, decision)
        return None

    def _create(self, row: EncodedRow) -> RecordHistory:
        content = row.content
        self.notes.count(content.place, row.encoded, "created", self.no)
        self.notes.keep_evidence(content.place, row.encoded, row.files)
        self._note_stock_change(content.key, content.place)
        self._pending.append(Version(row.uid, self.no, 1, row.encoded))
        record = RecordHistory(row.uid, self.no, content.external_id)
        record.versions.append(PastVersion(content.key, content.form, voided=False, from_file=True))
        self._assignment.add(content, record)
        self.no += 1
        return record

    def _correct(self, row: EncodedRow, record: RecordHistory) -> RecordHistory:
        """Add what the row says as the next version of a record."""
        self.notes.keep_evidence(row.content.place, row.encoded, row.files)
        return self._add_version(row, record, row.encoded)

    def _apply_same(self, row: EncodedRow, decision: Decision) -> RecordHistory | None:
        """Carry out that a row says what a record says or said; its version or its id may have to be restated."""
        place, record, version = row.content.place, decision.record, decision.version
        if record is None or version is None:  # Another row of the command is the same, and waits.
            self.notes.count(place, row.encoded, "unchanged", None)
            return None
        if record.external_id and not row.content.name:
            self._lent.keep(record.no, row)
        self.notes.note_new_bytes(row.content.place, row.encoded, record.no)
        takes_id = bool(row.content.external_id) and record.external_id is None and not record.latest.voided
        if decision.kind is Kind.SUPERSEDED:
            result, restated = "superseded", record.latest
        elif decision.kind is Kind.RESTATED:
            result, restated = "updated", version
        else:
            result, restated = "updated" if takes_id else "unchanged", record.latest
        self.notes.count(place, row.encoded, result, record.no)
        if not takes_id and decision.kind is not Kind.RESTATED:
            return None
        before = self._versions(record)[record.versions.index(restated)].execution
        wanted = before._replace(external_id=record.external_id or row.content.external_id)
        return self._add_version(row, record, encode_execution(self._stored, wanted))

    def _add_version(
        self, row: EncodedRow, record: RecordHistory, encoded: EncodedExecution
    ) -> RecordHistory:
        place, key = row.content.place, encoded.duplicate_key
        # A correction can also make the stock short that the old version belonged to.
        self._note_stock_change(record.latest.key, place)
        self._note_stock_change(key, place)
        reason = self._outcome.files[decode_place(place).file]
        self._pending.append(Version(record.uid, record.no, len(record.versions) + 1, encoded, reason=reason))
        self._followed = True
        record.external_id = encoded.external_id
        record.versions.append(PastVersion(key, encoded.form, voided=False, from_file=True))
        return record

    def _versions(self, record: RecordHistory) -> list[Recorded]:
        found = versions_of(self._connection, record.no)
        assert found is not None
        return found[1]

    def _settle_waiting(self) -> None:
        """Decide on the rows that waited for all others, and on those that another row took the record from."""
        displaced = map(self._displaced_row, self._assignment.displaced)
        rows = sorted([*self._waiting, *displaced], key=lambda row: row.content.place)
        saying = find_saying(self._connection, {row.content.key for row in rows}, followed=self._followed)
        records = CandidateRecords(load_histories(self._connection, saying))
        decisions = self._assignment.settle([row.content for row in rows], records.matching)
        for row, decision in zip(rows, decisions, strict=True):
            self._apply(row, decision)
        self._write_pending()

    def _displaced_row(self, record: RecordHistory) -> EncodedRow:
        """Give the row again that stood for a record before one with its id came."""
        row = self._lent.take(record.no)
        self.notes.take_back(row.content.place, "superseded" if record.latest.voided else "unchanged")
        return row

    def _write_pending(self) -> None:
        if self._pending:
            pending, self._pending = self._pending, []
            self._write(encode_versions(self._stored.plan.code, self._change.seq, pending))

    def _write(self, new: EncodedVersions) -> None:
        add_versions(self._connection, new, self._change)
        self._change.sums.save_if_large(self._connection)
        self.notes.note_shared_evidence(new.evidence.values())

    def _note_stock_change(self, key: DuplicateKey, place: int) -> None:
        agency, activity, *_ = key
        if activity in self._stocks:
            self._touched[agency, activity] = place

    def _check_stocks(self) -> None:
        """Reject the last row of each stock that would fall below zero."""
        agencies = {key: code for code, key in self._stored.agencies.items()}
        for (agency, activity), place in self._touched.items():
            lacking = stock_shortage(self._connection, self._stored, agencies[agency], self._stocks[activity])
            if lacking:
                self._outcome.reject(*decode_place(place), [("amount", lacking)])
