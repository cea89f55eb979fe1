"""Sequences of corrections (Hypothesis), on both databases: each said twice is done once, and undo gives back what was."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cchc_cli.domain.language.errors import InputError
from cchc_cli.reports.data.status import status_document
from cchc_cli.services.maintenance.verification import verify
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.history import history
from cchc_cli.services.questions.question import Question
from cchc_cli.services.recording.corrections import Correction, amending
from cchc_cli.services.recording.voiding import Wanted, voiding
from cchc_cli.services.recording.waivers import Request, Whom, ending, list_waivers, waiving
from cchc_cli.services.rows.files import RowsFiles
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.changes.changes import chain_head
from cchc_cli.storage.database.database import connect
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cchc_cli.storage.database.database import Database

EXAMPLES = int(os.environ.get("CCHC_EXAMPLES", "15"))
NOW = datetime.combine(FIXED.today, time(9), UTC)
ROWS = [
    ("2024-02-01", "buon-ho", "A.2", "4", "panel"),
    ("2024-02-09", "buon-ho", "A.2", "-3", "panel"),
    ("2024-03-02", "dai-buon-ho", "A.1", "10", "radio"),
    ("2024-03-09", "dai-buon-ho", "A.1", "5", "radio"),
    ("2024-03-12", "so-noi-vu", "A.4", "1", ""),
    ("2024-04-01", "ea-drong", "A.2", "1", "panel"),
]


class Lost(Exception):  # noqa: N818 - no error of the program
    """The answer cannot be written."""


class Office:
    """A database, its clock, and commands whose answers may get lost."""

    def __init__(self, target: str, folder: Path) -> None:
        """Create a database with the plan."""
        self.folder = folder
        self.now = NOW
        import_plan(write_plan(folder, frame=FIXED), target, author="t", now=self.now)
        self.database: Database = connect(target)

    def load(self) -> int:
        """Record the rows as a file; give the number of the change."""
        path = self.folder / f"{chain(self)}.csv"
        lines = ["date,agency,activity,amount,form,title", *(",".join([*row, path.stem]) for row in ROWS)]
        path.write_text("\n".join(lines), "utf-8")
        outcome = record_rows(
            self.database,
            RowsFiles([path]),
            plan=None,
            author="t",
            now=self.now,
            dry_run=False,
        )
        assert (outcome.created, outcome.rejected) == (len(ROWS), 0), outcome.errors
        return chain(self)

    @contextmanager
    def run(self, command: tuple[Any, ...]) -> Iterator[Any]:
        """Run one command; the answer is written when the block ends."""
        self.now += timedelta(seconds=1)
        name, *given = command
        common: dict[str, Any] = {"author": "t", "now": self.now}
        match name:
            case "amend":
                no, changes = given
                with amending(self.database, str(no), Correction(**changes), reason="sửa", **common) as done:
                    yield done
            case "void":
                with voiding(self.database, Wanted(*given), reason="nhầm", **common) as done:
                    yield done
            case "waive":
                request = Request("A.2", Whom(*given), "2024-01-01", "2024-12-31", "bão")
                with waiving(self.database, request, plan=None, **common) as done:
                    yield done
            case _:
                with ending(self.database, *given, reason="hết", **common) as done:
                    yield done

    def refuses(self, command: tuple[Any, ...], *, lost: bool) -> bool:
        """Run a command, with `lost` first without an answer; tell whether it was refused."""
        if lost:
            with suppress(Lost, InputError), self.run(command):
                raise Lost
        try:
            with self.run(command):
                return False
        except InputError:
            return True

    def records(self) -> list[tuple[Any, ...]]:
        """Give every record as it is now, without its version."""
        with history(self.database, Question(now=self.now)) as (_, found):
            return sorted((one.no, one.voided, *one.execution) for one in found)

    def verdicts(self) -> dict[str, Any]:
        """Give what `status` says of all days."""
        found = status_document(assess(self.database, Question(now=NOW)), findings=True)
        return {key: found[key] for key in ("summary", "agencies", "findings")}

    def waivers(self) -> list[tuple[Any, ...]]:
        """Give every waiver as it is now."""
        _, found = list_waivers(self.database, None, self.now)
        return [(one.no, one.waiver, one.ended) for one in found]


def chain(office: Office) -> int:
    with office.database.reading() as connection:
        return chain_head(connection).links


@pytest.fixture
def offices(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[Office, Office]:
    """Give two databases of one kind with the same contents."""
    # The intents of commands on a server lie there.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    first = Office(database, tmp_path)
    twin = tmp_path / "twin"
    twin.mkdir()
    server = "://" in database
    return first, Office(
        request.getfixturevalue("postgres").fresh() if server else str(twin / "cchc.db"), twin
    )


PLACE = st.integers(0, len(ROWS) - 1)
CHANGES = st.sampled_from(
    [
        {"amount": "6"},
        {"title": "khác"},
        {"date": "2024-03-20"},
        {"agency": "ea-drong-cmg"},
        {"activity": "A.4", "amount": "2", "form": ""},
        {"evidence": ("12/BB-UBND",)},
    ]
)
COMMANDS = st.one_of(
    st.tuples(st.just("amend"), PLACE, CHANGES),
    st.tuples(st.just("void"), st.lists(PLACE, min_size=1, max_size=3), st.none(), st.booleans()),
    st.tuples(st.just("void"), st.just([]), st.none(), st.just(value=False)),
    st.tuples(st.just("void"), st.just([]), st.just("change"), st.booleans()),
    st.tuples(st.just("waive"), st.just("buon-ho"), st.none(), st.none()),
    st.tuples(st.just("waive"), st.none(), st.just("xa"), st.none()),
    st.tuples(st.just("end"), st.integers(1, 4)),
)


def numbered(command: tuple[Any, ...], first: int, change: int) -> tuple[Any, ...]:
    """Put the numbers of the records and of the change in place of the drawn ones."""
    match command:
        case ("amend", place, changes):
            return "amend", first + place, changes
        case ("void", places, drawn, undo):
            return "void", [str(first + place) for place in places], change if drawn else None, undo
        case _:
            return command


def test_a_correction_said_twice_is_done_once(offices: tuple[Office, Office]) -> None:
    """Two databases get the same commands, one of them with lost answers that are said again: both end up the same."""
    one, twin = offices

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(COMMANDS, st.booleans()), max_size=8))
    def compare(drawn: list[tuple[tuple[Any, ...], bool]]) -> None:
        change = one.load()
        assert twin.load() == change
        first = len(one.records()) - len(ROWS) + 1
        for command, lost in drawn:
            said = numbered(command, first, change)
            assert one.refuses(said, lost=lost) == twin.refuses(said, lost=False), said
            assert chain(one) == chain(twin), said
        assert one.records() == twin.records()
        assert one.waivers() == twin.waivers()

    compare()
    assert one.verdicts() == twin.verdicts()
    assert not verify(one.database, None).problems
    assert not verify(twin.database, None).problems


def test_undo_gives_back_exactly_what_was(offices: tuple[Office, Office]) -> None:
    """After any corrections, `void --change` and its undo leave records and verdicts as they were."""
    one, _ = offices

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.lists(COMMANDS, max_size=6), st.lists(PLACE, max_size=3))
    def compare(drawn: list[tuple[Any, ...]], given_back: list[int]) -> None:
        change = one.load()
        first = len(one.records()) - len(ROWS) + 1
        if given_back:
            # Some were taken back by the same command before.
            one.refuses(("void", [], change, False), lost=False)
            one.refuses(numbered(("void", given_back, None, True), first, change), lost=False)
        for command in drawn:
            one.refuses(numbered(command, first, change), lost=False)
        before, judged = one.records(), one.verdicts()
        standing = sum(not voided for no, voided, *_ in before if no >= first)
        if one.refuses(("void", [], change, False), lost=False):
            assert one.records() == before
            return
        assert standing > 0
        assert all(voided for no, voided, *_ in one.records() if no >= first)
        assert not one.refuses(("void", [], change, True), lost=False)
        assert one.records() == before
        assert one.verdicts() == judged

    compare()
    assert not verify(one.database, None).problems
