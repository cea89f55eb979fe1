"""What a document on paper is made of, before any format draws it: blocks of text already safe to show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import THOUSANDTHS
from cchc_cli.domain.language.text import SafeText
from cchc_cli.locale import number_text, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cchc_cli.domain.language.errors import Message


class Align(StrEnum):
    """How lines stand between the margins."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class Run(NamedTuple):
    """Text of one look; `link` is an http or https address as it was recorded."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a Vietnamese document: issuer and number left, nation, place and date right."""

    issuer: tuple[str, str]
    nation: tuple[str, str]
    number: str
    place: str


@dataclass(frozen=True, slots=True)
class Title:
    """The kind of the document, what it is about, and for whom."""

    kind: str
    subject: str
    window: str
    addressee: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter, 2 an activity, 3 a requirement."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text; a small one is a note."""

    runs: tuple[Run, ...]
    align: Align = Align.JUSTIFY
    small: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list, each item behind a bullet."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in millimetres, and how its cells stand."""

    heading: str
    width: float
    align: Align = Align.LEFT


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headings stand again on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who gets the document, and the place for a signature."""

    heading: str
    recipients: tuple[str, ...]
    office: str
    hint: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page."""


Block = Letterhead | Title | Heading | Paragraph | Items | Table | Signature | NewPage

WIDTH = 160.0
"""Between the margins of A4, in millimetres: 210 less 30 on the left and 20 on the right."""


DOTS = SafeText("…………")
"""What somebody fills in by hand."""


def number(amount: int) -> str:
    """Write a count as the language writes it."""
    return number_text(amount * THOUSANDTHS)


def told(template: Message) -> SafeText:
    """Give a sentence that can stand inside another without being made safe a second time."""
    return SafeText(render(template))


def capital(text: str) -> SafeText:
    """Begin with a capital, as a heading of a table does."""
    return SafeText(text[:1].upper() + text[1:])


def say(template: Message, *, bold: bool = False, italic: bool = False) -> Run:
    """Make a run of a sentence."""
    return Run(told(template), bold, italic)


def spaced(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Put sentences side by side, a blank between them."""
    return tuple(run._replace(text=f" {run.text}") if position else run for position, run in enumerate(runs))


def cells(*texts: str, bold: bool = False) -> Row:
    """Make a row of texts."""
    return tuple(Run(text, bold) for text in texts)


_MOST_LINES = 30
"""A cell of more lines goes on in a row of its own, so that every row fits on a page."""


def in_parts(table: Table, measure: Callable[[str], float]) -> Table:
    """Let rows that are too high for a page go on in rows below; `measure` gives a text's millimetres."""
    rows = (part for row in table.rows for part in _parts(row, table.columns, measure))
    return replace(table, rows=tuple(rows))


def _parts(row: Row, columns: Iterable[Column], measure: Callable[[str], float]) -> Iterator[Row]:
    pieces = [_pieces(cell, column.width, measure) for cell, column in zip(row, columns, strict=True)]
    for part in zip_longest(*pieces, fillvalue=Run("")):
        yield tuple(part)


def _pieces(cell: Run, width: float, measure: Callable[[str], float]) -> list[Run]:
    # Half of the width is what padding and words that do not fill their line may cost.
    room = width * _MOST_LINES / 2
    needed = measure(cell.text)
    if needed <= room:
        return [cell]
    size = max(int(len(cell.text) * room / needed), 1)
    return [cell._replace(text=text) for text in _cut(cell.text, size)]


def _cut(text: str, size: int) -> Iterator[str]:
    """Cut a text at blanks where there are some, else anywhere; nothing of it is lost."""
    while len(text) > size:
        blank = text.rfind(" ", size // 2, size)
        end = blank + 1 if blank > 0 else size
        yield text[:end]
        text = text[end:]
    yield text
