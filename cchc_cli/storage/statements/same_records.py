"""Finding the records that a row of a file may stand for: by what they say, in any version, or by external id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, and_, exists, func, literal_column, select
from sqlmodel import col

from cchc_cli.storage.schema.columns import NestedLoopJoin
from cchc_cli.storage.schema.tables import AgencyRow, ChangeRow, ExecutionRow
from cchc_cli.storage.statements.parts import OPEN_NOW, json_members, latest, table, values_table

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

_execution = table(ExecutionRow)
_KEY = (_execution.c.agency_id, _execution.c.activity_id, _execution.c.day, _execution.c.details)
"""What a record says, but for the form; the first columns of `ix_execution_counted`."""
_FOLLOWED = _execution.c.until_seq != OPEN_NOW
_SAYING = values_table("saying", *_KEY)
_NAMED = values_table("named", _execution.c.external_id, _execution.c.agency_id)


def _saying(condition: ColumnElement[bool]) -> Select[Any]:
    """Select versions with one of these keys. Run by `Connection.matching`."""
    same_key = (column == _SAYING.c[column.name] for column in _KEY)
    return select(
        *_KEY, _execution.c.uid, _execution.c.no, _execution.c.form_id, _execution.c.voided
    ).select_from(NestedLoopJoin(_SAYING, _execution, and_(*same_key, condition)))


LATEST_SAYING = _saying(latest(ExecutionRow))
FOLLOWED_SAYING = _saying(_FOLLOWED)
ANY_FOLLOWED = select(exists(select(literal_column("1")).select_from(_execution).where(_FOLLOWED)))
"""Whether any record has more than one version."""
NAMED = select(_execution.c.external_id, _execution.c.agency_id, _execution.c.uid).select_from(
    NestedLoopJoin(
        _NAMED,
        _execution,
        and_(_execution.c.external_id == _NAMED.c.external_id, _execution.c.agency_id == _NAMED.c.agency_id),
    )
)
"""Every version with one of these pairs of external id and agency. Run by `Connection.matching`."""


def _named_elsewhere() -> Select[Any]:
    """Select the lowest number of a record that has one of these ids at another agency. Run by `Connection.matching`."""
    elsewhere = (
        select(func.min(_execution.c.no))
        .where(
            _execution.c.external_id == _NAMED.c.external_id,
            _execution.c.agency_id != _NAMED.c.agency_id,
            _execution.c.plan_id == col(AgencyRow.plan_id),
        )
        .scalar_subquery()
    )
    return select(_NAMED.c.external_id, _NAMED.c.agency_id, elsewhere.label("no")).select_from(
        _NAMED.join(table(AgencyRow), col(AgencyRow.id) == _NAMED.c.agency_id)
    )


NAMED_ELSEWHERE = _named_elsewhere()


def _histories() -> Select[Any]:
    """Select every version of some records, oldest first, with the action of its change."""
    uids = json_members("uids", Uuid)
    return (
        select(
            _execution.c.uid,
            _execution.c.no,
            _execution.c.version,
            *_KEY,
            _execution.c.form_id,
            _execution.c.external_id,
            _execution.c.voided,
            col(ChangeRow.action),
        )
        .select_from(NestedLoopJoin(uids, _execution, _execution.c.uid == uids.c.member))
        .join(ChangeRow, col(ChangeRow.seq) == _execution.c.seq)
        .order_by(_execution.c.no, _execution.c.version)
    )


HISTORIES = _histories()
