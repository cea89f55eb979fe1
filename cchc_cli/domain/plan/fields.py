"""Reads the fields of a mapping; errors are collected as faults, and reading continues."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from cchc_cli.domain.calendar.days import FIRST_YEAR, LAST_YEAR, read_date
from cchc_cli.domain.calendar.periods import ALWAYS, Span
from cchc_cli.domain.language.amounts import AmountError, parse_number
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import nearest
from cchc_cli.domain.plan.document import Fault, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

CODE = re.compile(r"[A-Za-z0-9.-]+")
_NUMBER = re.compile(r"(0|[1-9]\d*)(\.\d+)?")
_WHOLE = re.compile(r"0|[1-9]\d{0,5}")


MAX_FAULTS = 1000
"""The most faults that are reported for one file; the rest appear once these are fixed."""

_MAX_WORDS_COMPARED = 50_000
"""The most known words that are compared to make suggestions, over all faults of a file."""


class TooManyFaults(Exception):  # noqa: N818 - control flow, not an error of the program
    """Stops reading after MAX_FAULTS faults."""


class Faults(list[Fault]):
    """The faults of a file; their number and the work for suggestions are limited."""

    def __init__(self) -> None:
        """Start with no faults."""
        super().__init__()
        self._suggestions = _MAX_WORDS_COMPARED

    def add(self, fault: Fault) -> None:
        """Add a fault. Raises TooManyFaults."""
        self.append(fault)
        if len(self) >= MAX_FAULTS:
            raise TooManyFaults

    def unknown(self, what: Message, text: str, known: Collection[str]) -> Message:
        """Say that a word is unknown; suggest similar known words until the limit of comparisons is reached."""
        self._suggestions -= len(known)
        return unknown_word(what, text, known if self._suggestions > 0 else ())


class Section:
    """One mapping of the file while it is read.

    Each method takes a key, remembers it as a known key, and gives its value, or a substitute if the value is
    wrong; errors are added to `faults`. `close` reports all other keys as unknown. The values must not be
    used if there are faults.
    """

    def __init__(self, node: Node, path: str, faults: Faults) -> None:
        """Start reading the node at the path."""
        self.path = path
        self.faults = faults
        self.node = node
        self._known_keys: list[str] = []
        self._values: dict[str, Node] = {}
        if isinstance(node, Mapping):
            self._take(node)
        else:
            self.fault(node, "", message("a mapping of keys and values is expected here"))

    def _take(self, node: Mapping) -> None:
        for key, value in node.entries:
            if key.text in self._values:
                self.fault(key, key.text, message("this key is here twice; keep one"))
            self._values.setdefault(key.text, value)

    def fault(self, node: Node, key: str, what: Message) -> None:
        """Add a fault at a node."""
        self.faults.add(Fault(node.mark, self.at(key), what))

    def at(self, key: str) -> str:
        """Give the path of a key."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def get(self, key: str) -> Node | None:
        """Give the value of the key; None if it is absent or blank."""
        self._known_keys.append(key)
        value = self._values.get(key)
        return None if isinstance(value, Scalar) and value.blank else value

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        """Give the single value of the key."""
        value = self.get(key)
        if value is None:
            if required and isinstance(self.node, Mapping):
                self.fault(self.node, key, message("this key is missing"))
            return None
        if isinstance(value, Scalar):
            return value
        self.fault(value, key, message("a single value is expected here"))
        return None

    def text(self, key: str) -> str | None:
        """Read optional text."""
        value = self.scalar(key)
        return value.text.strip() or None if value else None

    def required_text(self, key: str) -> str:
        """Read required text."""
        value = self.scalar(key, required=True)
        if value and not value.text.strip():
            self.fault(value, key, message("this text is empty"))
        return value.text.strip() if value else ""

    def code(self, key: str, *, required: bool = True) -> str | None:
        """Read a code: letters a-z, digits, point and hyphen."""
        value = self.scalar(key, required=required)
        if value is None:
            return None
        if not CODE.fullmatch(value.text):
            self.fault(value, key, _bad_code(value.text))
        return value.text

    def codes(self, key: str, *, required: bool = False) -> tuple[tuple[str, Scalar], ...]:
        """Read a list of codes, each with its node."""
        found = tuple((item.text, item) for item in self._scalars(key, required=required))
        for index, (text, item) in enumerate(found):
            if not CODE.fullmatch(text):
                self.fault(item, f"{key}[{index}]", _bad_code(text))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts."""
        return tuple(item.text.strip() for item in self._scalars(key) if item.text.strip())

    def _scalars(self, key: str, *, required: bool = False) -> Iterator[Scalar]:
        for index, item in enumerate(self.items(key, required=required)):
            if isinstance(item, Scalar):
                yield item
            else:
                self.fault(item, f"{key}[{index}]", message("a single value is expected here"))

    def items(self, key: str, *, required: bool = False) -> list[Node]:
        """Give the members of the list under the key; empty if it is absent."""
        value = self.get(key)
        if isinstance(value, Sequence):
            if required and not value.items:
                self.fault(value, key, message("this list is empty"))
            return value.items
        if value is not None:
            self.fault(value, key, message("a list is expected here"))
        elif required and isinstance(self.node, Mapping):
            self.fault(self.node, key, message("this key is missing"))
        return []

    def sections(self, key: str, *, required: bool = False) -> Iterator[Section]:
        """Give each member of a list of mappings as a section."""
        for index, item in enumerate(self.items(key, required=required)):
            yield Section(item, f"{self.at(key)}[{index}]", self.faults)

    def section(self, key: str) -> Section | None:
        """Give the mapping under the key as a section."""
        value = self.get(key)
        return None if value is None else Section(value, self.at(key), self.faults)

    def named_lists(self, key: str) -> Iterator[tuple[Scalar, list[Section]]]:
        """Give each name with its list of mappings, as in `calendars`."""
        inner = self.section(key)
        if inner is None or not isinstance(inner.node, Mapping):
            return
        for name, _ in inner.node.entries:
            yield name, list(inner.sections(name.text))

    def date(self, key: str, *, required: bool = False) -> dt.date | None:
        """Read an ISO date."""
        value = self.scalar(key, required=required)
        if value is None:
            return None
        day = read_date(value.text)
        if day is None:
            self.fault(
                value,
                key,
                message(
                    "“{text}” is not a date of the years {first} to {last}; write it as 2024-03-14",
                    text=value.text,
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                ),
            )
        return day

    def dates(self, *, required: bool = False) -> tuple[dt.date | None, dt.date | None]:
        """Read `from` and `to`, both inclusive; `from` must not be after `to`."""
        start, end = self.date("from", required=required), self.date("to", required=required)
        if start and end and start > end:
            self.fault(self._values["to"], "to", message("“to” is before “from”"))
        return start, end

    def span(self) -> Span:
        """Read `from` and `to`, both required."""
        start, end = self.dates(required=True)
        return Span(start or ALWAYS.start, end or ALWAYS.end)

    def amount(self, key: str) -> int | None:
        """Read a number of at most three decimals as thousandths."""
        value = self.scalar(key)
        if value is None:
            return None
        try:
            if value.plain and _NUMBER.fullmatch(value.text):
                return parse_number(value.text)
        except AmountError:
            pass
        self.fault(
            value,
            key,
            message(
                "“{text}” is not a number of at least 0 with at most three decimals, such as 15 or 7.5",
                text=value.text,
            ),
        )
        return None

    def whole(self, key: str) -> int | None:
        """Read a whole number of at least 0; None if it is absent or wrong."""
        value = self.scalar(key)
        if value is None:
            return None
        if value.plain and _WHOLE.fullmatch(value.text):
            return int(value.text)
        self.fault(value, key, message("“{text}” is not a whole number of at least 0", text=value.text))
        return None

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """Read a member of an enumeration; required if there is no default."""
        value = self.scalar(key, required=default is None)
        first = default or next(iter(kind))
        if value is None:
            return first
        if value.text in kind.__members__.values():
            return kind(value.text)
        self.fault(value, key, self.faults.unknown(message("value"), value.text, list(kind)))
        return first

    def close(self) -> None:
        """Report every unknown key, and suggest similar known keys."""
        if not isinstance(self.node, Mapping):
            return
        for key, _ in self.node.entries:
            if key.text not in self._known_keys:
                self.fault(key, key.text, self.faults.unknown(message("key"), key.text, self._known_keys))


def _bad_code(text: str) -> Message:
    return message(
        "“{text}” cannot be a code: codes consist of the letters a-z or A-Z, digits, “.” and “-”", text=text
    )


def unknown_word(what: Message, text: str, known: Collection[str], limit: int = 12) -> Message:
    """Say that a word is unknown; name similar known words, or all if there are at most `limit`."""
    near = nearest(text, known)
    if near:
        return message("unknown {what} “{text}”; did you mean {near}?", what=what, text=text, near=near)
    if known and len(known) <= limit:
        return message("unknown {what} “{text}”; known are {known}", what=what, text=text, known=list(known))
    return message("unknown {what} “{text}”", what=what, text=text)


def check_unique(found: list[tuple[Section, T]], key: str, code: Callable[[T], str | None]) -> None:
    """Report every member of a list whose code an earlier one has."""
    seen: set[str] = set()
    for section, item in found:
        value = code(item)
        if value and value in seen:
            node = section.get(key)
            section.fault(node or section.node, key, message("“{code}” is used twice", code=value))
        elif value is not None:
            seen.add(value)
