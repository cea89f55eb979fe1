"""What a command loads: nothing heavy before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cchc_cli.cli.app import COMMANDS
from tests.small_plan import NOW
from tests.typer_cap import loaded_by

if TYPE_CHECKING:
    from pathlib import Path

LOADED = """
import json, sys
from cchc_cli.cli.error_handling import run
sys.stdout = open("/dev/null", "w")
run(sys.argv[1:])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.__stdout__)
"""


def loaded(program_environment: dict[str, str], *arguments: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=program_environment,
        cwd=cwd,
    )
    return set(json.loads(done.stdout))


HEAVY = frozenset(
    [
        "PIL",
        "alembic",
        "dateutil",
        "docx",
        "fontTools",
        "fpdf",
        "icalendar",
        "lxml",
        "openpyxl",
        "psycopg",
        "pydantic",
        "rich",
        "sqlalchemy",
        "sqlmodel",
        "yaml",
    ]
)
WHOLE = "sqlalchemy sqlmodel pydantic"
"""Commands on whole tables use SQLAlchemy and the models."""

NEEDS: list[tuple[str, str]] = [
    ("--help", ""),
    ("import --help", ""),
    ("import absent.yaml", f"{WHOLE} yaml"),
    ("log A.1 15 --agency dai-buon-ho --date {day} --form radio", ""),
    ("log A.1 15 --agency dai-buon-ho --date {day} --form radio -f json", ""),
    ("log --file absent.csv", ""),
    ("status --agency dai-buon-ho", "rich"),
    ("status -f json", ""),
    ("status -f csv", ""),
    ("status --summary -f json", ""),
    ("status --to s.csv", ""),
    ("history", "rich"),
    ("history -f csv", ""),
    ("history --to h.csv", ""),
    ("history 1 -f json", ""),
    ("amend 1 --amount 16 --reason x", ""),
    ("void 1 --reason x", ""),
    ("waive A.1 --agency dai-buon-ho --from {day} --to {day} --reason x", ""),
    ("verify", f"{WHOLE} yaml alembic"),
    ("evidence 1", ""),
    ("doctor", f"{WHOLE} yaml alembic"),
    ("backup b.db", f"{WHOLE} yaml alembic"),
    ("restore absent.db", f"{WHOLE} yaml alembic"),
    ("plan", "rich"),
    ("plan -f json", ""),
    ("agencies", "rich"),
    ("agencies -f json", ""),
    ("due", "rich"),
    ("due -f json", ""),
    ("due --ics -", "icalendar dateutil"),
    ("explain A.1 --agency dai-buon-ho --period past", "rich"),
    ("explain A.1 --agency dai-buon-ho --period past -f json", ""),
    ("config", ""),
    ("config set agency x", ""),
    ("review list", ""),
    ("review close past -f json", ""),
    ("review diff past", ""),
    ("report --period past --to r.md", ""),
    ("report --period past --to r.html", ""),
    ("report --period past --to r.xlsx", "openpyxl lxml PIL"),
    ("report --period past --to r.docx", "docx lxml"),
    ("report --period past --to r.pdf", "fpdf fontTools PIL"),
]
"""The heavy modules that each command may import."""


@pytest.mark.parametrize(("command", "needed"), NEEDS)
def test_no_command_loads_what_it_does_not_need(
    cchc_environment: dict[str, str], command: str, needed: str, tmp_path: Path
) -> None:
    given = command.format(day=NOW.ago(3)).split()
    found = loaded({**cchc_environment, "PWD": str(tmp_path)}, *given, cwd=tmp_path)
    assert found & HEAVY <= set(needed.split())


def test_every_command_is_held_to_it() -> None:
    assert {command.split()[0] for command, _ in NEEDS} == {"--help", *COMMANDS}


def test_typer_is_one_that_runs_without_pydantic() -> None:
    """If this fails with a newer typer, its limit in pyproject.toml was removed too early: tests/typer_cap.py."""
    _, *heavy = loaded_by()
    assert "pydantic" not in heavy
