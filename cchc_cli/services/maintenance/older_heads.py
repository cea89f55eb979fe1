"""Reads the head of the chain that an older answer of the program names: each format has one place for it.

Text elsewhere in a file never counts: a title or the name of a piece of evidence may look like a head.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.records.hash_chain import HEAD_COLUMN, HEAD_MARK, Head
from cchc_cli.services.files.plan_file import read_regular

if TYPE_CHECKING:
    from collections.abc import Callable

    from cchc_cli.domain.language.errors import Message

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
_MARKED = re.compile(rf"{HEAD_MARK} {_HEAD.pattern}")
_LARGEST_FILE = 512 << 20
_LARGEST_PROPERTIES = 1 << 20
"""Bytes of a file, and of the part of a Word or Excel file that holds its properties."""


class OlderHead(NamedTuple):
    """A head that an older answer names, and what is wrong with the file, if anything."""

    head: Head
    problem: Message | None = None


def parse_head(text: str) -> OlderHead:
    """Read `COUNT:HEAD` from the text, or from the file that it names: a report, JSON or CSV. Raises InputError."""
    typed = _HEAD.fullmatch(text.strip())
    content = b"" if typed else read_regular(Path(text), _LARGEST_FILE)
    found = typed or _head_in(content)
    if found is None:
        raise InputError(
            message(
                "“{text}” holds no head of a chain in the place where the program writes it; type COUNT:HEAD as the report shows it",
                text=text,
            )
        )
    problem = None
    if not typed and not _is_shown(content, found[2].encode()):
        problem = message(
            "“{text}” does not show the head that it was written with; somebody altered it", text=text
        )
    return OlderHead(Head(int(found[1]), found[2]), problem)


def _is_shown(content: bytes, digest: bytes) -> bool:
    """Tell whether a report shows the head for people too, where the format has a place of its own for programs."""
    if content.startswith(b"PK"):
        return _is_shown_in_office_file(content, digest)
    if content.lstrip(b"\xef\xbb\xbf").lower().startswith(b"<!doctype html>"):
        # Once for programs, once for people.
        return content.count(digest) > 1
    return True


def _is_shown_in_office_file(content: bytes, digest: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(
            digest in archive.read(part)
            for part in archive.infolist()
            if part.filename.endswith(".xml")
            and not part.filename.startswith("docProps/")
            and part.file_size <= _LARGEST_FILE
        )


def _head_in(content: bytes) -> re.Match[str] | None:
    """Give the head in the one place that the format of a file has for it; None where there is none."""
    if content.startswith(b"PK"):
        return _MARKED.fullmatch(_identifier_of_office_file(content))
    if content.startswith(b"%PDF-"):
        return _in_pdf(content)
    # PowerShell writes what a program prints as UTF-16, with a byte order mark.
    text = content.decode(json.detect_encoding(content), "replace").removeprefix("\ufeff").strip()
    readers: tuple[Callable[[str], re.Match[str] | None], ...] = (
        _HEAD.fullmatch,
        _in_json,
        _in_html,
        _in_markdown,
        _in_csv,
    )
    return next(filter(None, (read(text) for read in readers)), None)


def _identifier_of_office_file(content: bytes) -> str:
    """Give the property “identifier” of a Word or Excel file; empty where there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("docProps/core.xml")
            if part.file_size > _LARGEST_PROPERTIES:
                return ""
            properties = ET.fromstring(archive.read(part))  # noqa: S314 - limited in size, without external entities
    except (
        zipfile.BadZipFile,
        zlib.error,
        ET.ParseError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return ""
    return properties.findtext("{http://purl.org/dc/elements/1.1/}identifier", "")


def _in_pdf(content: bytes) -> re.Match[str] | None:
    """Find the keywords of a PDF; in any other text of it, the parentheses would be escaped or compressed."""
    found = re.findall(rb"\n/Keywords \((%b [0-9a-f:]+)\)\n" % HEAD_MARK.encode(), content)
    return _MARKED.fullmatch(found[0].decode()) if len(found) == 1 else None


def _in_json(text: str) -> re.Match[str] | None:
    if not text.startswith("{"):
        return None
    try:
        document = json.loads(text)
        chain = document.get("chain", document)
        return _HEAD.fullmatch(f"{chain['count']}:{chain['head']}")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


class _MetaParser(HTMLParser):
    """Collects the contents of the `meta` elements of our name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "meta" and attributes.get("name") == HEAD_MARK:
            self.found.append(attributes.get("content") or "")


def _in_html(text: str) -> re.Match[str] | None:
    if not text[:20].lower().startswith("<!doctype html>"):
        return None
    parser = _MetaParser()
    parser.feed(text.partition("</head>")[0])
    return _HEAD.fullmatch(parser.found[0]) if len(parser.found) == 1 else None


def _in_markdown(text: str) -> re.Match[str] | None:
    """Read the end of the last line, which says what the report rests on; no recorded text follows the head there."""
    if not text.startswith("# "):
        return None
    return re.fullmatch(rf"\*.*[^\d]{_HEAD.pattern}\*", text[text.rfind("\n") + 1 :])


def _in_csv(text: str) -> re.Match[str] | None:
    """Read the column for it, which only the first row fills."""
    if HEAD_COLUMN not in text.partition("\n")[0]:
        return None
    try:
        found = [row.get(HEAD_COLUMN) or "" for row in csv.DictReader(io.StringIO(text, newline=""))]
    except csv.Error:
        return None
    return None if any(found[1:]) else _HEAD.fullmatch("".join(found[:1]))
