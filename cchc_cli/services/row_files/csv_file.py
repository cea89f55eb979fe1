"""Reads CSV as Excel, LibreOffice and others write it, row by row, within limits."""

from __future__ import annotations

import csv
import io
import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import unescape_formula
from cchc_cli.services.row_files.headings import HEADING_WITHIN, heading_score
from cchc_cli.services.row_files.kinds import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_LINE = 1_000_000
_SEPARATORS = ",;\t"
_PEEKED = 65536
_CHOSEN = re.compile(r"sep=(.)")
"""The first line by which Excel is told the separator."""


def csv_rows(path: Path, kind: FileKind) -> Iterator[tuple[int, list[str]]]:
    """Give each row of the file that is not blank, with its number. Raises InputError."""
    encoding = "utf-16" if kind is FileKind.UTF_16 else "utf-8-sig"
    reader = None
    try:
        with path.open("rb") as file, io.TextIOWrapper(file, encoding=encoding, newline="") as text:
            lines = _bounded_lines(path, text)
            begin, separator, skipped = _beginning(lines)
            reader = csv.reader(chain(begin, lines), delimiter=separator, strict=True)
            for number, cells in enumerate(reader, 1 + skipped):
                whole = "".join(cells)
                if "'" in whole:
                    # As `history -f csv` writes it: an apostrophe before what would be a formula.
                    yield number, list(map(unescape_formula, cells))
                elif whole and not whole.isspace():
                    yield number, cells
    except UnicodeDecodeError:
        raise _not_unicode(path, kind) from None
    except csv.Error as error:
        raise InputError(
            message(
                "{path}:{line}: not readable as CSV: {reason}",
                path=str(path),
                line=reader.line_num if reader else 1,
                reason=reason_of(error),
            )
        ) from None


def _beginning(lines: Iterator[str]) -> tuple[list[str], str, int]:
    """Give the first lines, the separator, and how many lines before them are no rows.

    The separator is the one that Excel was told, else the one with which the headings are found, else the one
    that the first line has most of.
    """
    begin: list[str] = []
    size = 0
    for line in lines:
        begin.append(line)
        size += len(line)
        if len(begin) > HEADING_WITHIN or size > _PEEKED:
            break
    told = _CHOSEN.fullmatch(begin[0].strip("\r\n ")) if begin else None
    if told:
        return begin[1:], told[1], 1
    first = next((line for line in begin if line.strip(" \t\r\n,;")), "")

    def rank(separator: str) -> tuple[int, int]:
        rows = [(number, _cells(line, separator)) for number, line in enumerate(begin, 1)]
        return heading_score([row for row in rows if "".join(row[1]).strip()]), first.count(separator)

    return begin, max(_SEPARATORS, key=rank), 0


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip('" \r\n') for cell in line.split(separator)]


def _bounded_lines(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    """Give each line; raises InputError for one that is too long. Reads many lines at a time, for speed."""
    number, rest = 1, ""
    while piece := text.read(_LONGEST_LINE):
        # `StringIO` splits lines as the file would. The last one may go on in the next piece.
        *lines, rest = io.StringIO(rest + piece, newline="")
        if rest.endswith("\n"):
            lines, rest = [*lines, rest], ""
        # Only the first line and the rest can be longer than a piece.
        for offset, line in ((0, lines[0] if lines else ""), (len(lines), rest)):
            if len(line) > _LONGEST_LINE:
                raise InputError(
                    message(
                        "{path}:{line}: this line is too long for a row", path=str(path), line=number + offset
                    )
                )
        yield from lines
        number += len(lines)
    if rest:
        yield rest


_TONES_1258 = b"\xcc\xd2\xde\xec\xf2"
"""Windows-1258 writes tones behind their vowels."""
_VOWELS_1258 = b"aeiouyAEIOUY\xe2\xe3\xea\xf4\xf5\xfd\xc2\xc3\xca\xd4\xd5\xdd"
_TCVN3 = re.compile(rb"[a-zA-Z][\xa8-\xae\xb5-\xbe][a-zA-Z ]|\xae[a-z\xa8-\xbe]")


def _not_unicode(path: Path, kind: FileKind) -> InputError:
    """Say which line is not Unicode, what the text looks like, and how to save it."""
    if kind is FileKind.UTF_16:
        return InputError(message("{path}: broken UTF-16 text; save the file as “CSV UTF-8”", path=str(path)))
    number, line = _first_line_not_utf8(path)
    return InputError(
        message(
            "{path}:{line}: not UTF-8 text, {looks}; open the original in Excel and save it as .xlsx, or as “CSV UTF-8 (Comma delimited)”: the plain “CSV” loses Vietnamese letters",
            path=str(path),
            line=number,
            looks=_looks_like(line),
        )
    )


def _looks_like(line: bytes) -> Message:
    after_vowels = any(later in _TONES_1258 and one in _VOWELS_1258 for one, later in pairwise(line))
    if after_vowels:
        return message("but perhaps Windows-1258")
    if _TCVN3.search(line):
        return message("but perhaps TCVN3 (a font such as .VnTime)")
    return message("but perhaps Windows-1252")


def _first_line_not_utf8(path: Path) -> tuple[int, bytes]:
    """Give the first line that is not UTF-8, and its number; the decoder reads ahead, so its error has no line."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number, line[:_PEEKED]
    return 1, b""
