"""Output to the terminal: the answer on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cchc_cli.cli.terminal.pager import is_long, pager_command, run_pager
from cchc_cli.domain.language.errors import CchcError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console, RenderableType


def print_error(*sentences: Message) -> None:
    """Print an error to stderr, one sentence a line."""
    for sentence in sentences:
        print_note(message("error: {what}", what=sentence))


def print_note(sentence: Message) -> None:
    """Print a line to stderr: anything that is not part of the answer."""
    print(render(sentence), file=sys.stderr, flush=True)


def print_answer(text: str) -> None:
    """Write a part of the answer to stdout, without a line end. Raises OutputError."""
    with _output_errors():
        sys.stdout.write(text)


def flush_answer() -> None:
    """Flush the answer to stdout. Raises OutputError."""
    with _output_errors():
        sys.stdout.flush()


def print_line(sentence: Message) -> None:
    """Print a sentence as a line of the answer."""
    print_answer(render(sentence) + "\n")


def print_json(document: dict[str, Any]) -> None:
    """Print the answer as a JSON document."""
    from cchc_cli.reports.data.formats import to_json

    print_answer(to_json(document) + "\n")


def print_csv(columns: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Print the answer as CSV, line by line."""
    from cchc_cli.reports.data.formats import to_csv

    for line in to_csv(columns, rows):
        print_answer(line)


def console() -> Console:
    """Give Rich's console on stdout: without colour unless stdout is a terminal, never with markup."""
    from rich.console import Console as _Console

    # Without this, FORCE_COLOR would make Rich colour a pipe too.
    terminal = None if sys.stdout.isatty() else False
    return _Console(file=sys.stdout, force_terminal=terminal, markup=False, highlight=False, emoji=False)


def show_view(view: Callable[[int], RenderableType]) -> None:
    """Print a view built for a width in columns; a long one through the pager."""
    screen = console()
    command = pager_command()
    if not command:
        with _output_errors():
            screen.print(view(screen.width))
        return
    with screen.capture() as captured:
        screen.print(view(screen.width))
    show_text(captured.get(), command)


def show_text(text: str, command: list[str] | None = None) -> None:
    """Print a text; a long one through a pager, by default the user's."""
    command = pager_command() if command is None else command
    if not (command and is_long(text) and run_pager(text, command)):
        print_answer(text)


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise ReaderGoneError from None
    except OSError as error:
        raise OutputError(
            message("the output cannot be written: {reason}", reason=reason_of(error))
        ) from error


class ReaderGoneError(CchcError):
    """The reader of the answer has closed the pipe (`| head`), which ends the run but is no failure."""

    exit_code = 0


class OutputError(CchcError):
    """The answer could not be written in full."""
