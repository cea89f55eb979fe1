"""The hash chain of changes: each link covers the rows that one command wrote, and the previous link.

A link is a SHA-256. Each part is encoded with its type and length, so that two different records never have
the same encoding. The number and the link of one change prove that nothing up to that change was altered.
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
"""The previous link of the first link."""


class Head(NamedTuple):
    """The head of a chain: the number of links, and the last link."""

    links: int
    link: str

    @property
    def text(self) -> str:
        """Give it as people type it: COUNT:HEAD."""
        return f"{self.links}:{self.link}"


EMPTY_CHAIN = Head(0, GENESIS_LINK)

HEAD_MARK = "cchc-chain"
"""Marks the head in the properties of reports, where `verify --against` finds it."""
HEAD_COLUMN = "chain"
"""The column of the head in CSV; only the first row has a value."""


def marked_head(head: Head) -> str:
    """Give a head as the properties of a report hold it."""
    return f"{HEAD_MARK} {head.text}"


class CoveredRow(NamedTuple):
    """A row that a change wrote: its kind, its place among the rows of that kind, and its digest."""

    kind: str
    place: tuple[int, int]
    digest: str


def encode(parts: Sequence[Part | Sequence[str]]) -> bytes:
    """Encode parts one after another, each with a letter for its type, and its length."""
    return b"".join([_ENCODERS.get(type(part), _encode_list)(part) for part in parts])


def encode_identity(digits: str) -> bytes:
    """Encode a UUID that is given as 32 hexadecimal digits."""
    return _encode_shared_digits(digits[:20]) + digits[20:].encode()


@lru_cache(1000)
def _encode_shared_digits(digits: str) -> bytes:
    """Encode the first 20 digits, which UUIDs of one moment share."""
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:], "")
    return b"u36:%b" % "-".join(parts).encode()


def _encode_none(_: None) -> bytes:
    return b"n"


def _encode_flag(part: bool) -> bytes:  # noqa: FBT001 - a part like the others
    return b"b1" if part else b"b0"


def encode_text(part: str) -> bytes:
    """Encode a text."""
    data = part.encode()
    return b"s%d:%b" % (len(data), data)


def encode_integer(part: int) -> bytes:
    """Encode an integer."""
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
    """Give the SHA-256 of the encoded parts, in hexadecimal."""
    return sha256_hex(encode(parts))


def sha256_hex(encoded: bytes) -> str:
    """Give the SHA-256 of encoded parts, in hexadecimal."""
    return hashlib.sha256(encoded).hexdigest()


def content_digest(rows: Iterable[CoveredRow]) -> str:
    """Give the digest of all rows of one change; they are sorted by kind and place."""
    return content_digest_of_lines(sorted(covered_line(kind, *place, row) for kind, place, row in rows))


def covered_line(kind: str, first: int, second: int, row: str) -> str:
    """Give the line of a row: a sort key of fixed width, then the encoding that is hashed."""
    one, two = str(first), str(second)
    # The second half equals `encode` of these four values. There may be millions of rows, so the types are
    # not looked up.
    return (
        f"{kind.ljust(_KIND_WIDTH)} {one.zfill(_PLACE_WIDTH)} {two.zfill(_PLACE_WIDTH)} "
        f"s{len(kind)}:{kind}i{len(one)}:{one}i{len(two)}:{two}s{len(row)}:{row}\n"
    )


_KIND_WIDTH, _PLACE_WIDTH = 10, 19
_SORT_KEY_WIDTH = _KIND_WIDTH + 1 + _PLACE_WIDTH + 1 + _PLACE_WIDTH + 1


def content_digest_of_lines(lines: Iterable[str]) -> str:
    """Give the digest of all rows of one change from their sorted lines."""
    whole = hashlib.sha256()
    each = iter(lines)
    while some := list(islice(each, 1000)):
        whole.update("".join([line[_SORT_KEY_WIDTH:-1] for line in some]).encode())
    return whole.hexdigest()


def next_link(before: str, seq: int, recorded_at: datetime, author: str, action: str, content: str) -> str:
    """Give the link of a change; `before` is the previous link."""
    return digest([before, seq, recorded_at, author, action, content])
