"""The form in which the program writes values: their storage class, and for dates and the like their text.

SQLite stores any value in any column, and several values can be read as the same one: `''` and 0 as no, a number
and its digits, JSON with other blanks. They differ in comparisons and sums. So each value must have the one form
that the program gives it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, Text, Uuid

from cchc_cli.storage.schema.columns import Moment

if TYPE_CHECKING:
    from sqlalchemy import Column

_FORMS: tuple[tuple[Any, str], ...] = (
    (Boolean, "(typeof({0}) = 'integer' AND {0} IN (0, 1))"),
    (Integer, "typeof({0}) = 'integer'"),
    (Date, "(typeof({0}) = 'text' AND {0} IS date({0}))"),
    (
        Moment,
        (
            "(typeof({0}) = 'text' AND length(CAST({0} AS BLOB)) = 26 AND substr({0}, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]'"
            " AND substr({0}, 1, 19) IS datetime(substr({0}, 1, 19)))"
        ),
    ),
    (
        Uuid,
        "(typeof({0}) = 'text' AND length(CAST({0} AS BLOB)) = 32 AND {0} NOT GLOB '*[^0-9a-f]*')",
    ),
    (LargeBinary, "typeof({0}) = 'blob'"),
    (JSON, "typeof({0}) = 'text'"),
    (Text, "typeof({0}) = 'text'"),
)
"""The condition on a value of each type, for SQLite. It is never NULL."""


def sqlite_condition(column: Column[Any]) -> str:
    """Give the SQL condition that a value of a column has the form that the program writes."""
    form = next(form for kind, form in _FORMS if isinstance(column.type, kind)).format(f'"{column.name}"')
    return f'("{column.name}" IS NULL OR {form})' if column.nullable else form


def is_written_json(text: str) -> bool:
    """Tell whether a text is JSON with the blanks and escapes that the program writes."""
    try:
        return json.dumps(json.loads(text)) == text
    except (ValueError, RecursionError):
        return False
