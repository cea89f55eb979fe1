"""Corrections: each is a new version with a reason; nothing is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.services.questions.history import find_versions
from cchc_cli.services.questions.lookup import find_plan_head, load_plan_with_agency
from cchc_cli.services.recording.drafts import Draft, draft_reader_for_agency
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.services.recording.record import check_stock, entry_of
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.executions import add_version, last_of_author

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cchc_cli.domain.records.execution import Execution, Recorded
    from cchc_cli.domain.results.recording import LogResult
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import StoredPlan


class Correction(NamedTuple):
    """The fields to change, as typed; None leaves a field as it is."""

    date: str | None = None
    amount: str | None = None
    form: str | None = None
    repeat: bool | None = None
    title: str | None = None
    note: str | None = None
    evidence: Sequence[str] = ()
    """Evidence to add to what the record has."""


def amend(
    database: Database, reference: str, correction: Correction, *, reason: str, author: str, now: datetime
) -> LogResult:
    """Add a corrected version of a record; it keeps its number and its place in the order of logging.

    Raises InputError where the record does not exist or is voided, where nothing would change, and for
    everything that `log` refuses.
    """
    require_reason(reason)
    with database.writing() as connection:
        stored, last = _load_latest(connection, reference)
        if last.voided:
            raise InputError(
                message(
                    "no. {no} was voided, and a voided record cannot be corrected; see: cchc history {no}; if it was done after all, record it again with: cchc log",
                    no=last.no,
                )
            )
        corrected = _corrected_execution(database, connection, stored, last.execution, correction, now)
        if corrected == last.execution:
            raise InputError(
                message(
                    "no. {no} says that already; nothing would change; see: cchc history {no}", no=last.no
                )
            )
        version = last._replace(
            version=last.version + 1, execution=corrected, recorded_at=now, author=author, reason=reason
        )
        return _add_version(connection, stored, version, "amend", now)


def void(database: Database, reference: str, *, reason: str, author: str, now: datetime) -> LogResult:
    """Take a record out of every count: a last version says so, and why; the record stays in the history."""
    require_reason(reason)
    with database.writing() as connection:
        return _void_record(connection, reference, reason=reason, author=author, now=now)


def void_last(database: Database, *, reason: str, author: str, now: datetime) -> LogResult:
    """Void this author's last record in any plan, as `void` does. Raises InputError where there is none."""
    require_reason(reason)
    with database.writing() as connection:
        no = last_of_author(connection, author)
        if no is None:
            raise InputError(
                message(
                    "{author} has recorded nothing that could be taken back; type: cchc history",
                    author=author,
                )
            )
        return _void_record(connection, str(no), reason=reason, author=author, now=now)


def _void_record(
    connection: Connection, reference: str, *, reason: str, author: str, now: datetime
) -> LogResult:
    stored, last = _load_latest(connection, reference)
    if last.voided:
        raise InputError(
            message("no. {no} is voided already; nothing would change; see: cchc history {no}", no=last.no)
        )
    version = last._replace(
        version=last.version + 1, voided=True, recorded_at=now, author=author, reason=reason
    )
    return _add_version(connection, stored, version, "void", now)


def require_reason(reason: str) -> None:
    """Raise InputError where the reason is empty."""
    if not reason.strip():
        raise InputError(message("a reason is needed: say why with --reason"))


def _load_latest(connection: Connection, reference: str) -> tuple[StoredPlan, Recorded]:
    """Give the latest version of a record, and its plan with its agency."""
    code, versions = find_versions(connection, reference)
    last = versions[-1]
    return load_plan_with_agency(connection, find_plan_head(connection, code), last.execution.agency), last


def _corrected_execution(
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
    execution = draft_reader_for_agency(stored, now, plan_heads(connection)).read_or_raise(draft)
    keep_files(database, connection, dict(zip(correction.evidence, execution.evidence, strict=True)))
    # Old evidence was checked when it was recorded, and its files may be gone by now. Without a typed form
    # the record keeps its own, even if it has none; an empty one removes it.
    return execution._replace(
        form=execution.form if correction.form else (old.form if correction.form is None else None),
        evidence=tuple(dict.fromkeys([*old.evidence, *execution.evidence])),
    )


def _add_version(
    connection: Connection, stored: StoredPlan, version: Recorded, action: str, now: datetime
) -> LogResult:
    with new_change(connection, version.author, f"{action} {version.no}", now) as change:
        version = version._replace(recorded_at=change.moment)
        add_version(connection, stored, version, change)
    check_stock(connection, stored, version.execution)
    return entry_of(connection, stored, version, now)
