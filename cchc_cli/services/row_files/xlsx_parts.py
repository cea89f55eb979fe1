"""Reads the parts of an XLSX file: its XML within limits, relationships, sheets, styles, strings.

Both forms of the format are read, transitional and strict: they differ in the names of their namespaces.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from cchc_cli.services.row_files.limits import (
    ALWAYS_ALLOWED,
    DEEPEST,
    LARGEST_PART,
    LARGEST_RATIO,
    LARGEST_STRINGS,
)

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator

PIECE = 1 << 16
"""Bytes of XML that are parsed at a time."""
_NAMESPACES = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/content-types",
        "http://schemas.openxmlformats.org/package/2006/relationships",
    }
)
_RELATION_IDS = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
        "http://purl.oclc.org/ooxml/officeDocument/relationships id",
    }
)
_WORKBOOK_TYPE = re.compile(
    r"application/vnd\.(?:openxmlformats-officedocument\.spreadsheetml|ms-excel)\."
    r"(?:sheet|template)\.(?:macroEnabled\.)?main\+xml"
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class PackageError(Exception):
    """The file is no workbook, or its parts do not fit together; the text is for developers."""


class TooLargeError(Exception):
    """A part unpacks to more than its limit."""


def open_part(package: zipfile.ZipFile, name: str, largest: int) -> zipfile.ZipExtFile:
    """Open a part that is read. Raises TooLargeError for a decompression bomb, PackageError where it is missing."""
    try:
        info = package.getinfo(name)
    except KeyError:
        raise PackageError(f"no part {name}") from None
    if info.file_size > min(largest, max(ALWAYS_ALLOWED, info.compress_size * LARGEST_RATIO)):
        raise TooLargeError(name)
    return package.open(info)  # type: ignore[return-value]  # opened for reading


def feed(source: zipfile.ZipExtFile, start: Callable[..., None], end: Callable[..., None]) -> Iterator[None]:
    """Parse XML piece by piece; the handlers get names without the namespace, `end` also the element's text.

    Elements of other namespaces are passed over. Yields after each piece. Raises PackageError for a document
    type, which could define entities, and for elements that are nested too deep.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    texts: list[list[str]] = []

    def start_element(name: str, attributes: dict[str, str]) -> None:
        if len(texts) >= DEEPEST:
            raise PackageError("too deep")
        texts.append([])
        space, _, local = name.rpartition(" ")
        if space in _NAMESPACES:
            start(local, attributes)

    def end_element(name: str) -> None:
        text = texts.pop()
        space, _, local = name.rpartition(" ")
        if space in _NAMESPACES:
            end(local, "".join(text))

    def characters(text: str) -> None:
        texts[-1].append(text)

    def refuse(*_: object) -> None:
        raise PackageError("a document type")

    parser.StartElementHandler = start_element
    parser.EndElementHandler = end_element
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    while piece := source.read(PIECE):
        parser.Parse(piece, False)  # noqa: FBT003 - takes no keyword
        yield
    parser.Parse(b"", True)  # noqa: FBT003 - takes no keyword
    yield


def _read_whole(
    package: zipfile.ZipFile, name: str, start: Callable[..., None], end: Callable[..., None], largest: int
) -> None:
    with open_part(package, name, largest) as source:
        for _ in feed(source, start, end):
            pass


def _ignore(_name: str, _text: str) -> None:
    """Pass over the end of an element."""


class Relation(NamedTuple):
    """What a relationship of the workbook points to."""

    kind: str
    """The last word of its type, such as `worksheet`."""
    part: str
    """The name of the part; empty for something outside the file."""


class SheetPart(NamedTuple):
    """A worksheet of the workbook."""

    name: str
    part: str
    hidden: bool


class Workbook(NamedTuple):
    """What a workbook says about its parts."""

    sheets: list[SheetPart]
    strings: str | None
    styles: str | None
    since_1904: bool


def read_workbook(package: zipfile.ZipFile) -> Workbook:
    """Read the list of sheets, and where the other parts are. Raises PackageError."""
    part, strings = _named_parts(package)
    relations = _relations(package, part)
    sheets: list[SheetPart] = []
    since_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in {"1", "true", "on"}
        elif name == "sheet":
            key = next((value for given, value in attributes.items() if given in _RELATION_IDS), "")
            relation = relations.get(key)
            if relation is None:
                raise PackageError("a sheet without a part")
            if relation.kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(SheetPart(attributes.get("name", ""), relation.part, hidden))

    _read_whole(package, part, start, _ignore, LARGEST_PART)
    by_kind = {relation.kind: relation.part for relation in relations.values()}
    # Some programs name the table of strings only in the list of contents.
    return Workbook(sheets, by_kind.get("sharedStrings", strings), by_kind.get("styles"), since_1904)


def _named_parts(package: zipfile.ZipFile) -> tuple[str, str | None]:
    """Give the workbook and the table of strings, as the list of contents names them."""
    found: list[str] = []
    strings: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if name == "Override" and _WORKBOOK_TYPE.fullmatch(kind):
            found.append(attributes.get("PartName", "").lstrip("/"))
        elif name == "Override" and kind.endswith("sharedStrings+xml"):
            strings.append(attributes.get("PartName", "").lstrip("/"))
        elif name == "Default" and _WORKBOOK_TYPE.fullmatch(kind):
            found.append("xl/workbook.xml")

    _read_whole(package, "[Content_Types].xml", start, _ignore, LARGEST_PART)
    if not found:
        raise PackageError("no workbook")
    return found[0], strings[0] if strings else None


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, Relation]:
    folder, name = posixpath.split(part)
    relations: dict[str, Relation] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "")
            outside = attributes.get("TargetMode") == "External"
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            relations[attributes.get("Id", "")] = Relation(kind, "" if outside else posixpath.normpath(whole))

    _read_whole(package, posixpath.join(folder, "_rels", f"{name}.rels"), start, _ignore, LARGEST_PART)
    return relations


def read_strings(package: zipfile.ZipFile, part: str | None) -> list[str]:
    """Read the table of strings; readings of characters (furigana) are no part of a text."""
    strings: list[str] = []
    pieces: list[str] = []
    phonetic = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic = True

    def end(name: str, text: str) -> None:
        nonlocal phonetic
        if name == "t" and not phonetic:
            pieces.append(text)
        elif name == "rPh":
            phonetic = False
        elif name == "si":
            strings.append(unescaped("".join(pieces)))

    if part is not None:
        _read_whole(package, part, start, end, LARGEST_STRINGS)
    return strings


def unescaped(text: str) -> str:
    """Undo `_xHHHH_`, as which a workbook writes characters that XML cannot hold."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Format(NamedTuple):
    """How a cell shows a number."""

    is_date: bool = False
    is_percent: bool = False
    digits: int = 0
    """The number is filled up with zeros to so many digits."""


_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENTS = frozenset({9, 10})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZEROS = re.compile("0{2,}")


def read_formats(package: zipfile.ZipFile, part: str | None) -> list[Format]:
    """Give the format of each style of cells."""
    codes: dict[int, str] = {}
    formats: list[Format] = []
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside = name
        elif name == "xf" and inside:
            formats.append(_format(int(attributes.get("numFmtId", 0)), codes))

    def end(name: str, _: str) -> None:
        nonlocal inside
        if name == inside:
            inside = ""

    if part is not None:
        _read_whole(package, part, start, end, LARGEST_PART)
    return formats


def _format(number: int, codes: dict[int, str]) -> Format:
    code = codes.get(number)
    if code is None:
        return Format(number in _DATES, number in _PERCENTS)
    shown = _NOT_SHOWN.sub("", code.partition(";")[0])
    if shown.casefold() == "general":
        return Format()
    is_date = any(letter in "dmyhs" for letter in shown.casefold())
    return Format(is_date, "%" in shown and not is_date, len(shown) if _ZEROS.fullmatch(shown) else 0)
