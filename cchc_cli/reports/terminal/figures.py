"""The figures of many agencies in a terminal: a row each, or stacked if the terminal is narrow."""

from __future__ import annotations

from itertools import product
from operator import attrgetter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.findings import Figures
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.reports.terminal.lines import head_lines, legend, plain_table, render_text
from cchc_cli.reports.wording.words import (
    BASIS_WORDS,
    DUE,
    PROGRESS,
    STATUS_LOOKS,
    figures_words,
    ratio_words,
    status_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cchc_cli.domain.plan.model import Agency
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Summary

_WIDE = 180
"""From this width on, headings are words instead of marks, and each basis has columns of its own."""


def many_agencies(assessment: Assessment, width: int, shown: Sequence[Agency]) -> RenderableType:
    """Show the figures of these agencies, then the totals."""
    rows = [(_agency_name(agency, width), assessment.by_agency[agency.code], ()) for agency in shown]
    totals: list[_FiguresRow] = [(render_text(message("All"), "bold"), assessment.summary, ())]
    totals += [(render_text(BASIS_WORDS[basis]), assessment.summary, (basis,)) for basis in Basis]
    count = message(
        "agencies: {agencies}, obligations: {obligations}",
        agencies=len(assessment.by_agency),
        obligations=assessment.summary.obligations,
    )
    return Group(
        Text(safe(assessment.plan.title), style="bold"),
        *head_lines(assessment),
        _figures_table(rows, totals, width) or Group(*_figures_blocks((*rows, *totals))),
        render_text(count),
        *(render_text(line, "dim") for line in _figures_notes(assessment.summary)),
        legend(assessment.summary),
    )


_FiguresRow = tuple[Text, "Summary", tuple[Basis, ...]]
"""A name, its summary, and the bases that are shown (none means all)."""


def _agency_name(agency: Agency, width: int) -> Text:
    return Text(safe(agency.shown if width >= _WIDE else agency.shown_short))


_DUE_STATUSES = (Status.PARTIAL, Status.MISSED)


_OPEN_STATUSES = (Status.AT_RISK, Status.PENDING, Status.UPCOMING, Status.WAIVED)


def _figures_table(
    rows: Sequence[_FiguresRow], totals: Sequence[_FiguresRow], width: int
) -> RenderableType | None:
    """Show a row for each: obligations that are due and their results, then the progress of all begun ones.

    None if it does not fit the width.
    """
    wide = width >= _WIDE
    look = attrgetter("word" if wide else "mark")
    headings = [
        DUE,
        *(look(STATUS_LOOKS[one]) for one in _DUE_STATUSES),
        PROGRESS,
        *(look(STATUS_LOOKS[one]) for one in _OPEN_STATUSES),
    ]
    if wide:
        headings += [
            message("{figure}, {basis}", figure=figure, basis=BASIS_WORDS[basis])
            for figure, basis in _FIGURES_BY_BASIS
        ]
    cells = [list(_cells(summary, bases, wide=wide)) for _, summary, bases in (*rows, *totals)]
    widths = [
        max(cell.cell_len for cell in column)
        for column in zip(map(render_text, headings), *cells, strict=True)
    ]
    if sum(widths) + _COLUMN_GAP * len(widths) + _MIN_NAME_WIDTH > width:
        return None
    table = plain_table(message("Agency"), *headings, right=frozenset(range(1, len(headings) + 1)))
    for column, room in zip(table.columns[1:], widths, strict=True):
        column.min_width = room
    for place, ((name, _, _), line) in enumerate(zip((*rows, *totals), cells, strict=True), 1):
        table.add_row(name, *line, end_section=place == len(rows))
    return table


_COLUMN_GAP, _MIN_NAME_WIDTH = 3, 14
"""Width of the gap between columns of figures, and least width of the names including the edges."""


_FIGURES_BY_BASIS = tuple(product((DUE, PROGRESS), Basis))


def _cells(summary: Summary, bases: tuple[Basis, ...], *, wide: bool) -> Iterator[Text]:
    figures = summary.figures(*bases)
    yield Text(ratio_words(figures.rate))
    yield from (_count(summary, status, bases) for status in _DUE_STATUSES)
    yield Text(ratio_words(figures.progress))
    yield from (_count(summary, status, bases) for status in _OPEN_STATUSES)
    if wide:
        apart = [
            summary.figures(basis) if basis in (bases or Basis) else Figures(0, 0, 0, 0, 0) for basis in Basis
        ]
        yield from (Text(ratio_words(one.rate)) for one in apart)
        yield from (Text(ratio_words(one.progress)) for one in apart)


def _count(summary: Summary, status: Status, bases: tuple[Basis, ...]) -> Text:
    number = summary.of(status, *bases)
    return Text(str(number) if number else "", style=STATUS_LOOKS[status].style)


def _figures_blocks(rows: Iterable[_FiguresRow]) -> Iterator[RenderableType]:
    """Show the figures as stacked blocks, for terminals too narrow for the table."""
    for name, summary, bases in rows:
        figures = summary.figures(*bases)
        yield Text()
        yield Text(name.plain, style="bold")
        counts = Text("; ").join(
            Text(f"{status_word(status)} {number}", style=STATUS_LOOKS[status].style)
            for status in (*_DUE_STATUSES, *_OPEN_STATUSES)
            for number in (summary.of(status, *bases),)
            if number
        )
        for line in (render_text(figures_words(figures)), counts):
            if line.plain:
                yield Padding(line, (0, 0, 0, 2))
    yield Text()


def _figures_notes(summary: Summary) -> Iterator[Message]:
    """Count begun obligations that are in neither figure."""
    running, untouched = summary.figures().running, summary.untouched()
    if running:
        yield message("decided at their end, and in neither figure yet: {running}", running=running)
    if untouched:
        yield message("met because nothing was done, and in neither figure: {untouched}", untouched=untouched)
