"""The entry point: runs a command, and turns every error into a message and an exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from cchc_cli.cli.framework.language import chosen_language
from cchc_cli.cli.framework.settings import SavedSettings, option_defaults, saved_settings
from cchc_cli.cli.terminal.output import ReaderGoneError, print_error
from cchc_cli.domain.language.errors import CchcError, InputError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import text_fault
from cchc_cli.locale import set_language

INTERRUPTED = 130
FAILED = 3
_NO_SETTINGS = SavedSettings({})


def main() -> NoReturn:
    """Run the command line and exit with its code; a user never sees a traceback."""
    # The process is short-lived: garbage collection would cost more than the memory that it frees.
    gc.set_threshold(100_000)
    _open_streams()
    code = run(sys.argv[1:], saved_settings())
    if code == INTERRUPTED:
        # A second Ctrl-C must not interrupt the exit.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe (`| head`), which is no failure.
        _discard_output()
    except OSError as error:
        _discard_output()
        if code == 0:
            print_error(message("the output cannot be written: {reason}", reason=reason_of(error)))
            code = FAILED
    with suppress(OSError):
        sys.stderr.flush()
    # Finalising the interpreter would take a tenth of the time of a `log`, to no use.
    os._exit(code)


def _open_streams() -> None:
    """Make the streams accept any text; open output streams that the caller closed (`>&-`)."""
    if isinstance(sys.stdin, TextIOWrapper):
        # Broken bytes become surrogates, which a prompt refuses like any wrong answer.
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for the whole run
        else:
            # UTF-8 for Vietnamese, whatever the system's encoding; no newline translation, for CSV.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


def _discard_output() -> None:
    """Redirect stdout to the null device, so that the final flush of the interpreter cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(arguments: list[str], saved: SavedSettings = _NO_SETTINGS) -> int:
    """Run a command; report its error, if any, and give the exit code."""
    set_language(chosen_language(arguments, os.environ, saved.values.get("language")))
    from cchc_cli.cli.app import COMMANDS, root_command

    try:
        _refuse_broken_text(arguments)
        result = root_command().main(
            arguments,
            prog_name="cchc",
            standalone_mode=False,
            obj=saved,
            default_map=option_defaults(saved, COMMANDS),
        )
        if result == INTERRUPTED:  # Typer gives this code for Ctrl-C.
            return _report(KeyboardInterrupt())
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - no traceback may reach a user
        return _report(error)
    return result if isinstance(result, int) else 0


def _refuse_broken_text(arguments: list[str]) -> None:
    """Raise InputError if an argument or a variable of ours is not valid text."""
    for text in arguments:
        if fault := text_fault(text):
            raise InputError(message("“{text}”: {what}", text=text, what=fault))
    for name, text in os.environ.items():
        if name.startswith("CCHC_") and (fault := text_fault(text)):
            raise InputError(message("{variable}: {what}", variable=name, what=fault))


def _report(error: BaseException) -> int:
    """Print an error and give the exit code. Raises the error again if it is a defect and CCHC_DEBUG is set."""
    from typer import Abort, Exit, TyperException

    code = FAILED
    match error:
        case Exit():
            code = error.exit_code
        case TyperException():
            from cchc_cli.cli.framework.help_translation import usage_text

            print(usage_text(error), file=sys.stderr)
            code = error.exit_code
        # Typer exits with SystemExit if the reader of its output has closed the pipe.
        case ReaderGoneError() | BrokenPipeError() | SystemExit():
            _discard_output()
            code = 0
        case CchcError():
            print_error(*error.messages)
            code = error.exit_code
        case KeyboardInterrupt() | Abort():
            print_error(message("interrupted; nothing was changed"))
            code = INTERRUPTED
        case OSError():
            print_error(message("file error: {reason}", reason=_file_error(error)))
        case _:
            _report_defect(error)
    return code


def _file_error(error: OSError) -> Message | str:
    reason = reason_of(error)
    return message("{path}: {reason}", path=str(error.filename), reason=reason) if error.filename else reason


def _report_defect(error: BaseException) -> None:
    if os.environ.get("CCHC_DEBUG"):
        raise error
    print_error(
        message(
            "cchc itself failed ({kind}: {reason}); please report it; CCHC_DEBUG=1 shows where",
            kind=type(error).__name__,
            reason=str(error),
        )
    )
