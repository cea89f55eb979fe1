"""Voiding records and giving them back: one by number, several, or all that one change began."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.results.recording import CorrectedRecords, LogResult
from cchc_cli.services.questions.history import find_versions
from cchc_cli.services.questions.lookup import find_agency, find_plan_head, load_known_plan
from cchc_cli.services.recording.corrections import require_reason
from cchc_cli.services.recording.once import once
from cchc_cli.services.recording.record import entry_of, findings_counted_for, stock_shortage
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.records.by_change import begun_by, written_by
from cchc_cli.storage.records.executions import (
    Version,
    add_versions,
    encode_execution,
    encode_versions,
    last_of_author,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan
    from cchc_cli.storage.records.by_change import Begun

Result = LogResult | CorrectedRecords
"""One record, or several."""


class Wanted(NamedTuple):
    """The records to void or to give back: with these numbers, begun by a change, or else the author's last."""

    references: Sequence[str] = ()
    """Numbers or ids."""
    change: int | None = None
    undo: bool = False
    """Give them back."""


class _Targets(NamedTuple):
    """The latest versions of the records to change, in the order of logging; and what the change is called."""

    plan: str
    records: list[Recorded]
    action: str


class _Rollback(Exception):  # noqa: N818 - control flow, no error
    """Leaves the transaction and rolls it back."""


def void(database: Database, reference: str, *, reason: str, author: str, now: datetime) -> Result:
    """Take one record out of every count; see `voiding`."""
    with voiding(database, Wanted([reference]), reason=reason, author=author, now=now) as (result, _):
        return result


@contextmanager
def voiding(
    database: Database, wanted: Wanted, *, reason: str, author: str, now: datetime
) -> Iterator[tuple[Result, bool]]:
    """Take records out of every count, or with `undo` give them back: a new version of each says so, and why.

    What is given back is what the record said when it was voided. Gives the result and whether an earlier run wrote it,
    see `once`. Raises InputError where a record does not exist, is voided already or not, or where a stock would
    fall below zero; then nothing is changed.
    """
    require_reason(reason)
    with once(
        database,
        [author, "void", *wanted, reason],
        now,
        write=lambda connection: _write(
            connection, _find_targets(connection, wanted, author), wanted, reason, author, now
        ),
        find=lambda connection, seq: _result_of_earlier(connection, seq, wanted, author, now),
    ) as done:
        yield done


def _result_of_earlier(
    connection: Connection, seq: int, wanted: Wanted, author: str, now: datetime
) -> Result | None:
    """Give the result of the change of an earlier run; None where the same command means something else by now.

    Who has recorded since then knows that the run before was done, and means that last record.
    """
    result = _result_of_change(connection, seq, now)
    if not isinstance(result, LogResult) or wanted.references or wanted.change is not None:
        return result
    last = last_of_author(connection, author)
    return None if last is not None and last > result.recorded.no else result


def rehearse_voiding(
    database: Database, wanted: Wanted, *, reason: str, author: str, now: datetime
) -> Result | None:
    """Give the result of `voiding`, but change nothing."""
    require_reason(reason)
    result = None
    with suppress(_Rollback), database.writing() as connection:
        targets = _find_targets(connection, wanted, author)
        result = _write(connection, targets, wanted, reason, author, now)
        raise _Rollback
    return result


def count_records(database: Database, wanted: Wanted) -> int:
    """Give how many records `voiding` would change; what it would refuse is not looked for."""
    if wanted.change is None:
        return len(set(wanted.references)) or 1
    with database.reading() as connection:
        return len(_of_change(connection, wanted.change, undo=wanted.undo))


def _find_targets(connection: Connection, wanted: Wanted, author: str) -> _Targets:
    if wanted.change is not None:
        return _targets_of_change(connection, wanted.change, undo=wanted.undo)
    references = wanted.references or [str(_last_no(connection, author))]
    found: dict[int, tuple[str, Recorded]] = {}
    for reference in references:
        code, versions = find_versions(connection, reference)
        last = versions[-1]
        if last.voided is not wanted.undo:
            raise InputError(_nothing_to_change(last.no, voided=last.voided))
        found[last.no] = code, last
    plans = {code: no for no, (code, _) in found.items()}
    if len(plans) > 1:
        raise InputError(
            message(
                "the records belong to several plans: {plans}; void those of one plan at a time",
                plans=[message("{plan} (no. {no})", plan=code, no=no) for code, no in plans.items()],
            )
        )
    records = [last for _, (_, last) in sorted(found.items())]
    numbers = " ".join(str(one.no) for one in records)
    return _Targets(next(iter(plans)), records, f"void {numbers}{' --undo' if wanted.undo else ''}")


def _last_no(connection: Connection, author: str) -> int:
    no = last_of_author(connection, author)
    if no is None:
        raise InputError(
            message(
                "{author} has recorded nothing that could be taken back; type: cchc history", author=author
            )
        )
    return no


def _nothing_to_change(no: int, *, voided: bool) -> Message:
    if voided:
        return message("no. {no} is voided already; nothing would change; see: cchc history {no}", no=no)
    return message("no. {no} is not voided; nothing would change; see: cchc history {no}", no=no)


def _targets_of_change(connection: Connection, seq: int, *, undo: bool) -> _Targets:
    found = _of_change(connection, seq, undo=undo)
    if found:
        records = [one.recorded for one in found]
        return _Targets(found[0].plan, records, f"{_action(seq)}{' --undo' if undo else ''}")
    if not begun_by(connection, seq):
        raise InputError(
            message(
                "change {seq} recorded nothing new; cchc log --file tells the number of its change, and cchc history NO that of a record",
                seq=seq,
            )
        )
    if undo:
        raise InputError(
            message(
                "nothing is voided that cchc void --change {seq} took back; nothing would change", seq=seq
            )
        )
    raise InputError(message("every record of change {seq} is voided already; nothing would change", seq=seq))


def _action(seq: int) -> str:
    return f"void --change {seq}"


def _of_change(connection: Connection, seq: int, *, undo: bool) -> list[Begun]:
    """Give the records that a change began and that are not voided; with `undo` those that were voided by its number last."""
    found = begun_by(connection, seq)
    if not undo:
        return [one for one in found if not one.recorded.voided]
    voided = [one for one in found if one.recorded.voided and one.action == _action(seq)]
    last = max((one.seq for one in voided), default=0)
    return [one for one in voided if one.seq == last]


def _write(
    connection: Connection, targets: _Targets, wanted: Wanted, reason: str, author: str, now: datetime
) -> Result:
    stored = _load_plan(connection, targets.plan, targets.records)
    with new_change(connection, author, targets.action, now) as change:
        versions = [
            last._replace(
                version=last.version + 1,
                voided=not wanted.undo,
                recorded_at=change.moment,
                author=author,
                reason=reason,
            )
            for last in targets.records
        ]
        added = (
            Version(
                one.uid.hex, one.no, one.version, encode_execution(stored, one.execution), one.voided, reason
            )
            for one in versions
        )
        add_versions(connection, encode_versions(targets.plan, change.seq, added), change)
    _check_stocks(connection, stored, versions)
    return _result(connection, stored, versions, now)


def _load_plan(connection: Connection, code: str, records: Sequence[Recorded]) -> StoredPlan:
    """Load a plan with the agencies of some records."""
    plan_id = find_plan_head(connection, code).id
    agencies = dict.fromkeys(one.execution.agency for one in records)
    return load_known_plan(connection, code, [find_agency(connection, plan_id, one) for one in agencies])


def _check_stocks(connection: Connection, stored: StoredPlan, records: Sequence[Recorded]) -> None:
    touched = dict.fromkeys((one.execution.agency, one.execution.activity) for one in records)
    lacking = [stock_shortage(connection, stored, agency, activity) for agency, activity in touched]
    faults = [fault for fault in lacking if fault]
    if faults:
        raise InputError(*faults)


def _result_of_change(connection: Connection, seq: int, now: datetime) -> Result | None:
    found = written_by(connection, seq)
    return _result(connection, _load_plan(connection, *found), found[1], now) if found else None


def _result(connection: Connection, stored: StoredPlan, versions: list[Recorded], now: datetime) -> Result:
    if len(versions) == 1:
        return entry_of(connection, stored, versions[0], now)
    executions = [one.execution for one in versions]
    return CorrectedRecords(stored.plan, versions, findings_counted_for(connection, stored, executions, now))
