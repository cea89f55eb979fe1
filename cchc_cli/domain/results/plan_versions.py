"""The versions of a stored plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class PlanVersion(NamedTuple):
    """One imported version of a plan; `source` is the file's text, `digest` its SHA-256."""

    version: int
    digest: str
    source: str
    author: str
    recorded_at: datetime
