"""What proves an execution, as it is recorded: a web address, or a file's name and SHA-256."""

from __future__ import annotations

import re
from typing import NamedTuple

_FILE = re.compile(r"(?P<name>.*) sha256:(?P<digest>[0-9a-f]{64})", re.DOTALL)


class File(NamedTuple):
    """A file as it was handed in: its name without folders, and the SHA-256 of its content."""

    name: str
    digest: str

    @property
    def address(self) -> str:
        """How it is recorded: `photo.jpg sha256:…`, which no web address can look like."""
        return f"{self.name} sha256:{self.digest}"


def parse_file(address: str) -> File | None:
    """Give the file that a piece of evidence names; None where it is a web address."""
    found = _FILE.fullmatch(address)
    return File(found["name"], found["digest"]) if found else None


def evidence_key(address: str) -> str:
    """Give by what the same evidence is known again: a file's content whatever its name, else the address."""
    file = parse_file(address)
    return file.digest if file else address
