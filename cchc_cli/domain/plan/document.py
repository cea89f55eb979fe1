"""A parsed plan file before it means anything: values with the place where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cchc_cli.domain.language.errors import Message, message


class Mark(NamedTuple):
    """A place in a file; lines and columns count from 1."""

    line: int
    column: int


class _Positioned:
    """A value with its place, as one number: half a million of them must fit into memory."""

    __slots__ = ("_place",)

    def __init__(self, mark: Mark) -> None:
        self._place = mark.line << _COLUMN_BITS | mark.column

    @property
    def mark(self) -> Mark:
        """Give the place where the value begins."""
        return Mark(self._place >> _COLUMN_BITS, self._place & (1 << _COLUMN_BITS) - 1)


_COLUMN_BITS = 24
"""Enough for every column of a file of eight million characters."""


class Scalar(_Positioned):
    """A single value, as spelled; `plain` where it stands without quotes."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str, mark: Mark, *, plain: bool) -> None:
        """Keep a value as it is spelled."""
        super().__init__(mark)
        self.text = text
        self.plain = plain

    @property
    def blank(self) -> bool:
        """Nothing stands there: the same as a key left out."""
        return self.plain and not self.text


class Sequence(_Positioned):
    """A list of values."""

    __slots__ = ("items",)

    def __init__(self, mark: Mark) -> None:
        """Begin an empty list."""
        super().__init__(mark)
        self.items: list[Node] = []


class Mapping(_Positioned):
    """Keys and values in the order of the file; a key may stand twice, which the reader reports."""

    __slots__ = ("entries",)

    def __init__(self, mark: Mark) -> None:
        """Begin an empty mapping."""
        super().__init__(mark)
        self.entries: list[tuple[Scalar, Node]] = []


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a plan file: where, and what."""

    mark: Mark
    path: str
    what: Message

    def located(self, file: str) -> Message:
        """Give the whole sentence with file, line, column and path."""
        place = message("{file}:{line}:{column}", file=file, line=self.mark.line, column=self.mark.column)
        if not self.path:
            return message("{place}: {what}", place=place, what=self.what)
        return message("{place}: {path}: {what}", place=place, path=self.path, what=self.what)
