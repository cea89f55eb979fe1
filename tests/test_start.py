"""What a command loads: nothing heavy before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = """
import json, sys
from cchc_cli.cli.door import _run
sys.stdout = open("/dev/null", "w")
_run(sys.argv[1:])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.__stdout__)
"""


def loaded(program_environment: dict[str, str], *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=program_environment,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("arguments", "not_needed"),
    [
        (["--help"], "sqlalchemy sqlmodel yaml alembic openpyxl dateutil psycopg"),
        (
            ["status", "--help"],
            "sqlalchemy sqlmodel yaml alembic openpyxl dateutil psycopg",
        ),
        (["status", "-f", "json"], "rich yaml alembic openpyxl psycopg dateutil"),
        (
            ["log", "outreach", "--agency", "x"],
            "rich yaml alembic openpyxl psycopg dateutil",
        ),
        (["history", "-f", "csv"], "rich yaml alembic openpyxl psycopg dateutil"),
        (
            ["due", "-f", "json"],
            "rich yaml alembic openpyxl psycopg dateutil sqlalchemy sqlmodel icalendar",
        ),
        (["due"], "yaml alembic openpyxl psycopg dateutil sqlalchemy sqlmodel icalendar"),
        (["due", "--ics", "-"], "rich yaml alembic openpyxl psycopg sqlalchemy sqlmodel"),
        (
            ["explain", "A.1", "--agency", "dai-buon-ho", "--period", "past", "-f", "json"],
            "rich yaml alembic openpyxl psycopg dateutil sqlalchemy sqlmodel icalendar",
        ),
        (
            ["explain", "A.1", "--agency", "dai-buon-ho", "--period", "past"],
            "yaml alembic openpyxl psycopg dateutil sqlalchemy sqlmodel icalendar",
        ),
        (["import", "absent.yaml"], "rich openpyxl psycopg alembic"),
    ],
    ids=str,
)
def test_no_command_loads_what_it_does_not_need(
    cchc_environment: dict[str, str], arguments: list[str], not_needed: str
) -> None:
    assert not loaded(cchc_environment, *arguments) & set(not_needed.split())
