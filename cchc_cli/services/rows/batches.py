"""Batches of rows: read, checked and encoded as new records. A worker process can do it, see `worker_process`."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.row_days import parse_row_day
from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.records.evidence import parse_file
from cchc_cli.domain.records.execution import uids_from
from cchc_cli.services.questions.lookup import today_in
from cchc_cli.services.questions.plan_choice import Candidates, candidates_by_day, parse_day_in
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.evidence import path_below
from cchc_cli.services.rows.files import ROW_BITS
from cchc_cli.services.rows.row_drafts import RowDraftReader
from cchc_cli.storage.records.executions import Version, encode_execution, encode_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.records.doubts import Doubt
    from cchc_cli.domain.records.execution import Execution
    from cchc_cli.services.rows.files import FileNote, RowsFiles
    from cchc_cli.services.rows.reader import Row
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan
    from cchc_cli.storage.records.executions import EncodedVersions

_BATCH_SIZE = 250
"""Rows that are read, looked up and encode_versions at a time; so few stay in the processor's cache."""

_MOST_PEEKED = 1000
"""So many rows at most are read ahead to find their plan."""


class Batch(NamedTuple):
    """Rows as read; the good ones are encoded as new records, as if none was recorded already."""

    places: list[int]
    """The places of the good rows."""
    new: EncodedVersions
    form_given: list[bool]
    """Whether the form stands in the row."""
    files: dict[str, str]
    """Their evidence files: recorded address → path."""
    bad: list[tuple[int, Sequence[tuple[str, Message]]]]
    """The places of the other rows, and their faults."""
    refused: dict[int, Sequence[tuple[str, Message]]]
    """By place: why the plan refuses a good row, unless it is recorded already."""
    notes: list[FileNote]
    """Notes on the files that were read since the last batch."""
    doubts: list[tuple[int, Doubt]]
    """Cells of good rows that a person should look at, with the places of the rows."""


class PeekedRows:
    """The rows of a file, read ahead as far as it takes to find the plan that their days lie in."""

    def __init__(self, rows: Iterable[Row], now: datetime) -> None:
        """Read nothing yet."""
        self._rest = iter(rows)
        self._now = now
        self._seen: list[Row] = []

    def rows(self) -> Iterator[Row]:
        """Give all the rows, from the first on."""
        return chain(self._seen, self._rest)

    def candidates(self, heads: list[PlanHead]) -> Candidates:
        """Give the plan of the first row whose day lies in one plan alone; all rows go into that plan."""
        found: Candidates | None = None
        for row in islice(self._rest, _MOST_PEEKED):
            self._seen.append(row)
            _, draft = row
            if not isinstance(draft, Draft):
                continue
            with suppress(InputError):
                fit = candidates_by_day(heads, partial(_day_of, draft), any_plan=False)
                if len(fit.plans) == 1:
                    return fit
                if found is None or (fit.plans and not found.plans):
                    found = fit
        # Rows without a readable day have faults; to report them, some plan is needed.
        return found or candidates_by_day(
            heads, partial(parse_day_in, now=self._now, day=None), any_plan=True
        )


def _day_of(draft: Draft, head: PlanHead) -> date:
    return parse_row_day(draft.date or "", head.effective).day


def read_batches(  # noqa: PLR0913 - what the worker process needs
    peeked: PeekedRows,
    source: RowsFiles,
    stored: StoredPlan,
    others: Sequence[PlanHead],
    now: datetime,
    change: Change,
    no: int,
    find: Callable[[str], int],
) -> Iterator[Batch]:
    """Read and check rows, a batch at a time, and encode the good ones, numbered from `no` on.

    `others` are the other plans: where the day of a row lies in one of these, its fault says so.
    """
    reader = RowDraftReader(stored, today_in(stored.plan.timezone, now), find, others)
    maker = _BatchMaker(source, stored, reader, change, no)
    each = peeked.rows()
    for some in iter(lambda: list(islice(each, _BATCH_SIZE)), []):
        yield maker.batch(some)
    # Notes on a file may come after its last row.
    if source.notes:
        yield maker.batch([])


class _BatchMaker:
    """Checks rows, and encodes the good ones as new records."""

    def __init__(
        self, source: RowsFiles, stored: StoredPlan, reader: RowDraftReader, change: Change, no: int
    ) -> None:
        """Make the records of a change, numbered from `no` on."""
        self._source = source
        self._stored = stored
        self._reader = reader
        self._uids = uids_from(change.moment)
        self._seq = change.seq
        self._no = no
        self._file = -1

    def batch(self, rows: list[Row]) -> Batch:
        """Give a batch of these rows."""
        reader = self._reader
        batch = Batch([], _NOTHING, [], {}, [], {}, self._source.take_notes(), [])
        versions: list[Version] = []
        for place, draft in rows:
            if place >> ROW_BITS != self._file:
                self._file = place >> ROW_BITS
                reader.evidence_folder = self._source.evidence_folder(self._file)
            if not isinstance(draft, Draft):
                batch.bad.append((place, draft))
                continue
            execution, faults = reader.read(draft)
            if execution is None:
                batch.bad.append((place, faults))
                continue
            if faults:
                batch.refused[place] = faults
            if reader.doubts:
                batch.doubts.extend((place, doubt) for doubt in reader.doubts)
            batch.places.append(place)
            batch.form_given.append(draft.form is not None)
            versions.append(Version(next(self._uids), self._no, 1, encode_execution(self._stored, execution)))
            self._no += 1
            if execution.evidence and reader.evidence_folder:
                batch.files.update(_evidence_files(reader.evidence_folder, draft, execution))
        return batch._replace(new=encode_versions(self._stored.plan.code, self._seq, versions))


_NOTHING = encode_versions("", 0, [])


def _evidence_files(folder: Path, draft: Draft, execution: Execution) -> Iterator[tuple[str, str]]:
    """Give (address, path) of the files among the evidence; not of addresses that stand in the row themselves."""
    given = zip(draft.evidence, execution.evidence, strict=True)
    return (
        (address, str(path_below(folder, text)))
        for text, address in given
        if parse_file(address) and not parse_file(text)
    )
