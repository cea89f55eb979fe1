"""Long answers on a terminal, a screen at a time."""

from __future__ import annotations

import os
import sys


class _Use:
    """Whether this run may page; set once when it starts."""

    wanted = True


def turn_off() -> None:
    """Page nothing from here on."""
    _Use.wanted = False


def pager() -> list[str]:
    """Give the command that shows long answers; empty where none is to.

    CCHC_PAGER goes before PAGER, and either turns it off where it is empty. Without both it is `less`, where
    there is one. A terminal that cannot move its cursor is left alone, unless CCHC_PAGER asks for it; and where
    the input is no terminal nobody can be waited for to turn the pages.
    """
    if not (_Use.wanted and sys.stdout.isatty() and sys.stdin and sys.stdin.isatty()):
        return []
    own, common = os.environ.get("CCHC_PAGER"), os.environ.get("PAGER")
    if own is not None:
        return _words(own)
    if os.environ.get("TERM", "dumb") == "dumb" and os.name != "nt":
        return []
    if common is not None:
        return _words(common)
    from shutil import which  # noqa: PLC0415 - only on a terminal

    # Left at once where all fits, colours as they are, and the answer stays on the screen afterwards.
    return ["less", "-FRX"] if which("less") else []


def _words(command: str) -> list[str]:
    import shlex  # noqa: PLC0415 - only on a terminal

    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        return []
    return [] if words == ["cat"] else words


def is_long(text: str) -> bool:
    """Tell whether a text, once drawn, would leave no room for the next prompt on the screen."""
    from shutil import get_terminal_size  # noqa: PLC0415 - only on a terminal

    columns, lines = get_terminal_size()
    taken = 0
    for line in text.splitlines():
        # What Rich has coloured, it has also wrapped.
        taken += 1 if "\x1b" in line else max(1, -(-len(line) // columns))
        if taken >= lines:
            return True
    return False


def page(text: str, command: list[str]) -> bool:
    """Show a text through a pager, and wait until it is left; tell whether the pager could be started."""
    import signal  # noqa: PLC0415 - only where something is paged
    import subprocess  # noqa: PLC0415

    sys.stdout.flush()
    try:
        shown = subprocess.Popen(  # noqa: S603 - the user's own choice
            command, stdin=subprocess.PIPE, env=_environment(), encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        return False
    # Ctrl-C is the pager's, as in a search; whoever leaves before the end has read enough.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        shown.communicate(text)
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _environment() -> dict[str, str]:
    """Give `less` what it needs to show Vietnamese and colours, in whatever language the system speaks."""
    options = os.environ.get("LESS")
    return {
        "LESSCHARSET": "utf-8",
        **os.environ,
        "LESS": "FRX" if options is None else f"-R {options}",
    }
