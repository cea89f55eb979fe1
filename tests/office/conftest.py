"""What is here needs programs of the system: it is collected only where CCHC_OFFICE says that they are there."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("CCHC_OFFICE") else ["test_*.py"]
