"""A report as a Word document: A4 as decree 30/2020/NĐ-CP requires; the same report gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import docx as python_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from cchc_cli.domain.records.hash_chain import marked_head
from cchc_cli.locale import current_language
from cchc_cli.reports.paper import blocks
from cchc_cli.reports.paper.docx_table import SMALL, add_table, element, text_run
from cchc_cli.reports.paper.outline import outline
from cchc_cli.reports.wording.about import extent_words, subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from docx.document import Document
    from docx.oxml.text.paragraph import CT_P
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.parfmt import ParagraphFormat

    from cchc_cli.domain.results.reviews import Report

FONT = "Times New Roman"
_BODY, _CELL = 13, 11
_ALIGNMENTS = {
    blocks.Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    blocks.Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    blocks.Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    blocks.Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def render_report(report: Report) -> bytes:
    """Give the report as a Word document."""
    document = python_docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_properties(document, report)
    for block, following in pairwise((*outline(report), blocks.NewPage())):
        _add_block(document, block)
        if isinstance(block, blocks.Paragraph):
            # A paragraph before a table or signature stays on the same page with it.
            _last_paragraph_format(document).keep_with_next = isinstance(
                following, blocks.Table | blocks.Signature
            )
    return _archive_without_dates(document)


def _last_paragraph_format(document: Document) -> ParagraphFormat:
    """Give the format of the last paragraph; `document.paragraphs` would visit all of them."""
    last: CT_P = document.element.body.findall(qn("w:p"))[-1]
    form: ParagraphFormat = Paragraph(last, document).paragraph_format
    return form


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)
    # Page numbers begin on the second page: the first page has a different, empty header.
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = element("w:fldSimple", instr="PAGE")
    field.append(text_run("2"))
    header._p.append(field)  # noqa: SLF001 - python-docx has no API for fields


def _set_styles(document: Document) -> None:
    style = partial(_set_style, document)
    style("Normal", _BODY, before=0, after=6)
    style("Title", 14, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, before=0, after=2)
    style("Header", _BODY)
    style("List Bullet", _BODY, after=3, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    style("Heading 1", 14, bold=True, before=12, after=6)
    style("Heading 2", _BODY, bold=True, before=10, after=4)
    style("Heading 3", _BODY, bold=True, italic=True, before=8, after=4)
    style("No Spacing", _CELL)
    title = document.styles["Title"].element
    # The template underlines titles and spaces their letters.
    for unwanted in [*title.iter(qn("w:pBdr")), *title.rPr.iter(qn("w:spacing"), qn("w:kern"))]:
        unwanted.getparent().remove(unwanted)
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), current_language())


def _set_style(  # noqa: PLR0913 - the properties of a style
    document: Document,
    name: str,
    size: int,
    *,
    bold: bool = False,
    italic: bool = False,
    before: int = 0,
    after: int = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> None:
    style: ParagraphStyle = document.styles[name]
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    _set_font(style)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), 1.0
    if align is not None:
        spacing.alignment = align


def _set_font(style: ParagraphStyle) -> None:
    """Replace the theme fonts of the template by one font for all scripts."""
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _set_properties(document: Document, report: Report) -> None:
    properties = document.core_properties
    properties.title, properties.language = subject(report)[:255], current_language()
    properties.subject = (extent_words(report.assessment.extent) or "")[:255]
    properties.identifier = marked_head(report.assessment.chain)
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = _midnight(report.assessment.cutoff.day)
    properties.revision = 1


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Word stores no UTC offset here


def _add_block(document: Document, block: blocks.Block) -> None:
    match block:
        case blocks.Letterhead():
            _add_letterhead(document, block)
        case blocks.Title():
            _add_title(document, block)
        case blocks.Heading(level, text):
            document.add_heading(text, level)
        case blocks.Paragraph(runs, align, small):
            paragraph = document.add_paragraph()
            paragraph.alignment = _ALIGNMENTS[align]
            _add_runs(paragraph, runs, SMALL if small else None)
        case blocks.Items(items):
            for runs in items:
                _add_runs(document.add_paragraph(style="List Bullet"), runs)
        case blocks.Table():
            add_table(document, block)
        case blocks.Signature():
            _add_signature(document, block)
        case blocks.NewPage():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_runs(paragraph: Paragraph, runs: Iterable[blocks.Run], size: int | None = None) -> None:
    for run in runs:
        added = paragraph.add_run(run.text)
        added.bold, added.italic = run.bold or None, run.italic or None
        if size:
            added.font.size = Pt(size)


def _add_letterhead(document: Document, head: blocks.Letterhead) -> None:
    table = document.add_table(2, 2)
    _set_widths(table, 65, 95)
    left, right = table.cell(0, 0), table.cell(0, 1)
    issuer, nation = left.paragraphs[0], right.paragraphs[0]
    _fill_centred(issuer, head.issuer[0], 12)
    _fill_centred(left.add_paragraph(), head.issuer[1], 12, bold=True)
    _make_rule(left.add_paragraph(), 20)
    _fill_centred(nation, head.nation[0], 12, bold=True)
    _fill_centred(right.add_paragraph(), head.nation[1], 13, bold=True)
    _make_rule(right.add_paragraph(), 20)
    _fill_centred(table.cell(1, 0).paragraphs[0], head.number, 13)
    _fill_centred(table.cell(1, 1).paragraphs[0], head.place, 13, italic=True)


def _set_widths(table: Table, *widths: float) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _fill_centred(
    paragraph: Paragraph, text: str, size: int, *, bold: bool = False, italic: bool = False
) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    _add_runs(paragraph, [blocks.Run(text, bold, italic)], size)


def _make_rule(paragraph: Paragraph, indent: float) -> None:
    """Turn an empty paragraph into a short horizontal line by its top border."""
    spacing = paragraph.paragraph_format
    spacing.left_indent = spacing.right_indent = Mm(indent)
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(2), Pt(0), Pt(8)
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - no API for borders either
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def _add_title(document: Document, title: blocks.Title) -> None:
    kind = document.add_paragraph(title.kind, style="Title")
    kind.paragraph_format.space_before = Pt(18)
    subject_line = document.add_paragraph(style="Title")
    _add_runs(subject_line, [blocks.Run(title.subject)])
    window = document.add_paragraph()
    _fill_centred(window, title.window, _BODY, italic=True)
    _make_rule(document.add_paragraph(), 55)
    addressee = document.add_paragraph()
    _fill_centred(addressee, title.addressee, _BODY)
    addressee.paragraph_format.space_before = addressee.paragraph_format.space_after = Pt(10)


def _add_signature(document: Document, block: blocks.Signature) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    table = document.add_table(1, 2)
    _set_widths(table, 75, 85)
    table.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001 - nor for rows that stay in one piece
    left, right = table.cell(0, 0), table.cell(0, 1)
    heading = left.paragraphs[0]
    heading.paragraph_format.space_after = Pt(0)
    _add_runs(heading, [blocks.Run(block.heading, bold=True, italic=True)], 12)
    for recipient in block.recipients:
        line = left.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        _add_runs(line, [blocks.Run(recipient)], 11)
    _fill_centred(right.paragraphs[0], block.office, _BODY, bold=True)
    _fill_centred(right.add_paragraph(), block.hint, 12, italic=True)
    for _ in range(4):
        right.add_paragraph()


def _archive_without_dates(document: Document) -> bytes:
    """Save the document as a ZIP archive whose parts all carry the same date."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return packed.getvalue()
