"""Processes that record at once: `python -m benchmarks.recorders crowd DATABASE NUMBER EACH`; `held DATABASE`.

Apart from `benchmarks.inside`, so that what is forked has loaded the program and nothing else.
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


def crowd(target: str, number: str, each: str) -> dict[str, float]:
    """So many processes that begin at the same moment, and record so many executions each."""
    context = get_context("fork")
    barrier = context.Barrier(int(number) + 1)
    # Once, so that no child has to load it.
    with connect(target).reading():
        pass
    told: SimpleQueue[tuple[float, float]] = context.SimpleQueue()
    processes = [
        context.Process(target=_record, args=(target, barrier, told, place, int(each)))
        for place in range(int(number))
    ]
    for process in processes:
        process.start()
    barrier.wait()
    # From the first that begins to the last that ends: this process may come late to see it.
    begun, ended = zip(*(told.get() for _ in processes), strict=True)
    for process in processes:
        process.join()
    assert not any(process.exitcode for process in processes), "a process that recorded has failed"
    return {"wall": max(ended) - min(begun), "recorded": int(number) * int(each)}


def _record(
    target: str, barrier: Barrier, told: SimpleQueue[tuple[float, float]], place: int, each: int
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
    told.put((begun, time.perf_counter()))


def held(target: str) -> dict[str, float]:
    """How many executions a database holds."""
    with connect(target).reading() as connection:
        (found,) = connection.driver.execute("SELECT count(*) FROM execution").fetchone()
    return {"executions": found}


JOBS: dict[str, Callable[..., dict[str, float]]] = {"crowd": crowd, "held": held}

if __name__ == "__main__":
    json.dump(JOBS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
