"""Run a command that may not let a file grow beyond a size: `python -m tests.crash.confined BYTES COMMAND …`.

It stands for a full disk, which a test cannot have without privileges. Python ignores the signal that
comes with it, so that a write fails as it does on a full disk.
"""

from __future__ import annotations

import os
import resource
import sys

if __name__ == "__main__":
    size = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the point of it: the same process goes on
