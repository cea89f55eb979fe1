"""The schema of a PostgreSQL database: everything that belongs to our tables, as PostgreSQL describes it.

What it must be is in `server_schema.json`, which `tests/storage/test_server_schema.py` writes and compares: the
server cannot make our tables a second time for comparison in a transaction that only reads.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_cli.storage.database.sqlite import TABLES

if TYPE_CHECKING:
    from cchc_cli.storage.database.connection import Connection

PLACE = Path(__file__).with_name("server_schema.json")

_OURS = "WITH ours AS (SELECT to_regclass(name) AS oid FROM unnest(CAST(%s AS text[])) name) "
"""Our tables, as unqualified names find them."""

_OBJECTS = (
    # Also what is below a table and would be read with it, and whether constraint triggers are switched off.
    """SELECT 'table', relname, concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity,
        (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid OR inhrelid = c.oid),
        (SELECT count(*) FROM pg_trigger t WHERE tgrelid = c.oid AND tgisinternal AND tgenabled <> 'O'))
    FROM pg_class c WHERE oid IN (SELECT oid FROM ours)""",
    """SELECT 'column', c.relname || '.' || attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull,
        attidentity, attgenerated, (SELECT collname FROM pg_collation l WHERE l.oid = attcollation),
        (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum))
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE attrelid IN (SELECT oid FROM ours) AND attnum > 0 AND NOT attisdropped""",
    # PostgreSQL 18 lists NOT NULL as constraints (n); the columns tell it everywhere.
    """SELECT 'constraint', c.relname || '.' || conname, concat_ws(' ', pg_get_constraintdef(k.oid, true), convalidated)
    FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
    WHERE conrelid IN (SELECT oid FROM ours) AND contype <> 'n'""",
    """SELECT 'index', i.relname, concat_ws(' ', pg_get_indexdef(i.oid, 0, true), indisunique, indisprimary,
        indisvalid, indisready, indislive, indimmediate)
    FROM pg_index JOIN pg_class i ON i.oid = indexrelid WHERE indrelid IN (SELECT oid FROM ours)""",
    """SELECT 'trigger', c.relname || '.' || tgname, concat_ws(' ', pg_get_triggerdef(t.oid, true), tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE tgrelid IN (SELECT oid FROM ours) AND NOT tgisinternal""",
    """SELECT 'rule', c.relname || '.' || rulename, concat_ws(' ', pg_get_ruledef(r.oid, true), ev_enabled)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class WHERE ev_class IN (SELECT oid FROM ours)""",
    """SELECT 'policy', c.relname || '.' || polname, concat_ws(' ', polcmd, polpermissive, pg_get_expr(polqual, polrelid),
        pg_get_expr(polwithcheck, polrelid))
    FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE polrelid IN (SELECT oid FROM ours)""",
    """SELECT 'sequence', relname, concat_ws(' ', seqtypid::regtype, seqincrement, seqmin, seqcycle)
    FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'a'
    WHERE d.refobjid IN (SELECT oid FROM ours)""",
    # The functions of our triggers, and any other of their names that a trigger could find.
    """SELECT 'function', proname, string_agg(concat_ws(' ', lanname, prosrc, prosecdef, proconfig), ' ' ORDER BY p.oid)
    FROM pg_proc p JOIN pg_language l ON l.oid = prolang
    WHERE proname LIKE 'cchc\\_%%' OR p.oid IN
        (SELECT tgfoid FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM ours) AND NOT tgisinternal)
    GROUP BY proname""",
)


def server_objects(connection: Connection) -> dict[tuple[str, str], str]:
    """Give the definition of each object of the schema, by (type, name)."""
    return {
        (kind, name): definition
        for statement in _OBJECTS
        for kind, name, definition in connection.driver.execute(_OURS + statement, [sorted(TABLES)])
    }


@cache
def expected_server_objects() -> dict[tuple[str, str], str]:
    """Give what `server_objects` gives after all revisions."""
    return {(kind, name): definition for kind, name, definition in json.loads(PLACE.read_text("utf-8"))}
