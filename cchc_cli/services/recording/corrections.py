"""Correcting a record: each correction is a new version with a reason; nothing is overwritten."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.records.evidence import evidence_key
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.services.questions.history import find_versions
from cchc_cli.services.questions.lookup import find_activity, find_plan_head, load_plan_with_agency
from cchc_cli.services.recording.drafts import Draft, draft_reader_for_agency
from cchc_cli.services.recording.evidence import keep_files, missing_files
from cchc_cli.services.recording.once import once
from cchc_cli.services.recording.record import check_stock, entry_of
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads
from cchc_cli.storage.records.by_change import written_by
from cchc_cli.storage.records.executions import add_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Execution, Recorded
    from cchc_cli.domain.results.recording import LogResult
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


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
    agency: str | None = None
    activity: str | None = None


def amend(
    database: Database, reference: str, correction: Correction, *, reason: str, author: str, now: datetime
) -> LogResult:
    """Correct a record; see `amending`."""
    with amending(database, reference, correction, reason=reason, author=author, now=now) as entry:
        return entry


@contextmanager
def amending(
    database: Database, reference: str, correction: Correction, *, reason: str, author: str, now: datetime
) -> Iterator[LogResult]:
    """Add a corrected version of a record; it keeps its number and its place in the order of logging.

    A file of its evidence that is missing in the store is put back; where nothing else changes, no version is added.
    It is written once, see `once`. Raises InputError where the record does not exist or is voided, where nothing
    would change, and for everything that `log` refuses.
    """
    require_reason(reason)
    with once(
        database,
        [author, "amend", reference, *correction, reason],
        now,
        write=lambda connection: _amend(database, connection, reference, correction, reason, author, now),
        find=lambda connection, seq: _entry_of_change(connection, seq, now),
    ) as (entry, is_earlier):
        yield entry._replace(already_recorded=is_earlier)


def _amend(  # noqa: PLR0913 - what one correction has
    database: Database,
    connection: Connection,
    reference: str,
    correction: Correction,
    reason: str,
    author: str,
    now: datetime,
) -> LogResult:
    code, versions = find_versions(connection, reference)
    last = versions[-1]
    old = last.execution
    head = find_plan_head(connection, code)
    if last.voided:
        raise InputError(
            message(
                "no. {no} was voided, and a voided record cannot be corrected; give it back with cchc void {no} --undo, or record it again with cchc log",
                no=last.no,
            )
        )
    stored = load_plan_with_agency(connection, head, correction.agency or old.agency)
    draft = _draft_of(stored.plan, last, correction)
    read = draft_reader_for_agency(stored, now, plan_heads(connection)).read_or_raise(draft)
    corrected = _keep_what_was_not_typed(old, read, correction)
    files = dict(zip(correction.evidence, read.evidence, strict=True))
    restored = missing_files(database, connection, read.evidence)
    keep_files(database, connection, files)
    if corrected == old:
        if restored:
            return entry_of(connection, stored, last, now)._replace(restored_files=restored)
        raise InputError(
            message("no. {no} says that already; nothing would change; see: cchc history {no}", no=last.no)
        )
    version = last._replace(version=last.version + 1, execution=corrected, author=author, reason=reason)
    with new_change(connection, author, f"amend {last.no}", now) as change:
        version = version._replace(recorded_at=change.moment)
        add_version(connection, stored, version, change)
    check_stock(connection, stored, corrected)
    if (old.agency, old.activity) != (corrected.agency, corrected.activity):
        check_stock(connection, load_plan_with_agency(connection, head, old.agency), old)
    return entry_of(connection, stored, version, now)


def _entry_of_change(connection: Connection, seq: int, now: datetime) -> LogResult | None:
    found = written_by(connection, seq)
    if found is None:
        return None
    code, (version,) = found
    head = find_plan_head(connection, code)
    stored = load_plan_with_agency(connection, head, version.execution.agency)
    return entry_of(connection, stored, version, now)


def require_reason(reason: str) -> None:
    """Raise InputError where the reason is empty."""
    if not reason.strip():
        raise InputError(message("a reason is needed: say why with --reason"))


def _draft_of(plan: Plan, last: Recorded, correction: Correction) -> Draft:
    """Give the record as a draft with what is corrected. Raises InputError where the amount would change its unit."""
    old = last.execution
    activity = find_activity(plan, correction.activity or old.activity)
    before = next(one for one in plan.activities if one.code == old.activity)
    if activity.unit != before.unit and not correction.amount:
        raise InputError(
            message(
                "no. {no} is counted in {before}, and {activity} in {unit}; give the amount with --amount",
                no=last.no,
                before=before.unit.name,
                activity=activity_words(activity),
                unit=activity.unit.name,
            )
        )
    return Draft(
        agency=correction.agency or old.agency,
        activity=activity.code,
        date=correction.date or old.day.isoformat(),
        amount=correction.amount or decimal_text(old.amount),
        form=old.form if correction.form is None else correction.form,
        repeat=old.repeat if correction.repeat is None else correction.repeat,
        title=old.title if correction.title is None else correction.title,
        note=old.note if correction.note is None else correction.note,
        external_id=old.external_id,
        evidence=correction.evidence,
    )


def _keep_what_was_not_typed(old: Execution, read: Execution, correction: Correction) -> Execution:
    """Put the old evidence before what was added, and keep the old form.

    Old evidence was checked when it was recorded, and its files may be gone by now. Without a typed form
    the record keeps its own, even if it has none; an empty one removes it. Another activity may have only one form.
    """
    form = read.form
    if not correction.form and read.activity == old.activity:
        form = old.form if correction.form is None else None
    known = {evidence_key(address) for address in old.evidence}
    added = [address for address in read.evidence if evidence_key(address) not in known]
    return read._replace(form=form, evidence=tuple(dict.fromkeys([*old.evidence, *added])))
