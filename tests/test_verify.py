"""`verify` finds every alteration; and answers as known at an earlier moment."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from cchc_cli.domain.records.hash_chain import GENESIS_LINK, content_digest, encode, next_link
from cchc_cli.storage.audit.chain import _change_contents
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.database.sqlalchemy_engine import as_connection
from cchc_cli.storage.schema.tables import ChangeRow, LinkRow
from cchc_cli.storage.statements.parts import table
from tests.generated_docs import ROOT
from tests.program import Program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Server

AGENCY = ("--agency", "dai-buon-ho")


@pytest.fixture
def kept(cchc_on: Program) -> Program:
    """A database with a plan, records, a correction and a waiver."""
    program = cchc_on
    program.ok("import", ROOT / "data" / "plan_2024.yaml")
    program.ok("log", "radio-column", "10", *AGENCY, "--date", "2024-03-14", "--title", "Số 1")
    program.ok("log", "radio-column", "5", *AGENCY, "--date", "2024-03-20")
    program.ok("amend", "1", "--amount", "12", "--reason", "ghi nhầm")
    program.ok(
        "waive", "III.4.b", *AGENCY, "--from", "2024-05-01", "--to", "2024-05-31", "--reason", "hỏng máy"
    )
    return program


def past_the_program(program: Program, *statements: str, unguarded: bool = True) -> None:
    """Write with the driver alone, as an attacker would."""
    if "://" in program.db:
        with psycopg.connect(program.db) as connection:
            if unguarded:
                connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())
        return
    plain = sqlite3.connect(program.db)
    with plain:
        guards = plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards if unguarded else ():
            plain.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            plain.execute(statement)
    plain.close()


def test_a_good_database_is_verified_in_silence(kept: Program) -> None:
    outcome = kept.ok("verify")
    assert (outcome.out, outcome.err) == ("", "")
    document = kept.ok("verify", "-f", "json").json
    assert (document["format"], document["ok"], document["count"], document["problems"]) == (
        "cchc-verify/1",
        True,
        5,
        [],
    )
    chain = kept.ok("status", "--summary", "-f", "json").json["chain"]
    assert chain == {"count": document["count"], "head": document["head"]}


TAMPERINGS = {
    "an amount": "UPDATE execution SET amount = 15000 WHERE no = 2",
    "a date": "UPDATE execution SET day = '2024-03-21' WHERE no = 2",
    "a title": "UPDATE execution SET title = 'khác' WHERE no = 1 AND version = 1",
    "a voided mark": "UPDATE execution SET voided = (1 = 1) WHERE no = 2",
    "an agency": "UPDATE execution SET agency_id = agency_id + 1 WHERE no = 2",
    "a deleted record": "DELETE FROM execution WHERE no = 2",
    "a reopened version": "UPDATE execution SET until_seq = 5 WHERE no = 1 AND version = 2",
    "an author": "UPDATE change SET author = 'ai đó' WHERE seq = 2",
    "a moment": "UPDATE change SET recorded_at = '2024-01-01 00:00:00+00' WHERE seq = 2",
    "a link": "UPDATE link SET link = content WHERE seq = 5",
    "a waiver": "UPDATE waiver SET ends = '2024-12-31'",
    "an agency's life": "UPDATE agency SET ends = '2024-02-01' WHERE code = 'dai-buon-ho'",
    "a bound": "UPDATE requirement SET at_least = 1000 WHERE code = 'minutes'",
    "a plan's text": "UPDATE plan_version SET source = source || ' '",
    "a number": "UPDATE execution SET no = 20 WHERE no = 2",
    "a forged change": (
        "INSERT INTO change (seq, recorded_at, author, action) VALUES (6, '2024-06-01 00:00:00+00', 'x', 'log')"
    ),
    "a name": "UPDATE agency_name SET folded = 'so noi vu' WHERE folded = 'so tttt'",
    "a plan's words": "UPDATE activity SET text = 'khác' WHERE code = 'III.4.b'",
    "a review": "UPDATE review SET ends = '2024-03-31' WHERE code = 'Q1'",
    "a piece of evidence": "INSERT INTO evidence SELECT 'https://a.vn', uid FROM execution WHERE version = 1",
    "a sum": "UPDATE month_sum SET amount = amount + 1",
    "a missing sum": "DELETE FROM month_sum",
    "a guard": "DROP TRIGGER plan_version_keep_rows",
}
"""Statements that alter a database past the program, by what they alter."""


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_what_is_written_past_the_program_is_found(kept: Program, kind: str) -> None:
    statement = TAMPERINGS[kind]
    if kind == "a guard" and "://" in kept.db:
        statement += " ON plan_version"
    past_the_program(kept, statement, unguarded=kind != "a guard")
    outcome = kept.run("verify", "-f", "json")
    assert outcome.code == 1
    kinds = {problem["kind"] for problem in outcome.json["problems"]}
    assert kinds - ({"guard"} if kind != "a guard" else set()), outcome.json


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE execution SET amount = 15000",
        "DELETE FROM execution",
        "UPDATE change SET author = 'x'",
        "DELETE FROM link",
        "UPDATE waiver SET ended = (1 = 1)",
        "DELETE FROM plan_version",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_recorded(kept: Program, statement: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="never changed"):
        past_the_program(kept, statement, unguarded=False)
    kept.ok("verify")


def test_a_replaced_row_does_not_pass_unseen(cchc: Program) -> None:
    """INSERT OR REPLACE deletes without firing triggers unless recursive_triggers is on."""
    cchc.ok("import", ROOT / "data" / "plan_2024.yaml")
    cchc.ok("log", "radio-column", "10", *AGENCY, "--date", "2024-03-14")
    with sqlite3.connect(cchc.db) as plain:
        columns = [row[1] for row in plain.execute("PRAGMA table_info(execution)")]
        values = ["15000" if name == "amount" else name for name in columns]
        plain.execute(f"INSERT OR REPLACE INTO execution SELECT {', '.join(values)} FROM execution")  # noqa: S608
    plain.close()
    assert "change 2" in cchc.run("verify").out


def test_cutting_the_end_off_shows_against_an_older_head(kept: Program, tmp_path: Path) -> None:
    """A shortened chain is valid in itself; an older report still shows the loss."""
    report = tmp_path / "report.json"
    report.write_text(kept.ok("status", "--summary", "-f", "json").out, "utf-8")
    kept.ok("verify", "--against", report)
    chain = json.loads(report.read_text("utf-8"))["chain"]
    kept.ok("log", "radio-column", "5", *AGENCY, "--date", "2024-04-20")
    kept.ok("verify", "--against", f"{chain['count']}:{chain['head']}")
    past_the_program(
        kept, *(f"DELETE FROM {table} WHERE seq >= 4" for table in ("waiver", "link")),  # noqa: S608
        "DELETE FROM execution WHERE seq >= 4",
        "UPDATE execution SET until_seq = 4611686018427387904 WHERE no = 1",
        "DELETE FROM change WHERE seq >= 4",
    ) if "://" in kept.db else past_the_program(
        kept, "DELETE FROM waiver", "DELETE FROM link WHERE seq >= 4",
        "DELETE FROM execution WHERE seq >= 4",
        "UPDATE execution SET until_seq = 4611686018427387904 WHERE no = 1",
        "DELETE FROM change WHERE seq >= 4",
    )  # fmt: skip
    problems = kept.run("verify", "--against", report, "-f", "json").json["problems"]
    assert "against" in {problem["kind"] for problem in problems}
    assert "against" not in {problem["kind"] for problem in kept.run("verify", "-f", "json").json["problems"]}


def test_a_chain_rewritten_whole_shows_against_an_older_head(kept: Program) -> None:
    """Someone who can write everything can make a valid chain, but not one that contains an older head."""
    older = kept.ok("verify", "-f", "json").json
    past_the_program(kept, "UPDATE change SET author = 'ai đó' WHERE seq = 2")
    database = connect(kept.db)
    with database.engine().connect() as connection:
        if database.path is None:
            connection.execute(text("SET session_replication_role = replica"))
        contents = dict(_change_contents(as_connection(connection)))
        before = GENESIS_LINK
        for row in connection.execute(select(table(ChangeRow)).order_by(table(ChangeRow).c.seq)).all():
            content = contents.get(row.seq, content_digest(()))
            before = next_link(before, row.seq, row.recorded_at, row.author, row.action, content)
            connection.execute(
                update(LinkRow).where(table(LinkRow).c.seq == row.seq).values(content=content, link=before)
            )
        connection.commit()
    kinds = {problem["kind"] for problem in kept.run("verify", "-f", "json").json["problems"]}
    assert kinds <= {"guard"}
    against = kept.run("verify", "--against", f"{older['count']}:{older['head']}", "-f", "json").json
    assert "against" in {problem["kind"] for problem in against["problems"]}


def test_a_server_does_not_empty_a_table_of_records(postgres: Server, cchc: Program) -> None:
    program = Program(cchc.home, postgres.fresh())
    program.ok("import", ROOT / "data" / "plan_2024.yaml")
    with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
        past_the_program(program, "TRUNCATE execution CASCADE", unguarded=False)


def test_what_holds_no_head_is_refused(kept: Program, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("không có gì", "utf-8")
    assert "COUNT:HEAD" in kept.fails(2, "verify", "--against", tmp_path / "x.txt")
    assert "no such file" in kept.fails(2, "verify", "--against", "5:abc")


def test_an_answer_of_then_comes_out_the_same_now(kept: Program, tmp_path: Path) -> None:
    """Records, corrections, waivers and the plan itself, as known at a moment."""
    asked = ("status", *AGENCY, "--as-of", "2024-06-30", "-f", "json")
    then = kept.ok(*asked).json
    moment = datetime.now(UTC).isoformat()
    kept.ok("amend", "2", "--amount", "30", "--reason", "đo lại")
    kept.ok("log", "radio-column", "40", *AGENCY, "--date", "2024-04-02")
    kept.ok("void", "1", "--reason", "không phát")
    kept.ok("waive", "--end", "1", "--reason", "máy đã chạy")
    changed = tmp_path / "changed.yaml"
    text = (ROOT / "data" / "plan_2024.yaml").read_text("utf-8")
    changed.write_text(text.replace("at_least: 15", "at_least: 20"), "utf-8")
    kept.ok("import", changed)
    now = kept.ok(*asked).json
    assert now["findings"] != then["findings"]
    known = kept.ok(*asked, "--known-at", moment).json
    assert (known["findings"], known["summary"]) == (then["findings"], then["summary"])
    assert known["known_at"] == moment
    history = kept.ok("history", "--known-at", moment, "-f", "json").json["executions"]
    assert [(one["no"], one["version"], one["amount"]) for one in history] == [(1, 2, 12), (2, 1, 5)]
    assert "not been imported by then" in kept.fails(2, *asked, "--known-at", "2020-01-01T00:00:00")
    assert "no time" in kept.fails(2, *asked, "--known-at", "hôm qua")


_PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.uuids(),
    lambda inner: st.lists(st.text(), max_size=3) | inner,
    max_leaves=3,
)


@given(st.lists(_PARTS, max_size=4), st.lists(_PARTS, max_size=4))
def test_no_two_records_are_encoded_alike(first: list[object], second: list[object]) -> None:
    same = [(type(part), part) for part in first] == [(type(part), part) for part in second]
    assert (encode(first) == encode(second)) == same  # type: ignore[arg-type]
