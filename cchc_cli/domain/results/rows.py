"""What became of the rows of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Activity, Agency
    from cchc_cli.domain.records.doubts import Doubt


MAX_ROW_ERRORS = 1000
"""The most errors of one command that are listed; the rest are only counted."""

MOST_NAMED = 10
"""So many rows of a kind are named in the answer; the others are counted."""


class RowError(NamedTuple):
    """An error in a rows file: the position of the file, the row, the column (empty for the whole row), and what is wrong."""

    file: int
    row: int
    column: str
    what: Message


class RowReading(NamedTuple):
    """How a row was read, and what became of it or would become of it."""

    file: int
    row: int
    agency: str
    activity: str
    day: date
    amount: int
    """In thousandths."""
    form: str | None
    repeat: bool
    title: str | None
    external_id: str | None
    result: str
    """`created`, `updated`, `unchanged` or `superseded`."""
    no: int | None
    """The number of the record that the row stands for; None for one that a dry run does not make."""


class IdleAgency(NamedTuple):
    """Rows of an agency that owes nothing for their activity: how many, and the first of them."""

    agency: Agency
    activity: Activity
    file: int
    row: int
    rows: int


class SupersededRow(NamedTuple):
    """A row that says what a record said before somebody amended or voided it."""

    file: int
    row: int
    no: int


class SharedId(NamedTuple):
    """An external id of a new record that a record of another agency has too."""

    external_id: str
    file: int
    row: int
    no: int
    """The number of the other record."""


class NewBytes(NamedTuple):
    """A file of evidence that has other content than the one of the same name that the record has."""

    name: str
    file: int
    row: int
    no: int


class RowDoubt(NamedTuple):
    """A cell of a good row that a person should look at."""

    file: int
    row: int
    doubt: Doubt


class RowsOutcome:
    """The outcome of `log --file`, or of its dry run."""

    def __init__(self, files: Sequence[str], *, dry_run: bool) -> None:
        """Start with all counts at 0; `files` are the names of the files in their order."""
        self.files = files
        self.dry_run = dry_run
        self.plan = ""
        """The code of the plan of the rows."""
        self.several_plans = False
        """Whether the database has other plans too, so that the answer must name this one."""
        self.created = self.updated = self.unchanged = self.superseded = 0
        self.change: int | None = None
        """The number of the change that recorded them; None where nothing was recorded."""
        self.errors: list[RowError] = []
        self.rows: list[RowReading] = []
        """Every row, where that was asked for."""
        self.superseded_rows: list[SupersededRow] = []
        """The first of them, MOST_NAMED at most."""
        self.shared_ids: list[SharedId] = []
        """Some of them, MOST_NAMED at most."""
        self.new_bytes: list[NewBytes] = []
        """Some of them, MOST_NAMED at most."""
        self.idle: list[IdleAgency] = []
        self.notes: list[tuple[int, Message]] = []
        """What the answer must say about a file: its position, and a sentence."""
        self.shared: dict[str, list[int]] = {}
        """Evidence of these rows that several records have: address or SHA-256 to the numbers of the records."""
        self.doubts: list[RowDoubt] = []
        """Cells of good rows that a person should look at; in a dry run."""
        self._rejected: set[tuple[int, int]] = set()

    @property
    def rejected(self) -> int:
        """Give the number of rows with faults."""
        return len(self._rejected)

    def is_rejected(self, file: int, row: int) -> bool:
        """Tell whether a row has faults."""
        return (file, row) in self._rejected

    def reject(self, file: int, row: int, faults: Iterable[tuple[str, Message]]) -> None:
        """Count a rejected row, and keep its errors."""
        self._rejected.add((file, row))
        room = MAX_ROW_ERRORS - len(self.errors)
        self.errors.extend([RowError(file, row, column, what) for column, what in faults][: max(room, 0)])
