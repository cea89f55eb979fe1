"""The pager: long answers on a terminal, a screen at a time."""

from __future__ import annotations

import os
import sys


class _State:
    """Whether this run may use a pager."""

    enabled = True


def turn_off() -> None:
    """Disable the pager for this run."""
    _State.enabled = False


def pager_command() -> list[str]:
    """Give the command of the pager; empty if none is to be used.

    CCHC_PAGER overrides PAGER; an empty value of either disables paging. Without both it is `less` if installed.
    No pager runs on a terminal that cannot move its cursor (TERM=dumb), unless CCHC_PAGER is set, nor if stdin is no
    terminal, where nobody could turn the pages.
    """
    if not (_State.enabled and sys.stdout.isatty() and sys.stdin and sys.stdin.isatty()):
        return []
    own, common = os.environ.get("CCHC_PAGER"), os.environ.get("PAGER")
    if own is not None:
        return _split_command(own)
    if os.environ.get("TERM", "dumb") == "dumb" and os.name != "nt":
        return []
    if common is not None:
        return _split_command(common)
    from shutil import which

    # -F: quit if all fits on one screen; -R: colours; -X: leave the text on the screen afterwards.
    return ["less", "-FRX"] if which("less") else []


def _split_command(command: str) -> list[str]:
    import shlex

    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        return []
    return [] if words == ["cat"] else words


def is_long(text: str) -> bool:
    """Tell whether a text is too long for the screen, with one line left for the next prompt."""
    from shutil import get_terminal_size

    columns, lines = get_terminal_size()
    taken = 0
    for line in text.splitlines():
        # Rich has wrapped the lines that it has coloured.
        taken += 1 if "\x1b" in line else max(1, -(-len(line) // columns))
        if taken >= lines:
            return True
    return False


def run_pager(text: str, command: list[str]) -> bool:
    """Show a text in a pager and wait until the user leaves it. Returns False if the pager cannot be started."""
    import signal
    import subprocess

    sys.stdout.flush()
    try:
        shown = subprocess.Popen(  # noqa: S603 - the user's own choice
            command,
            stdin=subprocess.PIPE,
            env=_pager_environment(),
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError:
        return False
    # While the pager runs, Ctrl-C is meant for it, for example to stop a search.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        shown.communicate(text)
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _pager_environment() -> dict[str, str]:
    """Give the environment for the pager: `less` shows UTF-8 and colours whatever the locale."""
    options = os.environ.get("LESS")
    return {
        "LESSCHARSET": "utf-8",
        **os.environ,
        "LESS": "FRX" if options is None else f"-R {options}",
    }
