"""Rows read in a worker process are recorded, or rejected, as rows read in this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.services.maintenance.verification import verify
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.rows.reader import read_rows
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.services.rows.worker_process import run_in_worker
from cchc_cli.storage.database.database import connect
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cchc_cli.domain.results.rows import RowsOutcome

NOW = datetime(2024, 5, 15, 5, tzinfo=UTC)
HEADING = "date,agency,activity,amount,form,title,external_id\n"


def row(number: int, **parts: str) -> str:
    values = {
        "date": f"2024-03-{number % 28 + 1:02}",
        "agency": ("dai-buon-ho", "Đài Truyền thanh Buôn Hồ", "so-noi-vu")[number % 3],
        "activity": ("A.1", "radio-column", "meetings")[number % 3],
        "amount": ("15", "7,5", "1")[number % 3],
        "form": ("radio", "", "")[number % 3],
        "title": f"Số {number}",
        "external_id": f"X{number}" if number % 5 == 0 else "",
    }
    return ",".join(f'"{value}"' for value in {**values, **parts}.values()) + "\n"


def take(target: Path, rows: Path, *, many: bool) -> RowsOutcome:
    return record_rows(
        connect(str(target)),
        read_rows(rows).rows,
        plan=None,
        source="r",
        author="t",
        now=NOW,
        dry_run=False,
        many=many,
    )


def recorded(folder: Path, name: str, text: str, *, many: bool) -> tuple[Any, list[tuple[Any, ...]]]:
    """Record rows into a fresh database; give the outcome, and the rows of the database without uids."""
    target = folder / f"{name}-{many}.db"
    import_plan(write_plan(folder, frame=FIXED), str(target), author="t", now=NOW)
    rows = folder / f"{name}.csv"
    rows.write_text(text, "utf-8")
    outcome = take(target, rows, many=many)
    assert verify(connect(str(target)), None).problems == []
    with closing(sqlite3.connect(target)) as plain:
        held = [
            *plain.execute(
                "SELECT no, version, agency_id, activity_id, day, amount, form_id, title, external_id, details,"
                " voided, reason, seq, until_seq FROM execution ORDER BY no, version"
            ),
            *plain.execute("SELECT * FROM month_sum ORDER BY 1, 2, 3, 4, 5"),
        ]
    return {**vars(outcome), "errors": [(one.row, one.column, str(one.what)) for one in outcome.errors]}, held


GOOD = HEADING + "".join(row(number) for number in range(4500))
TWICE = GOOD + "".join(row(number) for number in range(100, 200))
# From the second row on every number differs from the one that the worker gave, which does not deduplicate.
SHIFTED = HEADING + row(1) + "".join(row(number) for number in range(1, 1200)) + row(700)
CORRECTED = GOOD + row(10, title="khác") + row(10, title="lại khác") + row(4000, amount="3")
WRONG = (
    GOOD + row(1, date="2024-13-01") + row(2, agency="nobody") + row(4, amount="x") + row(5, activity="zzz")
)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (GOOD, (4500, 0, 0, 0)),
        (TWICE, (4500, 0, 100, 0)),
        (SHIFTED, (1199, 0, 2, 0)),
        (CORRECTED, (4500, 3, 0, 0)),
        (WRONG, (0, 0, 0, 4)),
    ],
    ids=["good", "twice", "shifted", "corrected", "wrong"],
)
def test_rows_read_by_a_worker_are_recorded_alike(
    tmp_path: Path, text: str, counts: tuple[int, int, int, int]
) -> None:
    outcome, held = recorded(tmp_path, "rows", text, many=True)
    assert tuple(outcome[name] for name in ("created", "updated", "unchanged", "rejected")) == counts
    firsts = [no for no, version, *_ in held[: counts[0] + counts[1]] if version == 1]
    assert firsts == [*range(1, counts[0] + 1)]
    assert (outcome, held) == recorded(tmp_path, "rows", text, many=False)


def test_rows_that_repeat_within_a_batch_are_deduplicated(tmp_path: Path) -> None:
    """The fast path for batches of new rows must not be taken where two rows of a batch are alike."""
    alike = HEADING + row(1) + row(2) + row(1) + row(2, external_id="Y")
    outcome, held = recorded(tmp_path, "alike", alike, many=False)
    assert (outcome["created"], outcome["unchanged"]) == (3, 1)
    assert [one[0] for one in held[:3]] == [1, 2, 3]


def test_a_row_without_an_id_that_repeats_one_with_an_id_is_deduplicated(tmp_path: Path) -> None:
    alike = HEADING + row(1) + row(2, external_id="Y") + row(2)
    outcome, _ = recorded(tmp_path, "alike", alike, many=False)
    assert (outcome["created"], outcome["unchanged"]) == (2, 1)


def test_a_file_that_breaks_off_is_an_input_error(tmp_path: Path) -> None:
    target = tmp_path / "x.db"
    import_plan(write_plan(tmp_path, frame=FIXED), str(target), author="t", now=NOW)
    rows = tmp_path / "rows.csv"
    rows.write_bytes(GOOD.encode() + b"\xff\xfe\n")
    with pytest.raises(InputError, match="UTF-8"):
        take(target, rows, many=True)
    with closing(sqlite3.connect(target)) as plain:
        assert plain.execute("SELECT count(*) FROM execution").fetchone() == (0,)


def test_requests_are_answered_and_exceptions_cross_the_process_boundary() -> None:
    def work(ask: Callable[[str], int]) -> Iterator[int]:
        yield ask("7")
        with pytest.raises(InputError, match="no number"):
            ask("x")
        yield 2
        raise InputError(message("enough"))

    def answer(text: str) -> int:
        if not text.isdecimal():
            raise InputError(message("no number"))
        return int(text)

    found: list[int] = []
    with pytest.raises(InputError, match="enough"):
        found.extend(run_in_worker(work, answer))
    assert list(run_in_worker(lambda ask: iter([ask("3")]), answer)) == [3]


def test_a_worker_that_dies_is_an_error_and_no_end_of_the_rows() -> None:
    import os  # noqa: PLC0415 - only the worker ends with it

    def work(_: Callable[[str], int]) -> Iterator[int]:
        yield 1
        os._exit(9)

    given = run_in_worker(work, int)
    assert next(given) == 1
    with pytest.raises(ChildProcessError):
        next(given)
