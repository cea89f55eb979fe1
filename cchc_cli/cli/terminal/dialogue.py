"""Prompts on a terminal: a line of text, one of several choices, yes or no. All of it goes to stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from cchc_cli.cli.terminal.output import print_error, print_note
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import exact_key, fold, text_fault
from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cchc_cli.domain.language.errors import Message

T = TypeVar("T")
Choice = tuple[str, str]
"""The code and the name of something that can be chosen; the name may be empty."""

ALL = "*"
"""What is typed to see every choice."""

_MAX_CHOICES = 20
"""A longer list is shown only on request."""


def can_ask() -> bool:
    """Tell whether the user can be prompted."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: Message, default: str | None = None) -> str:
    """Prompt for a line of text; an empty line gives `default`, or the prompt again where it is None.

    Raises KeyboardInterrupt at Ctrl-C and at the end of input.
    """
    while True:
        try:
            print(render(question), end=" ", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            print(file=sys.stderr, flush=True)
            raise KeyboardInterrupt
        typed = line.strip()
        if fault := text_fault(typed):
            print_error(fault)
        elif typed or default is not None:
            return typed or default or ""


def ask_until_valid(
    question: Message, read: Callable[[str], T], default: str | None = None, first: str | None = None
) -> T:
    """Prompt until `read` accepts what is typed, and give what it returns; its InputError is shown.

    `first` is an answer that was given beforehand; there is no prompt if it is accepted.
    """
    while True:
        typed = ask(question, default) if first is None else first
        first = None
        try:
            return read(typed)
        except InputError as error:
            print_error(*error.messages)


def confirm(question: Message) -> bool:
    """Prompt for yes or no; an empty line is yes."""
    while True:
        typed = fold(ask(question, "y"))
        if typed in _YES:
            return True
        if typed in _NO:
            return False
        print_error(message("type y for yes or n for no"))


_YES = frozenset({"y", "yes", "c", "co"})
_NO = frozenset({"n", "no", "k", "khong"})


def choose(
    question: Message,
    choices: Sequence[Choice],
    others: Sequence[Choice] = (),
    *,
    named: Callable[[str], Sequence[str]],
    first: str | None = None,
    optional: bool = False,
) -> str:
    """Prompt for one of some choices, by number, code, name or a part of the name; give its code.

    `others` can be chosen too, but are listed only on request. `named` gives the codes of the choices that a
    text names by the rules of the command line, and raises InputError where there are none. `first` is an answer
    that was given beforehand. If the choice is optional, an empty line gives “”.
    """
    every, listed, in_full = [*choices, *others], choices, False
    while True:
        given, typed = first, first
        first = None
        if typed is None:
            shown = listed if in_full or len(listed) <= _MAX_CHOICES else ()
            _show(shown, len(listed), more=bool(others) and listed is choices)
            typed = ask(question, "" if optional else None)
            if optional and not typed:
                return typed
            if typed.isdecimal() and 1 <= int(typed) <= len(shown):
                return shown[int(typed) - 1][0]
            if typed.isdecimal() and shown and not any(typed in choice for choice in every):
                print_error(message("type a number from 1 to {last}, or a code or name", last=len(shown)))
                continue
        if typed == ALL:
            listed, in_full = every, True
            continue
        matches = _matches(typed, every, named, by_part=given is None)
        if len(matches) == 1:
            return matches[0][0]
        listed, in_full = matches or choices, False


def _show(choices: Sequence[Choice], number: int, *, more: bool) -> None:
    for place, (code, name) in enumerate(choices, 1):
        if name:
            print_note(message("{number}. {code}  {name}", number=place, code=code, name=name))
        else:
            print_note(message("{number}. {code}", number=place, code=code))
    if not choices:
        print_note(message("{number} choices; type a part of the name, or * for all", number=number))
    elif more:
        print_note(message("another one: type its code or a part of its name, or * for all"))


def _matches(
    typed: str, every: Sequence[Choice], named: Callable[[str], Sequence[str]], *, by_part: bool
) -> Sequence[Choice]:
    """Give the choices that a text can mean, with `by_part` also by a part of the name; none after an error."""
    exact = [one for one in every if exact_key(one[0]) == exact_key(typed)]
    whole = exact or [one for one in every if exact_key(one[1]) == exact_key(typed)]
    if len(whole) == 1:
        return whole
    key = fold(typed) if by_part else ""
    parts = {code for code, name in every if key and key in fold(f"{code} {name}")}
    codes: Sequence[str] = ()
    try:
        codes = named(typed)
    except InputError as error:
        if not parts:
            print_error(*error.messages)
    return [one for one in every if one[0] in parts or one[0] in codes]
