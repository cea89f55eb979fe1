"""Tables for a terminal; if the columns do not fit its width, cells are listed one below the other."""

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
"""Characters that a table needs besides its cells: at both edges together, and between two columns."""
_INDENT, _GAP = 3, 2
"""The same for rows without lines: the indent, and the gap between two columns."""

LONGEST_WORD = 16
"""By default, longer words may be broken."""
_MIN_WIDTHS = (16, 13, 10)
"""Minimum widths of a column of text, tried in this order; if none fits, rows are stacked."""
_MAX_WISH = 80
"""A longer text claims no more of the width that is left."""


class Column(NamedTuple):
    """A column, and how its cells may be broken."""

    heading: Message
    right: bool = False
    whole: bool = False
    """Its lines are never broken: for dates, and for codes and numbers that users type."""
    word: int = LONGEST_WORD
    """Words up to this length are never broken."""


def table(columns: Sequence[Column], rows: Sequence[Row], width: int) -> RenderableType:
    """Show rows under underlined headings."""
    headings = _headings(columns)
    widths = _column_widths(columns, [headings, *rows], width - _EDGES - _BETWEEN * (len(columns) - 1))
    if widths is None:
        return Group(*(_stacked_row(headings, row) for row in rows))
    drawn_table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=False)
    for column, heading, room in zip(columns, headings, widths, strict=True):
        # By default Rich cuts words that are wider than their column and adds “…”.
        justify: JustifyMethod = "right" if column.right else "left"
        drawn_table.add_column(heading, justify=justify, overflow="fold", width=room)
    for row in rows:
        drawn_table.add_row(*row)
    return drawn_table


def grouped_table(
    columns: Sequence[Column], groups: Sequence[tuple[Text, Sequence[Row]]], width: int
) -> RenderableType:
    """Show groups of rows, each below its title; all groups share the column widths and one row of headings."""
    headings = _headings(columns)
    rows = [row for _, members in groups for row in members]
    widths = _column_widths(columns, [headings, *rows], width - _INDENT - _GAP * (len(columns) - 1))
    if widths is None:
        return Group(*_stacked_groups(headings, groups))
    lines: list[RenderableType] = [_grid_row(headings, widths)]
    for title, members in groups:
        lines.append(title)
        lines += [_grid_row(row, widths) for row in members]
    return Group(*lines)


def _grid_row(row: Row, widths: Sequence[int]) -> RenderableType:
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    for room in widths:
        grid.add_column(overflow="fold", width=room)
    grid.add_row(*row)
    return Padding(grid, (0, 0, 0, _INDENT))


def _headings(columns: Sequence[Column]) -> list[Text]:
    return [Text(render(column.heading), style="bold") for column in columns]


def _column_widths(columns: Sequence[Column], rows: Sequence[Row], room: int) -> list[int] | None:
    """Divide the width among the columns, more to those with longer texts; None if it is too narrow."""
    cells = [[row[place].plain for row in rows] for place in range(len(columns))]
    natural = [max(map(_line_width, texts)) for texts in cells]
    if sum(natural) <= room:
        return natural
    unbroken = [_unbroken_width(column, *texts) for column, texts in zip(columns, cells, strict=True)]
    for floor in _MIN_WIDTHS:
        least = [max(word, min(wish, floor)) for word, wish in zip(unbroken, natural, strict=True)]
        left = room - sum(least)
        if left >= 0:
            wishes = [max(min(wish, _MAX_WISH) - low, 0) for wish, low in zip(natural, least, strict=True)]
            return [low + left * wish // max(sum(wishes), 1) for low, wish in zip(least, wishes, strict=True)]
    return None


def _unbroken_width(column: Column, heading: str, *cells: str) -> int:
    """Give the width of the widest part of a column that is never broken."""
    if column.whole:
        return max(map(_line_width, (heading, *cells)))
    return max(_longest_word(heading), min(max(map(_longest_word, cells), default=0), column.word))


def _line_width(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")))


def _longest_word(cell: str) -> int:
    return max(map(cell_len, cell.split()), default=0)


def _stacked_groups(headings: Row, groups: Sequence[tuple[Text, Sequence[Row]]]) -> Iterator[RenderableType]:
    for title, rows in groups:
        yield title
        for row in rows:
            yield Padding(_stacked_row(headings, row), (0, 0, 0, 2))


def _stacked_row(headings: Row, row: Row) -> RenderableType:
    """Give a line for each cell that is not empty, and an empty line after them."""
    cells = zip(headings, row, strict=True)
    return Group(*(_labelled_cell(heading, cell) for heading, cell in cells if cell.plain.strip()), Text())


def _labelled_cell(heading: Text, cell: Text) -> Text:
    return Text.assemble((heading.plain, "bold"), ": ", Text(" · ").join(cell.split("\n")))
