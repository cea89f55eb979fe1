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

GENESIS_LINK = "0" * 64
"""What the first link has before it."""


class Head(NamedTuple):
    """Where a chain stands: how many links, and the last of them."""

    links: int
    link: str


EMPTY_CHAIN = Head(0, GENESIS_LINK)


class CoveredRow(NamedTuple):
    """A row that a change brought: its kind, its place among rows of that kind, and its digest."""

    kind: str
    place: tuple[int, int]
    digest: str


def encode(parts: Sequence[Part | Sequence[str]]) -> bytes:
    """Write parts one after another, each with a letter for its kind and its length."""
    return b"".join([_ENCODERS.get(type(part), _encode_list)(part) for part in parts])


def encode_identity(digits: str) -> bytes:
    """Write an identity that is given as 32 hexadecimal digits."""
    return _encode_shared_digits(digits[:20]) + digits[20:].encode()


@lru_cache(1000)
def _encode_shared_digits(digits: str) -> bytes:
    """Write the digits that identities of one moment share."""
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:], "")
    return b"u36:%b" % "-".join(parts).encode()


def _encode_none(_: None) -> bytes:
    return b"n"


def _encode_flag(part: bool) -> bytes:  # noqa: FBT001 - a part like the others
    return b"b1" if part else b"b0"


def encode_text(part: str) -> bytes:
    """Write a text."""
    data = part.encode()
    return b"s%d:%b" % (len(data), data)


def encode_integer(part: int) -> bytes:
    """Write a whole number."""
    digits = b"%d" % part
    return b"i%d:%b" % (len(digits), digits)


def _encode_moment(part: datetime) -> bytes:
    data = part.astimezone(UTC).isoformat(timespec="microseconds").encode()
    return b"t%d:%b" % (len(data), data)


def _encode_day(part: date) -> bytes:
    return b"d10:%b" % part.isoformat().encode()


def _encode_uuid(part: UUID) -> bytes:
    return encode_identity(part.hex)


def _encode_list(part: Sequence[str]) -> bytes:
    data = encode(part)
    return b"l%d:%b" % (len(data), data)


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    type(None): _encode_none,
    bool: _encode_flag,
    str: encode_text,
    int: encode_integer,
    datetime: _encode_moment,
    date: _encode_day,
    UUID: _encode_uuid,
}


def digest(parts: Sequence[Part | Sequence[str]]) -> str:
    """Give the SHA-256 of parts, in hexadecimal."""
    return sha256_hex(encode(parts))


def sha256_hex(encoded: bytes) -> str:
    """Give the SHA-256 of parts that were encoded already, in hexadecimal."""
    return hashlib.sha256(encoded).hexdigest()


def content_digest(rows: Iterable[CoveredRow]) -> str:
    """Give the digest of all rows of one change, in the order of their kind and place."""
    return content_digest_of_lines(sorted(covered_line(kind, *place, row) for kind, place, row in rows))


def covered_line(kind: str, first: int, second: int, row: str) -> str:
    """Write a row of a change by its kind, its place and its digest: first what sorts, then what is digested."""
    one, two = str(first), str(second)
    # The second half is what `encode` makes of these four, without a look at what each of them is: there
    # may be millions.
    return (
        f"{kind.ljust(_KIND_WIDTH)} {one.zfill(_PLACE_WIDTH)} {two.zfill(_PLACE_WIDTH)} "
        f"s{len(kind)}:{kind}i{len(one)}:{one}i{len(two)}:{two}s{len(row)}:{row}\n"
    )


_KIND_WIDTH, _PLACE_WIDTH = 10, 19
_SORT_KEY_WIDTH = _KIND_WIDTH + 1 + _PLACE_WIDTH + 1 + _PLACE_WIDTH + 1


def content_digest_of_lines(lines: Iterable[str]) -> str:
    """Give the digest of all rows of one change by their lines, which come in order."""
    whole = hashlib.sha256()
    each = iter(lines)
    while some := list(islice(each, 1000)):
        whole.update("".join([line[_SORT_KEY_WIDTH:-1] for line in some]).encode())
    return whole.hexdigest()


def next_link(before: str, seq: int, recorded_at: datetime, author: str, action: str, content: str) -> str:
    """Give the link of a change, which takes in the one before."""
    return digest([before, seq, recorded_at, author, action, content])
