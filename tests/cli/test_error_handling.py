"""Error handling: help, usage errors, foreign databases, failing streams."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cchc_cli import __version__
from cchc_cli.cli.app import root_command
from tests.program import EXECUTABLE, Program
from tests.small_plan import import_once, write_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSWORD = "geheim"  # noqa: S105 - no password, but what must not be shown


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small plan once."""
    return import_once(tmp_path_factory.mktemp("stored"))


def start(
    cchc: Program, *arguments: str, before: Sequence[str] = (), **streams: int
) -> subprocess.Popen[bytes]:
    """Start a run with the test's own streams; the others are discarded or piped."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen(
        [*before, str(EXECUTABLE), *arguments],
        env=cchc.environ(),
        cwd=cchc.home,
        stdin=given["stdin"],
        stdout=given["stdout"],
        stderr=given["stderr"],
    )


def test_no_arguments(cchc: Program) -> None:
    """Alone, the program shows its help and touches nothing."""
    outcome = cchc.run()
    assert "Usage: cchc" in outcome.out + outcome.err
    assert "import" in outcome.out + outcome.err
    assert outcome.code in {0, 2}
    assert not list(cchc.home.iterdir())


def test_help_of_every_command(cchc: Program) -> None:
    """Every command explains itself and its options, under both names of the option."""
    commands = list(root_command().commands)
    assert {"import", "log", "status", "history"} <= set(commands)
    whole = cchc.ok("--help").out
    assert cchc.ok("-h").out == whole
    for name in commands:
        assert f"\n  {name} " in whole
        out = cchc.ok(name, "--help").out
        assert f"Usage: cchc {name}" in out
        assert "--help" in out
    assert not list(cchc.home.iterdir())


def test_bad_usage(cchc: Program) -> None:
    """Unknown commands, options and values leave with 2 and name what is wrong."""
    for arguments, words in (
        (("imprt",), "imprt"),
        (("status", "--agancy", "x"), "--agancy"),
        (("--nix",), "--nix"),
        (("import",), "FILE"),
        (("import", "a", "b"), "b"),
        (("log", "A.1", "2", "3"), "3"),
        (("status", "-f", "yaml"), "yaml"),
        (("log", "A.1", "-f", "csv"), "csv"),
        (("status", "--agency"), "--agency"),
        (("--lang", "de", "status"), "de"),
    ):
        assert words in cchc.fails(2, *arguments)


def test_version(cchc: Program) -> None:
    """`--version` tells the version, without any database."""
    cchc.db = "mysql://nowhere"
    assert cchc.ok("--version").out.strip() == f"cchc {__version__}"


def test_language(cchc: Program) -> None:
    """The default is Vietnamese; --lang overrides CCHC_LANG."""
    english = cchc.fails(2, "status")
    assert cchc.fails(2, "--lang", "en", "status") == english
    vietnamese = cchc.fails(2, "--lang", "vi", "status")
    cchc.environment = {"CCHC_LANG": ""}
    assert cchc.fails(2, "status") == vietnamese != english


def test_vietnamese_under_an_old_locale(cchc: Program, stored: Path) -> None:
    """Names come out whole where the system's own encoding has no Vietnamese letters."""
    shutil.copy(stored, cchc.db)
    cchc.environment = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "Sở Nội vụ" in cchc.ok("agencies").out


def test_foreign_files(cchc: Program, tmp_path: Path) -> None:
    """A file that is not our database is rejected and stays unchanged, byte for byte."""
    sqlite = tmp_path / "foreign.db"
    connection = sqlite3.connect(sqlite)
    connection.execute("CREATE TABLE plan (id INTEGER PRIMARY KEY)")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    text = tmp_path / "notes.txt"
    text.write_text("Họp lúc 8 giờ\n", "utf-8")
    short = tmp_path / "short.db"
    short.write_bytes(b"SQLite format 3\0")
    plan = write_plan(tmp_path)
    for path in (sqlite, text, short):
        before = path.read_bytes()
        cchc.db = str(path)
        for arguments in (("status",), ("import", plan), ("import", plan, "--dry-run")):
            assert path.name in cchc.fails(3, *arguments)
        assert path.read_bytes() == before
    cchc.db = str(tmp_path)
    assert str(tmp_path) in cchc.fails(3, "status")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "foreign.db",
        "home",
        "notes.txt",
        "short.db",
        "small.yaml",
    ]


def test_newer_database(cchc: Program, tmp_path: Path, stored: Path) -> None:
    """A database that a newer version wrote is left as it is, with exit code 4."""
    shutil.copy(stored, cchc.db)
    connection = sqlite3.connect(cchc.db)
    connection.execute("PRAGMA user_version = 999")
    connection.commit()
    connection.close()
    before = Path(cchc.db).read_bytes()
    for arguments in (("status",), ("import", write_plan(tmp_path)), ("log", "A.4", "--agency", "snv")):
        assert "newer version" in cchc.fails(4, *arguments)
    assert Path(cchc.db).read_bytes() == before


def test_only_the_owner_may_read(cchc: Program, tmp_path: Path) -> None:
    """Only the owner may read a new database, whatever the umask."""
    plan = write_plan(tmp_path)
    before = ["sh", "-c", 'umask 000; exec "$@"', "sh"]
    process = start(cchc, "import", str(plan), before=before)
    process.communicate()
    assert process.returncode == 0
    assert stat.S_IMODE(Path(cchc.db).stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cchc.db", "home", "small.yaml"]


def test_default_database(tmp_path: Path) -> None:
    """Without --db the database is in the user's data folder; commands that only read do not create it."""
    cchc = Program(tmp_path, "")
    environment = cchc.environ()
    del environment["CCHC_DB"]

    def run(*arguments: str) -> int:
        done = subprocess.run([str(EXECUTABLE), *arguments], check=False, env=environment, cwd=tmp_path)
        return done.returncode

    assert run("status") == 2
    assert run("import", str(write_plan(tmp_path))) == 0
    (database,) = tmp_path.rglob("*.db")
    assert database.parent.name == "cchc"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700
    assert run("status") == 0


def test_other_ways_to_name_the_database(cchc: Program, tmp_path: Path, stored: Path) -> None:
    """--db goes before CCHC_DB; a URL, an absolute and a relative path mean the same file."""
    shutil.copy(stored, tmp_path / "home" / "đắk lắk.db")
    path = tmp_path / "home" / "đắk lắk.db"
    for name in (str(path), "đắk lắk.db", f"sqlite:///{path}", "sqlite:///đắk lắk.db"):
        assert cchc.ok("--db", name, "agencies", "-f", "json").json["plan"] == "small"
    assert not Path(cchc.db).exists()
    assert "folder" in cchc.fails(2, "--db", "nowhere/cchc.db", "import", write_plan(tmp_path))


URLS = [
    f"mysql://officer:{PASSWORD}@localhost/cchc",
    f"http://officer:{PASSWORD}@localhost/",
    f"postgresql://officer:{PASSWORD}@localhost:port/cchc",
    f"postgresql://officer:{PASSWORD}@[::1/cchc",
    f"://officer:{PASSWORD}@localhost",
    f"postgresql:/officer:{PASSWORD}@localhost/cchc",
    "sqlite:cchc.db",
    "sqlite://cchc.db",
    "sqlite:///",
    "sqlite:///:memory:",
    ":memory:",
    "",
]


@pytest.mark.parametrize("url", URLS)
def test_bad_url(cchc: Program, tmp_path: Path, url: str) -> None:
    """An invalid database name is a usage error; no password is shown, and no file is created."""
    for arguments in (("status",), ("import", write_plan(tmp_path))):
        outcome = cchc.run("--db", url, *arguments)
        assert outcome.code == 2, outcome
        assert outcome.err.strip()
        assert PASSWORD not in outcome.out + outcome.err
    assert not list(cchc.home.iterdir())


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://officer:{PASSWORD}@127.0.0.1:1/cchc",
        f"postgres://officer:{PASSWORD}@127.0.0.1:1/cchc",
        f"postgresql://officer:{PASSWORD}@127.0.0.1:99999999/cchc",
        f"postgresql://officer:%67eheim-{PASSWORD}@127.0.0.1:1/cchc",
        f"postgresql://officer@127.0.0.1:1/cchc?password={PASSWORD}",
        f"postgresql://officer:x@127.0.0.1:1/cchc?sslpassword={PASSWORD}",
        f"postgresql://officer:{PASSWORD}@127.0.0.1:1/cchc?nonsense=1",
    ],
)
def test_server_that_is_not_there(cchc: Program, url: str) -> None:
    """A server that does not answer is a failure of the database, told without its password."""
    said = cchc.fails(3, "--db", url, "status")
    assert PASSWORD not in said
    assert "itself failed" not in said


def test_full_disk_behind_stdout(cchc: Program, stored: Path) -> None:
    """An answer that cannot be written is a failure, said once, for short answers and long ones."""
    shutil.copy(stored, cchc.db)
    for arguments in (
        ["--version"],
        ["--help"],
        ["status"],
        ["agencies", "-f", "json"],
        ["status", "-f", "csv"],
    ):
        with Path("/dev/full").open("wb") as full:
            process = start(cchc, *arguments, stdout=full.fileno())
            _, said = process.communicate()
        assert process.returncode == 3, arguments
        assert b"Traceback" not in said
        assert said.count(b"\n") == 1


def test_closed_pipe(cchc: Program, stored: Path) -> None:
    """A closed pipe is no failure, and no message is printed."""
    shutil.copy(stored, cchc.db)
    for arguments in (
        ["--version"],
        ["status"],
        ["status", "-f", "json"],
        ["status", "-f", "csv"],
        ["history"],
    ):
        reading, writing = os.pipe()
        os.close(reading)
        process = start(cchc, *arguments, stdout=writing)
        os.close(writing)
        _, said = process.communicate()
        assert (process.returncode, said) == (0, b""), arguments


def test_closed_streams(cchc: Program, stored: Path) -> None:
    """Streams closed by the caller (`>&-`) cause no traceback."""
    shutil.copy(stored, cchc.db)
    for redirection in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        before = ["sh", "-c", f'exec "$@" {redirection}', "sh"]
        process = start(cchc, "status", before=before)
        _, said = process.communicate()
        assert b"Traceback" not in said, redirection
        assert process.returncode in {0, 3}


def unprivileged() -> list[str]:
    """Give a command prefix that makes file permissions apply to root too."""
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def test_read_only_folder(cchc: Program, tmp_path: Path, stored: Path) -> None:
    """In a read-only folder, commands that only read work; the others fail with an error."""
    folder = tmp_path / "archive"
    folder.mkdir()
    shutil.copy(stored, folder / "cchc.db")
    before, plan = (folder / "cchc.db").read_bytes(), str(write_plan(tmp_path))
    folder.chmod(0o555)
    try:
        cchc.db = str(folder / "cchc.db")
        for arguments, code in (
            (["status", "-f", "json"], 0),
            (["import", plan, "--dry-run"], 0),
            (["log", "A.4", "--agency", "snv"], 3),
            (["--db", str(folder / "new.db"), "import", plan], 3),
        ):
            process = start(cchc, *arguments, before=unprivileged())
            _, said = process.communicate()
            assert process.returncode == code, (arguments, said)
            assert b"Traceback" not in said
            assert b"itself failed" not in said
    finally:
        folder.chmod(0o755)
    assert [path.name for path in folder.iterdir()] == ["cchc.db"]
    assert (folder / "cchc.db").read_bytes() == before


def test_locked_data_folder(tmp_path: Path) -> None:
    """Where the user's data folder cannot be made, the error names --db."""
    home = tmp_path / "home"
    home.write_text("no folder")
    cchc = Program(tmp_path, "")
    environment = {**cchc.environ(), "HOME": str(home)}
    del environment["CCHC_DB"]
    done = subprocess.run(
        [str(EXECUTABLE), "import", str(write_plan(tmp_path))],
        check=False,
        capture_output=True,
        env=environment,
        cwd=tmp_path,
    )
    assert done.returncode in {2, 3}
    assert b"--db" in done.stderr
    assert b"Traceback" not in done.stderr
