"""Reading the fields of a mapping: each wrong one becomes a fault, and reading goes on."""

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
"""So many faults of one file are told; who mends these sees the rest on the next run."""

_MAX_WORDS_COMPARED = 50_000
"""So many known words may be looked through for the nearest, over all faults of a file."""


class TooManyFaults(Exception):  # noqa: N818 - control flow of reading, never an error of the program
    """Reading stops: the file has more faults than anybody would read."""


class Faults(list[Fault]):
    """What is wrong with a file, bounded in number and in the work spent on suggestions."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self._suggestions = _MAX_WORDS_COMPARED

    def add(self, fault: Fault) -> None:
        """Note one more. Raises TooManyFaults."""
        self.append(fault)
        if len(self) >= MAX_FAULTS:
            raise TooManyFaults

    def unknown(self, what: Message, text: str, known: Collection[str]) -> Message:
        """Say that a word is not known, with the nearest known ones while that costs little."""
        self._suggestions -= len(known)
        return unknown_word(what, text, known if self._suggestions > 0 else ())


class Section:
    """One mapping of the file while it is read.

    Each method takes a key, remembers that it was asked for, and gives its value or a stand-in;
    what is wrong goes to `faults`. `close` then reports the keys that nobody asked for. A reader
    whose faults are not empty must not use what it read.
    """

    def __init__(self, node: Node, path: str, faults: Faults) -> None:
        """Start reading the node found at the path."""
        self.path = path
        self.faults = faults
        self.node = node
        self._asked: list[str] = []
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
        """Note what is wrong at a node."""
        self.faults.add(Fault(node.mark, self.at(key), what))

    def at(self, key: str) -> str:
        """Give the path of a key."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def get(self, key: str) -> Node | None:
        """Give what stands under the key; None where it is absent or blank."""
        self._asked.append(key)
        value = self._values.get(key)
        return None if isinstance(value, Scalar) and value.blank else value

    def scalar(self, key: str, *, needed: bool = False) -> Scalar | None:
        """Give the single value under the key."""
        value = self.get(key)
        if value is None:
            if needed and isinstance(self.node, Mapping):
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

    def needed_text(self, key: str) -> str:
        """Read text that must be there."""
        value = self.scalar(key, needed=True)
        if value and not value.text.strip():
            self.fault(value, key, message("this text is empty"))
        return value.text.strip() if value else ""

    def code(self, key: str, *, needed: bool = True) -> str | None:
        """Read a code: letters a-z, digits, point and hyphen."""
        value = self.scalar(key, needed=needed)
        if value is None:
            return None
        if not CODE.fullmatch(value.text):
            self.fault(value, key, _bad_code(value.text))
        return value.text

    def codes(self, key: str, *, needed: bool = False) -> tuple[tuple[str, Scalar], ...]:
        """Read a list of codes, each with the place where it stands."""
        found = tuple((item.text, item) for item in self._scalars(key, needed=needed))
        for index, (text, item) in enumerate(found):
            if not CODE.fullmatch(text):
                self.fault(item, f"{key}[{index}]", _bad_code(text))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts."""
        return tuple(item.text.strip() for item in self._scalars(key) if item.text.strip())

    def _scalars(self, key: str, *, needed: bool = False) -> Iterator[Scalar]:
        for index, item in enumerate(self.items(key, needed=needed)):
            if isinstance(item, Scalar):
                yield item
            else:
                self.fault(item, f"{key}[{index}]", message("a single value is expected here"))

    def items(self, key: str, *, needed: bool = False) -> list[Node]:
        """Give the members of the list under the key; empty where it is absent."""
        value = self.get(key)
        if isinstance(value, Sequence):
            if needed and not value.items:
                self.fault(value, key, message("this list is empty"))
            return value.items
        if value is not None:
            self.fault(value, key, message("a list is expected here"))
        elif needed and isinstance(self.node, Mapping):
            self.fault(self.node, key, message("this key is missing"))
        return []

    def sections(self, key: str, *, needed: bool = False) -> Iterator[Section]:
        """Give each member of a list of mappings as a section of its own."""
        for index, item in enumerate(self.items(key, needed=needed)):
            yield Section(item, f"{self.at(key)}[{index}]", self.faults)

    def section(self, key: str) -> Section | None:
        """Give the mapping under the key as a section of its own."""
        value = self.get(key)
        return None if value is None else Section(value, self.at(key), self.faults)

    def named_lists(self, key: str) -> Iterator[tuple[Scalar, list[Section]]]:
        """Give each name and its list of mappings: the shape of `calendars`."""
        inner = self.section(key)
        if inner is None or not isinstance(inner.node, Mapping):
            return
        for name, _ in inner.node.entries:
            yield name, list(inner.sections(name.text))

    def date(self, key: str, *, needed: bool = False) -> dt.date | None:
        """Read an ISO date."""
        value = self.scalar(key, needed=needed)
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

    def dates(self, *, needed: bool = False) -> tuple[dt.date | None, dt.date | None]:
        """Read `from` and `to`, both inside, the one not after the other."""
        start, end = self.date("from", needed=needed), self.date("to", needed=needed)
        if start and end and start > end:
            self.fault(self._values["to"], "to", message("“to” is before “from”"))
        return start, end

    def span(self) -> Span:
        """Read `from` and `to`, both of which must be there."""
        start, end = self.dates(needed=True)
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
        """Read a whole number of at least 0; None where there is none."""
        value = self.scalar(key)
        if value is None:
            return None
        if value.plain and _WHOLE.fullmatch(value.text):
            return int(value.text)
        self.fault(value, key, message("“{text}” is not a whole number of at least 0", text=value.text))
        return None

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """Read one of the words of an enumeration; must be there where there is no default."""
        value = self.scalar(key, needed=default is None)
        first = default or next(iter(kind))
        if value is None:
            return first
        if value.text in kind.__members__.values():
            return kind(value.text)
        self.fault(value, key, self.faults.unknown(message("value"), value.text, list(kind)))
        return first

    def close(self) -> None:
        """Report every key that was not asked for, with the nearest that could be meant."""
        if not isinstance(self.node, Mapping):
            return
        for key, _ in self.node.entries:
            if key.text not in self._asked:
                self.fault(key, key.text, self.faults.unknown(message("key"), key.text, self._asked))


def _bad_code(text: str) -> Message:
    return message(
        "“{text}” cannot be a code: codes consist of the letters a-z or A-Z, digits, “.” and “-”", text=text
    )


def unknown_word(what: Message, text: str, known: Collection[str], limit: int = 12) -> Message:
    """Say that a word is not known, with the nearest known ones or, where they are few, all."""
    near = nearest(text, known)
    if near:
        return message("unknown {what} “{text}”; did you mean {near}?", what=what, text=text, near=near)
    if known and len(known) <= limit:
        return message("unknown {what} “{text}”; known are {known}", what=what, text=text, known=list(known))
    return message("unknown {what} “{text}”", what=what, text=text)


def check_unique(found: list[tuple[Section, T]], key: str, code: Callable[[T], str | None]) -> None:
    """Report every member of a list whose code another one before it has."""
    seen: set[str] = set()
    for section, item in found:
        value = code(item)
        if value and value in seen:
            node = section.get(key)
            section.fault(node or section.node, key, message("“{code}” is used twice", code=value))
        elif value is not None:
            seen.add(value)
