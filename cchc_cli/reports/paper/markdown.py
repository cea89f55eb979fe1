"""A report for an e-mail: short, as GitHub’s Markdown, in which nobody's words become markup or a link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cchc_cli.reports.paper import blocks
from cchc_cli.reports.paper.outline import letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.results import Report


def render_report(report: Report) -> bytes:
    """Give the short form of the report as Markdown, UTF-8."""
    return "\n\n".join(text for block in letter(report) for text in _drawn(block)).encode() + b"\n"


def _drawn(block: blocks.Block) -> Iterator[str]:
    match block:
        case blocks.Title(kind, subject, window):
            yield f"# {escaped(kind)}: {escaped(subject)}"
            yield _look(blocks.Run(window, italic=True))
        case blocks.Heading(level, text):
            yield f"{'#' * (level + 1)} {escaped(text)}"
        case blocks.Paragraph(runs):
            yield _started("".join(map(_look, runs)))
        case blocks.Items(items):
            yield "\n".join(f"- {_started(''.join(map(_look, runs)))}" for runs in items)
        case blocks.Table():
            yield "\n".join(_table(block))
        case _:
            # A letterhead, a signature and the ends of pages belong to paper.
            return


_RULES = {
    blocks.Align.LEFT: ":--",
    blocks.Align.JUSTIFY: ":--",
    blocks.Align.CENTER: ":-:",
    blocks.Align.RIGHT: "--:",
}


def _table(table: blocks.Table) -> Iterator[str]:
    yield _row(escaped(column.heading) for column in table.columns)
    yield _row(_RULES[column.align] for column in table.columns)
    yield from (_row(map(_look, row)) for row in table.rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _look(run: blocks.Run) -> str:
    """Set off bold and italic text; the signs must touch a letter, and blanks stay outside."""
    text = run.text.strip(" ")
    if not text or not (run.bold or run.italic):
        return escaped(run.text)
    sign = "*" * (2 * run.bold + run.italic)
    before, after = (
        run.text[: len(run.text) - len(run.text.lstrip(" "))],
        run.text[len(run.text.rstrip(" ")) :],
    )
    return f"{before}{sign}{escaped(text)}{sign}{after}"


_MARKUP = re.compile(r"[\\`*_\[\]<>&~$#]")
_ADDRESS = re.compile(r"[^\s|]*(?:://|www\.|@|mailto:|xmpp:)[^\s|]*", re.IGNORECASE)
_START = re.compile(r"(?P<blank>\s*\d*)(?P<sign>[-+=.)])")
_FENCE = re.compile("`+")


def escaped(text: str) -> str:
    """Write text so that Markdown shows it as it is: markup with a backslash, what looks like an address as code.

    GitHub makes links of bare addresses, whatever is escaped in them, but not of code.
    """
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts += (_plain(text[end : found.start()]), _code(found[0]))
        end = found.end()
    return "".join((*parts, _plain(text[end:])))


def _plain(text: str) -> str:
    # A bar would begin another cell; programs do not agree on how to escape one after a backslash.
    return _MARKUP.sub(r"\\\g<0>", text).replace("|", "&#124;")


def _started(text: str) -> str:
    """Keep the beginning of a line from making a list, a rule or an underline of it."""
    return _START.sub(r"\g<blank>\\\g<sign>", text, count=1) if _START.match(text) else text


def _code(text: str) -> str:
    """Write text as code, within more backticks than it has in a row itself."""
    longest = max((len(run[0]) for run in _FENCE.finditer(text)), default=0)
    fence = "`" * (longest + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}"
