"""Whatever is done in whatever order, the program keeps what a simple model keeps: on both databases.

The steps are drawn at random (Hypothesis). The clock moves forwards, stands still and runs backwards.
More examples than those of every run: `CCHC_EXAMPLES=500 python -m pytest tests/test_state_machine.py`.
"""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.records.hash_chain import Head
from cchc_cli.domain.results.recording import LogResult
from cchc_cli.reports.data.status import status_document
from cchc_cli.services.files.plan_file import parse_plan
from cchc_cli.services.maintenance.verification import verify
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.history import history, versions
from cchc_cli.services.questions.plan_choice import NamedPlan
from cchc_cli.services.questions.question import Question
from cchc_cli.services.recording.corrections import Correction, amend
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record, recording
from cchc_cli.services.recording.voiding import void
from cchc_cli.services.recording.waivers import list_waivers, stop_waiving, waive
from cchc_cli.services.row_files.columns import CODES
from cchc_cli.services.rows.files import RowsFiles
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.changes.changes import chain_head
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.migrations.opening import open_database
from tests.model import (
    ALTERATIONS,
    Done,
    Excuse,
    Loaded,
    Model,
    Refused,
    Rows,
    Version,
    Wanted,
    text_of,
)
from tests.small_plan import FIXED
from tests.test_second_reading import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeVar

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.storage.database.database import Database
    from tests import naive
    from tests.conftest import Server

    T = TypeVar("T")

MANY = os.environ.get("CCHC_EXAMPLES")
EXAMPLES = int(MANY or 24)
STEPS = 20
PLANS = ("small", "second")
START = datetime(FIXED.today.year, FIXED.today.month, FIXED.today.day, 5, tzinfo=UTC)
SOURCE = "bảng.csv"

# --- what is drawn ------------------------------------------------------------------------------

_STEPS_OF_TIME = (
    *(timedelta(0),) * 3,
    *(timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=13), timedelta(days=1)) * 2,
    timedelta(days=20),
    *(timedelta(microseconds=-1), timedelta(hours=-2), timedelta(days=-45)),
)
CLOCK = st.sampled_from(_STEPS_OF_TIME)
AUTHORS = st.sampled_from(("an", "bình"))
REASONS = st.sampled_from((*("ghi nhầm", "đo lại") * 4, " "))
PLAN = st.sampled_from((*("small",) * 3, "second"))
NUMBERS = st.sampled_from(range(24))
OWNERS = {"A.1": "dai-buon-ho", "A.2": "ea-drong", "A.3": "so-noi-vu", "A.4": "so-noi-vu", "A.5": "so-noi-vu"}
NAMES = {"A.1": "radio-column", "A.2": "panels", "A.3": "share", "A.4": "meetings", "A.5": "meetings"}
DAYS = ("2024-01-10", "2024-02-20", "2024-03-14", "2024-03-31", "2024-04-05", "2024-05-01", "today")
AMOUNTS = {
    "A.1": ("15", "20", "7,5", "4"),
    "A.2": ("1", "2", "-1"),
    "A.3": ("79.5", "80", "100"),
    "A.4": (None, "1", "2"),
    "A.5": (None, "1"),
}
FORMS = {
    "A.1": ("radio", "web", None),
    "A.2": (None, "panel"),
    "A.3": (None, "web"),
    "A.4": (None, "web", "radio"),
    "A.5": (None, "web"),
}
DOUBTFUL = {
    "agency": ("ea-drong-cmg", "buon-ho", "so-noi-vu", "old", "new", "không có"),
    "day": ("2023-12-31", "2024-06-20", "2024-05-15"),
    "amount": ("0", "-1", "-2", "101", "1.0005", "không", None),
    "form": ("panel", "tivi", None),
    "activity": ("A.9",),
}
"""What may have to be refused, by the part of an execution."""
TITLES = (None, None, "Một cửa", "Số 2; “lại”")
EVIDENCE = ((), (), ("https://cchc.vn/1",), ("https://cchc.vn/1", "https://cchc.vn/2"))


@st.composite
def wanted(draw: st.DrawFn, *, sound: bool = False) -> Wanted:
    """Draw an execution as typed: mostly one that may be recorded, if only the plan is not altered."""
    activity = draw(st.sampled_from((*("A.1", "A.2", "A.3", "A.4") * 2, "A.2", "A.5")))
    one = Wanted(
        agency=OWNERS[activity],
        activity=draw(st.sampled_from((activity, NAMES[activity]))),
        day=draw(st.sampled_from(DAYS)),
        amount=draw(st.sampled_from(AMOUNTS[activity])),
        form=draw(st.sampled_from(FORMS[activity])),
        repeat=draw(st.sampled_from((False, False, True))),
        title=draw(st.sampled_from(TITLES)),
        evidence=draw(st.sampled_from(EVIDENCE)),
    )
    part = None if sound else draw(st.sampled_from((*(None,) * 16, *DOUBTFUL)))
    return one if part is None else altered(one, {part: draw(st.sampled_from(DOUBTFUL[part]))})


def altered(one: Wanted, parts: dict[str, Any]) -> Wanted:
    """Give it with some parts otherwise."""
    return replace(one, **parts)


@st.composite
def rows(draw: st.DrawFn) -> list[Wanted]:
    """Draw the rows of a file: some say the same, some have the same id."""
    said = draw(st.lists(wanted(sound=True), min_size=1, max_size=3))
    ids = st.sampled_from((None, "X1", "X2"))
    lines = [
        replace(draw(st.sampled_from(said)), external_id=draw(ids)) for _ in range(draw(st.integers(1, 4)))
    ]
    return [*lines, draw(wanted())] if draw(st.sampled_from((False, False, True))) else lines


CORRECTIONS: tuple[dict[str, Any], ...] = (
    {"title": "Số 3"},
    {"note": "sửa"},
    {"day": "2024-03-14"},
    {"day": "2024-04-05", "title": ""},
    {"day": "2024-01-10"},
    {"amount": "2"},
    {"amount": "90", "note": ""},
    {"repeat": True},
    {"repeat": False, "title": "Một cửa"},
    {"form": "web"},
    {"form": ""},
    {"evidence": EVIDENCE[2]},
    {"evidence": EVIDENCE[3], "amount": "1"},
    {"form": "panel"},
    {"amount": "-1"},
    {"amount": "0"},
    {"day": "2023-12-31"},
    {},
)
EXCUSED = (date(2024, 1, 1), date(2024, 12, 31))
SPANS = st.sampled_from(
    (
        *(EXCUSED, (date(2024, 3, 1), date(2024, 4, 30))) * 2,
        *((date(2024, 4, 1), date(2024, 6, 30)), (date(2024, 4, 1), date(2024, 3, 31))),
    )
)
DUTIES = (
    *(("A.1", "dai-buon-ho"), ("A.1/minutes", "dai-buon-ho"), ("panels/standing", "ea-drong")) * 2,
    *(("A.4", "so-noi-vu"), ("meetings/gap", "so-noi-vu"), ("A.3/không", "so-noi-vu"), ("A.3", "không có")),
)
FILES = st.sets(st.sampled_from(sorted(ALTERATIONS)), max_size=3)
ANSWERED = st.booleans()
AS_OF = st.sampled_from((None, None, "2024-01-31", "2024-03-31", "2024-05-10", "2024-12-31"))


@dataclass(frozen=True)
class Action:
    """A step: a method of the machine, and what it is given."""

    name: str
    given: dict[str, Any]


TURNS: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {
    "log": (5, {"clock": CLOCK, "code": PLAN, "one": wanted(), "author": AUTHORS, "answered": ANSWERED}),
    "amend": (
        4,
        {
            "clock": CLOCK,
            "pick": NUMBERS,
            "changes": st.sampled_from(CORRECTIONS),
            "reason": REASONS,
            "author": AUTHORS,
            "by_uid": st.booleans(),
        },
    ),
    "void": (
        3,
        {"clock": CLOCK, "pick": NUMBERS, "reason": REASONS, "author": AUTHORS, "by_uid": st.booleans()},
    ),
    "log_rows": (
        5,
        {
            "clock": CLOCK,
            "code": PLAN,
            "lines": rows(),
            "author": AUTHORS,
            "dry_run": st.booleans(),
            "twice": st.booleans(),
        },
    ),
    "waive": (
        3,
        {
            "clock": CLOCK,
            "code": PLAN,
            "duty": st.sampled_from(DUTIES),
            "days": SPANS,
            "reason": REASONS,
            "author": AUTHORS,
        },
    ),
    "end_a_waiver": (2, {"clock": CLOCK, "pick": NUMBERS, "reason": REASONS, "author": AUTHORS}),
    "import_a_plan": (3, {"clock": CLOCK, "code": PLAN, "altered": FILES, "dry_run": st.booleans()}),
    "ask_for_the_status": (3, {"code": PLAN, "as_of": AS_OF}),
    "ask_what_was_known": (
        3,
        {"code": PLAN, "as_of": AS_OF, "pick": NUMBERS, "beside": st.sampled_from((0, 0, 0, 1, -1))},
    ),
    "note_an_answer": (2, {"code": PLAN, "as_of": AS_OF}),
    "ask_for_a_noted_answer_again": (2, {"pick": NUMBERS}),
    "verify_all": (2, {"pick": NUMBERS}),
    "ask_for_the_versions": (2, {"pick": NUMBERS}),
}
"""How often each step takes its turn, and what it is given."""


@st.composite
def actions(draw: st.DrawFn) -> Action:
    """Draw a step. As rules of their own, most of them would be left out of most examples."""
    name = draw(st.sampled_from([name for name, (turns, _) in TURNS.items() for _ in range(turns)]))
    return Action(name, draw(st.fixed_dictionaries(TURNS[name][1])))


# --- where it runs ------------------------------------------------------------------------------


@dataclass
class World:
    """A kind of database: fresh ones for each example, and which steps came how often."""

    folder: Path
    server: Server | None
    template: str
    seen: Counter[str] = field(default_factory=Counter)
    _names: Iterator[int] = field(default_factory=count)

    def fresh(self) -> str:
        """Give a database of the program's schema with nothing in it."""
        number = next(self._names)
        if self.server is None:
            return str(shutil.copy(self.template, self.folder / f"{number}.db"))
        name = self.template.partition("?")[0].rpartition("/")[2]
        self._on_server(f'CREATE DATABASE "{name}_{number}" TEMPLATE "{name}"')
        return self.template.replace(f"/{name}?", f"/{name}_{number}?")

    def drop(self, target: str) -> None:
        """Remove a database that has served; few of a server's may stay, for each waits for a checkpoint."""
        if self.server is None:
            (self.folder / target).unlink()
        elif MANY:
            name = target.partition("?")[0].rpartition("/")[2]
            self._on_server(f'DROP DATABASE "{name}"')

    def _on_server(self, statement: str) -> None:
        assert self.server
        with psycopg.connect(self.server.uri, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def world(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> World:
    # With a server, what was begun and not answered yet is noted in the user's own folder.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert open_database(database, create=True, now=START)
    return World(tmp_path, request.getfixturevalue("postgres") if "://" in database else None, database)


@dataclass(frozen=True)
class Noted:
    """An answer with the moment at which it was given."""

    code: str
    as_of: str | None
    moment: datetime
    seq: int
    status: dict[str, Any]
    history: list[Version]
    plan: Plan


class _Lost(Exception):  # noqa: N818 - what the test itself does to the program
    """The answer could not be given: the program died, or nobody could read it."""


# --- the machine --------------------------------------------------------------------------------


class Machine(RuleBasedStateMachine):
    """Does each step with the program and with the model, and compares."""

    world: World
    model_type: type[Model] = Model

    def __init__(self) -> None:
        """Begin with an empty database and an empty model."""
        super().__init__()
        self.model = self.model_type()
        self.target = self.world.fresh()
        self.database: Database = connect(self.target)
        self.now = START
        self.heads: list[Head] = []
        self.uids: dict[int, UUID] = {}
        self.noted: list[Noted] = []
        self.settled = True

    @rule(action=actions())
    def step(self, action: Action) -> None:
        """Do one step."""
        self.world.seen[f"turn: {action.name}"] += 1
        getattr(self, action.name)(**action.given)

    # --- steps ----------------------------------------------------------------------------------

    @initialize(altered=FILES, both=st.booleans(), some=st.lists(wanted(sound=True), min_size=4, max_size=6))
    def begin(self, altered: set[str], some: list[Wanted], *, both: bool) -> None:
        """Import one plan or both, record a little and excuse some."""
        for code in PLANS if both else PLANS[:1]:
            self._import(code, altered, dry_run=False)
        named = [replace(one, external_id=f"X{number}") for number, one in enumerate(some[:2], 1)]
        self._rows("small", named, "an", dry_run=False)
        for one in some:
            self._log("small", one, "an", answered=True)
            self.now += timedelta(seconds=1)
        for name, agency in DUTIES[:3]:
            self.waive(timedelta(seconds=1), "small", (name, agency), EXCUSED, "hỏng máy", "bình")

    def log(self, clock: timedelta, code: str, one: Wanted, author: str, *, answered: bool) -> None:
        """Record once. Where the program dies before it can say so, run it again: nothing is doubled."""
        self.now += clock
        self._log(code, one, author, answered=answered)
        if not answered:
            self.now += clock
            self._log(code, one, author, answered=True)

    def _log(self, code: str, one: Wanted, author: str, *, answered: bool) -> None:
        kept = len(self.model.records)
        with self._step("log" if answered else "log without an answer") as step:
            expected = step.model(lambda: self.model.log(code, one, author, self.now, answered=answered))
            found = step.program(
                lambda: (
                    record(self.database, draft(one), plan=NamedPlan(code), author=author, now=self.now)
                    if answered
                    else self._lose(code, one, author)
                )
            )
            if expected and found:
                version, again = expected
                assert found.already_recorded == again == (len(self.model.records) == kept)
                self._same(found.recorded, version)
                self.world.seen["log again"] += again

    def _lose(self, code: str, one: Wanted, author: str) -> LogResult:
        """Record, and let the answer get lost."""
        found: list[LogResult] = []
        with (
            suppress(_Lost),
            recording(self.database, draft(one), plan=NamedPlan(code), author=author, now=self.now) as entry,
        ):
            found.append(entry)
            raise _Lost
        return found[0]

    def amend(
        self, clock: timedelta, pick: int, changes: dict[str, Any], reason: str, author: str, *, by_uid: bool
    ) -> None:
        """Correct a record."""
        self.now += clock
        no = self._number(pick)
        correction = Correction(**{{"day": "date"}.get(name, name): value for name, value in changes.items()})
        with self._step("amend") as step:
            expected = step.model(lambda: self.model.amend(no, changes, reason, author, self.now))
            found = step.program(
                lambda: amend(
                    self.database,
                    self._reference(no, by_uid=by_uid),
                    correction,
                    reason=reason,
                    author=author,
                    now=self.now,
                )
            )
            if expected and found:
                self._same(found.recorded, expected)
                self._look_at_versions(no)

    def void(self, clock: timedelta, pick: int, reason: str, author: str, *, by_uid: bool) -> None:
        """Take a record out of every count."""
        self.now += clock
        no = self._number(pick)
        with self._step("void") as step:
            expected = step.model(lambda: self.model.void(no, reason, author, self.now))
            reference = self._reference(no, by_uid=by_uid)
            found = step.program(
                lambda: void(self.database, reference, reason=reason, author=author, now=self.now)
            )
            if expected and found:
                assert isinstance(found, LogResult)
                self._same(found.recorded, expected)
                self._look_at_versions(no)

    def log_rows(
        self, clock: timedelta, code: str, lines: list[Wanted], author: str, *, dry_run: bool, twice: bool
    ) -> None:
        """Record the rows of a file: perhaps only tried before, perhaps twice."""
        self.now += clock
        if dry_run:
            tried = self._rows(code, lines, author, dry_run=True)
        first = self._rows(code, lines, author, dry_run=False)
        assert not dry_run or tried == first
        if first is None or not twice:
            return
        # As on the same day: later “today” would mean another day, earlier a day would be to come.
        second = self._rows(code, lines, author, dry_run=False)
        if first[-1] == 0:
            assert second is not None
            assert second[:2] == (0, 0)
            assert sum(second[2:4]) == len(lines)
            self.world.seen["rows twice"] += 1

    def _rows(
        self, code: str, lines: list[Wanted], author: str, *, dry_run: bool
    ) -> tuple[int, int, int, int, int] | None:
        path = self.world.folder / SOURCE
        write_rows(path, lines)
        kept = len(self.model.records)
        with self._step("dry rows" if dry_run else "rows") as step:
            tried = step.program(partial(self._record_rows, path, code, author, dry_run=True))
            self.model.chosen = {one.row: one.no for one in tried.rows} if tried else {}
            expected = step.model(
                lambda: self.model.rows(code, lines, SOURCE, author, self.now, dry_run=dry_run)
            )
            found = step.program(partial(self._record_rows, path, code, author, dry_run=dry_run))
            if not (expected and found):
                return None
            assert {error.row for error in found.errors} == expected.rejected
            counts = (found.created, found.updated, found.unchanged, found.superseded)
            assert counts == (
                expected.created,
                expected.updated,
                expected.unchanged,
                expected.superseded,
            )
            kind = "refused" if found.rejected else "updated" if found.updated else "accepted"
            self.world.seen[f"rows of a file {kind}"] += 1
            for no in range(kept + 1, len(self.model.records) + 1):
                self._look_at_versions(no)
        return *counts, len(expected.rejected)

    def _record_rows(self, path: Path, code: str, author: str, *, dry_run: bool) -> RowsOutcome:
        return record_rows(
            self.database,
            RowsFiles([path]),
            plan=NamedPlan(code),
            author=author,
            now=self.now,
            dry_run=dry_run,
            every_row=dry_run,
        )

    def waive(
        self,
        clock: timedelta,
        code: str,
        duty: tuple[str, str],
        days: tuple[date, date],
        reason: str,
        author: str,
    ) -> None:
        """Excuse an agency, and look at all the waivers."""
        self.now += clock
        name, agency = duty
        with self._step("waive") as step:
            expected = step.model(
                lambda: self.model.waive(code, name, agency, days, reason, None, author, self.now)
            )
            found = step.program(
                lambda: waive(
                    self.database,
                    name,
                    plan=NamedPlan(code),
                    agency=agency,
                    start=days[0].isoformat(),
                    end=days[1].isoformat(),
                    reason=reason,
                    document=None,
                    author=author,
                    now=self.now,
                )
            )
            if expected and found:
                assert excuse_of(code, found) == without_seq(expected)
        self._look_at_waivers(code)

    def end_a_waiver(self, clock: timedelta, pick: int, reason: str, author: str) -> None:
        """End a waiver, and look at all of them and at the verdicts."""
        self.now += clock
        no = (
            pick % len(self.model.waivers) + 1 if pick and self.model.waivers else len(self.model.waivers) + 1
        )
        with self._step("end a waiver") as step:
            expected = step.model(lambda: self.model.stop_waiving(no, reason, author, self.now))
            found = step.program(
                lambda: stop_waiving(self.database, no, reason=reason, author=author, now=self.now)
            )
            if expected and found:
                assert excuse_of(expected.plan, found) == without_seq(expected)
        if expected:
            self._look_at_waivers(expected.plan)
            self.ask_for_the_status(expected.plan, "2024-12-31")

    def import_a_plan(self, clock: timedelta, code: str, altered: set[str], *, dry_run: bool) -> None:
        """Import a file: perhaps only tried before, and then once more."""
        self.now += clock
        if dry_run:
            tried = self._import(code, altered, dry_run=True)
        done = self._import(code, altered, dry_run=False)
        assert not dry_run or tried == done
        if done and dry_run:
            assert self._import(code, altered, dry_run=False) == "unchanged"

    def _import(self, code: str, altered: set[str], *, dry_run: bool) -> str | None:
        path = self.world.folder / "plan.yaml"
        text = text_of(code, altered)
        path.write_text(text, "utf-8")
        with self._step("dry import" if dry_run else "import") as step:
            expected = step.model(lambda: self.model.load(code, text, self.now, dry_run=dry_run))
            found = step.program(
                lambda: import_plan(path, self.target, author="an", now=self.now, dry_run=dry_run)
            )
            result = str(found.result) if found else None
            assert result == expected
            self.world.seen[f"import {result}"] += 1
        return result

    # --- looks ----------------------------------------------------------------------------------

    def ask_for_the_status(self, code: str, as_of: str | None) -> None:
        """Hold every verdict against the second reading of the rules."""
        with self._step("status") as step:
            expected = step.model(lambda: self._verdicts(code, as_of))
            found = step.program(
                lambda: assess(self.database, Question(self.now, NamedPlan(code), as_of=as_of))
            )
            if found:
                assert found.chain == self.heads[-1]
                assert exact(status_document(found, findings=True)["findings"]) == expected

    def ask_what_was_known(self, code: str, as_of: str | None, pick: int, beside: int) -> None:
        """Around the moment of any change, as things stood then: records, waivers and the plan."""
        moment = self.model.moments[pick % self.model.seq] + timedelta(microseconds=beside)
        seq = self.model.seq_at(moment)
        asked = Question(self.now, NamedPlan(code), as_of=as_of, known_at=moment.isoformat())
        loaded = self.model.plan(code, seq)
        with self._step("known at") as step:
            expected = step.model(lambda: self._verdicts(code, as_of, moment, seq))
            found = step.program(lambda: assess(self.database, asked))
            if found:
                assert loaded
                assert found.plan == parse_plan(loaded.text)
                assert exact(status_document(found, findings=True)["findings"]) == expected
        if loaded:
            plan, records = self._history(asked._replace(as_of=None))
            assert records == self.model.history(code, seq)
            assert plan == parse_plan(loaded.text)

    def note_an_answer(self, code: str, as_of: str | None) -> None:
        """Keep an answer together with its moment."""
        if self.model.plan(code) is None:
            return
        # The moment of the answer: where the clock lies behind the last change, that change's.
        moment = max(self.now, self.model.moments[-1])
        asked = Question(moment, NamedPlan(code), as_of=as_of)
        plan, records = self._history(asked._replace(as_of=None))
        status = timeless(status_document(assess(self.database, asked), findings=True))
        self.noted.append(Noted(code, as_of, moment, self.model.seq, status, records, plan))

    def ask_for_a_noted_answer_again(self, pick: int) -> None:
        """Ask as of the moment of an answer: it must come out the same."""
        if self.noted:
            self._ask_again(self.noted[pick % len(self.noted)])

    def _ask_again(self, noted: Noted) -> None:
        if self.model.seq_at(noted.moment) != noted.seq:
            return  # The clock stood still: more was recorded at the very moment of the answer.
        asked = Question(
            self.now, NamedPlan(noted.code), as_of=noted.as_of, known_at=noted.moment.isoformat()
        )
        plan, records = self._history(asked._replace(as_of=None))
        assert timeless(status_document(assess(self.database, asked), findings=True)) == noted.status
        assert (plan, records) == (noted.plan, noted.history)
        self.world.seen["a noted answer again" if self.model.seq > noted.seq else "at once"] += 1

    def verify_all(self, pick: int) -> None:
        """Check the whole, against an older head that is right and one that is wrong."""
        older = self.heads[pick % len(self.heads)]
        found = verify(self.database, older)
        assert found.problems == []
        assert found.head == self.heads[-1]
        assert found.head.links == self.model.seq
        others = (
            older._replace(link=older.link[::-1]),
            older._replace(links=older.links % len(self.heads) + 1) if len(self.heads) > 1 else None,
            Head(self.model.seq + 1, older.link),
        )
        wrong = others[pick % len(others)] or others[0]
        kinds = {kind for kind, _ in verify(self.database, wrong).problems}
        assert kinds == {"against"}
        self.world.seen["verified"] += 1

    def ask_for_the_versions(self, pick: int) -> None:
        """Look at every version of a record, by its number and by its identity."""
        no = self._number(pick)
        if no > len(self.model.records):
            with pytest.raises(InputError):
                versions(self.database, str(no))
            return
        self._look_at_versions(no)
        assert versions(self.database, str(self.uids[no]))[1] == versions(self.database, str(no))[1]

    @invariant()
    def the_history_is_that_of_the_model(self) -> None:
        """Compare the latest versions, in order of date, then of logging."""
        for code in PLANS if self.model.seq % 2 else PLANS[:1]:
            if self.model.plan(code):
                found = self._history(Question(self.now, NamedPlan(code)))[1]
                assert found == self.model.history(code)

    @invariant()
    def numbers_have_no_gap_and_identities_differ(self) -> None:
        """Count through the records."""
        assert sorted(self.uids) == list(range(1, len(self.model.records) + 1))
        assert len(set(self.uids.values())) == len(self.uids)

    def teardown(self) -> None:
        """Look at the rows with a plain driver: all that was ever acknowledged is there, and no more."""
        for noted in self.noted[:3] if self.settled else ():
            self._ask_again(noted)
        found = self._raw(
            "SELECT e.no, e.version, e.uid, e.day, e.amount, e.voided, e.seq, a.code FROM execution e"
            " JOIN agency a ON a.id = e.agency_id"
        )
        kept = sorted(
            (no, version, UUID(str(uid)), str(day), amount, bool(voided), seq, agency)
            for no, version, uid, day, amount, voided, seq, agency in found
        )
        expected = sorted(
            (
                version.no,
                version.version,
                self.uids[version.no],
                version.done.day.isoformat(),
                int(version.done.amount * 1000),
                version.voided,
                version.seq,
                version.done.agency,
            )
            for versions_ in self.model.records
            for version in versions_
            if version.no in self.uids
        )
        waivers = sorted(
            (no, bool(ended), seq) for no, ended, seq in self._raw("SELECT no, ended, seq FROM waiver")
        )
        sources = sorted(self._raw("SELECT seq, source FROM plan_version"))
        self.world.drop(self.target)
        if not self.settled:
            return  # A step has failed already; its failure is the one to tell.
        assert kept == expected
        assert waivers == sorted(
            (excuse.no, excuse.ended, excuse.seq) for excuses in self.model.waivers for excuse in excuses
        )
        assert sources == sorted(
            (loaded.seq, loaded.text) for versions_ in self.model.plans.values() for loaded in versions_
        )

    # --- what steps share -----------------------------------------------------------------------

    @contextmanager
    def _step(self, name: str) -> Iterator[Step]:
        """Do one step; where the model entered no change, the database must stand where it stood."""
        self.settled = False
        step = Step()
        before = self.model.seq
        yield step
        assert step.refused[0] == step.refused[1], f"{name}: refused by (model, program): {step.refused}"
        self.world.seen[f"{name} {'refused' if step.refused[0] else 'accepted'}"] += 1
        with self.database.reading() as connection:
            found = chain_head(connection)
        if self.model.seq > before:
            assert self.model.seq == before + 1
            self.heads.append(found)
        assert found == self.heads[-1]
        assert found.links == self.model.seq
        self.settled = True

    def _number(self, pick: int) -> int:
        """Give the number of a record; now and then one that is not there."""
        number = len(self.model.records)
        return pick % number + 1 if pick and number else number + 1

    def _reference(self, no: int, *, by_uid: bool) -> str:
        return str(self.uids[no]) if by_uid and no in self.uids else str(no)

    def _same(self, recorded: Recorded, version: Version) -> None:
        assert self._version_of(recorded, version.done.plan, version.seq) == version

    def _version_of(self, recorded: Recorded, code: str, seq: int) -> Version:
        """Give what the program shows in the model's words; an identity once seen stays."""
        assert self.uids.setdefault(recorded.no, recorded.uid) == recorded.uid
        one = recorded.execution
        return Version(
            recorded.no,
            recorded.version,
            Done(
                code,
                one.agency,
                one.activity,
                one.day,
                Decimal(one.amount) / 1000,
                one.form,
                one.repeat,
                one.title,
                one.note,
                one.evidence,
                one.external_id,
            ),
            recorded.voided,
            recorded.reason,
            recorded.author,
            seq,
            recorded.recorded_at,
            recorded.logged_at or recorded.recorded_at,
        )

    def _look_at_versions(self, no: int) -> None:
        expected = self.model.records[no - 1]
        self.world.seen["versions" if len(expected) > 1 else "a version"] += 1
        plan, found = versions(self.database, str(no))
        assert (plan.code, len(found)) == (expected[0].done.plan, len(expected))
        assert [
            self._version_of(recorded, plan.code, version.seq)
            for recorded, version in zip(found, expected, strict=True)
        ] == expected

    def _history(self, question: Question) -> tuple[Plan, list[Version]]:
        """Give the history, each version with the change that the model knows it by."""
        with history(self.database, question) as (plan, records):
            found = [
                self._version_of(one, plan.code, self.model.records[one.no - 1][one.version - 1].seq)
                for one in records
            ]
        return plan, found

    def _look_at_waivers(self, code: str) -> None:
        if self.model.plan(code):
            found = list_waivers(self.database, NamedPlan(code), self.now)[1]
            assert [excuse_of(code, one) for one in found] == [
                without_seq(excuse) for excuse in self.model.excuses(code)
            ]

    def _verdicts(
        self, code: str, as_of: str | None, moment: datetime | None = None, seq: int | None = None
    ) -> list[naive.Finding]:
        today = self.model.today(code, moment or self.now, seq)
        day = date.fromisoformat(as_of) if as_of else today
        return exact(self.model.findings(code, day, day_over=as_of is not None, seq=seq))

    def _raw(self, statement: str) -> list[tuple[Any, ...]]:
        if self.world.server:
            with psycopg.connect(self.target) as server:
                return server.execute(statement.encode()).fetchall()
        with closing(sqlite3.connect(self.target)) as plain:
            return plain.execute(statement).fetchall()


@dataclass
class Step:
    """One step, done twice: who refused it."""

    refused: list[bool] = field(default_factory=list)

    def model(self, command: Callable[[], T]) -> T | None:
        """Do it with the model."""
        return self._try(command, Refused)

    def program(self, command: Callable[[], T]) -> T | None:
        """Do it with the program."""
        return self._try(command, InputError)

    def _try(self, command: Callable[[], T], no: type[Exception]) -> T | None:
        try:
            found = command()
        except no:
            self.refused.append(True)
            return None
        self.refused.append(False)
        return found


def draft(one: Wanted) -> Draft:
    """Give it as the program takes it."""
    return Draft(
        one.agency,
        one.activity,
        one.day,
        one.amount,
        one.form,
        one.repeat,
        one.title,
        one.note,
        one.evidence,
        one.external_id,
    )


def write_rows(path: Path, rows: Sequence[Wanted]) -> None:
    """Write a rows file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CODES)
        for row in rows:
            repeat, evidence = "có" if row.repeat else "", "; ".join(row.evidence)
            writer.writerow(
                [
                    *(row.day, row.agency, row.activity, row.amount, row.form, repeat),
                    *(row.title, evidence, row.note, row.external_id),
                ]
            )


def excuse_of(code: str, recorded: RecordedWaiver) -> tuple[object, ...]:
    """Give a waiver as the program shows it."""
    one = recorded.waiver
    return (
        recorded.no,
        code,
        (one.agency, one.activity, one.requirement, one.span.start, one.span.end),
        one.reason,
        one.document,
        recorded.ended,
        recorded.author,
        recorded.recorded_at,
    )


def without_seq(excuse: Excuse) -> tuple[object, ...]:
    """Give a waiver as the model has it, in the same order."""
    one = excuse.waiver
    return (
        excuse.no,
        excuse.plan,
        (one.agency, one.activity, one.requirement, one.start, one.end),
        excuse.reason,
        excuse.document,
        excuse.ended,
        excuse.author,
        excuse.recorded_at,
    )


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what may differ between an answer and the same answer later."""
    return {key: value for key, value in document.items() if key not in {"chain", "known_at"}}


# --- the runs -----------------------------------------------------------------------------------

HAPPENED = {
    *(
        f"{name} {answer}"
        for name in ("log", "log without an answer", "amend", "void", "waive", "end a waiver", "import")
        for answer in ("accepted", "refused")
    ),
    *("dry import accepted", "dry import refused", "dry rows accepted", "rows accepted"),
    *("status accepted", "known at accepted", "known at refused"),
    *("import created", "import updated", "import unchanged"),
    *(f"rows of a file {kind}" for kind in ("refused", "updated", "accepted")),
    *(f"turn: {name}" for name in TURNS),
    *("log again", "rows twice", "a noted answer again", "verified", "versions"),
}
"""What must have come up in a run; else the run shows little."""


def run(world: World, model: type[Model], *phases: Phase) -> None:
    """Run the machine: always the same examples, or as many random ones as are asked for."""
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=MANY is None,
        database=None,
        phases=phases,
    )

    class Here(Machine):
        """On this database, against this model."""

        model_type = model

    Here.world = world
    run_state_machine_as_test(Here, settings=profile)


def test_program_and_model_agree_after_whatever_was_done(world: World) -> None:
    run(world, Model, Phase.generate, Phase.shrink)
    missing = HAPPENED - set(world.seen)
    # With random examples it is chance what comes up.
    assert MANY or not missing, missing


class ForgetsVoids(Model):
    """Counts on what was voided."""

    def void(self, no: int, reason: str, author: str, now: datetime) -> Version:
        """Do it wrong."""
        version = super().void(no, reason, author, now)
        self.records[no - 1][-1] = replace(version, voided=False)
        return version


class ForgetsVersions(Model):
    """Overwrites what was amended."""

    def amend(self, no: int, changes: dict[str, Any], reason: str, author: str, now: datetime) -> Version:
        """Do it wrong."""
        version = super().amend(no, changes, reason, author, now)
        del self.records[no - 1][-2]
        return version


class ForgetsEndings(Model):
    """Goes on excusing after a waiver has ended."""

    def findings(
        self, code: str, as_of: date, *, day_over: bool, seq: int | None = None
    ) -> list[naive.Finding]:
        """Do it wrong."""
        begun = [[replace(one, ended=False) for one in excuses] for excuses in self.waivers]
        return Model(self.moments, self.plans, self.records, begun).findings(
            code, as_of, day_over=day_over, seq=seq
        )


class TrustsTheClock(Model):
    """Takes the clock's word for when a change came, also where it ran backwards."""

    def change(self, now: datetime) -> tuple[int, datetime]:
        """Do it wrong."""
        self.moments.append(now)
        return self.seq, now


class KnowsTooLittle(Model):
    """Leaves out what was recorded at the very moment that is asked about."""

    def seq_at(self, moment: datetime) -> int:
        """Do it wrong."""
        return sum(then < moment for then in self.moments)


class KeepsGoodRows(Model):
    """Keeps the good rows of a file with bad ones."""

    def rows(
        self, code: str, rows: Sequence[Wanted], source: str, author: str, now: datetime, *, dry_run: bool
    ) -> Rows:
        """Do it wrong."""
        outcome = super().rows(code, rows, source, author, now, dry_run=dry_run)
        good = [row for number, row in enumerate(rows, 2) if number not in outcome.rejected]
        if outcome.rejected and good and not dry_run:
            super().rows(code, good, source, author, now, dry_run=False)
        return outcome


class JudgesByTheLatestPlan(Model):
    """Judges the past by the plan of today."""

    def plan(self, code: str, seq: int | None = None) -> Loaded | None:
        """Do it wrong."""
        return super().plan(code) if super().plan(code, seq) else None


WRONG = (
    ForgetsVoids,
    ForgetsVersions,
    ForgetsEndings,
    TrustsTheClock,
    KnowsTooLittle,
    KeepsGoodRows,
    JudgesByTheLatestPlan,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_model_that_is_wrong_is_found_out(world: World, wrong: type[Model]) -> None:
    """The control: the same examples tell a program from one that works as this model does."""
    # The program may also say no to what only the model has.
    with pytest.raises((AssertionError, InputError)):
        run(world, wrong, Phase.generate)
