"""Waiting where others write to the same SQLite file, or read it: in line, and only the first looks.

Who may write is decided by SQLite's own lock alone. The line is a courtesy beside it: without one, all who
wait would look again and again, and of two cores little would be left for whoever writes.
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

_LOOK = 0.0005
"""Seconds after which whoever is alone in waiting looks again."""
_CROWD = 0.004
"""The same, on average, where there can be no line and all look."""


def wait(worked: Callable[[], bool], seconds: float, *, alone: bool) -> bool:
    """Wait until `worked` says that it did; tell False where it never did in this time."""
    deadline = time.monotonic() + seconds
    while not worked():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK if alone else _CROWD * (0.5 + os.urandom(1)[0] / 256))
    return True


if sys.platform == "win32":

    @contextmanager
    def line(_: Path) -> Iterator[bool]:
        """Tell that there is no line."""
        yield False

else:
    import fcntl

    @contextmanager
    def line(path: Path) -> Iterator[bool]:
        """Come to the front of the line for a file, and stay there; False where there is none, as on some networks."""
        handle = None
        with suppress(OSError):
            # Not the database itself: to close that would let go of SQLite's locks.
            flags = os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(f"{path}-turn", flags, path.stat().st_mode & 0o666)
            fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                os.close(handle)
