"""The order of all changes: one number a command, given under the writers' lock, linked to the one before."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple

from cchc_cli.domain.records.hash_chain import (
    BEGINNING,
    START,
    Head,
    content_of_lines,
    covered_line,
    next_link,
)
from cchc_cli.storage.changes.month_sums import MonthSums
from cchc_cli.storage.compiled import changes as sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.storage.database.connection import Connection


class Problem(NamedTuple):
    """Something that is not as the program left it: its kind for scripts, and the sentence."""

    kind: str
    what: Message


class Change:
    """One command while it writes: its number, its moment, and what it has written so far."""

    def __init__(self, seq: int, moment: datetime) -> None:
        """Begin with nothing written."""
        self.seq = seq
        self.moment = moment
        self._lines: list[str] = []
        self._runs: list[IO[str]] = []
        self._in_order, self._last = True, ""
        self.sums = MonthSums()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self._lines or self._runs)

    def cover(self, kind: str, first: int, second: int, digest: str) -> None:
        """Take a row into the change by its digest; two numbers order the rows of a kind."""
        self.cover_lines([covered_line(kind, first, second, digest)])

    def cover_lines(self, lines: list[str]) -> None:
        """Take rows into the change by lines that were written already, see `covered_line`."""
        self._lines += lines
        if len(self._lines) >= _MOST_LINES:
            self.spill()

    def spill(self) -> None:
        """Write what is held, sorted, to a file of its own: memory must not grow with a rows file."""
        from tempfile import TemporaryFile  # noqa: PLC0415 - costs its start only with a large rows file

        run = TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 - closed with the change
        run.writelines(self._sort_lines())
        run.seek(0)
        self._runs.append(run)
        self._lines = []

    def content(self) -> str:
        """Give the digest of all that was written."""
        lines: Iterable[str] = self._sort_lines()
        if self._runs and self._in_order:
            lines = chain(*self._runs, lines)
        elif self._runs:
            from heapq import merge  # noqa: PLC0415 - the same

            lines = merge(*self._runs, lines)
        found = content_of_lines(lines)
        for run in self._runs:
            run.close()
        return found

    def _sort_lines(self) -> list[str]:
        """Sort what is held, and see whether it goes on where what was put away ended: records mostly do."""
        held = sorted(self._lines)
        if held:
            self._in_order = self._in_order and self._last < held[0]
            self._last = held[-1]
        return held


_MOST_LINES = 50_000


@contextmanager
def new_change(connection: Connection, author: str, action: str, now: datetime) -> Iterator[Change]:
    """Enter one command as the next change; on leaving, link it. Only within `Database.writing`.

    The moment of recording never runs backwards, even where the clock does: order is by number.
    """
    last = connection.first(sql.LAST)
    seq, moment = (last.seq + 1, max(now, last.recorded_at)) if last else (1, now)
    connection.run(sql.ADD, seq=seq, recorded_at=moment, author=author, action=action)
    change = Change(seq, moment)
    yield change
    change.sums.save(connection)
    before = connection.scalar(sql.LINK, seq=seq - 1) or BEGINNING
    content = change.content()
    link = next_link(before, seq, moment, author, action, content)
    connection.run(sql.ADD_LINK, seq=seq, content=content, link=link)


def chain_head(connection: Connection) -> Head:
    """Give where the chain stands."""
    last = connection.first(sql.HEAD)
    return Head(last.seq, last.link) if last else START


def known_seq(connection: Connection, moment: datetime) -> int:
    """Give the number of the last change that had been recorded by then; 0 where there was none."""
    return connection.scalar(sql.KNOWN, recorded_at=moment) or 0
