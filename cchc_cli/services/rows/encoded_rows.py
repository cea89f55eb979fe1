"""Rows as they are encoded, kept for later, and the records that they may stand for."""

from __future__ import annotations

import os
import pickle
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from cchc_cli.services.rows.assignment import NumbersByRecord, RowContent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.storage.records.executions import DuplicateKey, EncodedExecution
    from cchc_cli.storage.records.same_records import RecordHistory


class EncodedRow(NamedTuple):
    """A good row, encoded as a new record."""

    content: RowContent
    uid: str
    encoded: EncodedExecution
    files: Mapping[str, str]
    """The evidence files of its batch: recorded address → path."""
    refused: Sequence[tuple[str, Message]] = ()
    """Why the plan refuses it, unless it is recorded already."""


class RowSpool:
    """Keeps rows in a temporary file, by the number of a record: there may be a million of them."""

    def __init__(self) -> None:
        """Begin without rows."""
        self._starts = NumbersByRecord()
        self._file: IO[bytes] | None = None

    def keep(self, no: int, row: EncodedRow) -> None:
        """Keep a row."""
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - closed with the command
        own = {address: row.files[address] for address in row.encoded.evidence if address in row.files}
        start = self._file.seek(0, os.SEEK_END)
        pickle.dump(row._replace(files=own), self._file)
        self._starts.set(no, start + 1)

    def take(self, no: int) -> EncodedRow:
        """Give the row of a record."""
        assert self._file is not None
        self._file.seek(self._starts.get(no) - 1)
        row: EncodedRow = pickle.load(self._file)  # noqa: S301 - written by this command
        return row


class CandidateRecords:
    """Records that rows of a batch may stand for, found by what they say and by id."""

    def __init__(self, records: Iterable[RecordHistory]) -> None:
        """Take the records that the database has."""
        self._by_key: dict[DuplicateKey, dict[int, RecordHistory]] = {}
        self._by_name: dict[str, dict[int, RecordHistory]] = {}
        for record in records:
            self.add(record)

    def add(self, record: RecordHistory) -> None:
        """Add a record, or what a new version of it says."""
        for version in record.versions:
            self._by_key.setdefault(version.key, {})[record.no] = record
        if record.external_id:
            self._by_name.setdefault(record.external_id, {})[record.no] = record

    def matching(self, row: RowContent) -> Sequence[RecordHistory]:
        """Give the records of which any version has the row's key, or that have its id, by number."""
        found = self._by_key.get(row.key, {})
        if row.external_id:
            found = found | self._by_name.get(row.external_id, {})
        return [found[no] for no in sorted(found)]
