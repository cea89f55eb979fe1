"""Runs a generator in a forked worker process, which may send requests to this process: two cores are used."""

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

_RESULT, _REQUEST, _FAILED, _DONE = range(4)


def run_in_worker(
    generate: Callable[[Callable[[str], Any]], Iterable[T]], answer: Callable[[str], Any]
) -> Iterator[T]:
    """Yield the items of `generate(ask)`, which runs in a worker process; `ask(value)` runs `answer(value)` here.

    Exceptions of the worker are raised here, those of `answer` in the worker. Where the system cannot fork,
    everything runs here. Raises ChildProcessError where the worker dies.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        yield from generate(answer)
        return
    parent_end, child_end = multiprocessing.Pipe()
    worker = multiprocessing.get_context("fork").Process(
        target=_run_worker, args=(generate, parent_end, child_end), daemon=True
    )
    worker.start()
    child_end.close()
    try:
        yield from _results(parent_end, answer)
    finally:
        worker.kill()
        worker.join()
        parent_end.close()


def _results(pipe: Pipe, answer: Callable[[str], Any]) -> Iterator[Any]:
    while True:
        try:
            kind, value = pipe.recv()
        except EOFError:
            raise ChildProcessError from None
        if kind == _RESULT:
            yield value
        elif kind == _REQUEST:
            pipe.send(_response(answer, value))
        elif kind == _FAILED:
            raise value
        else:
            return


def _response(answer: Callable[[str], Any], value: str) -> tuple[bool, Any]:
    try:
        return True, answer(value)
    except Exception as error:  # noqa: BLE001 - raised again in the worker
        return False, error


def _run_worker(
    generate: Callable[[Callable[[str], Any]], Iterable[Any]], parent_end: Pipe, pipe: Pipe
) -> None:
    """Run in the worker. It has no resources to release: the database connection is the parent's."""
    parent_end.close()
    # Ctrl-C is for the parent, which kills this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def ask(value: str) -> Any:  # noqa: ANN401 - whatever `answer` gives
        pipe.send((_REQUEST, value))
        succeeded, response = pipe.recv()
        if succeeded:
            return response
        raise response

    with suppress(BrokenPipeError, EOFError):
        try:
            for item in generate(ask):
                pipe.send((_RESULT, item))
        except Exception as error:  # noqa: BLE001 - raised again in the parent
            pipe.send((_FAILED, error))
        pipe.send((_DONE, None))
    os._exit(0)
