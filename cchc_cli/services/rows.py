"""Recording the rows of a file: all or nothing, and safe to repeat.

What a row says is read and checked in one step, which needs nothing of the database but the keys of
agencies; that step can run in a process beside (`services.beside`), while this one writes.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.evidence import evidence_key, parse_file
from cchc_cli.domain.execution import uids_from
from cchc_cli.domain.results import RowsOutcome
from cchc_cli.services.beside import beside
from cchc_cli.services.drafts import Desk, Draft
from cchc_cli.services.evidence import keep_files
from cchc_cli.services.executions import shortage
from cchc_cli.services.lookup import choose_plan, find_agency, stored_plan, today_in
from cchc_cli.storage.changes import changing
from cchc_cli.storage.evidence import shared_evidence
from cchc_cli.storage.executions import (
    Kept,
    Known,
    Version,
    add_versions,
    kept,
    next_no,
    numbers_with,
    with_external_ids,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from cchc_cli.domain.execution import Execution
    from cchc_cli.services.rows_file import Row
    from cchc_cli.storage.changes import Change
    from cchc_cli.storage.engine import Connection, Database
    from cchc_cli.storage.plans import StoredPlan

_BATCH = 2000
"""Rows that are read, looked up and written at a time."""


_Good = tuple[int, tuple[Any, ...], tuple[tuple[str, str], ...]]
"""A row's number, what is to be kept of it as a bare tuple, and what proves it as given and as recorded."""
_Bad = tuple[int, list[tuple[str, Message]]]
"""A row's number, and what is wrong with it."""


class _Undo(Exception):  # noqa: N818 - control flow of this module, never an error of the program
    """Leaves the transaction without keeping anything of it."""


def _undo(wanted: bool) -> None:  # noqa: FBT001 - reads as a sentence where it is called
    if wanted:
        raise _Undo


def record_rows(  # noqa: PLR0913 - the options of one command
    database: Database,
    rows: Iterable[Row],
    *,
    plan: str | None,
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
                connection.make_room()
            stored = stored_plan(connection, choose_plan(connection, plan, now).code)
            work = partial(_prepared, rows, stored, now)
            find = partial(find_agency, connection, stored.id)
            with changing(connection, author, f"log --file {source}", now) as change:
                intake = _Intake(connection, stored, outcome, source, change)
                for good, bad in beside(work, find) if many else work(find):
                    intake.keep(good)
                    for number, faults in bad:
                        outcome.reject(number, faults)
                    if tick:
                        tick(len(good) + len(bad))
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


def _prepared(
    rows: Iterable[Row], stored: StoredPlan, now: datetime, find: Callable[[str], int]
) -> Iterator[tuple[list[_Good], list[_Bad]]]:
    """Read and check rows, some at a time. Bare tuples are what passes between processes at the least cost."""
    desk = Desk(stored, today_in(stored.plan.timezone, now), find)
    each = iter(rows)
    for batch in iter(lambda: list(islice(each, _BATCH)), []):
        good: list[_Good] = []
        bad: list[_Bad] = []
        for number, draft in batch:
            execution, faults = desk.read(draft) if isinstance(draft, Draft) else (None, draft)
            if execution is None or not isinstance(draft, Draft):
                bad.append((number, faults))
            else:
                good.append((number, tuple(kept(stored, execution)), _files(draft, execution)))
        yield good, bad


def _files(draft: Draft, execution: Execution) -> tuple[tuple[str, str], ...]:
    if not draft.evidence:
        return ()
    given = zip(draft.evidence, execution.evidence, strict=True)
    return tuple((text, address) for text, address in given if parse_file(address))


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
        self.uids = uids_from(change.moment)
        self.touched: dict[tuple[str, str], int] = {}
        """The last row that touched a stock, by agency and activity."""
        self.files: dict[str, str] = {}
        """What proves the rows that bring something, as given and as recorded."""

    def keep(self, batch: list[_Good]) -> None:
        """Record what a batch brings: what is new, and new versions of what an external id names."""
        taken = [(number, Kept._make(row)) for number, row, _ in batch]
        for _, _, files in batch:
            self.files.update(files)
        plan_id = self.stored.id
        ids = {one.external_id for _, one in taken if one.external_id}
        by_id = with_external_ids(self.connection, plan_id, ids) if ids else {}
        wanted = {one.content for _, one in taken if not one.external_id}
        contents = numbers_with(self.connection, plan_id, wanted)
        if len(wanted) == len(taken) and not contents:
            # The common case, and the quick one: nothing of it is there, and nothing stands in it twice.
            self._add([self._new(number, one) for number, one in taken])
        else:
            self._sort_out(taken, by_id, contents)

    def _sort_out(
        self, taken: list[tuple[int, Kept]], by_id: dict[str, Known], contents: dict[str, set[int]]
    ) -> None:
        fresh: dict[str, Version] = {}
        for number, one in taken:
            version = self._version(number, one, by_id, contents)
            if version is None:
                continue
            if version.uid in fresh:
                # Twice in one batch under one external id: the versions must follow one another.
                self._add(list(fresh.values()))
                fresh = {}
            fresh[version.uid] = version
            if one.external_id:
                self._name(one, version, by_id, contents)
            contents[one.content].add(version.no)
        self._add(list(fresh.values()))

    def _new(self, number: int, one: Kept) -> Version:
        self.touched[one.touched] = number
        self.outcome.created += 1
        self.no += 1
        return Version(next(self.uids), self.no - 1, 1, one)

    @staticmethod
    def _name(one: Kept, version: Version, by_id: dict[str, Known], contents: dict[str, set[int]]) -> None:
        """Remember what an external id names now, for the rows that follow."""
        named = str(one.external_id)
        before = by_id.get(named)
        if before:
            contents[before.content].discard(before.no)
        by_id[named] = Known(
            version.uid, version.no, version.version, one.content, voided=False, touched=one.touched
        )

    def _version(
        self, number: int, row: Kept, by_id: dict[str, Known], contents: dict[str, set[int]]
    ) -> Version | None:
        """Give the version to add for a row; None where the row is there already, or refused."""
        known = by_id.get(row.external_id) if row.external_id else None
        if (known and known.content == row.content) or (not row.external_id and contents.get(row.content)):
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
            self.touched[known.touched] = self.touched[row.touched] = number
            return Version(known.uid, known.no, known.version + 1, row, reason=self.source)
        return self._new(number, row)

    def _add(self, versions: list[Version]) -> None:
        if not versions:
            return
        add_versions(self.connection, self.stored.plan.code, versions, self.change)
        self.change.sums.save_if_many(self.connection)
        keys = {evidence_key(address) for version in versions for address in version.kept.evidence}
        if keys:
            self.outcome.shared |= shared_evidence(self.connection, keys)

    def check_stocks(self) -> None:
        """Reject the last rows of stocks that would fall below nothing."""
        for (agency, activity), number in self.touched.items():
            lacking = shortage(self.connection, self.stored, agency, activity)
            if lacking:
                self.outcome.reject(number, [("amount", lacking)])
