"""A short report for an e-mail as GitHub’s Markdown; recorded text never becomes markup or a link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cchc_cli.reports.paper import blocks
from cchc_cli.reports.paper.outline import short_outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.results.reviews import Report


def render_report(report: Report) -> bytes:
    """Give the short form of the report as Markdown, UTF-8; `verify --against` reads the head at the end of its last line."""
    return (
        "\n\n".join(text for block in short_outline(report) for text in _block_lines(block)).encode() + b"\n"
    )


def _block_lines(block: blocks.Block) -> Iterator[str]:
    match block:
        case blocks.Title(kind, subject, window):
            yield f"# {escape(kind)}: {escape(subject)}"
            yield _styled_run(blocks.Run(window, italic=True))
        case blocks.Heading(level, text):
            yield f"{'#' * (level + 1)} {escape(text)}"
        case blocks.Paragraph(runs):
            yield _escape_line_start("".join(map(_styled_run, runs)))
        case blocks.Items(items):
            yield "\n".join(f"- {_escape_line_start(''.join(map(_styled_run, runs)))}" for runs in items)
        case blocks.Table():
            yield "\n".join(_table(block))
        case _:
            # Letterheads, signatures and page breaks are only for paper.
            return


_DELIMITERS = {
    blocks.Align.LEFT: ":--",
    blocks.Align.JUSTIFY: ":--",
    blocks.Align.CENTER: ":-:",
    blocks.Align.RIGHT: "--:",
}


def _table(table: blocks.Table) -> Iterator[str]:
    yield _row(escape(column.heading) for column in table.columns)
    yield _row(_DELIMITERS[column.align] for column in table.columns)
    yield from (_row(map(_styled_run, row)) for row in table.rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _styled_run(run: blocks.Run) -> str:
    """Mark bold and italic text; blanks stay outside of the asterisks, as Markdown requires."""
    text = run.text.strip(" ")
    if not text or not (run.bold or run.italic):
        return escape(run.text)
    marker = "*" * (2 * run.bold + run.italic)
    before, after = (
        run.text[: len(run.text) - len(run.text.lstrip(" "))],
        run.text[len(run.text.rstrip(" ")) :],
    )
    return f"{before}{marker}{escape(text)}{marker}{after}"


_MARKUP = re.compile(r"[\\`*_\[\]<>&~$#]")
_ADDRESS = re.compile(r"[^\s|]*(?:://|www\.|@|mailto:|xmpp:)[^\s|]*", re.IGNORECASE)
_LINE_START = re.compile(r"(?P<blank>\s*\d*)(?P<sign>[-+=.)])")
_BACKTICKS = re.compile("`+")


def escape(text: str) -> str:
    """Escape text so that Markdown shows it unchanged; what looks like an address becomes a code span.

    GitHub turns bare addresses into links even if they are escaped, but not within code spans.
    """
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts += (_escape_markup(text[end : found.start()]), _code_span(found[0]))
        end = found.end()
    return "".join((*parts, _escape_markup(text[end:])))


def _escape_markup(text: str) -> str:
    # A bar begins another cell; programs differ in how they read a bar after a backslash.
    return _MARKUP.sub(r"\\\g<0>", text).replace("|", "&#124;")


def _escape_line_start(text: str) -> str:
    """Escape a sign that would turn the line into a list item, a rule or an underline."""
    return _LINE_START.sub(r"\g<blank>\\\g<sign>", text, count=1) if _LINE_START.match(text) else text


def _code_span(text: str) -> str:
    """Write text as a code span, with a longer fence than any run of backticks in it."""
    longest = max((len(run[0]) for run in _BACKTICKS.finditer(text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"
