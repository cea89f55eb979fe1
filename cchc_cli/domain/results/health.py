"""What `doctor` found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cchc_cli.domain.language.errors import Message


class HealthNote(NamedTuple):
    """A problem that `doctor` reports: its kind for scripts, and the message."""

    kind: str
    what: Message


class HealthReport(NamedTuple):
    """The result of the health check (`doctor`): facts by name, and problems."""

    facts: list[tuple[Message, Message]]
    notes: list[HealthNote]

    @property
    def ok(self) -> bool:
        """Whether there are no problems; evidence shared by several records may be intended."""
        return all(note.kind == "shared" for note in self.notes)
