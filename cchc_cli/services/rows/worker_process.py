"""Work in a process beside this one, so that both cores are used: it makes things, and may ask for things."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection as Pipe
    from typing import TypeVar

    T = TypeVar("T")

_MADE, _ASKED, _FAILED, _DONE = range(4)


def beside(work: Callable[[Callable[[str], Any]], Iterable[T]], answer: Callable[[str], Any]) -> Iterator[T]:
    """Give what `work` gives, which runs in a forked process; `answer` runs here, for what it asks.

    Errors of either come out of the other. Where the system cannot fork, the work is done here.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        yield from work(answer)
        return
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_run, args=(work, here, there), daemon=True)
    child.start()
    there.close()
    try:
        yield from _heard(here, answer)
    finally:
        child.kill()
        child.join()
        here.close()


def _heard(pipe: Pipe, answer: Callable[[str], Any]) -> Iterator[Any]:
    while True:
        try:
            kind, value = pipe.recv()
        except EOFError:
            raise ChildProcessError from None
        if kind == _MADE:
            yield value
        elif kind == _ASKED:
            pipe.send(_tried(answer, value))
        elif kind == _FAILED:
            raise value
        else:
            return


def _tried(answer: Callable[[str], Any], value: str) -> tuple[bool, Any]:
    try:
        return True, answer(value)
    except Exception as error:  # noqa: BLE001 - it is raised again, where it was asked
        return False, error


def _run(work: Callable[[Callable[[str], Any]], Iterable[Any]], here: Pipe, pipe: Pipe) -> None:
    """Do the work in the child. It holds nothing that must be let go of: the database is the parent's."""
    here.close()
    # Whoever presses the keys means the parent, which ends this process too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def ask(value: str) -> Any:  # noqa: ANN401
        pipe.send((_ASKED, value))
        found, answered = pipe.recv()
        if found:
            return answered
        raise answered

    with suppress(BrokenPipeError, EOFError):
        try:
            for made in work(ask):
                pipe.send((_MADE, made))
        except Exception as error:  # noqa: BLE001 - it is raised again, in the parent
            pipe.send((_FAILED, error))
        pipe.send((_DONE, None))
    os._exit(0)
