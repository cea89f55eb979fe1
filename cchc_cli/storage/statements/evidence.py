"""The index of evidence, and files that are stored in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, Uuid, delete, func, insert, select
from sqlmodel import col

from cchc_cli.storage.schema.tables import EvidencePartRow, EvidenceRow, ExecutionRow
from cchc_cli.storage.statements.parts import json_list, latest, parameter, table

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

_part = table(EvidencePartRow)
_evidence = table(EvidenceRow)
_OF_FILE = _part.c.digest == parameter(_part.c.digest)

HAS_PART = select(_part.c.place).where(_OF_FILE).limit(1)
PART = select(_part.c.data).where(_OF_FILE, _part.c.place == parameter(_part.c.place))
ADD_PART = insert(_part)
DROP_PARTS = delete(_part)
DROP_FILE = delete(_part).where(_part.c.digest == parameter(_part.c.digest))
DIGESTS = select(_part.c.digest).distinct()
SIZES = select(_part.c.digest, func.sum(func.length(_part.c.data)).label("bytes")).group_by(_part.c.digest)

LISTED_OF = select(_evidence.c.key, _evidence.c.uid).where(_evidence.c.uid.in_(json_list("uids", Uuid)))
ADD = insert(_evidence)
KEYS = select(_evidence.c.key).distinct()
EVERY = select(_evidence.c.key, _evidence.c.uid)


def _numbers(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_evidence.c.key, col(ExecutionRow.no))
        .join(ExecutionRow, col(ExecutionRow.uid) == _evidence.c.uid)
        .where(*conditions, latest(ExecutionRow), ~col(ExecutionRow.voided))
        .order_by(_evidence.c.key, col(ExecutionRow.no))
    )


_SEVERAL = select(_evidence.c.key).group_by(_evidence.c.key).having(func.count() > 1)

OTHERS = _numbers(_evidence.c.key.in_(json_list("keys", Text)), _evidence.c.uid != parameter(_evidence.c.uid))
SHARED = _numbers(_evidence.c.key.in_(_SEVERAL))
SHARED_AMONG = _numbers(_evidence.c.key.in_(_SEVERAL.where(_evidence.c.key.in_(json_list("keys", Text)))))
