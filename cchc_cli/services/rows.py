"""Recording the rows of a file: all or nothing, and safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cchc_cli.domain.errors import Message, message
from cchc_cli.domain.evidence import evidence_key, parse_file
from cchc_cli.domain.execution import Execution, Recorded, new_uid
from cchc_cli.domain.results import RowsOutcome
from cchc_cli.services.drafts import Desk, Draft
from cchc_cli.services.evidence import keep_files
from cchc_cli.services.executions import shortage
from cchc_cli.services.lookup import choose_plan, stored_plan
from cchc_cli.storage.changes import Change, changing
from cchc_cli.storage.evidence import shared_evidence
from cchc_cli.storage.executions import add_versions, next_no, numbers_with, with_external_ids

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from cchc_cli.storage.engine import Connection, Database
    from cchc_cli.storage.plans import StoredPlan

_BATCH = 500


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
            outcome.shared = shared_evidence(connection, intake.keys)
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
    keys: set[str] = field(default_factory=set)
    """All that proves them, by address or SHA-256."""

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
            lacking = shortage(self.connection, self.stored, agency, activity)
            if lacking:
                self.outcome.reject(number, [("amount", lacking)])

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
        self.keys.update(
            evidence_key(address) for version in versions for address in version.execution.evidence
        )
