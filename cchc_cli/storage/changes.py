"""The order of all changes: one number a command, given under the writers' lock, linked to the one before."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.chain import BEGINNING, START, CoveredRow, Head, Part, content_of, digest, next_link
from cchc_cli.storage.compiled import changes as sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cchc_cli.domain.errors import Message
    from cchc_cli.storage.engine import Connection


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
        self.rows: list[CoveredRow] = []

    def cover(self, kind: str, place: tuple[int, int], values: Sequence[Part | Sequence[str]]) -> None:
        """Take a row into the change; `place` orders the rows of a kind."""
        self.rows.append(CoveredRow(kind, place, digest(values)))


@contextmanager
def changing(connection: Connection, author: str, action: str, now: datetime) -> Iterator[Change]:
    """Enter one command as the next change; on leaving, link it. Only within `Database.writing`.

    The moment of recording never runs backwards, even where the clock does: order is by number.
    """
    last = connection.first(sql.LAST)
    seq, moment = (last.seq + 1, max(now, last.recorded_at)) if last else (1, now)
    connection.run(sql.ADD, seq=seq, recorded_at=moment, author=author, action=action)
    change = Change(seq, moment)
    yield change
    before = connection.scalar(sql.LINK, seq=seq - 1) or BEGINNING
    content = content_of(change.rows)
    link = next_link(before, seq, moment, author, action, content)
    connection.run(sql.ADD_LINK, seq=seq, content=content, link=link)


def head(connection: Connection) -> Head:
    """Give where the chain stands."""
    last = connection.first(sql.HEAD)
    return Head(last.seq, last.link) if last else START


def known_seq(connection: Connection, moment: datetime) -> int:
    """Give the number of the last change that had been recorded by then; 0 where there was none."""
    return connection.scalar(sql.KNOWN, recorded_at=moment) or 0
