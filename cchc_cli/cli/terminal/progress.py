"""A progress bar for commands that take longer than a second: on stderr, and only on a terminal."""

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

DELAY = 1.0
"""Seconds after which the bar is shown."""


@contextmanager
def progress_bar(what: Message, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar while the block runs; the block calls the function it gets with the number of steps done.

    `total` is the number of all steps, None if unknown. No bar is shown if stderr is no terminal or NO_COLOR is set.
    """
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        yield _ignore
        return
    from threading import Event as Flag
    from threading import Thread

    done = [0]
    finished = Flag()
    watcher = Thread(target=_draw_after_delay, args=(render(what), total, done, finished), daemon=True)
    watcher.start()

    def tick(more: int) -> None:
        done[0] += more

    try:
        yield tick
    finally:
        # The bar is removed before anything else is printed.
        finished.set()
        watcher.join()


def _ignore(_: int) -> None:
    pass


def _draw_after_delay(what: str, total: int | None, done: list[int], finished: Event) -> None:
    if finished.wait(DELAY):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

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
