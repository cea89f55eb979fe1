"""The codes and names of a plan, for completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.plan.model import qualified
from cchc_cli.storage.compiled import plans as sql
from cchc_cli.storage.plans.agencies import agency_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.storage.database.connection import Connection


def names(connection: Connection, kind: str, plan_id: int) -> Iterator[tuple[str, str]]:
    """Give (code, name) of the plan's `agencies`, `activities` or `reviews`; an activity's alias is one more code."""
    if kind == "agencies":
        for code, name, qualifier in agency_names(connection, plan_id):
            yield code, qualified(name, qualifier)
    elif kind == "reviews":
        yield from ((row.code, row.name) for row in connection.all(sql.REVIEWS, plan_id=plan_id))
    else:
        for row in connection.all(sql.ACTIVITIES, plan_id=plan_id):
            yield row.code, row.title
            if row.alias:
                yield row.alias, row.title
