"""What became of the rows of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.language.errors import Message


MAX_ROW_ERRORS = 1000
"""The most errors of one rows file that are listed; the rest are only counted."""


class RowError(NamedTuple):
    """An error in a rows file; row 1 is the header."""

    row: int
    column: str
    what: Message


class RowsOutcome:
    """The outcome of `log --file`, or of its dry run."""

    def __init__(self, dry_run: bool) -> None:  # noqa: FBT001 - the only argument
        """Start with all counts at 0."""
        self.dry_run = dry_run
        self.plan = ""
        """The code of the plan of the rows."""
        self.several_plans = False
        """Whether the database has other plans too, so that the answer must name this one."""
        self.created = self.updated = self.unchanged = self.rejected = 0
        self.change: int | None = None
        """The number of the change that recorded them; None where nothing was recorded."""
        self.errors: list[RowError] = []
        self.shared: dict[str, list[int]] = {}
        """Evidence of these rows that several records have: address or SHA-256 to the numbers of the records."""
        self.grouped: set[str] = set()
        """Examples of amounts that were read as decimals, but whose sign may group thousands."""

    def reject(self, row: int, faults: Iterable[tuple[str, Message]]) -> None:
        """Count a rejected row, and keep its errors."""
        self.rejected += 1
        room = MAX_ROW_ERRORS - len(self.errors)
        self.errors.extend([RowError(row, column, what) for column, what in faults][: max(room, 0)])
