"""A parsed plan file before it means anything: values with the place where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cchc_cli.domain.errors import Message, message


class Mark(NamedTuple):
    """A place in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as spelled; `plain` where it stands without quotes."""

    text: str
    mark: Mark
    plain: bool

    @property
    def blank(self) -> bool:
        """Nothing stands there: the same as a key left out."""
        return self.plain and not self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: list[Node]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; a key may stand twice, which the reader reports."""

    entries: list[tuple[Scalar, Node]]
    mark: Mark


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
