"""The chain of changes: each link covers what one command wrote, and the link before it.

SHA-256 over an encoding in which no two different records read the same: each part goes in with its
kind and length. Whoever holds the number and link of one change can prove that everything up to it
is still what it was.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    return b"".join(_encoded(part) for part in parts)


def _encoded(part: Part | Sequence[str]) -> bytes:
    match part:
        case None:
            return b"n"
        case bool():
            return b"b1" if part else b"b0"
        case str():
            return _sized(b"s", part.encode())
        case int():
            return _sized(b"i", str(part).encode())
        case datetime():
            return _sized(b"t", part.astimezone(UTC).isoformat(timespec="microseconds").encode())
        case date():
            return _sized(b"d", part.isoformat().encode())
        case UUID():
            return _sized(b"u", str(part).encode())
        case _:
            return _sized(b"l", encode(list(part)))


def _sized(kind: bytes, data: bytes) -> bytes:
    return kind + str(len(data)).encode() + b":" + data


def digest(parts: Sequence[Part | Sequence[str]]) -> str:
    """Give the SHA-256 of parts, in hexadecimal."""
    return hashlib.sha256(encode(parts)).hexdigest()


def content_of(rows: Iterable[CoveredRow]) -> str:
    """Give the digest of all rows of one change, in the order of their kind and place."""
    whole = hashlib.sha256()
    for kind, (first, second), row in sorted(rows):
        whole.update(encode([kind, first, second, row]))
    return whole.hexdigest()


def next_link(before: str, seq: int, recorded_at: datetime, author: str, action: str, content: str) -> str:
    """Give the link of a change, which takes in the one before."""
    return digest([before, seq, recorded_at, author, action, content])
