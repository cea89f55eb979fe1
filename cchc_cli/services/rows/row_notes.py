"""Collects what the answer says about the rows of one command, and the evidence files to be kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.records.evidence import countable_keys, parse_file
from cchc_cli.domain.results.rows import (
    MOST_NAMED,
    IdleAgency,
    NewBytes,
    RowDoubt,
    RowReading,
    SharedId,
    SupersededRow,
)
from cchc_cli.services.rows.assignment import Decision, Kind
from cchc_cli.services.rows.files import decode_place
from cchc_cli.services.rows.plan_facts import owes_nothing
from cchc_cli.storage.records.evidence import evidence_chunks, shared_evidence
from cchc_cli.storage.records.executions import versions_of
from cchc_cli.storage.records.same_records import find_named_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.services.rows.batches import Batch
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan
    from cchc_cli.storage.records.executions import DuplicateKey, EncodedExecution
    from cchc_cli.storage.records.same_records import NamedKey


_agency_and_activity_of = itemgetter(0, 1)


class RowNotes:
    """What the answer says about the rows of one command."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        stored: StoredPlan,
        outcome: RowsOutcome,
        *,
        first_new: int,
        every_row: bool,
    ) -> None:
        """Write into `outcome`; records from the number `first_new` on are made by this command. With `every_row` also what became of each row."""
        self.every_row = every_row
        self._first_new = first_new
        self.files: dict[str, str] = {}
        """The evidence files to be kept: path → recorded address."""
        self._database = database
        self._connection = connection
        self._outcome = outcome
        self._stored = stored
        self._agencies = {stored.agencies[one.code]: one for one in stored.plan.agencies}
        self._activities = {stored.activities[one.code]: one for one in stored.plan.activities}
        self._forms = {key: code for code, key in stored.forms.items()}
        self._rows: Counter[tuple[int, int]] = Counter()
        """How many rows there are, by the keys of agency and activity."""
        self._first: dict[tuple[int, int], int] = {}
        """The place of the first of them."""

    def take_from(self, batch: Batch) -> None:
        """Take over what reading a batch found."""
        outcome = self._outcome
        outcome.notes += ((note.file, note.what) for note in batch.notes)
        if outcome.dry_run:
            outcome.doubts += (RowDoubt(*decode_place(place), doubt) for place, doubt in batch.doubts)

    def count(self, place: int, encoded: EncodedExecution, result: str, no: int | None) -> None:
        """Count what became of a row, and list it; `no` is the number of its record."""
        outcome = self._outcome
        setattr(outcome, result, getattr(outcome, result) + 1)
        if result == "superseded" and no is not None and len(outcome.superseded_rows) < MOST_NAMED:
            outcome.superseded_rows.append(SupersededRow(*decode_place(place), no))
        self.list_row(place, encoded, result, no)

    def take_back(self, place: int, result: str) -> None:
        """Take back what was counted for a row."""
        outcome = self._outcome
        setattr(outcome, result, getattr(outcome, result) - 1)
        where = decode_place(place)
        outcome.rows = [one for one in outcome.rows if (one.file, one.row) != where]
        outcome.superseded_rows = [one for one in outcome.superseded_rows if (one.file, one.row) != where]

    def list_row(self, place: int, encoded: EncodedExecution, result: str, no: int | None) -> None:
        """List a row, where every row is to be listed."""
        if not self.every_row:
            return
        _, agency, activity, day, amount, form, repeat, title, _, _, external_id, _ = encoded.row
        is_made_up = result == "created" and self._outcome.dry_run
        self._outcome.rows.append(
            RowReading(
                *decode_place(place),
                self._agencies[agency].code,
                self._activities[activity].code,
                dt.date.fromisoformat(day),
                amount,
                self._forms.get(form) if form else None,
                bool(repeat),
                title,
                external_id,
                result,
                None if is_made_up else no,
            )
        )

    def count_pairs(self, batch: Batch, keys: Sequence[DuplicateKey]) -> None:
        """Count the rows of each agency and activity; `keys` are those of the batch's rows."""
        pairs = list(map(_agency_and_activity_of, keys))
        self._rows.update(pairs)
        for pair in set(pairs).difference(self._first):
            self._first[pair] = batch.places[pairs.index(pair)]

    def finish(self) -> None:
        """Hand over what is only known after the last row."""
        self._outcome.superseded_rows.sort(key=lambda one: (one.file, one.row))
        self._outcome.idle = sorted(self._idle_agencies(), key=lambda one: (one.file, one.row))
        if self.every_row:
            rows = (one for one in self._outcome.rows if not self._outcome.is_rejected(one.file, one.row))
            self._outcome.rows = sorted(rows, key=lambda one: (one.file, one.row))

    def _idle_agencies(self) -> Iterator[IdleAgency]:
        for pair, rows in self._rows.items():
            agency, activity = self._agencies[pair[0]], self._activities[pair[1]]
            if owes_nothing(self._stored.plan, agency, activity):
                yield IdleAgency(agency, activity, *decode_place(self._first[pair]), rows)

    def note_shared_ids(self, names: Mapping[NamedKey, int]) -> None:
        """Note which ids of new records other agencies have too; `names` has the place of each row."""
        found = self._outcome.shared_ids
        if names and len(found) < MOST_NAMED:
            elsewhere = find_named_elsewhere(self._connection, list(names))
            if self._outcome.dry_run:  # The records that it makes are not kept.
                elsewhere = {name: no for name, no in elsewhere.items() if no < self._first_new}
            found += (
                SharedId(name[0], *decode_place(names[name]), no)
                for name, no in islice(
                    ((name, elsewhere[name]) for name in names if name in elsewhere), MOST_NAMED - len(found)
                )
            )

    def note_shared_evidence(self, addresses: Iterable[Iterable[str]]) -> None:
        """Note which evidence of new versions other records have too."""
        keys = {key for given in addresses for key in countable_keys(given)}
        if keys:
            self._outcome.shared |= shared_evidence(self._connection, keys)

    def note_new_bytes(self, place: int, encoded: EncodedExecution, no: int) -> None:
        """Note where a file of a row that is recorded already has other content than the record's of that name."""
        files = [file for file in map(parse_file, encoded.evidence) if file]
        if not files or len(self._outcome.new_bytes) >= MOST_NAMED:
            return
        found = versions_of(self._connection, no)
        kept = set(found[1][-1].execution.evidence) if found else set()
        self._outcome.new_bytes += (
            NewBytes(file.name, *decode_place(place), no) for file in files if file.address not in kept
        )

    def keep_evidence(self, place: int, encoded: EncodedExecution, files: Mapping[str, str]) -> None:
        """Keep the evidence files of a row; `files` has their paths by address.

        An address without a path stood in the row itself, as `history` writes it: its file is stored already.
        """
        for address in encoded.evidence:
            if address in files:
                self.files[files[address]] = address
            elif (file := parse_file(address)) and self._is_missing(file.digest):
                fault = message(
                    "the file “{name}” is not stored in this database; put it beside the rows file, and write its name here",
                    name=file.name,
                )
                self._outcome.reject(*decode_place(place), [("evidence", fault)])

    def _is_missing(self, digest: str) -> bool:
        return evidence_chunks(self._database, self._connection, digest) is None

    def reject(self, place: int, decision: Decision) -> None:
        """Reject a row whose id cannot be right; of two rows with one id both."""
        where = decode_place(place)
        if decision.kind is Kind.TWICE:
            other = decode_place(decision.other)
            for one, twin in ((where, other), (other, where)):
                self._outcome.reject(
                    *one, [("external_id", self._same_id_fault(one.file, twin.file, twin.row))]
                )
            return
        assert decision.record is not None
        fault = (
            message(
                "the record with this id was voided (no. {no}); give the row a new id", no=decision.record.no
            )
            if decision.kind is Kind.VOIDED
            else message(
                "several records of this agency have this id, no. {no} among them, and none says what this row says; correct the right one with: cchc amend",
                no=decision.record.no,
            )
        )
        self._outcome.reject(*where, [("external_id", fault)])

    def _same_id_fault(self, file: int, other: int, row: int) -> Message:
        if file == other:
            return message(
                "row {row} has the same id and says something else; each record needs an id of its own",
                row=row,
            )
        return message(
            "row {row} of {file} has the same id and says something else; each record needs an id of its own",
            row=row,
            file=self._outcome.files[other],
        )
