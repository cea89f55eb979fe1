"""Blocks of a document on paper, independent of the format; their text is safe to show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.text import SafeText
from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cchc_cli.domain.language.errors import Message


class Align(StrEnum):
    """Alignment of lines between the margins."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class Run(NamedTuple):
    """Text of one style; `link` is an http or https address as it was recorded."""

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
    """The kind of the document, its subject, period and addressee."""

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
    """A column: its heading, its width in millimetres, and the alignment of its cells."""

    heading: str
    width: float
    align: Align = Align.LEFT


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headings are repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The recipients of the document, and the place for a signature."""

    heading: str
    recipients: tuple[str, ...]
    office: str
    hint: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page break."""


Block = Letterhead | Title | Heading | Paragraph | Items | Table | Signature | NewPage

WIDTH = 160.0
"""Millimetres between the margins of A4: 210 less 30 on the left and 20 on the right."""


DOTS = SafeText("…………")
"""Stands where somebody fills in text by hand."""


def capitalized(text: str) -> SafeText:
    """Give the text with a capital first letter, for the heading of a table."""
    return SafeText(text[:1].upper() + text[1:])


def render_run(sentence: Message, *, bold: bool = False, italic: bool = False) -> Run:
    """Render a message as a run."""
    return Run(render(sentence), bold, italic)


def join_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Put runs side by side, separated by blanks."""
    return tuple(run._replace(text=f" {run.text}") if position else run for position, run in enumerate(runs))


def text_row(*texts: str, bold: bool = False) -> Row:
    """Make a row with a run for each text."""
    return tuple(Run(text, bold) for text in texts)


_MOST_LINES = 30
"""A cell with more lines is continued in a row below, so that every row fits on a page."""


def split_tall_rows(table: Table, measure: Callable[[str], float]) -> Table:
    """Split rows that are too tall for a page; `measure` gives the width of a text in millimetres."""
    rows = (part for row in table.rows for part in _row_parts(row, table.columns, measure))
    return replace(table, rows=tuple(rows))


def _row_parts(row: Row, columns: Iterable[Column], measure: Callable[[str], float]) -> Iterator[Row]:
    cells = [_cell_parts(cell, column.width, measure) for cell, column in zip(row, columns, strict=True)]
    for part in zip_longest(*cells, fillvalue=Run("")):
        yield tuple(part)


def _cell_parts(cell: Run, width: float, measure: Callable[[str], float]) -> list[Run]:
    # Padding and words that do not fill their line may take up to half of the width.
    room = width * _MOST_LINES / 2
    needed = measure(cell.text)
    if needed <= room:
        return [cell]
    size = max(int(len(cell.text) * room / needed), 1)
    return [cell._replace(text=text) for text in _split_text(cell.text, size)]


def _split_text(text: str, size: int) -> Iterator[str]:
    """Split a text at blanks if there are any, else anywhere; no character is lost."""
    while len(text) > size:
        blank = text.rfind(" ", size // 2, size)
        end = blank + 1 if blank > 0 else size
        yield text[:end]
        text = text[end:]
    yield text
