"""Something to look at while a command works for longer than a second: on stderr, and only on a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from cchc_cli.domain.language.errors import Message

AFTER = 1.0
"""Seconds of work after which a bar is shown."""


@contextmanager
def working(what: Message, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block works; what comes tells it how much more is done.

    With `total` it knows how much there is. No bar where nobody would see it, or NO_COLOR is set.
    """
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        yield _nothing
        return
    from threading import Event as Flag  # noqa: PLC0415 - only where somebody looks on
    from threading import Thread  # noqa: PLC0415

    done = [0]
    finished = Flag()
    watcher = Thread(target=_watch, args=(render(what), total, done, finished), daemon=True)
    watcher.start()

    def tick(more: int) -> None:
        done[0] += more

    try:
        yield tick
    finally:
        # Gone before anything else is written to the screen.
        finished.set()
        watcher.join()


def _nothing(_: int) -> None:
    pass


def _watch(what: str, total: int | None, done: list[int], finished: Event) -> None:
    if finished.wait(AFTER):
        return
    from rich.console import Console  # noqa: PLC0415 - costs its start only where it is shown
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=total, count="")
        while not finished.wait(0.2):
            count = f"{done[0]:,}".replace(",", " ") if done[0] else ""
            bar.update(task, completed=done[0] if total else None, count=count)
