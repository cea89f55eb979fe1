"""Whatever is altered past the program, and its guards put back, `verify` names it, or no answer changes."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest

from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.records import waivers
from tests import tampering
from tests.crash.helpers import ROUNDS
from tests.program import Program
from tests.tampering import Alteration, Outcome, build, held, try_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Server

KINDS = ("value_alterations", "row_alterations", "schema_alterations")
_ONE_IN = {"value_alterations": (17, 9), "row_alterations": (5, 13), "schema_alterations": (2, 17)}
"""One in so many is tried, on SQLite and on PostgreSQL; `make crash` tries all of them."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the database on which all alterations are made and undone."""
    folder = tmp_path_factory.mktemp("tampering")
    if request.param == "sqlite":
        return build(str(folder / "cchc.db"), folder)
    server: Server = request.getfixturevalue("postgres")
    return build(server.fresh(), folder)


def some(kind: str) -> Callable[[Connection], Iterator[Alteration]]:
    """Give the alterations of a kind that are tried: all of them, or a part in which every column has some."""

    def chosen(connection: Connection) -> Iterator[Alteration]:
        every: Callable[[Connection], Iterator[Alteration]] = getattr(tampering, kind)
        step = 1 if ROUNDS else _ONE_IN[kind][not connection.is_sqlite]
        return (one for number, one in enumerate(every(connection)) if number % step == 0)

    return chosen


def counted(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(one.result for one in outcomes)


@pytest.mark.parametrize("kind", KINDS)
def test_no_alteration_is_missed(target: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = list(try_all(target, some(kind)))
    number = counted(outcomes)
    with capsys.disabled():
        print(f"\n{kind}, {'server' if '://' in target else 'file'}: {len(outcomes)} tried, {dict(number)}")  # noqa: T201 - the count is part of the test's answer
    assert [one for one in outcomes if one.result == "missed"] == []
    assert number["named"] > len(outcomes) // 4
    harmless = {one.name for one in outcomes if one.result == "harmless"}
    assert len(harmless) < len(outcomes) // 20, harmless


def test_a_digest_that_leaves_out_a_column_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where the chain does not cover the reason of waivers, the same test fails."""
    whole = waivers.covered_values
    monkeypatch.setattr(
        waivers,
        "covered_values",
        lambda *values, **ended: [*(cells := whole(*values, **ended))[:9], *cells[10:]],
    )
    database = build(str(tmp_path / "cchc.db"), tmp_path)

    def of_reasons(connection: Connection) -> Iterator[Alteration]:
        every = tampering.value_alterations(connection)
        return (one for one in every if one.name.startswith("waiver.reason "))

    outcomes = list(try_all(database, of_reasons))
    assert counted(outcomes)["missed"] >= 2, outcomes
    monkeypatch.undo()
    sound = build(str(tmp_path / "sound.db"), _folder(tmp_path / "sound"))
    assert counted(list(try_all(sound, of_reasons)))["missed"] == 0


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_the_installed_program_names_them_too(target: str, tmp_path: Path) -> None:
    """A sample of every kind, made for good on copies of the database."""
    with held(target) as opened:
        every = [list(getattr(tampering, kind)(opened.connection)) for kind in KINDS]
        before = tampering.answers(opened)
    tried = 0
    for one in (one for found in every for one in found[7 :: len(found) // 6]):
        copy = copy_of(target, tmp_path)
        if changes_answers(copy, one, before):
            tried += 1
            outcome = Program(tmp_path, copy).run("verify", "-f", "json")
            assert outcome.code in {1, 3}, (one.name, outcome)
            assert "Traceback" not in outcome.err
    assert tried > 2


def copy_of(target: str, folder: Path) -> str:
    if "://" not in target:
        return str(shutil.copy(target, folder / "copy.db"))
    database = connect(target)
    assert database.server
    name = f"c{uuid4().hex}"
    with psycopg.connect(
        target.replace(f"/{database.server.database}?", "/postgres?"), autocommit=True
    ) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{database.server.database}"'.encode())
    return target.replace(f"/{database.server.database}?", f"/{name}?")


def changes_answers(target: str, one: Alteration, before: list[str]) -> bool:
    """Make an alteration for good; False where the database refuses it, or no answer has changed."""
    database = connect(target)
    with database.engine().connect() as core:
        driver: Any = core.connection.driver_connection
        if database.path:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with core.begin():
                one.apply(Connection(driver, core))
        except tampering.REFUSALS:
            return False
    with held(target) as opened:
        return tampering.answers(opened) != before
