"""What an import did."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.comparison import Change
    from cchc_cli.domain.plan.model import Plan


class ImportAction(StrEnum):
    """What an import did, or would do."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class ImportResult(NamedTuple):
    """The outcome of an import; `bundled` is the plan file's path if it came with the program.

    `notes` point out content that is valid, but perhaps not intended.
    """

    plan: Plan
    result: ImportAction
    dry_run: bool
    changes: list[Change]
    notes: list[Message]
    bundled: str | None = None
