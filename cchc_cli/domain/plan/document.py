"""A parsed plan file before it is interpreted: values with their positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cchc_cli.domain.language.errors import Message, message


class Mark(NamedTuple):
    """A position in a file; lines and columns count from 1."""

    line: int
    column: int


class _Positioned:
    """A value with its position, packed into one number because a file may have half a million values."""

    __slots__ = ("_position",)

    def __init__(self, mark: Mark) -> None:
        self._position = mark.line << _COLUMN_BITS | mark.column

    @property
    def mark(self) -> Mark:
        """Give the position where the value begins."""
        return Mark(self._position >> _COLUMN_BITS, self._position & (1 << _COLUMN_BITS) - 1)


_COLUMN_BITS = 24
"""Enough for every column of a file of eight million characters."""


class Scalar(_Positioned):
    """A single value as it is written; `plain` if it is not quoted."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str, mark: Mark, *, plain: bool) -> None:
        """Keep a value as it is written."""
        super().__init__(mark)
        self.text = text
        self.plain = plain

    @property
    def blank(self) -> bool:
        """Whether it is empty, which means the same as a missing key."""
        return self.plain and not self.text


class Sequence(_Positioned):
    """A list of values."""

    __slots__ = ("items",)

    def __init__(self, mark: Mark) -> None:
        """Begin an empty list."""
        super().__init__(mark)
        self.items: list[Node] = []


class Mapping(_Positioned):
    """Keys and values in the order of the file; a key may occur twice, which the reader reports."""

    __slots__ = ("entries",)

    def __init__(self, mark: Mark) -> None:
        """Begin an empty mapping."""
        super().__init__(mark)
        self.entries: list[tuple[Scalar, Node]] = []


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a plan file with its position."""

    mark: Mark
    path: str
    what: Message

    def located(self, file: str) -> Message:
        """Give the error message with file, line, column and path."""
        place = message("{file}:{line}:{column}", file=file, line=self.mark.line, column=self.mark.column)
        if not self.path:
            return message("{place}: {what}", place=place, what=self.what)
        return message("{place}: {path}: {what}", place=place, path=self.path, what=self.what)
