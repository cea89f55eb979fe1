"""Makes a database of the present revision, which later versions of the program are tested to migrate.

Run it before the next revision is added: `.venv/bin/python -m tests.crash.make_old`. It writes the rows and the
program's answers to `tests/data/old`, named after the revision. These files are never written again.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cchc_cli.storage.schema.revisions import REVISIONS
from tests.program import Program
from tests.small_plan import FIXED, write_plan

ROOT = Path(__file__).resolve().parent.parent.parent
OLD = ROOT / "tests" / "data" / "old"

STATION = ("--agency", "dai-buon-ho")
ROWS = """\
date,agency,activity,amount,form,repeat,title,evidence,note,external_id
2024-01-15,dai-buon-ho,radio-column,20,radio,,Chủ đề năm 2024,,,BH-01
2024-02-19,dai-buon-ho,radio-column,10,radio,,Một cửa liên thông,https://example.vn/bh-02,,BH-02
2024-02-22,dai-buon-ho,radio-column,10,radio,yes,Phát lại,,,BH-03
2024-03-01,ea-drong,panels,1,panel,,Pa nô trung tâm,,,ED-01
2024-02-10,so-noi-vu,meetings,,,,Hội nghị quý I,,"“trích”; dòng 1",
"""
AS_OF = "2024-05-15"
PHOTO = b"\xff\xd8 not quite a picture"
"""The evidence of no. 7, a file that is stored beside the database."""


def asked(moment: str) -> dict[str, tuple[str, ...]]:
    """Give the commands whose answers are compared, by name."""
    return {
        "status": ("status", "--as-of", AS_OF, "-f", "json"),
        "history": ("history", "-f", "json"),
        "first": ("history", "1", "-f", "json"),
        "fourth": ("history", "4", "-f", "json"),
        "waivers": ("waive", "--list", "-f", "json"),
        "plan": ("plan", "-f", "json"),
        "status-then": ("status", "--as-of", AS_OF, "--known-at", moment, "-f", "json"),
        "history-then": ("history", "--known-at", moment, "-f", "json"),
        "verify": ("verify", "-f", "json"),
    }


def main() -> None:
    """Write the files of the newest revision; exit with an error where they exist."""
    place = OLD / f"{REVISIONS[-1]}.sql"
    if place.exists():
        sys.exit(f"{place.name} is there already")
    OLD.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        program = Program(home, str(home / "old.db"), {"PYTHONPATH": str(ROOT)})
        moment = _record(program, home)
        place.write_text(dump(home / "old.db"), "utf-8")
        answers: dict[str, Any] = {name: program.ok(*command).json for name, command in asked(moment).items()}
    text = json.dumps({"moment": moment, "answers": answers}, ensure_ascii=False, indent=1)
    place.with_suffix(".json").write_text(text + "\n", "utf-8")


def _record(program: Program, home: Path) -> str:
    """Record something of every kind; give a moment in between."""
    program.ok("import", write_plan(home, frame=FIXED))
    (home / "rows.csv").write_text(ROWS, "utf-8")
    program.ok("log", "--file", home / "rows.csv")
    photo = home / "ảnh 1.jpg"
    photo.write_bytes(PHOTO)
    web = ("--evidence", "https://example.vn/bao/1?a=b&c=d")
    program.ok("log", "radio-column", "15.5", *STATION, "--date", "2024-03-14", "--form", "radio", *web)
    program.ok("log", "panels", "3", "--agency", "buon-ho", "--date", "2024-01-20", "--evidence", photo, *web)
    program.ok("log", "share", "82.5", "--agency", "so-noi-vu", "--date", "2024-04-30", "--note", "sơ bộ")
    program.ok("amend", "1", "--amount", "25", "--reason", "đo lại")
    program.ok(
        "waive", "A.1/minutes", *STATION, "--from", "2024-04-01", "--to", "2024-04-30",
        "--reason", "máy phát hỏng", "--document", "12/CV-ĐTT",
    )  # fmt: skip
    program.ok(
        "waive", "meetings", "--agency", "so-noi-vu", "--from", "2024-04-01", "--to", "2024-06-30",
        "--reason", "bão",
    )  # fmt: skip
    moment = datetime.now(UTC).isoformat()
    program.ok("amend", "1", "--title", "Chủ đề CCHC", "--date", "2024-01-16", "--reason", "nhầm ngày")
    program.ok("amend", "7", "--amount", "2.5", "--reason", "gỡ nửa tấm")
    program.ok("void", "3", "--reason", "không phát")
    program.ok("waive", "--end", "2", "--reason", "đã họp được")
    changes = (("at_least: 15", "at_least: 20"), ("name: UBND thị xã Buôn Hồ", "name: UBND TX Buôn Hồ"))
    program.ok("import", write_plan(home, *changes, frame=FIXED))
    program.ok("log", "meetings", "--agency", "so-noi-vu", "--date", "2024-05-02")
    program.ok("log", "panels", "-1", "--agency", "ea-drong", "--date", "2024-03-20", "--note", "bão")
    program.ok("review", "close", "past")
    return moment


def dump(path: Path) -> str:
    """Dump a database as SQL, with the two numbers of its header that a dump leaves out."""
    with closing(sqlite3.connect(path)) as connection:
        numbers = [
            f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        return "\n".join([*numbers, *connection.iterdump()]) + "\n"


if __name__ == "__main__":
    main()
