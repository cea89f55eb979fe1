"""A statement as the drivers take it: made ahead of time from `storage.statements`, run by `storage.engine`."""

from __future__ import annotations

from typing import NamedTuple


class Statement(NamedTuple):
    """The text of one statement for each database, and what its values are.

    A kind says how a value that a database has no type for goes in and comes out: `date`, `moment`,
    `uuid`, `json`, `bool`, `whole` (a sum, which PostgreSQL gives as a decimal), or none.
    """

    sqlite: str
    """With `?1`, `?2`, … for the parameters in their order."""
    postgresql: str
    """With `%(name)s` for each parameter."""
    parameters: tuple[tuple[str, str], ...]
    """(name, kind) of each parameter."""
    columns: tuple[tuple[str, str], ...] = ()
    """(name, kind) of each column of the answer."""
