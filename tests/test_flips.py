"""2,000 flipped bits: `verify` finds each one that changes a record, and has no false alarms."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.language.errors import CchcError
from cchc_cli.services.maintenance.verification import verify
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.recording.corrections import Correction, amend
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record
from cchc_cli.services.recording.voiding import void
from cchc_cli.services.recording.waivers import waive
from cchc_cli.storage.migrations.opening import open_database
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.domain.records.hash_chain import Head

FLIPS = 500
NOW = datetime(2024, 5, 15, 5, tzinfo=UTC)
Content = tuple[object, ...]


def make_database(folder: Path) -> Path:
    """Make a database with every kind of row."""
    path = folder / "good.db"
    import_plan(write_plan(folder, frame=FIXED), str(path), author="t", now=NOW)
    database = open_database(str(path), create=False)
    assert database is not None
    for day in range(1, 29):
        draft = Draft(
            "so-noi-vu",
            "meetings",
            f"2024-03-{day:02}",
            title=f"Hội nghị {day}",
            note="ghi chú",
            evidence=(f"https://a.vn/{day}",),
        )
        record(database, draft, plan=None, author="t", now=NOW)
    amend(database, "3", Correction(title="khác"), reason="nhầm", author="t", now=NOW)
    void(database, "4", reason="không có", author="t", now=NOW)
    waive(
        database,
        "meetings",
        plan=None,
        agency="so-noi-vu",
        start="2024-04-01",
        end="2024-06-30",
        reason="lý do",
        document=None,
        author="t",
        now=NOW,
    )
    return path


def _order(sql: str) -> str:
    """Give the column by which a table is sorted: the row id, or where there is none the first column."""
    return "1" if "WITHOUT ROWID" in sql else "+rowid"


def content(path: Path) -> Content | None:
    """Read the whole content of a file without the program; None where that fails."""
    with closing(sqlite3.connect(path)) as plain:
        try:
            schema = plain.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
            ).fetchall()
            rows = [
                # Without the indexes, which have no data of their own.
                plain.execute(
                    f'SELECT {_order(sql)}, * FROM "{name}" NOT INDEXED ORDER BY {_order(sql)}'  # noqa: S608
                ).fetchall()
                for kind, name, _, sql in schema
                if kind == "table"
            ]
            marks = [
                plain.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
            ]
        except (sqlite3.Error, UnicodeDecodeError):
            return None
    return (*schema, *map(tuple, rows), *marks)


def suspected(path: Path, against: Head | None) -> bool:
    """Tell whether the program finds something wrong with a file."""
    try:
        database = open_database(str(path), create=False)
        return database is None or bool(verify(database, against).problems)
    except CchcError:
        return True


def integral(path: Path) -> bool:
    """Tell whether SQLite's own check passes."""
    with closing(sqlite3.connect(path)) as plain:
        try:
            return plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except (sqlite3.Error, UnicodeDecodeError):
            return False


@pytest.mark.parametrize("seed", [613, 614, 615, 616])
def test_no_flipped_bit_that_changes_a_record_is_missed(tmp_path: Path, seed: int) -> None:
    good = make_database(tmp_path)
    data = good.read_bytes()
    database = open_database(str(good), create=False)
    assert database is not None
    found = verify(database, None)
    assert found.problems == []
    whole = content(good)
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, so that a failure comes again
    changed = missed_by_sqlite = 0
    for _ in range(FLIPS):
        bit = chance.randrange(len(data) * 8)
        bad = bytearray(data)
        bad[bit // 8] ^= 1 << bit % 8
        path = tmp_path / "bad.db"
        path.write_bytes(bad)
        if content(path) == whole:
            continue
        changed += 1
        missed_by_sqlite += integral(path)
        assert suspected(path, found.head), f"bit {bit} was missed"
        for other in tmp_path.glob("bad.db?*"):
            other.unlink()
    # A control: enough flips changed content, and SQLite's own check misses many of them.
    assert changed > FLIPS // 20
    assert missed_by_sqlite > changed // 4
    assert not suspected(good, found.head)
