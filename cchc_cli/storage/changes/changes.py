"""Changes: one for each command that writes, numbered under the writers' lock, linked to the one before."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple

from cchc_cli.domain.records.hash_chain import (
    EMPTY_CHAIN,
    GENESIS_LINK,
    Head,
    content_digest_of_lines,
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
    """A finding of a check: its kind for scripts, and the sentence for people."""

    kind: str
    what: Message


class Change:
    """A change while its command writes: its number, its moment, and the digests of its rows so far."""

    def __init__(self, seq: int, moment: datetime) -> None:
        """Begin without rows."""
        self.seq = seq
        self.moment = moment
        self._lines: list[str] = []
        self._runs: list[IO[str]] = []
        self._in_order, self._last = True, ""
        self.sums = MonthSums()

    @property
    def is_empty(self) -> bool:
        """Whether no row was added."""
        return not (self._lines or self._runs)

    def cover(self, kind: str, first: int, second: int, digest: str) -> None:
        """Add the digest of a row; the rows of a kind are ordered by the two numbers."""
        self.cover_lines([covered_line(kind, first, second, digest)])

    def cover_lines(self, lines: list[str]) -> None:
        """Add the lines of rows, see `covered_line`."""
        self._lines += lines
        if len(self._lines) >= _MOST_LINES:
            self.spill()

    def spill(self) -> None:
        """Write the lines in memory, sorted, to a temporary file: memory must not grow with a rows file."""
        from tempfile import TemporaryFile  # noqa: PLC0415 - only with a large rows file

        run = TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 - closed with the change
        run.writelines(self._sort_lines())
        run.seek(0)
        self._runs.append(run)
        self._lines = []

    def content(self) -> str:
        """Give the digest of all rows; the temporary files are closed."""
        lines: Iterable[str] = self._sort_lines()
        if self._runs and self._in_order:
            lines = chain(*self._runs, lines)
        elif self._runs:
            from heapq import merge  # noqa: PLC0415 - only with a large rows file

            lines = merge(*self._runs, lines)
        found = content_digest_of_lines(lines)
        for run in self._runs:
            run.close()
        return found

    def _sort_lines(self) -> list[str]:
        """Sort the lines in memory; note whether they all come after those spilled before, as they mostly do."""
        lines = sorted(self._lines)
        if lines:
            self._in_order = self._in_order and self._last < lines[0]
            self._last = lines[-1]
        return lines


_MOST_LINES = 50_000
"""Lines that are kept in memory."""


@contextmanager
def new_change(connection: Connection, author: str, action: str, now: datetime) -> Iterator[Change]:
    """Add the next change, and link it when the block ends. Only within `Database.writing`.

    The moments of changes never decrease, even where the clock was set back.
    """
    last = connection.first(sql.LAST)
    seq, moment = (last.seq + 1, max(now, last.recorded_at)) if last else (1, now)
    connection.run(sql.ADD, seq=seq, recorded_at=moment, author=author, action=action)
    change = Change(seq, moment)
    yield change
    change.sums.save(connection)
    before = connection.scalar(sql.LINK, seq=seq - 1) or GENESIS_LINK
    content = change.content()
    link = next_link(before, seq, moment, author, action, content)
    connection.run(sql.ADD_LINK, seq=seq, content=content, link=link)


def chain_head(connection: Connection) -> Head:
    """Give the head of the chain: the number of the last change, and its link."""
    last = connection.first(sql.HEAD)
    return Head(last.seq, last.link) if last else EMPTY_CHAIN


def link_of(connection: Connection, seq: int) -> str | None:
    """Give the link of a change; None where there is none."""
    found: str | None = connection.scalar(sql.LINK, seq=seq)
    return found


def contains_head(connection: Connection, head: Head) -> bool:
    """Tell whether the chain of a database goes on from an older head, or has that head itself."""
    return head == EMPTY_CHAIN or link_of(connection, head.links) == head.link


def known_seq(connection: Connection, moment: datetime) -> int:
    """Give the number of the last change that was recorded by a moment; 0 where there was none."""
    return connection.scalar(sql.KNOWN, recorded_at=moment) or 0
