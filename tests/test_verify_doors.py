"""Ways past `verify` that were found by hand: values read alike, switched checks, replaced objects, hostile files."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from cchc_cli.domain.records.hash_chain import EMPTY_CHAIN, content_digest, next_link
from cchc_cli.storage.audit.chain import _change_contents
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.sqlalchemy_engine import as_connection
from tests.program import Program
from tests.small_plan import FIXED, run_within, write_plan
from tests.tampering import build

if TYPE_CHECKING:
    from collections.abc import Iterator

HANGS = 60
SNV = ("--agency", "so-noi-vu")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a database with at least two rows of everything, as a backup with its evidence in it."""
    folder = tmp_path_factory.mktemp("whole")
    return build(str(folder / "cchc.db"), folder)


@pytest.fixture
def kept(whole: str, tmp_path: Path) -> Program:
    """Give the program with a copy of that database."""
    return Program(tmp_path, str(shutil.copy(whole, tmp_path / "cchc.db")))


def alter(program: Program, *statements: str) -> None:
    """Write past the program: all guards dropped, and put back as they were."""
    with closing(sqlite3.connect(program.db, isolation_level=None)) as plain:
        guards = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            plain.execute(f"DROP TRIGGER {name}")
        plain.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            assert plain.execute(statement).rowcount != 0, statement
        for _, sql in guards:
            plain.execute(sql)


def problems(program: Program, *options: str) -> dict[str, list[str]]:
    """Give what `verify` names, by kind."""
    outcome = program.run("verify", "-f", "json", *options)
    found: dict[str, list[str]] = {}
    for one in outcome.json["problems"]:
        found.setdefault(one["kind"], []).append(one["message"])
    assert outcome.code == (1 if found else 0)
    return found


# --- values that are read alike ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE month_sum SET repeat = '' WHERE repeat = 0",
        "INSERT INTO month_sum SELECT activity_id, agency_id, month, form_id, '', 5, 5000 FROM month_sum LIMIT 1",
        "INSERT INTO month_sum SELECT activity_id, agency_id, month || char(0), form_id, repeat, 5, 5000 FROM month_sum LIMIT 1",
        "UPDATE change SET recorded_at = replace(recorded_at, ' ', 'T') WHERE seq = 5",
        "UPDATE change SET recorded_at = recorded_at || '+00:00' WHERE seq = 5",
        "UPDATE execution SET evidence = '[ ]' WHERE evidence = '[]'",
        "UPDATE execution SET voided = 2 WHERE voided = 1",
        "UPDATE execution SET amount = amount + 0.5 WHERE no = 3",
        "UPDATE execution SET title = CAST(title AS BLOB) WHERE title IS NOT NULL",
        "UPDATE waiver SET starts = replace(starts, '-', '')",
        "UPDATE evidence SET uid = upper(uid)",
        "UPDATE requirement SET owed_by = replace(owed_by, '\", \"', '\",\"') || ' '",
        "UPDATE closing SET rules = 0 WHERE rules = 1",
    ],
)
def test_a_value_that_is_read_alike_is_named(kept: Program, statement: str) -> None:
    if "rules = 0" in statement:
        alter(kept, "UPDATE closing SET rules = rules - 1000")
    else:
        alter(kept, statement)
    assert problems(kept)


def test_a_column_that_could_be_null_for_a_while_is_named(kept: Program) -> None:
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        (sql,) = plain.execute("SELECT sql FROM sqlite_master WHERE name = 'month_sum'").fetchone()
        for statement, values in (
            ("PRAGMA writable_schema = ON", ()),
            ("UPDATE sqlite_master SET sql = ? WHERE name = 'month_sum'", (sql.replace(" NOT NULL", ""),)),
            ("PRAGMA writable_schema = RESET", ()),
            ("PRAGMA ignore_check_constraints = ON", ()),
            ("UPDATE month_sum SET amount = NULL", ()),
            ("PRAGMA writable_schema = ON", ()),
            ("UPDATE sqlite_master SET sql = ? WHERE name = 'month_sum'", (sql,)),
            ("PRAGMA writable_schema = RESET", ()),
        ):
            plain.execute(statement, values)
    found = problems(kept)
    assert any("month_sum" in one and "amount" in one for one in found["value"])


# --- checks that could be switched off ---------------------------------------------------------------------------


def rewrite_chain(program: Program, *, heads_of_closings: bool = False) -> None:
    """Give every change the link that its rows have now, as one could who can write everything."""
    with connect(program.db).engine().connect() as connection:
        links: dict[int, str] = {0: EMPTY_CHAIN.link}
        for row in connection.execute(text("SELECT * FROM change ORDER BY seq")).all():
            if heads_of_closings:
                connection.execute(
                    text("UPDATE closing SET head = :head WHERE seq = :seq"),
                    {"head": links[row.seq - 1], "seq": row.seq},
                )
            content = dict(_change_contents(as_connection(connection))).get(row.seq, content_digest(()))
            moment = connection_moment(row.recorded_at)
            links[row.seq] = next_link(links[row.seq - 1], row.seq, moment, row.author, row.action, content)
            connection.execute(
                text("UPDATE link SET content = :content, link = :link WHERE seq = :seq"),
                {"content": content, "link": links[row.seq], "seq": row.seq},
            )
        connection.commit()


def connection_moment(written: str) -> Any:  # noqa: ANN401 - a moment
    from cchc_cli.storage.database.sqlite import moment_from_sqlite  # noqa: PLC0415 - only here

    return moment_from_sqlite(written)


def without_guards(program: Program) -> None:
    with closing(sqlite3.connect(program.db, isolation_level=None)) as plain:
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f"DROP TRIGGER {name}")


def test_verdicts_that_do_not_follow_are_named_even_in_a_rewritten_chain(kept: Program) -> None:
    without_guards(kept)
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        changed = plain.execute("UPDATE closing SET verdicts = replace(verdicts, '\"missed\"', '\"met\"')")
        assert changed.rowcount
    rewrite_chain(kept, heads_of_closings=True)
    found = problems(kept)
    assert set(found) == {"guard", "closing"}
    assert any("do not follow" in one for one in found["closing"])
    assert set(problems(kept, "--without-closings")) == {"guard"}
    notes = kept.run("verify", "-f", "json", "--without-closings").json["notes"]
    assert any("--without-closings" in one for one in notes)
    assert "--without-closings" in kept.run("verify", "--without-closings").err


def test_a_closing_that_names_another_state_is_named(kept: Program) -> None:
    without_guards(kept)
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        plain.execute("UPDATE closing SET known = known - 1")
    rewrite_chain(kept)
    assert "closing" in problems(kept)


def test_closings_of_earlier_rules_are_counted_as_not_judged(kept: Program) -> None:
    without_guards(kept)
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        plain.execute("UPDATE closing SET rules = 1 WHERE no = 1")
    rewrite_chain(kept, heads_of_closings=True)
    outcome = kept.run("verify", "-f", "json").json
    assert [one["kind"] for one in outcome["problems"] if one["kind"] != "guard"] == []
    assert any("earlier rule set" in one and one.endswith("1") for one in outcome["notes"])


@pytest.fixture
def proved(cchc: Program, tmp_path: Path) -> Program:
    """Give a database whose records have two files of evidence."""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    for number in (1, 2):
        photo = tmp_path / f"{number}.jpg"
        photo.write_bytes(b"photo %d" % number)
        cchc.ok("log", "meetings", *SNV, "--date", f"2024-0{number}-05", "--evidence", photo)
    return cchc


def stored(program: Program) -> list[Path]:
    return sorted(Path(f"{program.db}.evidence").iterdir())


def test_a_header_byte_does_not_switch_the_check_of_evidence_off(proved: Program) -> None:
    """A header that names an older schema made the program record a migration that never was."""
    stored(proved)[0].unlink()
    before = Path(proved.db).read_bytes()
    for version in (0, 1, 4):
        altered = bytearray(before)
        altered[63] = version
        Path(proved.db).write_bytes(altered)
        for command in (("verify",), ("status",), ("log", "meetings", *SNV, "--date", "2024-03-05")):
            assert "altered" in proved.fails(3, *command)
        assert Path(proved.db).read_bytes() == altered


@pytest.mark.parametrize("author", ["cchc", "Lan"])
def test_an_appended_change_does_not_switch_it_off_either(proved: Program, author: str) -> None:
    stored(proved)[0].write_bytes(b"another")
    stored(proved)[1].unlink()
    assert len(problems(proved)["evidence"]) == 2
    with closing(sqlite3.connect(proved.db, isolation_level=None)) as plain:
        seq, moment = plain.execute("SELECT seq, recorded_at FROM change ORDER BY seq DESC").fetchone()
        plain.execute(
            "INSERT INTO change VALUES (?, ?, ?, 'migrate from 0001 to 0005')", [seq + 1, moment, author]
        )
        (before,) = plain.execute("SELECT link FROM link WHERE seq = ?", [seq]).fetchone()
        content = content_digest(())
        link = next_link(
            before, seq + 1, connection_moment(moment), author, "migrate from 0001 to 0005", content
        )
        plain.execute("INSERT INTO link VALUES (?, ?, ?)", [seq + 1, content, link])
    found = problems(proved)
    assert len(found["evidence"]) == 2
    assert set(found) == {"evidence"}


# --- objects of the schema, and hostile files --------------------------------------------------------------------

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS {column} FROM n"


@pytest.mark.parametrize(
    ("table", "column"),
    [("alembic_version", "version_num"), ("change", "seq"), ("month_sum", "amount"), ("plan", "id")],
)
def test_an_endless_view_named_as_a_table_is_never_read(kept: Program, table: str, column: str) -> None:
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        plain.execute(f"ALTER TABLE {table} RENAME TO kept_{table}")
        plain.execute(f"CREATE VIEW {table} AS {ENDLESS.format(column=column)}")
    for command in (
        ("status",),
        ("log", "meetings", *SNV, "--date", "2024-03-05"),
        ("backup", "--to", "b.db"),
        ("doctor",),
    ):
        outcome = run_within(kept, HANGS, *command)
        assert outcome.code != 0, command
        assert "Traceback" not in outcome.err
    outcome = run_within(kept, HANGS, "verify")
    assert (outcome.code, table in outcome.out) == (1, True)
    new = Program(kept.home, str(kept.home / "new.db"))
    assert run_within(new, HANGS, "restore", kept.db).code == 2
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        plain.execute("PRAGMA user_version = 3")
    assert "nothing was read" in run_within(kept, HANGS, "status").err


def test_a_view_of_ones_own_is_named_but_stops_nothing(kept: Program) -> None:
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        plain.execute("CREATE VIEW mine AS SELECT count(*) FROM execution")
    kept.ok("status", "--plan", "small")
    assert "mine" in problems(kept)["schema"][0]


def test_a_database_behind_a_link_has_one_evidence_store(proved: Program, tmp_path: Path) -> None:
    linked = Program(proved.home, str(tmp_path / "link.db"))
    Path(linked.db).symlink_to(proved.db)
    (tmp_path / "3.jpg").write_bytes(b"photo 3")
    linked.ok("log", "meetings", *SNV, "--date", "2024-03-05", "--evidence", tmp_path / "3.jpg")
    assert len(stored(proved)) == 3
    assert not Path(f"{linked.db}.evidence").exists()
    for program in (proved, linked):
        assert problems(program) == {}
    fresh = Program(proved.home, str(tmp_path / "dangling.db"))
    Path(fresh.db).symlink_to(tmp_path / "made.db")
    fresh.ok("import", tmp_path / "small.yaml")
    assert (tmp_path / "made.db").is_file()


def test_a_forged_intent_does_not_pass_another_record_off_as_this_one(
    proved: Program, tmp_path: Path
) -> None:
    """A file beside the database says that a run of this command died; the record that it names is another."""
    command = ("log", "meetings", *SNV, "--date", "2024-03-05", "--title", "Thật")
    name = name_of_intent(proved, command, tmp_path)
    for forged in identities(proved):
        Path(f"{name[:-36]}{forged}").write_bytes(b"begun")
    Path(f"{name[:-36]}{'0' * 8}-0000-0000-0000-{'0' * 12}").mkdir()
    done = proved.ok(*command, "-f", "json").json
    assert [one["title"] for one in done["executions"]] == ["Thật"]
    assert len(proved.ok("history", "-f", "json").json["executions"]) == 3
    assert problems(proved) == {}


def identities(program: Program) -> Iterator[str]:
    for one in program.ok("history", "-f", "json").json["executions"]:
        yield one["id"]


def name_of_intent(program: Program, command: tuple[str, ...], tmp_path: Path) -> str:
    """Give the name that the intent of a command has: of a run whose answer cannot be written, on a copy."""
    import subprocess  # noqa: PLC0415 - only here

    from tests.program import EXECUTABLE  # noqa: PLC0415 - only here

    saved = Path(program.db).read_bytes()
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        subprocess.run(
            [str(EXECUTABLE), *command], env=program.environ(), stdout=full, check=False, cwd=tmp_path
        )
    (found,) = tmp_path.glob("cchc.db-pending-*")
    found.unlink()
    Path(program.db).write_bytes(saved)
    return str(found)


def test_a_moment_before_that_of_the_change_before_is_named(kept: Program) -> None:
    without_guards(kept)
    with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
        plain.execute("UPDATE change SET recorded_at = '2024-01-01 00:00:00.000000' WHERE seq = 8")
    rewrite_chain(kept, heads_of_closings=True)
    assert "moment" in problems(kept)


def test_a_head_of_no_changes_is_compared_too(kept: Program) -> None:
    assert problems(kept, "--against", EMPTY_CHAIN.text) == {}
    assert set(problems(kept, "--against", f"0:{'ab' * 32}")) == {"against"}


def test_a_stored_part_that_no_record_names_or_that_differs_is_named(kept: Program, tmp_path: Path) -> None:
    """Beside an SQLite file the folder is read, but a backup would take what lies in the table."""
    proof = tmp_path / "proof.txt"
    proof.write_text("biên bản", "utf-8")
    kept.ok("log", "A.4", *SNV, "--plan", "small", "--date", "2024-02-10", "--evidence", proof)
    digest = hashlib.sha256(proof.read_bytes()).hexdigest()
    for planted in (digest, "0" * 64):
        with closing(sqlite3.connect(kept.db, isolation_level=None)) as plain:
            plain.execute("INSERT INTO evidence_part VALUES (?, 0, ?)", (planted, "giả".encode()))
        assert any(planted in one for one in problems(kept)["evidence"])


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx"])
def test_a_report_that_shows_another_head_than_it_was_written_with(
    kept: Program, tmp_path: Path, kind: str
) -> None:
    """People compare the head that they read, not the one in the properties of the file."""
    report = tmp_path / f"r.{kind}"
    kept.ok("report", "--plan", "small", "--review", "past", "--to", report)
    kept.ok("verify", "--against", report)
    head = kept.ok("verify", "-f", "json").json["head"].encode()
    other = head[:-1] + (b"0" if head[-1:] != b"0" else b"1")
    if kind == "html":
        content = report.read_bytes()
        place = content.rindex(head)
        report.write_bytes(content[:place] + other + content[place + len(head) :])
    else:
        parts = {}
        with zipfile.ZipFile(report) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(report, "w") as archive:
            for name, content in parts.items():
                archive.writestr(
                    name, content if name.startswith("docProps/") else content.replace(head, other)
                )
    outcome = kept.run("verify", "--against", report)
    assert (outcome.code, "altered" in outcome.out) == (1, True)
