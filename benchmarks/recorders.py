"""Processes that record at once: `python -m benchmarks.recorders record DATABASE NUMBER EACH`; `count DATABASE`.

Apart from `benchmarks.inside`, so that the forked process has loaded only the program.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING

from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import recording
from cchc_cli.storage.database.database import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Barrier


def record_at_once(target: str, number: str, each: str) -> dict[str, float]:
    """Start so many processes at the same moment; each records so many executions."""
    context = get_context("fork")
    barrier = context.Barrier(int(number) + 1)
    # Loads the modules once, before the fork.
    with connect(target).reading():
        pass
    times: SimpleQueue[tuple[float, float]] = context.SimpleQueue()
    processes = [
        context.Process(target=_record, args=(target, barrier, times, place, int(each)))
        for place in range(int(number))
    ]
    for process in processes:
        process.start()
    barrier.wait()
    # The children take the times, because this process may be scheduled late.
    begun, ended = zip(*(times.get() for _ in processes), strict=True)
    for process in processes:
        process.join()
    assert not any(process.exitcode for process in processes), "a process that recorded has failed"
    return {"wall": max(ended) - min(begun), "recorded": int(number) * int(each)}


def _record(
    target: str, barrier: Barrier, times: SimpleQueue[tuple[float, float]], place: int, each: int
) -> None:
    database = connect(target)
    barrier.wait()
    begun = time.perf_counter()
    for turn in range(each):
        draft = Draft(
            *("dai-buon-ho", "radio-column", "2024-03-14", "15", "radio"),
            title=f"{os.getpid()}-{place}-{turn}",
        )
        with recording(database, draft, plan=None, author="benchmark", now=datetime.now(UTC)) as entry:
            assert entry.recorded.no
    times.put((begun, time.perf_counter()))


def count_executions(target: str) -> dict[str, float]:
    """Count the executions of a database."""
    with connect(target).reading() as connection:
        (found,) = connection.driver.execute("SELECT count(*) FROM execution").fetchone()
    return {"executions": found}


JOBS: dict[str, Callable[..., dict[str, float]]] = {"record": record_at_once, "count": count_executions}

if __name__ == "__main__":
    json.dump(JOBS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
