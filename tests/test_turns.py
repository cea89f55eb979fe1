"""A record is planned before its turn to write comes: what has changed until then is heeded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.domain.errors import InputError
from cchc_cli.services.drafts import Draft
from cchc_cli.services.executions import record
from cchc_cli.services.importing import import_plan
from cchc_cli.storage.engine import Database, connect
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from cchc_cli.storage.engine import Connection

NOW = datetime(2024, 5, 15, 5, tzinfo=UTC)


def test_a_plan_that_is_imported_meanwhile_is_the_one_that_counts(database: str, tmp_path: Path) -> None:
    import_plan(write_plan(tmp_path, frame=FIXED), database, author="t", now=NOW)
    changed = write_plan(tmp_path, ("at_least: 15", "at_least: 20"), frame=FIXED)

    class Overtaken(Database):
        """Somebody imports the changed plan just before its turn to write comes."""

        def writing(self, **options: Any) -> AbstractContextManager[Connection]:  # type: ignore[override]  # noqa: ANN401
            import_plan(changed, database, author="t", now=NOW)
            return super().writing(**options)

    found = connect(database)
    draft = Draft("dai-buon-ho", "A.1", "2024-03-14", "15", "radio")
    entry = record(Overtaken(found.path, found.server), draft, plan=None, author="t", now=NOW)
    bounds = {one.requirement.code: one.obligation.bounds.at_least for one in entry.findings}
    assert bounds["minutes"] == 20_000


def test_more_than_is_there_is_not_taken_however_it_was_planned(database: str, tmp_path: Path) -> None:
    import_plan(write_plan(tmp_path, frame=FIXED), database, author="t", now=NOW)
    where = connect(database)
    record(where, Draft("ea-drong", "panels", "2024-03-01", "1", "panel"), plan=None, author="t", now=NOW)
    record(where, Draft("ea-drong", "panels", "2024-03-02", "-1", "panel"), plan=None, author="t", now=NOW)
    with pytest.raises(InputError, match="would fall to"):
        record(
            where, Draft("ea-drong", "panels", "2024-03-02", "-1", "panel"), plan=None, author="t", now=NOW
        )
