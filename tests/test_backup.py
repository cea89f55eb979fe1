"""Backups are complete, verified and private; restoring never destroys data; a repeated command never records twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.program import Program
from tests.small_plan import NOW, write_plan

if TYPE_CHECKING:
    from tests.conftest import Server

MEETING = ("log", "meetings", "--agency", "so-noi-vu", "--date", NOW.ago(3))


@pytest.fixture
def plan(cchc_on: Program, tmp_path: Path) -> Program:
    """A database with records in several versions, a waiver, and a file of evidence."""
    cchc_on.ok("import", write_plan(tmp_path))
    (tmp_path / "photo.jpg").write_bytes(b"photo" * 500_000)
    cchc_on.ok(*MEETING, "--evidence", tmp_path / "photo.jpg", "--title", "một")
    cchc_on.ok("amend", 1, "--title", "hai", "--reason", "nhầm")
    cchc_on.ok(
        "waive",
        "meetings",
        "--agency",
        "so-noi-vu",
        "--from",
        NOW.ago(9),
        "--to",
        NOW.ago(1),
        "--reason",
        "x",
    )
    return cchc_on


def answers(program: Program) -> tuple[object, ...]:
    return (
        program.ok("history", 1, "-f", "json").json,
        program.ok("status", "-f", "json").json,
        program.ok("verify", "-f", "json").json,
        program.ok("waive", "--list", "-f", "json").json,
    )


def elsewhere(program: Program, db: object) -> Program:
    return Program(program.home, str(db))


def test_a_backup_is_a_whole_database_in_one_file(plan: Program, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    said = plan.ok("backup", file).out
    assert plan.ok("verify", "-f", "json").json["head"] in said
    alone = tmp_path / "elsewhere"
    alone.mkdir()
    moved = file.rename(alone / "b.db")
    copy = elsewhere(plan, moved)
    assert answers(copy) == answers(plan)
    copy.ok("evidence", 1, "--save", alone)
    assert (alone / "photo.jpg").read_bytes() == (tmp_path / "photo.jpg").read_bytes()


def test_a_backup_replaces_an_older_one_of_the_same_database_and_nothing_else(
    plan: Program, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    plan.ok("backup", file)
    plan.ok(*MEETING, "--title", "ba")
    plan.ok("backup", file)
    assert len(elsewhere(plan, file).ok("history", "-f", "json").json["executions"]) == 2
    other = elsewhere(plan, tmp_path / "other.db")
    other.ok("import", tmp_path / "small.yaml")
    (tmp_path / "letter.txt").write_text("thư", "utf-8")
    for wrong in ("other.db", "letter.txt", *([] if "://" in plan.db else [plan.db])):
        before = (tmp_path / wrong).read_bytes()
        assert "another name" in plan.fails(2, "backup", tmp_path / wrong)
        assert (tmp_path / wrong).read_bytes() == before
    assert "no such folder" in plan.fails(2, "backup", tmp_path / "nowhere" / "b.db")
    assert not list(tmp_path.glob(".*"))


def test_a_backup_goes_over_to_the_other_kind_of_database(
    plan: Program, postgres: Server, tmp_path: Path
) -> None:
    plan.ok("backup", tmp_path / "b.db")
    target = str(tmp_path / "new.db") if "://" in plan.db else postgres.fresh()
    other = elsewhere(plan, target)
    other.ok("restore", tmp_path / "b.db")
    assert answers(other) == answers(plan)
    other.ok(*MEETING, "--title", "sau khi khôi phục")
    other.ok("import", write_plan(tmp_path, ("UBND tỉnh, kind", "UBND tỉnh mới, kind")))
    other.ok("verify")
    other.ok("verify", "--against", f"4:{plan.ok('verify', '-f', 'json').json['head']}")


def test_restoring_over_a_database_keeps_what_was_there(plan: Program, tmp_path: Path) -> None:
    plan.ok("backup", tmp_path / "b.db")
    plan.ok(*MEETING, "--title", "sau bản sao")
    later = answers(plan)
    assert "--force" in plan.fails(2, "restore", tmp_path / "b.db")
    assert answers(plan) == later
    said = plan.ok("restore", tmp_path / "b.db", "--force").out
    assert len(plan.ok("history", "-f", "json").json["executions"]) == 1
    kept = Path(said.split("is kept in ")[1].splitlines()[0])
    assert len(elsewhere(plan, kept).ok("history", "-f", "json").json["executions"]) == 2


def test_only_a_sound_backup_is_brought_back(plan: Program, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    plan.ok("backup", file)
    before = answers(plan)
    data = bytearray(file.read_bytes())
    place = data.index("nhầm".encode())
    data[place] ^= 1
    (tmp_path / "bad.db").write_bytes(data)
    (tmp_path / "cut.db").write_bytes(data[: len(data) // 2])
    (tmp_path / "no.db").write_text("không phải", "utf-8")
    (tmp_path / "empty.db").touch()
    for name in ("bad.db", "no.db", "absent.db", "empty.db"):
        plan.fails(2, "restore", tmp_path / name, "--force")
    assert plan.run("restore", tmp_path / "cut.db", "--force").code in {2, 3}
    assert answers(plan) == before


def test_a_backup_is_one_state_while_others_write(plan: Program, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, plan.db]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=plan.environ()) as writer:
        assert writer.stdout
        writer.stdout.readline()
        for number in range(3):
            plan.ok("backup", tmp_path / f"{number}.db")
        writer.send_signal(signal.SIGTERM)
    heads = []
    for number in range(3):
        document = elsewhere(plan, tmp_path / f"{number}.db").ok("verify", "-f", "json").json
        plan.ok("verify", "--against", f"{document['count']}:{document['head']}")
        heads.append(document["count"])
    assert heads[0] < heads[2]


_WRITER = f"""
import sys
from datetime import UTC, datetime
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record
from cchc_cli.storage.migrations.opening import open_database
database = open_database(sys.argv[1], create=False)
while True:
    record(database, Draft("so-noi-vu", "meetings", "{NOW.ago(2)}"), plan=None, author="w", now=datetime.now(UTC))
    print("recorded", flush=True)
"""


def test_the_same_command_again_after_a_lost_acknowledgement_records_once(plan: Program) -> None:
    """Where stdout cannot be written the command fails, though the record was added; repeating it is safe."""
    again = (*MEETING, "--title", "một lần")
    command = [sys.executable, "-m", "cchc_cli", *again]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        for _ in range(2):
            done = subprocess.run(
                command,
                check=False,
                stdout=full,
                stderr=subprocess.PIPE,
                env=plan.environ(),
                encoding="utf-8",
            )
            assert done.returncode == 3, done
    outcome = plan.ok(*again, "-f", "json")
    assert outcome.json["executions"][0]["no"] == 2
    assert "nothing was added" in outcome.err
    # It is acknowledged now, so that repeating the command adds another record.
    assert plan.ok(*again, "-f", "json").json["executions"][0]["no"] == 3
    titles = [one["title"] for one in plan.ok("history", "-f", "json").json["executions"]]
    assert titles.count("một lần") == 2


def test_what_is_being_recorded_now_is_not_taken_for_unfinished(plan: Program, tmp_path: Path) -> None:
    """Two people record the same at the same time: both records count."""
    ready, go = tmp_path / "ready", tmp_path / "go"
    os.mkfifo(go)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, plan.db, str(ready), str(go)], env=plan.environ()
    )
    while not ready.exists():
        assert holder.poll() is None
    assert plan.ok(*MEETING, "--title", "cùng lúc", "-f", "json").json["executions"][0]["no"] == 3
    go.write_text("x", "utf-8")
    assert holder.wait() == 0
    assert "nothing was added" not in plan.ok(*MEETING, "--title", "cùng lúc").err


_HOLDER = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import recording
from cchc_cli.storage.migrations.opening import open_database
database = open_database(sys.argv[1], create=False)
draft = Draft("so-noi-vu", "meetings", "{NOW.ago(3)}", title="cùng lúc")
with recording(database, draft, plan=None, author="tester", now=datetime.now(UTC)):
    Path(sys.argv[2]).touch()
    Path(sys.argv[3]).read_text()
"""


def test_a_waiver_is_not_recorded_twice(plan: Program) -> None:
    assert "no. 1 says that" in plan.fails(
        2, "waive", "meetings", "--agency", "so-noi-vu", "--from", NOW.ago(9), "--to", NOW.ago(1), "--reason", "x"
    )  # fmt: skip


def test_every_plan_file_ever_imported_can_be_shown_and_compared(plan: Program, tmp_path: Path) -> None:
    first = (tmp_path / "small.yaml").read_text("utf-8")
    changed = write_plan(tmp_path, ("at_least: 15", "at_least: 20"))
    plan.ok("import", changed)
    versions = plan.ok("plan", "--versions", "-f", "json").json["versions"]
    assert [version["sha256"] for version in versions] == [
        sha256(text.encode()).hexdigest() for text in (first, changed.read_text("utf-8"))
    ]
    assert plan.ok("plan", "--source", "--version", 1).out == first
    assert "at least 15" in plan.ok("plan", "A.1", "--version", 1).out
    assert "at least 20" in plan.ok("plan", "A.1").out
    (change,) = plan.ok("plan", "--compare", 1, "-f", "json").json["changes"]
    assert (change["code"], change["old"], change["new"]) == ("A.1/minutes", "15", "20")
    assert "nothing has changed" in plan.ok("plan", "--compare", 2).out
    assert "there are: 1, 2" in plan.fails(2, "plan", "--version", 3)
    assert "exclude" in plan.fails(2, "plan", "--versions", "--source")


def test_what_was_recorded_late_counts_and_is_shown(plan: Program, tmp_path: Path) -> None:
    plan.ok("import", write_plan(tmp_path, ("  basis:", "  log_within_days: 5\n  basis:")))
    in_time = plan.ok(*MEETING[:-1], NOW.ago(5), "-f", "json")
    assert not in_time.err
    late = plan.ok(*MEETING[:-1], NOW.ago(6))
    assert "recorded 6 days after" in late.err
    assert "recorded late: 1" in late.out
    history = plan.ok("history", "-f", "json").json["executions"]
    assert {one["no"]: one["late"] for one in history} == {1: False, 2: False, 3: True}
    findings = plan.ok("status", "--activity", "meetings", "-f", "json").json["findings"]
    assert sum(finding["late"] for finding in findings) == 1
    plan.ok("amend", 3, "--date", NOW.ago(4), "--reason", "nhầm ngày")
    findings = plan.ok("status", "--activity", "meetings", "-f", "json").json["findings"]
    assert sum(finding["late"] for finding in findings) == 0
    plan.ok("import", write_plan(tmp_path))
    assert "late" not in plan.ok("status", "--activity", "meetings", "-f", "json").json["findings"][0]


def test_doctor_works_before_there_is_any_evidence(cchc_on: Program, tmp_path: Path) -> None:
    cchc_on.ok("import", write_plan(tmp_path))
    assert cchc_on.ok("doctor", "-f", "json").json["notes"] == []


def test_doctor_tells_where_things_are(plan: Program) -> None:
    document = plan.ok("doctor", "-f", "json").json
    assert (document["format"], document["ok"], document["notes"]) == ("cchc-doctor/1", True, [])
    assert document["facts"]["holds"] == "plans: 1, records: 1, waivers: 1"
    assert "all is well" in plan.ok("doctor").out
    if "://" not in plan.db:
        Path(plan.db).chmod(0o644)
        outcome = plan.run("doctor", "-f", "json")
        assert (outcome.code, outcome.json["notes"][0]["kind"]) == (1, "permissions")
    absent = elsewhere(plan, plan.home / "absent.db")
    assert "no database yet" in absent.fails(2, "doctor")
