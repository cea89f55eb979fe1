"""The queue of writers that find an SQLite file locked.

They queue on a lock file beside it, `NAME.lock`, so that only the first of them polls. SQLite's own lock alone
decides who may write. The queue only saves work: without it all of them would poll, and leave little of two cores to
the process that writes.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_POLL_SECONDS = 0.0005
"""The pause between two attempts of a process that polls alone."""
_CROWD_POLL_SECONDS = 0.004
"""The same, on average, where there is no queue and all processes poll."""
_QUEUE_SECONDS = 0.5
"""The same of a process that is not the first in the queue: the first may have stopped."""


def poll(attempt: Callable[[], bool], seconds: float, *, alone: bool) -> bool:
    """Repeat an attempt until it succeeds; give False where it did not succeed in this time."""
    deadline = time.monotonic() + seconds
    while not attempt():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS if alone else _CROWD_POLL_SECONDS * (0.5 + os.urandom(1)[0] / 256))
    return True


@contextmanager
def queued(path: Path, attempt: Callable[[], bool], seconds: float) -> Iterator[bool]:
    """Queue on a file, and repeat an attempt until it succeeds; the place in the queue is kept during the block.

    Gives False where it did not succeed in this time, in the queue and at its head together.
    """
    deadline = time.monotonic() + seconds
    with _join_queue(path) as first:
        yield (first is not None and _attempt_until_first(attempt, first, deadline)) or poll(
            attempt, deadline - time.monotonic(), alone=first is not None
        )


def _attempt_until_first(attempt: Callable[[], bool], first: Event, deadline: float) -> bool:
    """Wait to be the first in the queue; give True where an attempt succeeded before."""
    while not first.wait(min(_QUEUE_SECONDS, max(deadline - time.monotonic(), 0))):
        if attempt():
            return True
        if time.monotonic() > deadline:
            break
    return False


if sys.platform == "win32":

    @contextmanager
    def _join_queue(_: Path) -> Iterator[Event | None]:
        """Give None: there is no queue."""
        yield None

else:
    import fcntl

    @contextmanager
    def _join_queue(path: Path) -> Iterator[Event | None]:
        """Join the queue of a file during the block; the event tells that this process is the first.

        Gives None where no lock file can be had, as on some network folders.
        """
        handle = first = None
        with suppress(OSError):
            # The database itself cannot serve: closing a handle of it would release SQLite's locks.
            flags = os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(f"{path}.lock", flags, path.stat().st_mode & 0o666)
            first = _lock(handle)
        try:
            yield first
        finally:
            if handle is not None:
                # Where a thread still waits for the lock, the system releases it as soon as the thread has it.
                os.close(handle)

    def _lock(handle: int) -> Event:
        """Lock a file, and set the event when that is done: in a thread, because waiting for a lock has no timeout."""
        first = Event()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            Thread(target=_wait_for_lock, args=(handle, first), daemon=True).start()
        else:
            first.set()
        return first

    def _wait_for_lock(handle: int, first: Event) -> None:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
            first.set()
