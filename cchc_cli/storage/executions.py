"""Executions: versions added, never overwritten; found again by identity, number and content."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlmodel import col

from cchc_cli.domain.evidence import evidence_key
from cchc_cli.domain.execution import Execution, Recorded
from cchc_cli.storage.engine import streamed
from cchc_cli.storage.evidence import add_evidence
from cchc_cli.storage.plans import StoredPlan, table
from cchc_cli.storage.tables import (
    OPEN,
    ActivityRow,
    AgencyRow,
    ChangeRow,
    ExecutionRow,
    FormRow,
    PlanRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy import Connection, Row, Select

    from cchc_cli.domain.chain import Part
    from cchc_cli.domain.periods import Span
    from cchc_cli.storage.changes import Change

_LATEST = col(ExecutionRow.until_seq) == OPEN
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Which executions are asked for; None and empty ask for all."""

    plan_id: int
    agencies: Select[Any] | None = None
    activity_id: int | None = None
    span: Span | None = None
    known: int | None = None
    """As it stood after this change; None: now."""


def next_no(connection: Connection) -> int:
    """Give the number of the next new execution. Only within `Database.writing`."""
    return (connection.scalar(select(func.max(col(ExecutionRow.no)))) or 0) + 1


def add_versions(
    connection: Connection, stored: StoredPlan, versions: Sequence[Recorded], change: Change
) -> None:
    """Add versions; where one has a version before it, that one ends with this change."""
    followed = [recorded.uid for recorded in versions if recorded.version > 1]
    if followed:
        connection.execute(
            update(ExecutionRow)
            .where(col(ExecutionRow.uid).in_(followed), _LATEST)
            .values(until_seq=change.seq)
        )
    rows = [_values(stored, recorded, change.seq) for recorded in versions]
    for recorded in versions:
        change.cover("execution", (recorded.no, recorded.version), covered(stored.plan.code, recorded))
    if rows:
        connection.execute(insert(table(ExecutionRow)), rows)
    add_evidence(
        connection, {recorded.uid: map(evidence_key, recorded.execution.evidence) for recorded in versions}
    )


def covered(plan_code: str, recorded: Recorded) -> list[Part | Sequence[str]]:
    """Give what the chain covers of a version: all of it but the moment, which its change has."""
    execution = recorded.execution
    return [
        plan_code,
        recorded.uid,
        recorded.no,
        recorded.version,
        execution.agency,
        execution.activity,
        execution.day,
        execution.amount,
        execution.form,
        execution.repeat,
        execution.title,
        execution.note,
        execution.evidence,
        execution.external_id,
        recorded.voided,
        recorded.reason,
    ]


def _values(stored: StoredPlan, recorded: Recorded, seq: int) -> dict[str, Any]:
    execution = recorded.execution
    return {
        "uid": recorded.uid,
        "version": recorded.version,
        "no": recorded.no,
        "plan_id": stored.id,
        "agency_id": stored.agencies[execution.agency],
        "activity_id": stored.activities[execution.activity],
        "day": execution.day,
        "amount": execution.amount,
        "form_id": stored.forms[execution.form] if execution.form else None,
        "repeat": execution.repeat,
        "title": execution.title,
        "note": execution.note,
        "evidence": list(execution.evidence),
        "external_id": execution.external_id,
        "content": execution.content(),
        "voided": recorded.voided,
        "reason": recorded.reason,
        "seq": seq,
        "until_seq": OPEN,
    }


_FIRST = table(ExecutionRow).alias("first_version")
_LOGGED = table(ChangeRow).alias("logged")


def _whole() -> Select[Any]:
    return (
        select(
            table(ExecutionRow),
            col(AgencyRow.code).label("agency_code"),
            col(ActivityRow.code).label("activity_code"),
            col(FormRow.code).label("form_code"),
            col(ChangeRow.author),
            col(ChangeRow.recorded_at),
            _LOGGED.c.recorded_at.label("logged_at"),
        )
        .join(AgencyRow, col(AgencyRow.id) == col(ExecutionRow.agency_id))
        .join(ActivityRow, col(ActivityRow.id) == col(ExecutionRow.activity_id))
        .join(ChangeRow, col(ChangeRow.seq) == col(ExecutionRow.seq))
        .join(_FIRST, (_FIRST.c.uid == col(ExecutionRow.uid)) & (_FIRST.c.version == 1))
        .join(_LOGGED, _LOGGED.c.seq == _FIRST.c.seq)
        .outerjoin(FormRow, col(FormRow.id) == col(ExecutionRow.form_id))
    )


def _recorded(row: Row[Any]) -> Recorded:
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
    )


def latest_executions(connection: Connection, wanted: Filter) -> Iterator[Recorded]:
    """Give the latest version of each execution asked for, by date, then in the order of logging."""
    chosen = _whole().where(col(ExecutionRow.plan_id) == wanted.plan_id)
    if wanted.known is None:
        chosen = chosen.where(_LATEST)
    else:
        chosen = chosen.where(
            col(ExecutionRow.seq) <= wanted.known, col(ExecutionRow.until_seq) > wanted.known
        )
    if wanted.agencies is not None:
        chosen = chosen.where(col(ExecutionRow.agency_id).in_(wanted.agencies))
    if wanted.activity_id is not None:
        chosen = chosen.where(col(ExecutionRow.activity_id) == wanted.activity_id)
    if wanted.span:
        chosen = chosen.where(col(ExecutionRow.day).between(*wanted.span))
    rows = streamed(connection, chosen.order_by(col(ExecutionRow.day), col(ExecutionRow.no)))
    return (_recorded(row) for row in rows)


def versions_of(connection: Connection, reference: UUID | int) -> tuple[str, list[Recorded]] | None:
    """Give an execution's plan and every version of it, oldest first; by its identity or number."""
    column = col(ExecutionRow.uid) if isinstance(reference, UUID) else col(ExecutionRow.no)
    rows = connection.execute(
        _whole()
        .add_columns(col(PlanRow.code).label("plan_code"))
        .join(PlanRow, col(PlanRow.id) == col(ExecutionRow.plan_id))
        .where(column == reference)
        .order_by(col(ExecutionRow.version))
    ).all()
    return (rows[0].plan_code, [_recorded(row) for row in rows]) if rows else None


def with_external_ids(connection: Connection, plan_id: int, ids: Iterable[str]) -> dict[str, Recorded]:
    """Give the latest versions that have one of these external ids."""
    chosen = _whole().where(_LATEST, col(ExecutionRow.plan_id) == plan_id)
    return {
        row.external_id: _recorded(row)
        for batch in _batches(ids)
        for row in connection.execute(chosen.where(col(ExecutionRow.external_id).in_(batch)))
    }


def numbers_with(connection: Connection, plan_id: int, contents: Iterable[str]) -> dict[str, set[int]]:
    """Give the numbers of the executions that have one of these contents, by content."""
    chosen = select(col(ExecutionRow.content), col(ExecutionRow.no)).where(
        _LATEST, col(ExecutionRow.plan_id) == plan_id
    )
    found: dict[str, set[int]] = defaultdict(set)
    for batch in _batches(contents):
        for row in connection.execute(chosen.where(col(ExecutionRow.content).in_(batch))):
            found[row.content].add(row.no)
    return found


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    wanted = sorted(set(items))
    for start in range(0, len(wanted), _BATCH):
        yield wanted[start : start + _BATCH]


def first_shortage(connection: Connection, agency_id: int, activity_id: int) -> tuple[date, int] | None:
    """Give the first day at whose end the stock lies below zero, and that stock; None where none."""
    day, amount = col(ExecutionRow.day), col(ExecutionRow.amount)
    by_day = (
        select(day.label("day"), func.sum(func.sum(amount)).over(order_by=day).label("stock"))
        .where(
            col(ExecutionRow.agency_id) == agency_id,
            col(ExecutionRow.activity_id) == activity_id,
            _LATEST,
            ~col(ExecutionRow.voided),
        )
        .group_by(day)
        .subquery("by_day")
    )
    found = connection.execute(
        select(by_day.c.day, by_day.c.stock).where(by_day.c.stock < 0).order_by(by_day.c.day).limit(1)
    ).first()
    return (found.day, int(found.stock)) if found else None


@dataclass(frozen=True, slots=True)
class Referred:
    """How many executions refer to each agency, activity and form in any version, and each agency's days."""

    agencies: dict[str, int]
    activities: dict[str, int]
    forms: dict[str, int]
    days: dict[str, tuple[date, date]]


def referred(connection: Connection, plan_code: str) -> Referred:
    """Count what executions of a plan refer to, and the days they span, for the import to respect."""
    execution = table(ExecutionRow)
    plan_id = select(col(PlanRow.id)).where(col(PlanRow.code) == plan_code).scalar_subquery()

    def counts(row: Any, key: Any) -> dict[str, int]:  # noqa: ANN401
        chosen = (
            select(row.code, func.count(execution.c.no.distinct()))
            .join(execution, key == row.id)
            .where(execution.c.plan_id == plan_id)
            .group_by(row.code)
        )
        return {code: int(number) for code, number in connection.execute(chosen)}

    spans = connection.execute(
        select(col(AgencyRow.code), func.min(execution.c.day), func.max(execution.c.day))
        .join(execution, execution.c.agency_id == col(AgencyRow.id))
        .where(execution.c.plan_id == plan_id, execution.c.until_seq == OPEN)
        .group_by(col(AgencyRow.code))
    )
    return Referred(
        counts(AgencyRow, execution.c.agency_id),
        counts(ActivityRow, execution.c.activity_id),
        counts(FormRow, execution.c.form_id),
        {code: (first, last) for code, first, last in spans},
    )


def every_version(connection: Connection) -> Iterator[tuple[int, str, Recorded, str]]:
    """Give (change, plan's code, version, key of content) of every version, in the order of changes."""
    rows = streamed(
        connection,
        _whole()
        .add_columns(col(PlanRow.code).label("plan_code"))
        .join(PlanRow, col(PlanRow.id) == col(ExecutionRow.plan_id))
        .order_by(col(ExecutionRow.seq), col(ExecutionRow.no), col(ExecutionRow.version)),
    )
    return ((row.seq, row.plan_code, _recorded(row), row.content) for row in rows)
