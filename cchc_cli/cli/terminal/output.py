"""Talking to the terminal: the answer on stdout, everything else on stderr, questions where possible."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cchc_cli.cli.terminal.pager import is_long, page, pager
from cchc_cli.domain.language.errors import CchcError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import fold
from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console, RenderableType


def complain(*sentences: Message) -> None:
    """Tell an error: a line a sentence."""
    for sentence in sentences:
        tell(message("error: {what}", what=sentence))


def tell(sentence: Message) -> None:
    """Say something that is not the answer."""
    print(render(sentence), file=sys.stderr, flush=True)


def answer(text: str) -> None:
    """Write a part of the answer, as it is. Raises OutputError where stdout does not take it."""
    with _output():
        sys.stdout.write(text)


def flush() -> None:
    """Hand the answer over now. Raises OutputError where stdout does not take it."""
    with _output():
        sys.stdout.flush()


def say(sentence: Message) -> None:
    """Write a line of the answer."""
    answer(render(sentence) + "\n")


def console() -> Console:
    """Give the terminal as Rich draws on it: no colour where it is none, markup never."""
    from rich.console import Console as _Console  # noqa: PLC0415 - only tables may cost its start

    # Rich would colour a pipe where FORCE_COLOR is set; what is promised is that it stays plain.
    plain = None if sys.stdout.isatty() else False
    return _Console(file=sys.stdout, force_terminal=plain, markup=False, highlight=False, emoji=False)


def show(view: Callable[[int], RenderableType]) -> None:
    """Draw a view that is made for a width in columns; a long one through a pager."""
    screen = console()
    command = pager()
    if not command:
        with _output():
            screen.print(view(screen.width))
        return
    with screen.capture() as captured:
        screen.print(view(screen.width))
    show_text(captured.get(), command)


def show_text(text: str, command: list[str] | None = None) -> None:
    """Write a text; a long one through a pager, or through this one."""
    command = pager() if command is None else command
    if not (command and is_long(text) and page(text, command)):
        answer(text)


@contextmanager
def _output() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise ReaderGoneError from None
    except OSError as error:
        raise OutputError(
            message("the output cannot be written: {reason}", reason=reason_of(error))
        ) from error


class ReaderGoneError(CchcError):
    """Nobody reads the answer any more (`| head`): the end, but no failure."""

    exit_code = 0


class OutputError(CchcError):
    """The answer could not be written in full."""


def asks() -> bool:
    """Tell whether a question would reach somebody."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: Message) -> str:
    """Ask for a line until there is one. Interrupted by Ctrl-C or the end of input."""
    while True:
        print(render(question), end=" ", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        if line.strip():
            return line.strip()


_MOST_CHOICES = 20


def choose(question: Message, choices: Sequence[tuple[str, str]]) -> str:
    """Ask for one of some (code, name) pairs, by number, code or part of the name; give the code.

    Many are not listed at once: what is typed narrows them down.
    """
    left = list(choices)
    while True:
        if len(left) <= _MOST_CHOICES:
            for number, (code, name) in enumerate(left, 1):
                tell(message("{number}. {code}  {name}", number=number, code=code, name=name))
        else:
            tell(message("{number} choices; type a part of the name", number=len(left)))
        typed = ask(question)
        if typed.isdecimal() and len(left) <= _MOST_CHOICES and 1 <= int(typed) <= len(left):
            return left[int(typed) - 1][0]
        exact = [code for code, _ in choices if code.casefold() == typed.casefold()]
        near = [(code, name) for code, name in choices if fold(typed) in fold(f"{code} {name}")]
        if exact or len(near) == 1:
            return exact[0] if exact else near[0][0]
        if near:
            left = near
        else:
            tell(message("nothing matches “{text}”", text=typed))
            left = list(choices)
