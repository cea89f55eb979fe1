"""Tables of a Word document, built from XML elements: python-docx takes quadratic time in the number of cells."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from cchc_cli.reports.paper import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

SMALL = 10
"""The font size of notes and of table headings, in points."""

_TWIPS_PER_MM = 1440 / 25.4


def add_table(document: Document, table: blocks.Table) -> None:
    """Add a table; its headings are repeated on each page, and no row is split between pages."""
    table = blocks.split_tall_rows(table, lambda text: len(text) * _CHARACTER_WIDTH)
    built = element("w:tbl")
    built.append(_table_properties())
    grid = element("w:tblGrid")
    grid.extend(element("w:gridCol", w=_twips(column.width)) for column in table.columns)
    built.append(grid)
    headings = tuple(blocks.Run(column.heading, bold=True) for column in table.columns)
    built.append(_row(document, headings, table.columns, heading=True))
    built.extend(_row(document, row, table.columns) for row in table.rows)
    for paragraph in islice(built.iter(qn("w:pPr")), len(headings) * _rows_kept_with_next(table)):
        paragraph.insert(1, element("w:keepNext"))
    document.element.body.insert_element_before(built, "w:sectPr")
    # Word merges two tables without a paragraph between them; it also separates the table from the text.
    document.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _rows_kept_with_next(table: blocks.Table) -> int:
    """Count the rows, headings included, that must be on the same page as the row after them."""
    return len(table.rows) if len(table.rows) <= _SHORT else 1


_SHORT = 12
"""A table with at most so many rows stays on one page."""

_PADDING = 1.2
"""Millimetres left and right in a cell; the table is indented by as much to line up with the text."""

_CHARACTER_WIDTH = 2.6
"""Millimetres that a wide character takes; an upper estimate."""


def _table_properties() -> BaseOxmlElement:
    properties = element("w:tblPr")
    properties.append(element("w:tblW", w=_twips(blocks.WIDTH), type="dxa"))
    properties.append(element("w:tblInd", w=_twips(_PADDING), type="dxa"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side, room in (("top", 0.5), ("left", _PADDING), ("bottom", 0.5), ("right", _PADDING)):
        margins.append(element(f"w:{side}", w=_twips(room), type="dxa"))
    properties.append(margins)
    return properties


def _row(
    document: Document, row: blocks.Row, columns: Iterable[blocks.Column], *, heading: bool = False
) -> BaseOxmlElement:
    built, properties = element("w:tr"), element("w:trPr")
    properties.append(element("w:cantSplit"))
    if heading:
        properties.append(element("w:tblHeader"))
    built.append(properties)
    for cell, column in zip(row, columns, strict=True):
        align = blocks.Align.CENTER if heading else column.align
        built.append(_cell(document, cell, column.width, align))
    for style in built.iter(qn("w:rPr")) if heading else ():
        style.append(element("w:sz", val=str(2 * SMALL)))
    return built


def _cell(document: Document, cell: blocks.Run, width: float, align: blocks.Align) -> BaseOxmlElement:
    built, properties, paragraph = element("w:tc"), element("w:tcPr"), element("w:p")
    properties.append(element("w:tcW", w=_twips(width), type="dxa"))
    style = element("w:pPr")
    style.append(element("w:pStyle", val="NoSpacing"))
    style.append(element("w:jc", val=align.value))
    paragraph.append(style)
    paragraph.append(_hyperlink(document, cell) if cell.link else text_run(cell.text, bold=cell.bold))
    built.extend((properties, paragraph))
    return built


def _hyperlink(document: Document, cell: blocks.Run) -> BaseOxmlElement:
    link = element("w:hyperlink")
    number = document.part.relate_to(cell.link or "", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), number)
    link.append(text_run(cell.text, bold=cell.bold, underlined=True))
    return link


def text_run(text: str, *, bold: bool = False, underlined: bool = False) -> BaseOxmlElement:
    """Make a run of text that keeps leading and trailing blanks."""
    run, style, words = element("w:r"), element("w:rPr"), element("w:t")
    if bold:
        style.append(element("w:b"))
    if underlined:
        style.append(element("w:u", val="single"))
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.extend((style, words))
    return run


def element(name: str, **values: str) -> BaseOxmlElement:
    """Make an element of WordprocessingML with these attributes."""
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _twips(millimetres: float) -> str:
    return str(round(millimetres * _TWIPS_PER_MM))
