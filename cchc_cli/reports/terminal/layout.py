"""Rows for a terminal: columns side by side where they fit, else one row below the other; nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import JustifyMethod, RenderableType

    from cchc_cli.domain.language.errors import Message

    Row = Sequence[Text]

_EDGES, _BETWEEN = 2, 3
"""What the lines of a table take: left and right together, and between two columns."""
_INDENT, _GAP = 3, 2
"""The same of rows without lines."""

LONGEST_WORD = 16
"""Longer words may be broken where a column does not say otherwise."""
_FLOORS = (16, 13, 10)
"""Text gets as much as the first of these that there is room for; for less, rows stand one below the other."""
_ENOUGH = 80
"""Text that is longer gets no more room for it."""


class Column(NamedTuple):
    """A column, and how its cells may be broken."""

    heading: Message
    right: bool = False
    whole: bool = False
    """Its lines are never broken: dates, and codes and numbers that somebody types."""
    word: int = LONGEST_WORD
    """Words up to this length are never broken."""


def table(columns: Sequence[Column], rows: Sequence[Row], width: int) -> RenderableType:
    """Show rows under headings, a line below these."""
    headings = _headings(columns)
    widths = _widths(columns, [headings, *rows], width - _EDGES - _BETWEEN * (len(columns) - 1))
    if widths is None:
        return Group(*(_stacked(headings, row) for row in rows))
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, expand=False)
    for column, heading, room in zip(columns, headings, widths, strict=True):
        # Rich would cut a word that is wider than its column, and put … for the rest.
        justify: JustifyMethod = "right" if column.right else "left"
        drawn.add_column(heading, justify=justify, overflow="fold", width=room)
    for row in rows:
        drawn.add_row(*row)
    return drawn


def chapters(
    columns: Sequence[Column], parts: Sequence[tuple[Text, Sequence[Row]]], width: int
) -> RenderableType:
    """Show rows below titles; the columns of all stand in line under one row of headings."""
    headings = _headings(columns)
    rows = [row for _, found in parts for row in found]
    widths = _widths(columns, [headings, *rows], width - _INDENT - _GAP * (len(columns) - 1))
    if widths is None:
        return Group(*_stacked_chapters(headings, parts))
    lines: list[RenderableType] = [_line(headings, widths)]
    for title, found in parts:
        lines.append(title)
        lines += [_line(row, widths) for row in found]
    return Group(*lines)


def _line(row: Row, widths: Sequence[int]) -> RenderableType:
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    for room in widths:
        grid.add_column(overflow="fold", width=room)
    grid.add_row(*row)
    return Padding(grid, (0, 0, 0, _INDENT))


def _headings(columns: Sequence[Column]) -> list[Text]:
    return [Text(render(column.heading), style="bold") for column in columns]


def _widths(columns: Sequence[Column], rows: Sequence[Row], room: int) -> list[int] | None:
    """Share the room among the columns, more to those with more to say; None where it is too little for all."""
    cells = [[row[place].plain for row in rows] for place in range(len(columns))]
    wanted = [max(map(_widest, found)) for found in cells]
    if sum(wanted) <= room:
        return wanted
    words = [_unbroken(column, *found) for column, found in zip(columns, cells, strict=True)]
    for floor in _FLOORS:
        least = [max(word, min(wish, floor)) for word, wish in zip(words, wanted, strict=True)]
        left = room - sum(least)
        if left >= 0:
            wishes = [max(min(wish, _ENOUGH) - low, 0) for wish, low in zip(wanted, least, strict=True)]
            return [low + left * wish // max(sum(wishes), 1) for low, wish in zip(least, wishes, strict=True)]
    return None


def _unbroken(column: Column, heading: str, *cells: str) -> int:
    """Give the width of what is never broken in a column."""
    if column.whole:
        return max(map(_widest, (heading, *cells)))
    return max(_longest_word(heading), min(max(map(_longest_word, cells), default=0), column.word))


def _widest(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")))


def _longest_word(cell: str) -> int:
    return max(map(cell_len, cell.split()), default=0)


def _stacked_chapters(headings: Row, parts: Sequence[tuple[Text, Sequence[Row]]]) -> Iterator[RenderableType]:
    for title, rows in parts:
        yield title
        for row in rows:
            yield Padding(_stacked(headings, row), (0, 0, 0, 2))


def _stacked(headings: Row, row: Row) -> RenderableType:
    """Give a line for each cell that is not empty, and an empty one after them."""
    told = zip(headings, row, strict=True)
    return Group(*(_told(heading, cell) for heading, cell in told if cell.plain.strip()), Text())


def _told(heading: Text, cell: Text) -> Text:
    return Text.assemble((heading.plain, "bold"), ": ", Text(" · ").join(cell.split("\n")))
