"""Writers that wait for each other: a record is prepared before the lock is taken; writers queue, with a timeout."""

from __future__ import annotations

import fcntl
import multiprocessing
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.domain.language.errors import InputError, StorageError
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record
from cchc_cli.storage.database import database as engine
from cchc_cli.storage.database.database import Database, connect
from tests.program import EXECUTABLE
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from pathlib import Path

    from cchc_cli.storage.database.connection import Connection
    from tests.program import Program

NOW = datetime(2024, 5, 15, 5, tzinfo=UTC)


def test_a_plan_that_is_imported_meanwhile_is_the_one_that_counts(database: str, tmp_path: Path) -> None:
    import_plan(write_plan(tmp_path, frame=FIXED), database, author="t", now=NOW)
    changed = write_plan(tmp_path, ("at_least: 15", "at_least: 20"), frame=FIXED)

    class Overtaken(Database):
        """Somebody imports the changed plan just before the transaction begins."""

        def writing(self, **options: Any) -> AbstractContextManager[Connection]:  # type: ignore[override]  # noqa: ANN401
            import_plan(changed, database, author="t", now=NOW)
            return super().writing(**options)

    found = connect(database)
    draft = Draft("dai-buon-ho", "A.1", "2024-03-14", "15", "radio")
    entry = record(Overtaken(found.path, found.server), draft, plan=None, author="t", now=NOW)
    bounds = {one.requirement.code: one.obligation.bounds.at_least for one in entry.findings}
    assert bounds["minutes"] == 20_000


def test_more_than_is_there_is_not_taken_however_it_was_planned(database: str, tmp_path: Path) -> None:
    import_plan(write_plan(tmp_path, frame=FIXED), database, author="t", now=NOW)
    where = connect(database)
    record(where, Draft("ea-drong", "panels", "2024-03-01", "1", "panel"), plan=None, author="t", now=NOW)
    record(where, Draft("ea-drong", "panels", "2024-03-02", "-1", "panel"), plan=None, author="t", now=NOW)
    with pytest.raises(InputError, match="would fall to"):
        record(
            where, Draft("ea-drong", "panels", "2024-03-02", "-1", "panel"), plan=None, author="t", now=NOW
        )


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Give an SQLite file with the small plan."""
    path = tmp_path / "shared.db"
    import_plan(write_plan(tmp_path, frame=FIXED), str(path), author="t", now=NOW)
    return path


@contextmanager
def recording_in_thread(path: Path) -> Iterator[Future[int]]:
    """Record something in a thread during the block; give the future of its number."""
    draft = Draft("dai-buon-ho", "A.1", "2024-03-14", "15", "radio")
    with ThreadPoolExecutor() as pool:
        yield pool.submit(
            lambda: record(connect(str(path)), draft, plan=None, author="t", now=NOW).recorded.no
        )


@contextmanager
def locked(path: Path, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
    """Hold a write lock on the file, or with BEGIN a read lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as driver:
        driver.execute(begin)
        assert driver.execute("SELECT count(*) FROM execution").fetchone() == (0,)
        yield driver


def until(found: Callable[[], bool]) -> None:
    """Wait for a condition that another thread fulfils."""
    deadline = time.monotonic() + 60
    while not found():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.001)


def lock_file_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def test_a_single_writer_makes_no_lock_file(shared: Path) -> None:
    with recording_in_thread(shared) as number:
        assert number.result() == 1
    assert not lock_file_of(shared).exists()


def test_a_waiting_writer_queues_and_goes_on_when_the_file_is_free(shared: Path) -> None:
    with locked(shared) as other, recording_in_thread(shared) as number:
        until(lock_file_of(shared).exists)
        assert not number.done()
        other.execute("ROLLBACK")
        assert number.result() == 1
    assert lock_file_of(shared).stat().st_mode & 0o777 == shared.stat().st_mode & 0o777
    assert lock_file_of(shared).stat().st_size == 0


def test_without_a_lock_file_writers_wait_all_the_same(shared: Path, tmp_path: Path) -> None:
    """A symbolic link with the name of the lock file is not followed."""
    lock_file_of(shared).symlink_to(tmp_path / "elsewhere")
    with locked(shared) as other, recording_in_thread(shared) as number:
        until(lambda: any(tmp_path.glob("shared.db-pending-*")))
        time.sleep(0.05)
        assert not number.done()
        other.execute("ROLLBACK")
        assert number.result() == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_commit_waits_for_readers(shared: Path) -> None:
    with locked(shared, "BEGIN") as reader, recording_in_thread(shared) as number:

        def commit_is_pending() -> bool:
            """Tell whether no other process may begin to read: a commit is pending."""
            with closing(sqlite3.connect(shared, timeout=0)) as late:
                try:
                    late.execute("SELECT count(*) FROM execution").fetchone()
                except sqlite3.OperationalError:
                    return True
            return False

        until(commit_is_pending)
        assert not number.done()
        assert reader.execute("SELECT count(*) FROM execution").fetchone() == (0,)
        reader.execute("COMMIT")
        assert number.result() == 1


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "BEGIN"])
def test_waiting_ends_with_a_timeout(shared: Path, monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    """For a writer as for a reader; the transaction is rolled back."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with locked(shared, statement) as other:
        with recording_in_thread(shared) as number, pytest.raises(StorageError, match="database is locked"):
            number.result()
        # Without a transaction there is no intent left. After a failed commit the next run has to look for the record.
        assert any(shared.parent.glob("shared.db-pending-*")) == (statement == "BEGIN")
        other.execute("ROLLBACK")
        assert other.execute("SELECT count(*) FROM execution").fetchone() == (0,)
    monkeypatch.undo()
    with recording_in_thread(shared) as number:
        assert number.result() == 1
    assert not any(shared.parent.glob("shared.db-pending-*"))


def test_the_same_from_many_at_once_is_recorded_as_often(shared: Path) -> None:
    """No process takes an intent that another one holds for abandoned, and all intents are deleted."""
    draft = Draft("dai-buon-ho", "A.1", "2024-03-14", "15", "radio")

    def record_some() -> None:
        for _ in range(10):
            assert not record(connect(str(shared)), draft, plan=None, author="t", now=NOW).already_recorded

    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=record_some) for _ in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 8
    with connect(str(shared)).reading() as connection:
        found = connection.driver.execute("SELECT count(DISTINCT uid), max(no) FROM execution").fetchone()
    assert found == (80, 80)
    assert not any(shared.parent.glob("shared.db-pending-*"))


def test_a_writer_that_is_stopped_while_waiting_leaves_no_intent(cchc: Program, shared: Path) -> None:
    cchc.db = str(shared)
    with locked(shared):
        words = ("log", "A.1", "15", "--agency", "dai-buon-ho", "--date", "2024-03-14")
        command = [str(EXECUTABLE), *words]
        with subprocess.Popen(command, env=cchc.environ(), stderr=subprocess.PIPE) as waiting:
            until(lock_file_of(shared).exists)
            assert any(shared.parent.glob("shared.db-pending-*"))
            waiting.send_signal(signal.SIGINT)
            assert waiting.wait(60) == 130
    assert not any(shared.parent.glob("shared.db-pending-*"))


def test_the_queue_keeps_nobody_out_of_a_free_file(shared: Path) -> None:
    """Somebody holds the lock file and does not go on, as a stopped process would."""
    lock_file_of(shared).touch()
    with lock_file_of(shared).open("rb") as held, locked(shared) as other:
        fcntl.flock(held, fcntl.LOCK_EX)
        with recording_in_thread(shared) as number:
            until(lambda: any(shared.parent.glob("shared.db-pending-*")))
            assert not number.done()
            other.execute("ROLLBACK")
            assert number.result(60) == 1


def test_the_queue_has_the_same_timeout(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    lock_file_of(shared).touch()
    with lock_file_of(shared).open("rb") as held, locked(shared):
        fcntl.flock(held, fcntl.LOCK_EX)
        with recording_in_thread(shared) as number, pytest.raises(StorageError, match="database is locked"):
            number.result(60)


def test_a_writer_that_gave_up_takes_no_place_in_the_queue(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread gets the lock later; that lock is released at once."""
    with monkeypatch.context() as patch, locked(shared):
        patch.setattr(engine, "BUSY_SECONDS", 0.05)
        lock_file_of(shared).touch()
        with lock_file_of(shared).open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with recording_in_thread(shared) as number, pytest.raises(StorageError):
                number.result(60)
    until(lambda: is_free(lock_file_of(shared)))


def is_free(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
