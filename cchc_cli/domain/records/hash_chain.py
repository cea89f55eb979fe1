"""The chain of changes: each link covers what one command wrote, and the link before it.

SHA-256 over an encoding in which no two different records read the same: each part goes in with its
kind and length. Whoever holds the number and link of one change can prove that everything up to it
is still what it was.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Part = str | int | bool | date | datetime | UUID | None

BEGINNING = "0" * 64
"""What the first link has before it."""


class Head(NamedTuple):
    """Where a chain stands: how many links, and the last of them."""

    links: int
    link: str


START = Head(0, BEGINNING)


class CoveredRow(NamedTuple):
    """A row that a change brought: its kind, its place among rows of that kind, and its digest."""

    kind: str
    place: tuple[int, int]
    digest: str


def encode(parts: Sequence[Part | Sequence[str]]) -> bytes:
    """Write parts one after another, each with a letter for its kind and its length."""
    return b"".join([_ENCODERS.get(type(part), _list)(part) for part in parts])


def encode_identity(digits: str) -> bytes:
    """Write an identity that is given as 32 hexadecimal digits."""
    return _beginning(digits[:20]) + digits[20:].encode()


@lru_cache(1000)
def _beginning(digits: str) -> bytes:
    """Write the digits that identities of one moment share."""
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:], "")
    return b"u36:%b" % "-".join(parts).encode()


def _nothing(_: None) -> bytes:
    return b"n"


def _flag(part: bool) -> bytes:  # noqa: FBT001 - a part like the others
    return b"b1" if part else b"b0"


def encode_text(part: str) -> bytes:
    """Write a text."""
    data = part.encode()
    return b"s%d:%b" % (len(data), data)


def encode_whole(part: int) -> bytes:
    """Write a whole number."""
    digits = b"%d" % part
    return b"i%d:%b" % (len(digits), digits)


def _moment(part: datetime) -> bytes:
    data = part.astimezone(UTC).isoformat(timespec="microseconds").encode()
    return b"t%d:%b" % (len(data), data)


def _day(part: date) -> bytes:
    return b"d10:%b" % part.isoformat().encode()


def _identity(part: UUID) -> bytes:
    return encode_identity(part.hex)


def _list(part: Sequence[str]) -> bytes:
    data = encode(part)
    return b"l%d:%b" % (len(data), data)


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    type(None): _nothing,
    bool: _flag,
    str: encode_text,
    int: encode_whole,
    datetime: _moment,
    date: _day,
    UUID: _identity,
}


def digest(parts: Sequence[Part | Sequence[str]]) -> str:
    """Give the SHA-256 of parts, in hexadecimal."""
    return digest_of(encode(parts))


def digest_of(encoded: bytes) -> str:
    """Give the SHA-256 of parts that were encoded already, in hexadecimal."""
    return hashlib.sha256(encoded).hexdigest()


def content_of(rows: Iterable[CoveredRow]) -> str:
    """Give the digest of all rows of one change, in the order of their kind and place."""
    return content_of_lines(sorted(covered_line(kind, *place, row) for kind, place, row in rows))


def covered_line(kind: str, first: int, second: int, row: str) -> str:
    """Write a row of a change by its kind, its place and its digest: first what sorts, then what is digested."""
    one, two = str(first), str(second)
    # The second half is what `encode` makes of these four, without a look at what each of them is: there
    # may be millions.
    return (
        f"{kind.ljust(_KIND)} {one.zfill(_PLACE)} {two.zfill(_PLACE)} "
        f"s{len(kind)}:{kind}i{len(one)}:{one}i{len(two)}:{two}s{len(row)}:{row}\n"
    )


_KIND, _PLACE = 10, 19
_KEY = _KIND + 1 + _PLACE + 1 + _PLACE + 1


def content_of_lines(lines: Iterable[str]) -> str:
    """Give the digest of all rows of one change by their lines, which come in order."""
    whole = hashlib.sha256()
    each = iter(lines)
    while some := list(islice(each, 1000)):
        whole.update("".join([line[_KEY:-1] for line in some]).encode())
    return whole.hexdigest()


def next_link(before: str, seq: int, recorded_at: datetime, author: str, action: str, content: str) -> str:
    """Give the link of a change, which takes in the one before."""
    return digest([before, seq, recorded_at, author, action, content])
