"""Evidence of an execution: a web address, a file's name and SHA-256, or the number of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FILE = re.compile(r"(?P<name>.*) sha256:(?P<digest>[0-9a-f]{64})", re.DOTALL)

_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_SIGNS = "[A-ZĐ]{2}[A-Za-zĐđ]*"
_NUMBER = rf"\d{{1,6}}[A-Za-z]?(?:/\d{{4}})?(?:/{_SIGNS}|-{_SIGNS}/{_SIGNS})(?:[-–&]{_SIGNS})*"
_KINDS = "(?i:công văn|cv|kế hoạch|quyết định|báo cáo|biên bản|thông báo|tờ trình|giấy mời|nghị quyết|chỉ thị|hướng dẫn|văn bản)"
_DOCUMENT = (
    rf"(?:(?:[^\W\d]+ ){{0,6}}(?i:số):? ?|{_KINDS} )?{_NUMBER}"
    r"(?:,? (?i:ngày) \d{1,2}[/-]\d{1,2}[/-]\d{4})?"
)


class File(NamedTuple):
    """An evidence file: its name without folders, and the SHA-256 of its content."""

    name: str
    digest: str

    @property
    def address(self) -> str:
        """The text that is stored, `photo.jpg sha256:…`; no web address has this form."""
        return f"{self.name} sha256:{self.digest}"


def parse_file(address: str) -> File | None:
    """Parse stored evidence as a file; None if it is anything else."""
    found = _FILE.fullmatch(address)
    return File(found["name"], found["digest"]) if found else None


def is_web_address(address: str) -> bool:
    """Tell whether evidence is a web address."""
    return _WEB.fullmatch(address) is not None


def document_reference(text: str) -> str | None:
    """Give the number of a document, as typed but with single blanks; None for other texts.

    Examples: `12/BB-UBND`, `số 05/2024/NĐ-CP`, `15-KH/HU`, `Biên bản số 12/BB-UBND ngày 14/03/2024`, `Công văn 581/BNV-CCHC`.
    """
    found = " ".join(nfc(text).split())
    return found if re.fullmatch(_DOCUMENT, found) else None


def countable_keys(addresses: Iterable[str]) -> Iterator[str]:
    """Give the keys of the evidence that proves one thing wherever it is named: files and web addresses.

    The number of a document does not: each office counts its own documents.
    """
    return (evidence_key(one) for one in addresses if document_reference(one) is None)


def evidence_key(address: str) -> str:
    """Give the deduplication key of evidence: the digest of a file, whatever its name, else the address."""
    file = parse_file(address)
    return file.digest if file else address


def evidence_name(address: str) -> str:
    """Give what people call a piece of evidence: the name of a file, else the address."""
    file = parse_file(address)
    return file.name if file else address
