"""No error shows the password of a database's URL: twenty failures with ten forms of URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from tests.program import Program
from tests.small_plan import NOW, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Server

SECRET = "geh/eim:2024"  # noqa: S105 - no password, but what must not be shown
CODED = quote(SECRET, safe="")
SHAPES = {
    "in the address": "postgresql://officer:{coded}@/{name}?{where}",
    "postgres as the scheme": "postgres://officer:{coded}@/{name}?{where}",
    "a driver named": "postgresql+psycopg://officer:{coded}@/{name}?{where}",
    "in the query": "postgresql://officer@/{name}?{where}&password={coded}",
    "twice": "postgresql://officer:{coded}@/{name}?{where}&password={coded}",
    "of a key": "postgresql://officer:{coded}@/{name}?{where}&sslpassword={coded}",
    "with a nonsense option": "postgresql://officer:{coded}@/{name}?{where}&nonsense={coded}",
    "no such host": "postgresql://officer:{coded}@127.0.0.1:1/{name}",
    "a bad port": "postgresql://officer:{coded}@127.0.0.1:port/{name}",
    "another scheme": "mysql://officer:{coded}@127.0.0.1:1/{name}",
}


def failures(plan: Path, folder: Path) -> list[tuple[object, ...]]:
    """Give twenty commands that fail, whether the database exists or not."""
    (folder / "bad.csv").write_text("date,agency\n", "utf-8")
    (folder / "bad.yaml").write_text("format: x", "utf-8")
    day = NOW.ago(3)
    return [
        ("import", folder / "absent.yaml"),
        ("import", folder / "bad.yaml"),
        ("import", plan, "--nonsense"),
        ("log", "nothing", "--agency", "so-noi-vu"),
        ("log", "meetings", "--agency", "nobody"),
        ("log", "meetings", "--agency", "so-noi-vu", "--date", "2001-01-01"),
        ("log", "A.1", "x", "--agency", "so-noi-vu"),
        ("log", "meetings", "--agency", "so-noi-vu", "--evidence", folder / "absent.jpg"),
        ("log", "--file", folder / "bad.csv"),
        ("log", "--file", folder / "absent.xlsx"),
        ("status", "--period", "x"),
        ("status", "--known-at", "x"),
        ("history", "99"),
        ("amend", "99", "--date", day, "--reason", "x"),
        ("void", "99", "--reason", "x"),
        ("waive", "nothing", "--agency", "so-noi-vu", "--from", day, "--to", day, "--reason", "x"),
        ("verify", "--against", "nothing"),
        ("restore", folder / "absent.db"),
        ("backup", folder / "nowhere" / "b.db"),
        ("evidence", "99"),
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_failure_tells_the_password(cchc: Program, postgres: Server, tmp_path: Path, shape: str) -> None:
    url = postgres.fresh()
    found = urlsplit(url)
    plan = write_plan(tmp_path)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "DO $$ BEGIN CREATE ROLE officer SUPERUSER LOGIN; EXCEPTION WHEN OTHERS THEN NULL; END $$"
        )
    Program(cchc.home, url).ok("import", plan)
    target = SHAPES[shape].format(coded=CODED, name=found.path.strip("/"), where=found.query)
    program = Program(cchc.home, target)
    commands = failures(plan, tmp_path)
    assert len(commands) == 20
    for arguments in commands:
        outcome = program.run(*arguments)
        said = outcome.out + outcome.err
        assert outcome.code in {2, 3}, (arguments, outcome)
        assert SECRET not in said, (arguments, said)
        assert CODED not in said, (arguments, said)
        assert "Traceback" not in said
        assert "itself failed" not in said, (arguments, said)
