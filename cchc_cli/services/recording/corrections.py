"""Corrections that leave a trace: a new version each, with a reason; nothing is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.services.questions.history import find_versions
from cchc_cli.services.questions.lookup import plan_head, stored_with
from cchc_cli.services.recording.drafts import Draft, desk_of_one
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.services.recording.record import check_stock, entry_of
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.executions import add_version, last_of_author

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cchc_cli.domain.records.execution import Execution, Recorded
    from cchc_cli.domain.results import LogResult
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan


class Correction(NamedTuple):
    """What is to be different, as typed; None where it stays."""

    date: str | None = None
    amount: str | None = None
    form: str | None = None
    repeat: bool | None = None
    title: str | None = None
    note: str | None = None
    evidence: Sequence[str] = ()
    """What proves it besides what it has."""


def amend(
    database: Database, reference: str, correction: Correction, *, reason: str, author: str, now: datetime
) -> LogResult:
    """Add a corrected version of a record; it keeps its number and its place in the order of logging.

    Raises InputError where the record is not there or voided, where nothing would change, and for all
    that `log` refuses.
    """
    needed_reason(reason)
    with database.writing() as connection:
        stored, last = _latest(connection, reference)
        if last.voided:
            raise InputError(
                message(
                    "no. {no} was voided, and a voided record is not corrected; see: cchc history {no}; if it was done all the same, record it anew with: cchc log",
                    no=last.no,
                )
            )
        corrected = _corrected(database, connection, stored, last.execution, correction, now)
        if corrected == last.execution:
            raise InputError(
                message(
                    "no. {no} says that already; nothing would change; see: cchc history {no}", no=last.no
                )
            )
        version = last._replace(
            version=last.version + 1, execution=corrected, recorded_at=now, author=author, reason=reason
        )
        return _add(connection, stored, version, "amend", now)


def void(database: Database, reference: str, *, reason: str, author: str, now: datetime) -> LogResult:
    """Take a record out of every count: a last version says so, and why; the record stays in the history."""
    needed_reason(reason)
    with database.writing() as connection:
        return _void(connection, reference, reason=reason, author=author, now=now)


def void_last(database: Database, *, reason: str, author: str, now: datetime) -> LogResult:
    """Void, as `void` does, what this author recorded last in any plan. Raises InputError where there is nothing."""
    needed_reason(reason)
    with database.writing() as connection:
        no = last_of_author(connection, author)
        if no is None:
            raise InputError(
                message(
                    "{author} has recorded nothing that could be taken back; type: cchc history",
                    author=author,
                )
            )
        return _void(connection, str(no), reason=reason, author=author, now=now)


def _void(connection: Connection, reference: str, *, reason: str, author: str, now: datetime) -> LogResult:
    stored, last = _latest(connection, reference)
    if last.voided:
        raise InputError(
            message("no. {no} is voided already; nothing would change; see: cchc history {no}", no=last.no)
        )
    version = last._replace(
        version=last.version + 1, voided=True, recorded_at=now, author=author, reason=reason
    )
    return _add(connection, stored, version, "void", now)


def needed_reason(reason: str) -> None:
    """Refuse a correction without a reason."""
    if not reason.strip():
        raise InputError(message("a reason is needed: say why with --reason"))


def _latest(connection: Connection, reference: str) -> tuple[StoredPlan, Recorded]:
    """Give the latest version of a record, and its plan with its agency."""
    code, versions = find_versions(connection, reference)
    last = versions[-1]
    return stored_with(connection, plan_head(connection, code), last.execution.agency), last


def _corrected(
    database: Database,
    connection: Connection,
    stored: StoredPlan,
    old: Execution,
    correction: Correction,
    now: datetime,
) -> Execution:
    draft = Draft(
        agency=old.agency,
        activity=old.activity,
        date=correction.date or old.day.isoformat(),
        amount=correction.amount or decimal_text(old.amount),
        form=old.form if correction.form is None else correction.form,
        repeat=old.repeat if correction.repeat is None else correction.repeat,
        title=old.title if correction.title is None else correction.title,
        note=old.note if correction.note is None else correction.note,
        external_id=old.external_id,
        evidence=correction.evidence,
    )
    execution = desk_of_one(stored, now, plan_heads(connection)).needed(draft)
    keep_files(database, connection, dict(zip(correction.evidence, execution.evidence, strict=True)))
    # What proved it before was checked when it was recorded, and is not looked for again. A form that nobody
    # typed is not filled in now, and an empty one takes it away.
    return execution._replace(
        form=execution.form if correction.form else (old.form if correction.form is None else None),
        evidence=tuple(dict.fromkeys([*old.evidence, *execution.evidence])),
    )


def _add(
    connection: Connection, stored: StoredPlan, version: Recorded, action: str, now: datetime
) -> LogResult:
    with new_change(connection, version.author, f"{action} {version.no}", now) as change:
        version = version._replace(recorded_at=change.moment)
        add_version(connection, stored, version, change)
    check_stock(connection, stored, version.execution)
    return entry_of(connection, stored, version, now)
