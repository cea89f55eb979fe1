"""`server_schema.json` says what the revisions make on a server. `CCHC_WRITE_SCHEMA=1` writes it again."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from cchc_cli.storage.audit.server_schema import PLACE, expected_server_objects, server_objects
from cchc_cli.storage.database.sqlite import TABLES
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.schema.tables import metadata

if TYPE_CHECKING:
    from tests.conftest import Server


def test_the_kept_schema_is_what_the_revisions_make(postgres: Server) -> None:
    database = open_database(postgres.fresh(), create=True)
    assert database is not None
    with database.reading() as connection:
        found = server_objects(connection)
    if os.environ.get("CCHC_WRITE_SCHEMA"):
        rows = sorted([*key, definition] for key, definition in found.items())
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        PLACE.write_text(f"[\n{lines}\n]\n", "utf-8")
        expected_server_objects.cache_clear()
    assert found == expected_server_objects()
    assert {kind for kind, _ in found} == {
        *("table", "column", "constraint", "index", "trigger", "sequence", "function")
    }


def test_every_table_is_known_by_name() -> None:
    assert {*metadata.tables, "alembic_version"} == TABLES
