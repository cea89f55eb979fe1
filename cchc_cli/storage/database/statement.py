"""A statement as the drivers take it: compiled from `storage.statements`, run by `Connection`."""

from __future__ import annotations

from typing import NamedTuple


class Statement(NamedTuple):
    """The text of one statement for each database, with its parameters and columns.

    A kind says how a value must be converted on its way in and out: `date`, `moment`, `uuid`, `json`, `bool`,
    `whole` (a sum, which PostgreSQL gives as a decimal), `bytes`, or empty for no conversion.
    """

    sqlite: str
    """With `?1`, `?2`, … for the parameters in their order."""
    postgresql: str
    """With `%(name)s` for each parameter."""
    parameters: tuple[tuple[str, str], ...]
    """(name, kind) of each parameter."""
    columns: tuple[tuple[str, str], ...] = ()
    """(name, kind) of each column of the result."""
