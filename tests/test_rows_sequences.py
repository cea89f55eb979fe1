"""Sequences of rows files: run once, twice, in any order, with amendments and voids between them."""

from __future__ import annotations

import random  # noqa: TC003 - evaluated by Hypothesis
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.plan_choice import NamedPlan
from cchc_cli.services.recording.corrections import Correction, amend
from cchc_cli.services.recording.voiding import void
from cchc_cli.services.rows.files import RowsFiles
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.plans.plans import load_plan
from cchc_cli.storage.records.executions import Filter, latest_executions, versions_of
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.storage.database.database import Database

LATER = datetime(2031, 1, 1, tzinfo=UTC)
AGENCIES = ("ea-drong", "buon-ho")
_numbers = count()


class Row(NamedTuple):
    """A row: its agency, title and id."""

    agency: str
    title: str
    id: str


class Fix(NamedTuple):
    """A correction of one of the records: a new title, or none to void it."""

    pick: int
    title: str | None


rows = st.builds(
    lambda agency, title, number: Row(agency, f"tin {number}" if number else title, number and f"X{number}"),
    st.sampled_from(AGENCIES),
    st.sampled_from("abc"),
    # The content of a row with an id follows from the id, so that no id says two things.
    st.sampled_from((0, 0, 1, 2)).map(lambda number: number or ""),
)
files_of_rows = st.lists(st.lists(rows, min_size=1, max_size=4), min_size=1, max_size=3)
fixes = st.lists(
    st.builds(Fix, st.integers(0, 11), st.sampled_from(("a", "b", "c", "tin 1", None))), max_size=4
)


class Bench:
    """A database in which each example has a plan of its own."""

    def __init__(self, database: Database, target: str, folder: Path) -> None:
        """Take a database; rows files are written into the folder."""
        self.database = database
        self.target = target
        self.folder = folder
        self.code = ""

    def begin(self) -> None:
        """Import the small plan under a new code."""
        self.code = f"plan-{next(_numbers)}"
        file = self.folder / "plan.yaml"
        file.write_text(plan_text(("code: small", f"code: {self.code}"), frame=FIXED), "utf-8")
        import_plan(file, self.target, author="t", now=LATER)

    def write(self, files: Sequence[Sequence[Row]]) -> list[Path]:
        """Write rows files. Their notes differ, so that no file is a copy of another one."""
        paths = []
        for number, each in enumerate(files):
            path = self.folder / f"{number}.csv"
            lines = [f"2024-02-10,{one.agency},A.4,1,{one.title},{one.id}" for one in each]
            padding = "\n" * number
            path.write_text(
                "\n".join(["date,agency,activity,amount,title,external_id", *lines]) + padding, "utf-8"
            )
            paths.append(path)
        return paths

    def log(self, paths: Sequence[Path], *, dry_run: bool = False) -> RowsOutcome:
        """Record files in one command."""
        plan = NamedPlan(self.code)
        files = RowsFiles(paths)
        return record_rows(self.database, files, plan=plan, author="t", now=LATER, dry_run=dry_run)

    def fix(self, corrections: Sequence[Fix]) -> None:
        """Amend and void records; nothing where a correction would change nothing."""
        for pick, title in corrections:
            standing = [one for one in self.records() if not one.voided]
            if not standing:
                return
            one = standing[pick % len(standing)]
            if title is None:
                void(self.database, str(one.no), reason="nhầm", author="t", now=LATER)
            elif title != one.execution.title:
                changed = Correction(title=title)
                amend(self.database, str(one.no), changed, reason="sai", author="t", now=LATER)

    def records(self) -> list[Recorded]:
        """Give every record of the plan in its latest version, by number."""
        with self.database.reading() as connection:
            stored = load_plan(connection, self.code)
            assert stored is not None
            found = latest_executions(connection, Filter(stored.id, stored.plan.effective))
            return sorted(found, key=lambda one: one.no)

    def history(self, no: int) -> list[Recorded]:
        """Give every version of a record."""
        with self.database.reading() as connection:
            found = versions_of(connection, no)
        assert found is not None
        return found[1]


def said(one: Recorded) -> Row:
    """Give what a version says as a row."""
    done = one.execution
    return Row(done.agency, done.title or "", done.external_id or "")


def every_row_has_its_record(bench: Bench, files: Sequence[Sequence[Row]]) -> bool:
    """Tell whether rows and records can be paired so that each row says what its record says or said.

    A row with an id needs the record with this id; rows that are the same with an id are one.
    """
    wanted = [row for each in files for row in each if not row.id]
    wanted += list(dict.fromkeys(row for each in files for row in each if row.id))
    histories = {one.no: bench.history(one.no) for one in bench.records()}
    choices = [
        [
            no
            for no, versions in histories.items()
            if any((said(one).agency, said(one).title) == (row.agency, row.title) for one in versions)
            and (not row.id or said(versions[-1]).id == row.id)
        ]
        for row in wanted
    ]
    held: dict[int, int] = {}

    def place(index: int, tried: set[int]) -> bool:
        for no in choices[index]:
            if no not in tried:
                tried.add(no)
                if no not in held or place(held[no], tried):
                    held[no] = index
                    return True
        return False

    return all(place(index, set()) for index in range(len(wanted)))


def test_sequences(database: str, tmp_path: Path) -> None:
    """Nothing is lost, nothing comes back, nothing of another agency is touched, in whatever order files are run."""
    opened = open_database(database, create=True)
    assert opened is not None
    bench = Bench(opened, database, tmp_path)

    @seed(1)
    @settings(max_examples=60, deadline=None)
    @given(files_of_rows, fixes, st.randoms(use_true_random=False), files_of_rows)
    def sequences(
        files: list[list[Row]], corrections: list[Fix], order: random.Random, again: list[list[Row]]
    ) -> None:
        bench.begin()
        paths = bench.write(files)
        tried, done = bench.log(paths, dry_run=True), bench.log(paths)
        counts = [(one.created, one.updated, one.unchanged, one.superseded) for one in (tried, done)]
        assert counts[0] == counts[1]
        # What is recorded is what is said: equal rows are as many records, an id is one.
        every = [row for each in files for row in each]
        expected = Counter(row for row in every if not row.id) + Counter({row for row in every if row.id})
        assert Counter(map(said, bench.records())) == expected

        bench.fix(corrections)
        before = bench.records()
        for _ in range(2):
            order.shuffle(paths)
            done = bench.log(paths)
            assert (done.created, done.updated, done.rejected) == (0, 0, 0)
            assert done.unchanged + done.superseded == len(every)
            assert bench.records() == before
        assert every_row_has_its_record(bench, files)

        # A file of one agency changes nothing of the other's.
        only = [[row for row in each if row.agency == AGENCIES[1]] for each in again]
        done = bench.log(bench.write(only))
        after = bench.records()
        others = [one for one in before if one.execution.agency == AGENCIES[0]]
        assert [one for one in after if one.execution.agency == AGENCIES[0]] == others
        if not done.rejected:
            assert every_row_has_its_record(bench, only)
            again_done = bench.log(bench.write(only))
            assert (again_done.created, again_done.updated) == (0, 0)

    sequences()
