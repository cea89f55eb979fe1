"""Messages to the user, and the errors that carry them.

A `Message` consists of a template in English, which is also the key of its translation, and the values for
its placeholders. Only `cchc_cli.locale.render` converts it to text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Message(NamedTuple):
    """A message that is not yet translated.

    `values` may hold strings, numbers, dates, other messages, and sequences of these.
    """

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        """Give the English text, for logs and for developers."""
        return self.template.format(**self.values)


def message(template: str, /, **values: object) -> Message:
    """Make a message; the template must be a literal, so that Babel can extract it for the catalogue."""
    return Message(template, values)


class CchcError(Exception):
    """An error that is shown to the user, with its exit code."""

    exit_code = 3

    def __init__(self, *messages: Message) -> None:
        """Keep the messages in the order in which they are shown."""
        super().__init__(*messages)
        self.messages: Sequence[Message] = messages

    def __str__(self) -> str:
        """Give the messages in English, one per line."""
        return "\n".join(map(str, self.messages))


class InputError(CchcError):
    """The input is invalid; nothing was changed."""

    exit_code = 2


class StorageError(CchcError):
    """The database or a file failed."""


class NewerDatabaseError(CchcError):
    """The database was written by a newer version of this program."""

    exit_code = 4
