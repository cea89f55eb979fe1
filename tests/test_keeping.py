"""Backups of a database that lost evidence, and the daily backups of a scheduler."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.crash.old_database import restore_old
from tests.program import EXECUTABLE, Program
from tests.small_plan import NOW, write_plan

MEETING = ("log", "meetings", "--agency", "so-noi-vu", "--date", NOW.ago(3))
PHOTOS = {name: name.encode() * 1000 for name in ("a.jpg", "b.jpg")}
DIGESTS = {name: sha256(content).hexdigest() for name, content in PHOTOS.items()}


@pytest.fixture
def plan(cchc_on: Program, tmp_path: Path) -> Program:
    """A database with two records, each with a file of evidence."""
    cchc_on.ok("import", write_plan(tmp_path))
    for name, content in PHOTOS.items():
        (tmp_path / name).write_bytes(content)
        cchc_on.ok(*MEETING, "--evidence", tmp_path / name, "--title", name)
    return cchc_on


def elsewhere(program: Program, db: object) -> Program:
    return Program(program.home, str(db))


def set_evidence(program: Program, name: str, content: bytes | None) -> None:
    """Replace a stored file of evidence without the program, or with None delete it."""
    digest = DIGESTS[name]
    if "://" not in program.db:
        place = Path(f"{program.db}.evidence") / digest
        place.unlink(missing_ok=True)
        if content is not None:
            place.write_bytes(content)
        return
    with psycopg.connect(program.db) as connection:
        connection.execute("DELETE FROM evidence_part WHERE digest = %s", [digest])
        if content is not None:
            connection.execute(
                "INSERT INTO evidence_part (digest, place, data) VALUES (%s, 0, %s)", [digest, content]
            )


def titles(program: Program) -> list[str]:
    return [one["title"] for one in program.ok("history", "-f", "json").json["executions"]]


@pytest.mark.parametrize("content", [None, b"altered"], ids=["missing", "altered"])
def test_a_backup_without_some_evidence_is_restored_by_force_only(
    plan: Program, tmp_path: Path, content: bytes | None
) -> None:
    set_evidence(plan, "a.jpg", content)
    file = tmp_path / "backup.db"
    assert DIGESTS["a.jpg"] in plan.fails(1, "backup", file)
    new = elsewhere(plan, tmp_path / "new.db")
    said = new.fails(2, "restore", file)
    assert DIGESTS["a.jpg"] in said
    assert DIGESTS["b.jpg"] not in said
    assert "--force" in said
    assert not Path(new.db).exists()
    said = new.ok("restore", file, "--force").err
    assert DIGESTS["a.jpg"] in said
    assert DIGESTS["b.jpg"] not in said
    assert titles(new) == titles(plan)
    problems = new.run("verify", "-f", "json").json["problems"]
    assert [DIGESTS["a.jpg"] in problem["message"] for problem in problems] == [True]
    new.ok("evidence", 2, "--save", tmp_path)


def test_every_missing_file_is_named_when_restored_and_some_when_refused(
    cchc: Program, tmp_path: Path
) -> None:
    cchc.ok("import", write_plan(tmp_path))
    for number in range(7):
        (tmp_path / "x.jpg").write_bytes(bytes([number]))
        cchc.ok(*MEETING, "--evidence", tmp_path / "x.jpg")
    shutil.rmtree(f"{cchc.db}.evidence")
    cchc.fails(1, "backup", tmp_path / "b.db")
    new = elsewhere(cchc, tmp_path / "new.db")
    said = new.fails(2, "restore", tmp_path / "b.db")
    assert said.count("is missing\n") == 5
    assert "and 2 more" in said
    assert new.ok("restore", tmp_path / "b.db", "--force").err.count("is missing\n") == 7


def test_a_backup_that_lacks_evidence_never_replaces_a_sound_one(plan: Program, tmp_path: Path) -> None:
    file, beside = tmp_path / "backup.db", tmp_path / "backup.unsound.db"
    plan.ok("backup", file)
    sound = file.read_bytes()
    set_evidence(plan, "a.jpg", None)
    for _ in range(2):
        plan.ok(*MEETING, "--title", "thêm")
        outcome = plan.run("backup", file)
        assert outcome.code == 1
        assert str(beside) in outcome.out
        assert file.read_bytes() == sound
    assert titles(elsewhere(plan, beside)).count("thêm") == 2
    # The sound one brings the file back; the next backup is sound and replaces it.
    set_evidence(plan, "a.jpg", PHOTOS["a.jpg"])
    plan.ok("backup", file)
    assert titles(elsewhere(plan, file)).count("thêm") == 2
    # A sound backup with the other name is not replaced either.
    shutil.copy(file, beside)
    set_evidence(plan, "a.jpg", None)
    plan.fails(2, "backup", file)
    elsewhere(plan, beside).ok("verify")
    assert not list(tmp_path.glob(".*"))


def test_what_a_restore_keeps_is_a_whole_backup(plan: Program, tmp_path: Path) -> None:
    plan.ok("backup", tmp_path / "b.db")
    said = plan.ok("restore", tmp_path / "b.db", "--force").out
    kept = Path(said.split("is kept in ")[1].splitlines()[0])
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.move(kept, alone / "kept.db")
    elsewhere(plan, alone / "kept.db").ok("verify")
    elsewhere(plan, alone / "new.db").ok("restore", alone / "kept.db")
    elsewhere(plan, alone / "new.db").ok("verify")


def test_a_restore_by_force_loses_no_evidence_that_is_still_there(plan: Program, tmp_path: Path) -> None:
    """The backup lacks one file, which the database has again; another file was altered since."""
    set_evidence(plan, "a.jpg", None)
    plan.fails(1, "backup", tmp_path / "b.db")
    set_evidence(plan, "a.jpg", PHOTOS["a.jpg"])
    set_evidence(plan, "b.jpg", b"altered")
    plan.ok("restore", tmp_path / "b.db", "--force")
    plan.ok("verify")


def test_a_backup_of_an_older_version_is_left_as_it_is(cchc: Program, tmp_path: Path) -> None:
    """Refusing it, comparing with it and restoring it leave neither a migration in it nor a file beside it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / "old.db"
    restore_old("0003", str(old), tmp_path)
    shutil.rmtree(f"{old}.evidence")
    before = old.read_bytes()
    other = elsewhere(cchc, tmp_path / "other.db")
    other.ok("import", write_plan(tmp_path))
    other.fails(2, "backup", old)
    shutil.copy(old, cchc.db)
    assert "is missing" in cchc.fails(1, "backup", folder / "new.db")
    cchc.fails(1, "backup", old)
    assert old.read_bytes() != before
    (folder / "old.db").write_bytes(before)
    elsewhere(cchc, tmp_path / "restored.db").ok("restore", old, "--force")
    assert old.read_bytes() == before
    assert {path.name for path in folder.iterdir()} == {"old.db", "new.db"}
    assert not list(tmp_path.glob(".*"))


# --- daily backups --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of the backups, with files of others."""
    path = tmp_path / "sao lưu"
    path.mkdir()
    (path / "letter.txt").write_text("thư", "utf-8")
    return path


def stem(program: Program) -> str:
    """Give the beginning of the names of its backups: the name of the database."""
    return urlsplit(program.db).path.strip("/") if "://" in program.db else Path(program.db).stem


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def back_up(program: Program, folder: Path, day: str, keep: int = 3, code: int = 0) -> str:
    """Run the daily backup, and give its file the name of another day; give the output."""
    outcome = program.run("backup", "--to", folder, "--keep", keep)
    assert outcome.code == code, outcome
    path = Path(outcome.out.partition(": backup written")[0])
    kind = ".unsound" if ".unsound" in path.name else ""
    path.rename(folder / f"{stem(program)}-{day}{kind}.db")
    return outcome.out + outcome.err


def test_a_daily_backup_has_the_day_in_its_name_and_is_replaced_on_that_day(
    plan: Program, folder: Path
) -> None:
    days = [date.today(), date.today() + timedelta(days=1)]  # noqa: DTZ011 - the day of the computer is meant
    plan.ok("backup", "--to", folder)
    plan.ok(*MEETING, "--title", "chiều")
    plan.ok("backup", "--to", folder, "--keep", 3)
    found = names(folder) - {"letter.txt"}
    assert found <= {f"{stem(plan)}-{day}.db" for day in days}
    assert "chiều" in titles(elsewhere(plan, folder / max(found)))


def test_the_day_is_that_of_the_computer(cchc: Program, tmp_path: Path, folder: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    for hours, zone in ((14, "Etc/GMT-14"), (-12, "Etc/GMT+12")):
        command = [str(EXECUTABLE), "backup", "--to", str(folder)]
        here = timezone(timedelta(hours=hours))
        days = {datetime.now(here).date().isoformat()}
        subprocess.run(command, check=True, capture_output=True, env={**cchc.environ(), "TZ": zone})
        days.add(datetime.now(here).date().isoformat())
        assert names(folder) & {f"cchc-{day}.db" for day in days}


def test_the_newest_sound_backups_are_kept(plan: Program, folder: Path) -> None:
    for day in range(1, 7):
        plan.ok(*MEETING, "--title", f"ngày {day}")
        said = back_up(plan, folder, f"2024-01-0{day}")
        assert said.count(": deleted") == (1 if day > 3 else 0)
    kept = {f"{stem(plan)}-2024-01-0{day}.db" for day in (4, 5, 6)}
    assert names(folder) == {"letter.txt", *kept}
    for name in kept:
        elsewhere(plan, folder / name).ok("verify")
    # A smaller number deletes more at once, and one is always there.
    back_up(plan, folder, "2024-01-07", keep=1)
    assert names(folder) == {"letter.txt", f"{stem(plan)}-2024-01-07.db"}


def test_a_backup_with_a_date_in_the_future_does_not_outlive_newer_ones(plan: Program, folder: Path) -> None:
    """The clock was wrong once: the chain tells the order."""
    for number, day in enumerate(("2099-01-01", "2024-01-02", "2024-01-03")):
        plan.ok(*MEETING, "--title", str(number))
        back_up(plan, folder, day, keep=2)
    assert names(folder) == {"letter.txt", *(f"{stem(plan)}-2024-01-0{day}.db" for day in (2, 3))}
    # Nothing was recorded since: the one that was just written stays all the same.
    shutil.copy(folder / f"{stem(plan)}-2024-01-03.db", folder / f"{stem(plan)}-2099-01-01.db")
    back_up(plan, folder, "2024-01-04", keep=1)
    assert names(folder) == {"letter.txt", f"{stem(plan)}-2024-01-04.db"}


def test_a_damaged_backup_does_not_count_and_is_told(plan: Program, folder: Path) -> None:
    for day in range(1, 4):
        plan.ok(*MEETING, "--title", f"ngày {day}")
        back_up(plan, folder, f"2024-01-0{day}")
    damaged = folder / f"{stem(plan)}-2024-01-03.db"
    data = bytearray(damaged.read_bytes())
    data[data.index("ngày 2".encode())] ^= 1
    damaged.write_bytes(data)
    for day in range(4, 6):
        plan.ok(*MEETING, "--title", f"ngày {day}")
        assert f"{damaged}: this earlier backup does not count: " in back_up(
            plan, folder, f"2024-01-0{day}", code=1
        )
    assert names(folder) == {"letter.txt", *(f"{stem(plan)}-2024-01-0{day}.db" for day in (2, 3, 4, 5))}
    damaged.unlink()
    plan.ok(*MEETING, "--title", "ngày 6")
    back_up(plan, folder, "2024-01-06")
    assert names(folder) == {"letter.txt", *(f"{stem(plan)}-2024-01-0{day}.db" for day in (4, 5, 6))}


def test_a_backup_that_cannot_be_read_any_more_is_told(plan: Program, folder: Path) -> None:
    for day in (1, 2):
        plan.ok(*MEETING, "--title", f"ngày {day}")
        back_up(plan, folder, f"2024-01-0{day}")
    whole = (folder / f"{stem(plan)}-2024-01-01.db").read_bytes()
    for number, content in enumerate((whole[:4096], b"")):
        cut = folder / f"{stem(plan)}-2024-01-01.db"
        cut.write_bytes(content)
        plan.ok(*MEETING, "--title", f"lần {number}")
        assert f"{cut}: this earlier backup cannot be read" in back_up(plan, folder, "2024-01-03", code=1)
        assert cut.exists()


def test_while_evidence_is_missing_no_sound_backup_is_deleted(plan: Program, folder: Path) -> None:
    for day in (1, 2):
        plan.ok(*MEETING, "--title", f"ngày {day}")
        back_up(plan, folder, f"2024-01-0{day}", keep=2)
    set_evidence(plan, "a.jpg", None)
    for day in (3, 4, 5):
        plan.ok(*MEETING, "--title", f"ngày {day}")
        assert DIGESTS["a.jpg"] in back_up(plan, folder, f"2024-01-0{day}", keep=2, code=1)
    sound = {f"{stem(plan)}-2024-01-0{day}.db" for day in (1, 2)}
    unsound = {f"{stem(plan)}-2024-01-0{day}.unsound.db" for day in (4, 5)}
    assert names(folder) == {"letter.txt", *sound, *unsound}


def test_files_of_others_are_neither_counted_nor_deleted(plan: Program, folder: Path, tmp_path: Path) -> None:
    """Another database of the same name, other content under such a name, a link, and a state that was given up."""
    other = elsewhere(plan, tmp_path / "elsewhere" / f"{stem(plan)}.db")
    Path(other.db).parent.mkdir()
    other.ok("import", write_plan(tmp_path))
    back_up(other, folder, "2024-01-01")
    (folder / f"{stem(plan)}-2024-01-02.db").write_text("không phải", "utf-8")
    (folder / f"{stem(plan)}-2024-01-03.db").mkdir()
    plan.ok("backup", tmp_path / "state.db")
    (folder / f"{stem(plan)}-2024-01-04.db").symlink_to(tmp_path / "state.db")
    plan.ok(*MEETING, "--title", "bị bỏ")
    back_up(plan, folder, "2024-01-05")
    plan.ok("restore", tmp_path / "state.db", "--force")
    others = names(folder)
    today = plan.ok("backup", "--to", folder).out.partition(": backup written")[0]
    shutil.copy(folder / f"{stem(plan)}-2024-01-01.db", today)
    # The name of today is taken: the backup has another, and the file stays.
    said = plan.ok("backup", "--to", folder, "--keep", 1)
    assert said.out.startswith(today.removesuffix(".db") + "-2.db: backup written")
    assert ": deleted" not in said.out
    assert others < names(folder)
    assert Path(today).read_bytes() == (folder / f"{stem(plan)}-2024-01-01.db").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("b.db", "--to", "."),
        ("b.db", "--keep", "2"),
        ("--keep", "2"),
        ("--to", ".", "--keep", "0"),
        ("--to", "nowhere", "--keep", "2"),
    ],
)
def test_a_wrong_call_writes_and_deletes_nothing(plan: Program, arguments: tuple[str, ...]) -> None:
    before = names(plan.home)
    plan.fails(2, "backup", *arguments)
    assert names(plan.home) == before
