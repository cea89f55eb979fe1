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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_POLL_SECONDS = 0.0005
"""The pause between two attempts of a process that polls alone."""
_CROWD_POLL_SECONDS = 0.004
"""The same, on average, where there is no queue and all processes poll."""


def poll(attempt: Callable[[], bool], seconds: float, *, alone: bool) -> bool:
    """Repeat an attempt until it succeeds; give False where it did not succeed in this time."""
    deadline = time.monotonic() + seconds
    while not attempt():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS if alone else _CROWD_POLL_SECONDS * (0.5 + os.urandom(1)[0] / 256))
    return True


if sys.platform == "win32":

    @contextmanager
    def queued(_: Path) -> Iterator[bool]:
        """Give False: there is no queue."""
        yield False

else:
    import fcntl

    @contextmanager
    def queued(path: Path) -> Iterator[bool]:
        """Wait for the head of the queue of a file, and keep it during the block.

        Gives False where no lock file can be had, as on some network folders.
        """
        handle = None
        with suppress(OSError):
            # The database itself cannot serve: closing a handle of it would release SQLite's locks.
            flags = os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(f"{path}.lock", flags, path.stat().st_mode & 0o666)
            fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                os.close(handle)
