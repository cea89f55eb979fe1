"""The naive reading of rows files: which record each row stands for, looked up by trying everything.

Written from the rules alone. Rows that name a record by id come first; then every other row takes a record that says
what it says; where taking one could leave another row without, the program's choice must be one of the best.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.model import Done, Version


@dataclass
class Row:
    """A good row: its number, what it says, and whether its form was typed."""

    number: int
    done: Done
    form_given: bool


@dataclass
class Decided:
    """What becomes of the rows: by number of the row the result, the record, and the version that says so."""

    results: dict[int, tuple[str, int | None, Version | None]] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    waited: set[int] = field(default_factory=set)


class Reading:
    """Decides on the rows of one command."""

    def __init__(
        self,
        records: dict[int, list[Version]],
        source: str,
        filled_in: Callable[[str, str | None], bool],
        chosen: Mapping[int, int | None],
    ) -> None:
        """Take the records that the plan has, by number; versions of files have `source` as their reason.

        `chosen` is the record that the program chose for each row.
        """
        self.chosen = chosen
        self.records = records
        self.source = source
        self.filled_in = filled_in
        self.taken: dict[int, Row] = {}
        self.decided = Decided()

    def decide(self, rows: Sequence[Row]) -> Decided:
        """Decide on all rows."""
        named = [row for row in rows if row.done.external_id and self._named(row)]
        for row in named:
            self._decide_named(row)
        rest, seen = [], dict[tuple[str, str], Row]()
        for row in rows:
            if row in named:
                continue
            name = row.done.external_id and (row.done.agency, row.done.external_id)
            first = seen.get(name) if name else None
            if first is None:
                rest.append(row)
                if name:
                    seen[name] = row
            elif first.done.content() == row.done.content():
                self.decided.results[row.number] = ("unchanged", None, None)
            else:
                self.decided.rejected |= {first.number, row.number}
        waiting = [row for row in rest if not self._decide_simply(row)]
        self.decided.waited = {row.number for row in waiting}
        self._share_out(waiting)
        return self.decided

    def _named(self, row: Row) -> list[int]:
        return [
            no
            for no, versions in self.records.items()
            if versions[0].done.agency == row.done.agency
            and versions[-1].done.external_id == row.done.external_id
        ]

    def _says(self, row: Row, version: Version) -> bool:
        said, done = version.done, row.done
        same = all(
            getattr(said, name) == getattr(done, name)
            for name in ("agency", "activity", "day", "amount", "repeat", "title", "note", "evidence")
        )
        filled = not row.form_given and self.filled_in(done.activity, said.form)
        return same and (said.form == done.form or filled)

    def _version(self, row: Row, no: int) -> Version | None:
        return next((one for one in reversed(self.records[no]) if self._says(row, one)), None)

    def _decide_named(self, row: Row) -> None:
        (no,) = self._named(row)
        earlier = self.taken.get(no)
        if earlier is not None:
            if earlier.done.content() == row.done.content():
                self.decided.results[row.number] = ("unchanged", None, None)
            else:
                self.decided.rejected |= {earlier.number, row.number}
            return
        version = self._version(row, no)
        if version is None and self.records[no][-1].voided:
            self.decided.rejected.add(row.number)
            return
        self._take(row, no, version)

    def _take(self, row: Row, no: int, version: Version | None) -> None:
        self.taken[no] = row
        self.decided.results[row.number] = (self._result(no, version), no, version)

    def _result(self, no: int, version: Version | None) -> str:
        versions = self.records[no]
        if version is None:
            return "corrected"
        if versions[-1].voided:
            return "superseded"
        if versions[-1].done.content() == version.done.content():
            return "unchanged"
        since = versions[versions.index(version) + 1 :]
        return "restated" if all(one.reason == self.source for one in since) else "superseded"

    def _free(self, row: Row) -> list[int]:
        found = [no for no in self.records if no not in self.taken and self._version(row, no)]
        if not row.done.external_id:
            return found
        return [
            no
            for no in found
            if not self.records[no][-1].done.external_id
            and self.records[no][-1].done.agency == self.records[no][0].done.agency
        ]

    def _was_changed(self, no: int) -> bool:
        return len({one.done.content() for one in self.records[no]}) > 1

    def _decide_simply(self, row: Row) -> bool:
        """Decide on a row that takes nothing from others: of records that were never changed, or none."""
        free = self._free(row)
        simple = [no for no in free if not self._was_changed(no)]
        for voided in (False, True):
            some = [no for no in simple if self.records[no][-1].voided == voided]
            if some:
                best = min(some, key=lambda no: self._rank(row, no))
                self._take(row, best, self._version(row, best))
                return True
            if len(simple) < len(free):
                return False
        self.decided.results[row.number] = ("created", None, None)
        return True

    def _rank(self, row: Row, no: int) -> tuple[bool, bool, int]:
        latest = self.records[no][-1].done
        return latest.form != row.done.form, latest.external_id is not None, no

    def _share_out(self, rows: Sequence[Row]) -> None:
        """Take the program's choice for these rows, of which nothing says which record each gets.

        It must be a possible one, and no other choice may give more of them a record.
        """
        wanted = [self._free(row) for row in rows]
        every = sorted({no for each in wanted for no in each})
        padded: list[int | None] = [*every, *[None] * len(rows)]
        most = max(
            sum(no in each for no, each in zip(chosen, wanted, strict=True))
            for chosen in permutations(padded, len(rows))
        )
        chosen = [self.chosen.get(row.number) for row in rows]
        found = [no for no in chosen if no is not None]
        assert len(found) == len(set(found)) == most
        for row, no, each in zip(rows, chosen, wanted, strict=True):
            if no is None:
                self.decided.results[row.number] = ("created", None, None)
            else:
                assert no in each
                self._take(row, no, self._version(row, no))
