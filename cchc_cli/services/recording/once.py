"""Commands that write once, also where their answer got lost and they are given again.

`record` knows its record by the identity in the intent. A correction has no identity of its own: before it is committed, the
intent gets the number and the link of its change, which no other change can have.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from cchc_cli.domain.language.errors import CchcError, InputError
from cchc_cli.storage.changes.changes import chain_head, link_of
from cchc_cli.storage.records.intents import Intent, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

T = TypeVar("T")


@contextmanager
def once(
    database: Database,
    who_and_what: Sequence[object],
    now: datetime,
    *,
    write: Callable[[Connection], T],
    find: Callable[[Connection, int], T | None],
) -> Iterator[tuple[T, bool]]:
    """Write one change, and give the result and whether an earlier run wrote it.

    It counts as acknowledged when the block ends without an error. Where it does not, the next run with the same
    `who_and_what` writes nothing: `find` gives the result of the change of a number, or None where it was changed since,
    and so has been seen.
    """
    intent = begin(database, json.dumps(who_and_what, default=str), now)
    has_write_lock = False
    try:
        with database.writing() as connection:
            has_write_lock = True
            earlier = _find_earlier(connection, intent, find)
            if earlier is None:
                before = chain_head(connection)
                result = write(connection)
                after = chain_head(connection)
                if after != before:
                    intent.note(f"{after.links} {after.link}")
            else:
                result = earlier
        yield result, earlier is not None
    except BaseException as error:
        keep_or_discard(intent, error, has_write_lock=has_write_lock)
        raise
    intent.discard()


def _find_earlier(
    connection: Connection, intent: Intent, find: Callable[[Connection, int], T | None]
) -> T | None:
    seq, _, link = intent.noted.partition(" ") if intent.resumed else ("", "", "")
    if not seq.isdecimal() or link_of(connection, int(seq)) != link:
        return None
    return find(connection, int(seq))


def keep_or_discard(intent: Intent, error: BaseException, *, has_write_lock: bool) -> None:
    """Keep an intent for the next run, unless nothing was written or the user knows that it was."""
    refused_or_known = isinstance(error, CchcError) and error.exit_code in {InputError.exit_code, 0}
    stopped_before_writing = not has_write_lock and not intent.resumed
    if refused_or_known or stopped_before_writing:
        intent.discard()
    else:
        intent.release()
