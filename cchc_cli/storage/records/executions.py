"""Executions: adds versions, which are never overwritten; finds them by identity, number or author."""

from __future__ import annotations

import json
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from cchc_cli.domain.calendar.periods import iso
from cchc_cli.domain.records.evidence import countable_keys
from cchc_cli.domain.records.execution import Execution, Recorded
from cchc_cli.domain.records.hash_chain import (
    covered_line,
    encode,
    encode_identity,
    encode_integer,
    encode_text,
    sha256_hex,
)
from cchc_cli.storage.compiled import executions as sql
from cchc_cli.storage.records.evidence import add_evidence
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.records.hash_chain import Part
    from cchc_cli.storage.changes.changes import Change
    from cchc_cli.storage.database.connection import Connection, Row
    from cchc_cli.storage.plans.plans import StoredPlan


class Filter(NamedTuple):
    """Selects executions; None selects all."""

    plan_id: int
    span: Span
    agencies: Sequence[int] | None = None
    activity_id: int | None = None
    known: int | None = None
    """The state after this change; None for the present one."""


def next_no(connection: Connection) -> int:
    """Give the number of the next new execution. Only within `Database.writing`."""
    return (connection.scalar(sql.HIGHEST_NO) or 0) + 1


DuplicateKey = tuple[int, int, str, int]
"""(key of the agency, key of the activity, day as ISO text, details): what an execution says, but for its form."""


class EncodedExecution(NamedTuple):
    """An execution as it is written to the database and to the hash chain."""

    row: tuple[Any, ...]
    """The columns of its table from `plan_id` to `details`, as `Connection.bulk_insert` takes them."""
    covered: bytes
    """Its bytes for the hash chain."""
    evidence: tuple[str, ...] = ()

    @property
    def duplicate_key(self) -> DuplicateKey:
        """Give what it says, but for its form."""
        _, agency, activity, day, *_, details = self.row
        return agency, activity, day, details

    @property
    def form(self) -> int | None:
        """Give the key of its form."""
        found: int | None = self.row[5]
        return found

    @property
    def external_id(self) -> str | None:
        """Give its id in rows files."""
        found: str | None = self.row[-2]
        return found


def encode_execution(stored: StoredPlan, execution: Execution) -> EncodedExecution:
    """Encode an execution, for the database and for the hash chain."""
    agency, activity, day, amount, form, repeat, title, note, evidence, external_id = execution
    return EncodedExecution(
        (
            stored.id,
            stored.agencies[agency],
            stored.activities[activity],
            iso(day),
            amount,
            stored.forms[form] if form else None,
            int(repeat),
            title,
            note,
            json.dumps(evidence) if evidence else "[]",
            external_id,
            execution.details(),
        ),
        _encode_covered(execution),
        evidence,
    )


class Version(NamedTuple):
    """A version of an execution that is to be added; `uid` is its identity as 32 hexadecimal digits."""

    uid: str
    no: int
    version: int
    execution: EncodedExecution
    voided: bool = False
    reason: str | None = None


class EncodedVersions(NamedTuple):
    """Versions as they are written. They need no connection, so that a worker process can make them."""

    rows: list[tuple[Any, ...]]
    """The rows of their table; the columns are COLUMNS."""
    covered: list[bytes]
    """The bytes of each execution for the hash chain."""
    lines: list[str]
    """Their lines in the change, see `covered_line`."""
    evidence: dict[str, tuple[str, ...]]
    """The addresses of their evidence, by identity."""

    def execution(self, index: int) -> EncodedExecution:
        """Give the execution of one of the rows."""
        row = self.rows[index]
        return EncodedExecution(row[_EXECUTION], self.covered[index], self.evidence.get(row[0], ()))


def encode_versions(plan_code: str, seq: int, versions: Iterable[Version]) -> EncodedVersions:
    """Encode the versions that a change adds."""
    plan = encode([plan_code])
    made = EncodedVersions([], [], [], {})
    for uid, no, version, (row, covered, evidence), voided, reason in versions:
        digest = sha256_hex(_covered_bytes(plan, uid, no, version, covered, _encode_ending(voided, reason)))
        made.rows.append((uid, version, no, *row, int(voided), reason, seq, OPEN))
        made.covered.append(covered)
        made.lines.append(covered_line("execution", no, version, digest))
        if evidence:
            made.evidence[uid] = evidence
    return made


COLUMNS = [name for name, _ in sql.ADD.parameters]
_EXECUTION = slice(COLUMNS.index("plan_id"), COLUMNS.index("voided"))
_VOIDED = COLUMNS.index("voided")
duplicate_key_of = itemgetter(*map(COLUMNS.index, ("agency_id", "activity_id", "day", "details")))
"""Gives the duplicate key of a row."""
_counted_values = itemgetter(
    *map(COLUMNS.index, ("activity_id", "agency_id", "day", "form_id", "repeat", "amount"))
)


def add_versions(connection: Connection, new: EncodedVersions, change: Change) -> None:
    """Add versions; those that they follow end with this change."""
    followed = [uid for uid, version, *_ in new.rows if version > 1]
    if followed:
        uids = json.dumps(followed)
        ended = connection.tuples(sql.ENDING, uids=uids)
        change.sums.add(((activity, agency, iso(day), *rest) for activity, agency, day, *rest in ended), -1)
        connection.run(sql.END, uids=uids, seq=change.seq)
    change.cover_lines(new.lines)
    change.sums.add(_counted_values(row) for row in new.rows if not row[_VOIDED])
    connection.bulk_insert(sql.ADD, new.rows)
    add_evidence(connection, {UUID(uid): countable_keys(given) for uid, given in new.evidence.items()})


def add_version(connection: Connection, stored: StoredPlan, recorded: Recorded, change: Change) -> None:
    """Add one version of one record."""
    uid, no, version, execution = recorded[:4]
    added = Version(
        uid.hex, no, version, encode_execution(stored, execution), recorded.voided, recorded.reason
    )
    add_versions(connection, encode_versions(stored.plan.code, change.seq, [added]), change)


def covered_digest(plan_code: str, recorded: Recorded) -> str:
    """Give the digest of a version for the hash chain: of everything but its moment and author, which its change has."""
    uid, no, version, execution = recorded[:4]
    end = _encode_ending(recorded.voided, recorded.reason)
    return sha256_hex(
        _covered_bytes(encode([plan_code]), uid.hex, no, version, _encode_covered(execution), end)
    )


def _covered_bytes(plan: bytes, uid: str, no: int, version: int, covered: bytes, end: bytes) -> bytes:
    return b"".join((plan, encode_identity(uid), encode_integer(no), _encode_cached(version), covered, end))


@lru_cache(64)
def _encode_ending(voided: bool, reason: str | None) -> bytes:  # noqa: FBT001 - one value of two that are encoded
    return encode([voided, reason])


def _encode_covered(execution: Execution) -> bytes:
    rest = execution.note, execution.evidence, execution.external_id
    return b"".join(
        (
            _encode_cached(execution.agency, execution.activity),
            _encode_cached(execution.day),
            _encode_cached(execution.amount, execution.form, execution.repeat),
            encode_text(execution.title) if execution.title else encode((execution.title,)),
            _NO_EXTRAS if rest == (None, (), None) else encode(rest),
        )
    )


_NO_EXTRAS = encode((None, (), None))


@lru_cache(20_000)
def _encode_cached(*parts: Part) -> bytes:
    """Encode values that many executions share: codes, days and amounts."""
    return encode(parts)


def _recorded_of(row: Row) -> Recorded:
    return Recorded(
        uid=row.uid,
        no=row.no,
        version=row.version,
        execution=Execution(
            agency=row.agency_code,
            activity=row.activity_code,
            day=row.day,
            amount=row.amount,
            form=row.form_code,
            repeat=row.repeat,
            title=row.title,
            note=row.note,
            evidence=tuple(row.evidence),
            external_id=row.external_id,
        ),
        recorded_at=row.recorded_at,
        author=row.author,
        voided=row.voided,
        reason=row.reason,
        logged_at=row.logged_at,
        change=row.begun,
    )


def recorded_of(rows: Iterable[Row]) -> list[Recorded]:
    """Give the versions of rows with their codes."""
    return list(map(_recorded_of, rows))


def latest_executions(connection: Connection, selected: Filter) -> Iterator[Recorded]:
    """Give the selected executions, each in its latest version, by day and then in the order of logging."""
    parameters: dict[str, Any] = {
        "plan_id": selected.plan_id,
        "any_activity": selected.activity_id is None,
        "activity": selected.activity_id,
        "start": selected.span.start,
        "end": selected.span.end,
    }
    if selected.known is not None:
        parameters["known"] = selected.known
    if selected.agencies is None:
        statement = sql.MATCHING if selected.known is None else sql.MATCHING_AS_KNOWN
    else:
        statement = sql.MATCHING_OF_AGENCIES if selected.known is None else sql.MATCHING_OF_AGENCIES_AS_KNOWN
        parameters["agencies"] = json.dumps(list(selected.agencies))
    return map(_recorded_of, connection.stream(statement, **parameters))


def versions_of(connection: Connection, reference: UUID | int) -> tuple[str, list[Recorded]] | None:
    """Give the code of the plan and every version, oldest first, of the execution with this identity or number."""
    rows = (
        connection.all(sql.VERSIONS_BY_NO, no=reference)
        if isinstance(reference, int)
        else connection.all(sql.VERSIONS_BY_UID, uid=reference)
    )
    return (rows[0].plan_code, [_recorded_of(row) for row in rows]) if rows else None


def last_of_author(
    connection: Connection,
    author: str,
    *,
    plan_id: int | None = None,
    activity_id: int | None = None,
) -> int | None:
    """Give the number of the last record of an author that is not voided; None where there is none."""
    found: int | None = connection.scalar(
        sql.LAST_OF_AUTHOR,
        author=author,
        any_plan=plan_id is None,
        plan_id=plan_id,
        any_activity=activity_id is None,
        activity=activity_id,
    )
    return found


def first_shortage(connection: Connection, agency_id: int, activity_id: int) -> tuple[date, int] | None:
    """Give the first day at whose end the stock is negative, and the stock on it; None where there is none."""
    found = connection.first(sql.SHORTAGE, agency_id=agency_id, activity_id=activity_id)
    return (found.day, found.stock) if found else None


def every_version(connection: Connection) -> Iterator[tuple[int, str, Recorded, int]]:
    """Give (change, plan's code, version, its details in the database) of every version, in the order of changes."""
    rows = connection.stream(sql.EVERY)
    return ((row.seq, row.plan_code, _recorded_of(row), row.details) for row in rows)
