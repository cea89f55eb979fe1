"""Tells kinds of files apart by their contents, and says how to save those that are not read."""

from __future__ import annotations

import re
import zipfile
from enum import Enum, auto
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, Message, message

if TYPE_CHECKING:
    from pathlib import Path


class FileKind(Enum):
    """What a file is, whatever its name says."""

    CSV = auto()
    """Text in UTF-8, or in what cannot be read."""
    UTF_16 = auto()
    """Text in UTF-16 with a byte order mark, as Excel saves “Unicode Text”."""
    XLSX = auto()
    BINARY_WORKBOOK = auto()
    """XLSB."""
    OPEN_DOCUMENT = auto()
    OLD_EXCEL = auto()
    PROTECTED = auto()
    """A workbook with a password, which is encrypted."""
    UTF_16_UNMARKED = auto()
    """Text in UTF-16 without a byte order mark."""
    WEB_PAGE = auto()
    """A table in HTML or XML, which many web systems offer under a name in .xls."""
    OTHER = auto()


_REFUSED: dict[FileKind, Message] = {
    FileKind.BINARY_WORKBOOK: message("a binary workbook (.xlsb); open it in Excel and save it as .xlsx"),
    FileKind.OPEN_DOCUMENT: message(
        "an OpenDocument spreadsheet (.ods); open it in LibreOffice and save it as .xlsx"
    ),
    FileKind.OLD_EXCEL: message(
        "a workbook in the old format of Excel (.xls); open it in Excel and save it as .xlsx"
    ),
    FileKind.PROTECTED: message(
        "protected by a password; open it in Excel, remove the password (File, Info, Protect Workbook) and save it"
    ),
    FileKind.WEB_PAGE: message(
        "a web page or XML, whatever its name says; open it in Excel and save it as .xlsx"
    ),
    FileKind.UTF_16_UNMARKED: message(
        "text in UTF-16 without a byte order mark; save it as “CSV UTF-8” or as .xlsx"
    ),
    FileKind.OTHER: message("neither a workbook (.xlsx) nor CSV"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNING = 4096
_ENOUGH = 20
"""Bytes at the beginning that show UTF-16: every other one is 0 for an ASCII letter, which no other text has."""
_WEB = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|head|body|workbook|style|meta)\b", re.IGNORECASE)
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"GIF8")
_PIECE = 1 << 20


def file_kind(path: Path) -> FileKind:
    """Tell what a file is. Raises OSError."""
    with path.open("rb") as file:
        begin = file.read(_BEGINNING)
    if begin.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    if begin.startswith(_OLE):
        return (
            FileKind.PROTECTED if _contains(path, "EncryptedPackage".encode("utf-16-le")) else _ole_kind(path)
        )
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileKind.UTF_16
    if len(begin) >= _ENOUGH and max(begin[0::2].count(0), begin[1::2].count(0)) > len(begin) // 6:
        return FileKind.UTF_16_UNMARKED
    if _WEB.match(begin.removeprefix(b"\xef\xbb\xbf")):
        return FileKind.WEB_PAGE
    return FileKind.OTHER if begin.startswith(_OTHERS) else FileKind.CSV


def check_readable(path: Path, kind: FileKind) -> None:
    """Raise InputError, which says how to save the file, for a kind that is not read."""
    if what := _REFUSED.get(kind):
        raise InputError(message("{path}: this is {what}", path=str(path), what=what))


def _ole_kind(path: Path) -> FileKind:
    names = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return FileKind.OLD_EXCEL if any(_contains(path, name) for name in names) else FileKind.OTHER


def _contains(path: Path, wanted: bytes) -> bool:
    """Tell whether a file contains some bytes."""
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_PIECE):
            if wanted in before + piece:
                return True
            before = piece[-len(wanted) :]
    return False


def _zip_kind(path: Path) -> FileKind:
    """Tell a package of Excel from others; broken ones count as XLSX, whose reader says what is wrong."""
    try:
        with zipfile.ZipFile(path) as package:
            names = {name.casefold() for name in package.namelist()}
            if "mimetype" in names:
                kind = package.open("mimetype").read(_BEGINNING)
                if kind.startswith(b"application/vnd.oasis.opendocument"):
                    return FileKind.OPEN_DOCUMENT
    # Whatever is wrong with the package: the reader of XLSX looks again.
    except Exception:  # noqa: BLE001
        return FileKind.XLSX
    return FileKind.BINARY_WORKBOOK if "xl/workbook.bin" in names else FileKind.XLSX
