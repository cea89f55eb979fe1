"""Which record each row of a command stands for: docs/semantics.md, “Rows”.

A row says what a record says if it equals any version of it. Each record stands for one row of a command at most.
Where the choice between records could take one from a row that comes later, the row waits until all rows have been
read; then as many of the waiting rows as possible get a record of their own.
"""

from __future__ import annotations

from array import array
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cchc_cli.storage.records.executions import DuplicateKey
    from cchc_cli.storage.records.same_records import NamedKey, PastVersion, RecordHistory


class RowContent(NamedTuple):
    """What a row says, by the keys of the database."""

    place: int
    """Its place in the command, as a number above 0."""
    key: DuplicateKey
    form: int | None
    form_given: bool
    """Whether the form stands in the row; else it is the only one of the activity, or none."""
    external_id: str | None

    @property
    def name(self) -> NamedKey | None:
        """Give its external id with its agency; None where it has no id."""
        return (self.external_id, self.key[0]) if self.external_id else None


class Kind(Enum):
    """What becomes of a row."""

    NEW = "new"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    """It says what its record said before somebody amended or voided it."""
    RESTATED = "restated"
    """It says what its record said before a file corrected it; the record says so again."""
    CORRECTED = "corrected"
    """It says something else than any version of the record that its id names."""
    WAITING = "waiting"
    VOIDED = "voided"
    """A fault: it says something new of a record that was voided."""
    AMBIGUOUS = "ambiguous"
    """A fault: several records of the agency have its id, and none says what it says."""
    TWICE = "twice"
    """A fault: another row of the command has the same id and says something else."""


class Decision(NamedTuple):
    """What becomes of a row, and the record that it stands for."""

    kind: Kind
    record: RecordHistory | None = None
    version: PastVersion | None = None
    """The version that says what the row says."""
    other: int = 0
    """With `TWICE` the place of the other row."""


class Assignment:
    """The records that the rows of one command stand for."""

    def __init__(self, first_new: int, may_be_filled_in: Callable[[int, int | None], bool]) -> None:
        """Begin without rows.

        Records from the number `first_new` on are made by this command. `may_be_filled_in` tells of the key of an
        activity and that of a form whether a row without a form could once be recorded with it.
        """
        self._first_new = first_new
        self._may_be_filled_in = may_be_filled_in
        self._holders = NumbersByRecord()
        """The place of the row that stands for each record, below 0 for a row without an id."""
        self._said: dict[int, PastVersion] = {}
        """What the row said that stands for a superseded record with an id, by number of the record."""
        self._waiting_names: dict[NamedKey, RowContent] = {}
        self.displaced: list[RecordHistory] = []
        """Records that a row with an id took from a row without one."""

    def decide(self, row: RowContent, records: Sequence[RecordHistory]) -> Decision:
        """Decide on a row; `records` are all those that say what it says in any version, or have its id, by number."""
        if row.name is None:
            return self._decide_free(row, list(self._free(row, records)))
        bearing = [one for one in records if one.external_id == row.external_id]
        own = [one for one in bearing if one.first_agency == row.key[0]]
        # A record that was amended to be this agency's comes with its id in what `history` writes.
        moved = [one for one in bearing if one not in own and one.latest.key[0] == row.key[0]]
        saying = [(one, version) for one in own + moved if (version := self._version_saying(row, one))]
        if not own and not saying:
            return self._decide_new_name(row, records)
        return self._decide_named(row, own, saying)

    def add(self, row: RowContent, record: RecordHistory) -> None:
        """Note that a row stands for this record, which may be new."""
        self._holders.set(record.no, row.place if row.name else -row.place)

    def add_new(self, numbers: Iterable[tuple[int, int]]) -> None:
        """Note that new records with ids stand for rows: pairs of number and place."""
        for no, place in numbers:
            self._holders.set(no, place)

    def _decide_named(
        self,
        row: RowContent,
        own: list[RecordHistory],
        saying: list[tuple[RecordHistory, PastVersion]],
    ) -> Decision:
        """Decide on a row with an id: `own` are the agency's records with this id, `saying` those that say the same."""
        if not saying and len(own) > 1:
            return Decision(Kind.AMBIGUOUS, own[0])
        record, version = saying[0] if saying else (own[0], None)
        holder = self._holders.get(record.no)
        if holder > 0:
            said = self._said.get(record.no, record.latest)
            if self._says(row, said):
                return Decision(Kind.UNCHANGED, record, said)
            return Decision(Kind.TWICE, record, other=holder)
        if version is None and record.latest.voided:
            return Decision(Kind.VOIDED, record)
        if holder < 0:
            self.displaced.append(record)
        return self._take(row, record, version)

    def _decide_new_name(self, row: RowContent, records: Sequence[RecordHistory]) -> Decision:
        assert row.name is not None
        waiting = self._waiting_names.get(row.name)
        if waiting is not None:
            same = waiting.key == row.key and waiting.form == row.form
            return Decision(Kind.UNCHANGED if same else Kind.TWICE, other=waiting.place)
        free = [one for one in self._free(row, records) if _may_take_over(row, one)]
        return self._decide_free(row, free)

    def _decide_free(self, row: RowContent, free: list[RecordHistory]) -> Decision:
        """Decide on a row that can stand for any of these records."""
        never_changed = [one for one in free if not one.was_changed]
        simple = [one for one in never_changed if not one.latest.voided]
        if simple:
            # Those without an id first: no row with an id can ask for them by name.
            record = min(
                simple, key=lambda one: (one.latest.form != row.form, one.external_id is not None, one.no)
            )
            return self._take(row, record, self._version_saying(row, record))
        if len(never_changed) < len(free):
            if row.name:
                self._waiting_names[row.name] = row
            return Decision(Kind.WAITING)
        if never_changed:
            record = never_changed[0]
            return self._take(row, record, self._version_saying(row, record))
        return Decision(Kind.NEW)

    def _take(self, row: RowContent, record: RecordHistory, version: PastVersion | None) -> Decision:
        self.add(row, record)
        if version is None:
            return Decision(Kind.CORRECTED, record)
        latest = record.latest
        if (version.key, version.form) == (latest.key, latest.form) and not latest.voided:
            return Decision(Kind.UNCHANGED, record, version)
        if not latest.voided and record.only_files_since(version):
            return Decision(Kind.RESTATED, record, version)
        if row.name:
            self._said[record.no] = version
        return Decision(Kind.SUPERSEDED, record, version)

    def settle(
        self, rows: Sequence[RowContent], records: Callable[[RowContent], Sequence[RecordHistory]]
    ) -> Iterator[Decision]:
        """Decide on the rows that waited and those displaced, so that as many as possible stand for a record.

        `records` gives for a row what `decide` takes.
        """
        wanted = {row.place: self._wanted(row, records(row)) for row in rows}
        taken = _most_pairs({place: list(each) for place, each in wanted.items()})
        for row in rows:
            record = wanted[row.place][taken[row.place]] if row.place in taken else None
            if record is None:
                yield Decision(Kind.NEW)
            else:
                yield self._take(row, record, self._version_saying(row, record))

    def _wanted(self, row: RowContent, records: Sequence[RecordHistory]) -> dict[int, RecordHistory]:
        """Give the records that a row can stand for by number, the preferred first."""
        free = [one for one in self._free(row, records) if row.name is None or _may_take_over(row, one)]
        return {one.no: one for one in sorted(free, key=lambda one: self._preference(row, one))}

    def is_new(self, record: RecordHistory) -> bool:
        """Tell whether this command made the record."""
        return record.no >= self._first_new

    def _free(self, row: RowContent, records: Sequence[RecordHistory]) -> Iterator[RecordHistory]:
        """Give the records that say what the row says in any version, and that no row of the command stands for."""
        return (
            one
            for one in records
            if not self.is_new(one) and not self._holders.get(one.no) and self._version_saying(row, one)
        )

    def _preference(self, row: RowContent, record: RecordHistory) -> tuple[bool, bool, bool, int]:
        version, latest = self._version_saying(row, record), record.latest
        assert version is not None
        return (
            latest.voided,
            (version.key, version.form) != (latest.key, latest.form),
            version.form != row.form,
            record.no,
        )

    def _version_saying(self, row: RowContent, record: RecordHistory) -> PastVersion | None:
        """Give the latest version that says what the row says."""
        return next((one for one in reversed(record.versions) if self._says(row, one)), None)

    def _says(self, row: RowContent, version: PastVersion) -> bool:
        return row.key == version.key and (
            row.form == version.form
            or (not row.form_given and self._may_be_filled_in(row.key[1], version.form))
        )


def _most_pairs(wanted: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Pair as many places as possible with a number of their own, out of those that each wants, the preferred first.

    Each place is added by a shortest augmenting path: it takes a free number, or one whose holder can take another.
    """
    held: dict[int, int] = {}
    holders: dict[int, int] = {}
    for start in wanted:
        reached: dict[int, int] = {}
        queue = deque([start])
        found = None
        while queue and found is None:
            place = queue.popleft()
            for no in wanted[place]:
                if no in reached:
                    continue
                reached[no] = place
                if no not in holders:
                    found = no
                    break
                queue.append(holders[no])
        while found is not None:
            place = reached[found]
            before = held.get(place)
            held[place], holders[found] = found, place
            found = before
    return held


def _may_take_over(row: RowContent, record: RecordHistory) -> bool:
    """Tell whether the record is one of the row's agency to which no file has given an id yet."""
    return record.external_id is None and record.latest.key[0] == row.key[0] == record.first_agency


class NumbersByRecord:
    """A number for each record, 0 by default. Numbers of records are dense, so blocks of integers take little memory."""

    def __init__(self) -> None:
        """Begin with 0 for every record."""
        self._blocks: dict[int, array[int]] = {}

    def get(self, no: int) -> int:
        """Give the number of a record."""
        block = self._blocks.get(no // _BLOCK)
        return block[no % _BLOCK] if block else 0

    def set(self, no: int, number: int) -> None:
        """Set the number of a record."""
        block = self._blocks.get(no // _BLOCK)
        if block is None:
            block = self._blocks[no // _BLOCK] = array("q", bytes(8 * _BLOCK))
        block[no % _BLOCK] = number


_BLOCK = 4096
