"""Evidence: copied before the record, found, restored; hostile paths change nothing."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import psycopg
import pytest

from tests.small_plan import NOW, run_within, write_plan

if TYPE_CHECKING:
    from tests.program import Program

MEETING = ("log", "meetings", "--agency", "so-noi-vu", "--date", NOW.ago(3))
PHOTO = bytes(range(256)) * 9000


@pytest.fixture
def plan(cchc_on: Program, tmp_path: Path) -> Program:
    cchc_on.ok("import", write_plan(tmp_path))
    return cchc_on


def photo(folder: Path, name: str = "ảnh hội nghị.jpg", content: bytes = PHOTO) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def store(program: Program) -> Path:
    return Path(f"{program.db}.evidence")


def kept(program: Program) -> set[str]:
    """The SHA-256 of every stored file, read without the program."""
    if "://" in program.db:
        with psycopg.connect(program.db) as connection:
            return {row[0] for row in connection.execute("SELECT DISTINCT digest FROM evidence_part")}
    return {path.name for path in store(program).glob("*")}


def test_a_file_is_copied_in_and_comes_back_under_its_name(plan: Program, tmp_path: Path) -> None:
    file = photo(tmp_path)
    address = "https://daklak.gov.vn/tin/1?a=b;c"
    logged = plan.ok(*MEETING, "--evidence", file, "--evidence", address, "-f", "json").json
    digest = sha256(PHOTO).hexdigest()
    assert logged["executions"][0]["evidence"] == [f"{file.name} sha256:{digest}", address]
    assert kept(plan) == {digest}
    file.unlink()
    back = tmp_path / "back"
    back.mkdir()
    listed = plan.ok("evidence", 1, "--save", back, "-f", "json").json
    assert listed["evidence"] == [
        {"url": None, "document": None, "name": file.name, "sha256": digest, "bytes": len(PHOTO)},
        {"url": address, "document": None, "name": None, "sha256": None, "bytes": None},
    ]
    assert (back / file.name).read_bytes() == PHOTO
    plan.ok("evidence", 1, "--save", back)
    assert sorted(path.name for path in back.iterdir()) == ["ảnh hội nghị-2.jpg", file.name]
    plan.ok("verify")


def test_evidence_can_be_handed_in_later(plan: Program, tmp_path: Path) -> None:
    plan.ok(*MEETING, "--evidence", "https://a.vn/1")
    plan.ok("amend", 1, "--evidence", photo(tmp_path), "--reason", "ảnh đến sau")
    versions = plan.ok("history", 1, "-f", "json").json["executions"]
    assert [len(version["evidence"]) for version in versions] == [1, 2]
    assert len(kept(plan)) == 1
    assert "nothing would change" in plan.fails(
        2, "amend", 1, "--evidence", photo(tmp_path), "--reason", "lần nữa"
    )


def test_what_proves_two_records_is_pointed_out_at_once_and_by_doctor(plan: Program, tmp_path: Path) -> None:
    file, copy = photo(tmp_path), photo(tmp_path, "bản sao.jpg")
    assert not plan.ok(*MEETING, "--evidence", file, "--evidence", "https://a.vn/1").err
    said = plan.ok(*MEETING, "--title", "khác", "--evidence", copy, "--evidence", "https://a.vn/1").err
    assert said.count("proves no. 1 too") == 2
    assert "bản sao.jpg" in said
    assert len(kept(plan)) == 1
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"date,agency,activity,title,evidence\n{NOW.ago(2)},so-noi-vu,meetings,ba,{file.name}\n", "utf-8"
    )
    assert "proves no. 1, 2, 3 too" in plan.ok("log", "--file", rows).err
    shared = [note for note in plan.ok("doctor", "-f", "json").json["notes"] if note["kind"] == "shared"]
    assert len(shared) == 2
    plan.ok("void", 2, "--reason", "trùng")
    plan.ok("void", 3, "--reason", "trùng")
    assert plan.ok("doctor", "-f", "json").json["notes"] == []


def test_nothing_is_kept_of_what_was_refused(plan: Program, tmp_path: Path) -> None:
    plan.fails(2, *MEETING[:-1], "2001-01-01", "--evidence", photo(tmp_path))
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"date,agency,activity,evidence\n{NOW.ago(2)},so-noi-vu,meetings,{photo(tmp_path).name}\n"
        "2001-01-01,so-noi-vu,meetings,\n",
        "utf-8",
    )
    assert plan.run("log", "--file", rows).code == 2
    good = rows.read_text("utf-8").rpartition("2001")[0]
    rows.write_text(good, "utf-8")
    plan.ok("log", "--file", rows, "--dry-run")
    assert kept(plan) == set()
    plan.ok("log", "--file", rows)
    assert len(kept(plan)) == 1


def test_a_lost_or_altered_file_does_not_pass_unseen(plan: Program, tmp_path: Path) -> None:
    plan.ok(*MEETING, "--evidence", photo(tmp_path))
    digest = sha256(PHOTO).hexdigest()
    statements = (
        "UPDATE evidence_part SET data = decode('00', 'hex') WHERE place = 1",
        "DELETE FROM evidence_part",
    )
    for statement, word in zip(statements, ("altered", "is missing"), strict=True):
        if "://" in plan.db:
            with psycopg.connect(plan.db) as connection:
                connection.execute(statement.encode())
        else:
            (store(plan) / digest).write_bytes(PHOTO[:-1]) if word == "altered" else (
                store(plan) / digest
            ).unlink()
        problems = plan.run("verify", "-f", "json").json["problems"]
        assert [problem["kind"] for problem in problems] == ["evidence"]
        assert word in problems[0]["message"]
        assert "altered" in (said := plan.fails(3, "evidence", 1, "--save", tmp_path)) or "not in" in said


def test_orphans_are_found(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    cchc.ok(*MEETING, "--evidence", photo(tmp_path))
    (store(cchc) / ("0" * 64)).write_bytes(b"x")
    outcome = cchc.run("doctor", "-f", "json")
    assert outcome.code == 1
    assert {note["kind"] for note in outcome.json["notes"]} >= {"orphan"}
    cchc.ok("verify")


def test_evidence_is_its_owners_alone(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    before = os.umask(0)
    try:
        cchc.ok(*MEETING, "--evidence", photo(tmp_path))
        cchc.ok("backup", tmp_path / "b.db")
        cchc.ok("restore", tmp_path / "b.db", "--force")
    finally:
        os.umask(before)
    assert stat.S_IMODE(store(cchc).stat().st_mode) == 0o700
    private = [*store(cchc).iterdir(), *tmp_path.glob("*.db*"), tmp_path / "cchc.db"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private if path.is_file()} == {0o600}


def test_hostile_paths_neither_hang_nor_reach_outside(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to(photo(tmp_path))
    for path in (
        tmp_path / "fifo",
        tmp_path / "link",
        tmp_path,
        "/dev/zero",
        "/nowhere/x",
        "file:///etc/passwd",
    ):
        outcome = run_within(cchc, 60, *MEETING, "--evidence", path)
        assert outcome.code == 2, (path, outcome)
        assert not store(cchc).exists()
    assert cchc.ok("history", "-f", "json").json["executions"] == []


@pytest.mark.parametrize("name", ["..", "../../x", "a\\b:c?.jpg", "\x1b[31m.jpg", " . ", "x" * 200])
def test_a_name_from_outside_stays_inside_the_folder(cchc: Program, tmp_path: Path, name: str) -> None:
    """A name that a manipulated database could have."""
    from cchc_cli.domain.records.evidence import File  # noqa: PLC0415 - a private function, tested here only
    from cchc_cli.services.questions.history import _safe_file_name  # noqa: PLC0415 - the same

    del cchc
    plain = _safe_file_name(File(name, "0" * 64))
    assert (tmp_path / plain).resolve().parent == tmp_path.resolve()
    assert plain.isprintable()
    (tmp_path / plain).write_bytes(b"")


@pytest.mark.parametrize("damage", ["lost", "altered"])
def test_amend_brings_a_lost_file_back(plan: Program, tmp_path: Path, damage: str) -> None:
    """The same bytes named again are stored again, under any name; the record itself gets no new version."""
    plan.ok(*MEETING, "--evidence", photo(tmp_path))
    digest = sha256(PHOTO).hexdigest()
    if "://" in plan.db:
        statement = "DELETE FROM evidence_part" if damage == "lost" else "UPDATE evidence_part SET data = 'x'"
        with psycopg.connect(plan.db) as connection:
            connection.execute(statement.encode())
    elif damage == "lost":
        (store(plan) / digest).unlink()
    else:
        (store(plan) / digest).write_bytes(b"x")
    other = photo(tmp_path, "khác.jpg", b"other")
    assert plan.run("verify").code == 1
    plan.ok("amend", 1, "--evidence", other, "--reason", "thêm ảnh")
    assert plan.run("verify").code == 1
    done = plan.ok("amend", 1, "--evidence", photo(tmp_path, "bản sao.jpg"), "--reason", "tìm lại được")
    assert "in the store again: bản sao.jpg" in done.err
    assert "no. 1:" in done.out
    plan.ok("verify")
    assert kept(plan) == {digest, sha256(b"other").hexdigest()}
    assert len(plan.ok("history", 1, "-f", "json").json["executions"]) == 2
    assert "nothing would change" in plan.fails(2, "amend", 1, "--evidence", photo(tmp_path), "--reason", "x")


@pytest.mark.parametrize(
    "typed",
    [
        "12/BB-UBND",
        "số 12/BB-UBND",
        "Số: 05/2024/NĐ-CP",
        "  biên bản số   12/BB-UBND ngày 14/03/2024 ",
        "15-KH/HU",
        "76/NQ-CP",
        "31/TTr-SNV",
        "so\u0302\u0301 613/QĐ-UBND",
    ],
)
def test_the_number_of_a_document_is_evidence(cchc: Program, tmp_path: Path, typed: str) -> None:
    """It is kept as typed, and shown as a document."""
    cchc.ok("import", write_plan(tmp_path))
    cchc.ok(*MEETING, "--evidence", typed)
    kept_text = " ".join(normalize("NFC", typed).split())
    (found,) = cchc.ok("evidence", 1, "-f", "json").json["evidence"]
    assert found == {"url": None, "document": kept_text, "name": None, "sha256": None, "bytes": None}
    assert cchc.ok("evidence", 1).out == f"document {kept_text}\n"
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"date,agency,activity,title,evidence\n{NOW.ago(3)},so-noi-vu,meetings,hai,{typed}\n", "utf-8"
    )
    cchc.ok("log", "--file", rows)
    assert cchc.ok("history", 2, "-f", "json").json["executions"][0]["evidence"] == [kept_text]
    cchc.ok("verify")


def test_a_number_of_another_office_is_another_document(plan: Program) -> None:
    """Each office counts its own documents: equal numbers are not pointed out as shared evidence."""
    plan.ok(*MEETING, "--evidence", "12/BB-UBND")
    again = plan.ok(*MEETING, "--title", "khác", "--evidence", "12/BB-UBND", "--evidence", "https://a.vn/1")
    assert "same evidence" not in again.err
    assert "same evidence" not in plan.ok("doctor").out
    assert plan.run("verify").code == 0


@pytest.mark.parametrize(
    "typed",
    ["12/anh-chup", "anh/12", "BB-UBND", "12", "14/03/2024", "12/BB-UBND.jpg", "1/" + "A" * 2_000 + "!"],
)
def test_what_is_no_number_of_a_document(cchc: Program, tmp_path: Path, typed: str) -> None:
    """The path of a missing file is not taken for one."""
    cchc.ok("import", write_plan(tmp_path))
    cchc.fails(2, *MEETING, "--evidence", typed)


def test_a_file_of_that_name_is_the_file(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    (cchc.home / "12").mkdir()
    (cchc.home / "12" / "BB-UBND").write_bytes(b"scan")
    found = cchc.ok(*MEETING, "--evidence", "12/BB-UBND", "-f", "json").json["executions"][0]["evidence"]
    assert found == [f"BB-UBND sha256:{sha256(b'scan').hexdigest()}"]
