"""Evidence of an execution: a web address, or a file's name and SHA-256."""

from __future__ import annotations

import re
from typing import NamedTuple

_FILE = re.compile(r"(?P<name>.*) sha256:(?P<digest>[0-9a-f]{64})", re.DOTALL)


class File(NamedTuple):
    """An evidence file: its name without folders, and the SHA-256 of its content."""

    name: str
    digest: str

    @property
    def address(self) -> str:
        """The text that is stored, `photo.jpg sha256:…`; no web address has this form."""
        return f"{self.name} sha256:{self.digest}"


def parse_file(address: str) -> File | None:
    """Parse stored evidence as a file; None if it is a web address."""
    found = _FILE.fullmatch(address)
    return File(found["name"], found["digest"]) if found else None


def evidence_key(address: str) -> str:
    """Give the deduplication key of evidence: the digest of a file, whatever its name, else the address."""
    file = parse_file(address)
    return file.digest if file else address


def evidence_name(address: str) -> str:
    """Give what people call a piece of evidence: the name of a file, else the address."""
    file = parse_file(address)
    return file.name if file else address
