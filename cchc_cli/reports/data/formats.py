"""Writes JSON and CSV: stable and independent of the language (docs/json.md)."""

from __future__ import annotations

import csv
import io
import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.text import escape_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


Document = dict[str, Any]


def to_json(document: Document) -> str:
    """Write one JSON document; characters that could act on a terminal are escaped, so that no text changes."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char == "\n" or char.isprintable() else json.dumps(char)[1:-1] for char in text)


def to_csv(columns: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Write CSV line by line as RFC 4180 defines it, quoted where needed, with CR LF.

    Text that a spreadsheet would run as a formula is prefixed with an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in chain([columns], rows):
        writer.writerow(map(_cell, columns, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(column: str, value: object) -> object:
    if value is None:
        return ""
    # Amounts are text here to keep all decimals, but they are numbers: -2 gets no apostrophe.
    return escape_formula(value) if isinstance(value, str) and column != "amount" else value
