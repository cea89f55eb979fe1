"""What can be said to a user, and the errors that say it.

Every sentence is a `Message`: a template in English, which is also the key of its translation,
and the values that fill it. It becomes text in one place, `cchc_cli.locale.render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Message(NamedTuple):
    """A sentence not yet put into a language.

    `values` may hold strings, numbers, dates, other messages, and sequences of these.
    """

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        """Give the English sentence, for logs and for developers."""
        return self.template.format(**self.values)


def message(template: str, /, **values: object) -> Message:
    """Make a sentence; the template must be a literal, so that the catalogue can find it."""
    return Message(template, values)


class CchcError(Exception):
    """Something a user must be told. The exit code travels with it."""

    exit_code = 3

    def __init__(self, *messages: Message) -> None:
        """Keep the sentences in the order in which they are to be shown."""
        super().__init__(*messages)
        self.messages: Sequence[Message] = messages

    def __str__(self) -> str:
        """Give the sentences in English, one a line."""
        return "\n".join(map(str, self.messages))


class InputError(CchcError):
    """What was typed or handed over cannot be used; nothing was changed."""

    exit_code = 2


class StorageError(CchcError):
    """The database or a file failed."""


class NewerDatabaseError(CchcError):
    """The database was written by a newer version of this program."""

    exit_code = 4
