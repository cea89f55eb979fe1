"""Run a command that may not let a file grow beyond a size: `python -m tests.crash.confined BYTES COMMAND …`.

It simulates a full disk, which would need privileges. Python ignores the signal SIGXFSZ, so that a write fails with an
error as on a full disk.
"""

from __future__ import annotations

import os
import resource
import sys

if __name__ == "__main__":
    size = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - on purpose: the same process becomes the command
