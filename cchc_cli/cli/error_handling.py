"""The one door through which the program is entered and left: every error becomes a line and a code."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from cchc_cli.cli.framework.language import chosen_language
from cchc_cli.cli.framework.settings import Saved, defaults, saved_settings
from cchc_cli.cli.terminal.output import ReaderGoneError, complain
from cchc_cli.domain.language.errors import CchcError, InputError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import text_fault
from cchc_cli.locale import set_language

INTERRUPTED = 130
FAILED = 3
_NOTHING_SAVED = Saved({})
_INTERRUPTION = message("interrupted; nothing was changed")


def main() -> NoReturn:
    """Run the command line and leave with its exit code; no traceback reaches a user."""
    # A command is short: what the collector would find is gone with the process.
    gc.set_threshold(100_000)
    _open_streams()
    saved = saved_settings()
    code = _run(sys.argv[1:], saved)
    if code == INTERRUPTED:
        # Whoever presses the keys twice has been heard.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has read enough (`| head`); that is no failure.
        _discard_output()
    except OSError as error:
        _discard_output()
        if code == 0:
            complain(message("the output cannot be written: {reason}", reason=reason_of(error)))
            code = FAILED
    with suppress(OSError):
        sys.stderr.flush()
    # Taking the interpreter apart piece by piece would cost a tenth of a `log`, and leave nothing more.
    os._exit(code)


def _open_streams() -> None:
    """Make both streams take any text, also where the caller closed them (`>&-`)."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for the whole run
        else:
            # Vietnamese must come out whole even where the system's own encoding is an older one, and
            # the line ends of CSV as they are.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


def _discard_output() -> None:
    """Keep the interpreter from flushing once more on its way out, and failing again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_usage(error: Any) -> None:  # noqa: ANN401 - Typer's errors of usage share no public class
    from cchc_cli.cli.framework.help_translation import usage_text  # noqa: PLC0415 - with Typer, under the door

    print(usage_text(error), file=sys.stderr)


def _failure(error: OSError) -> Message | str:
    reason = reason_of(error)
    return message("{path}: {reason}", path=str(error.filename), reason=reason) if error.filename else reason


def _refuse_broken_text(arguments: list[str]) -> None:
    """Refuse bytes that are no text before anything looks at them."""
    for text in arguments:
        if fault := text_fault(text):
            raise InputError(message("“{text}”: {what}", text=text, what=fault))
    for name, text in os.environ.items():
        if name.startswith("CCHC_") and (fault := text_fault(text)):
            raise InputError(message("{variable}: {what}", variable=name, what=fault))


def _run(arguments: list[str], saved: Saved = _NOTHING_SAVED) -> int:  # noqa: C901 - one clause an error
    set_language(chosen_language(arguments, os.environ, saved.values.get("language")))
    from typer import Abort, Exit, TyperException  # noqa: PLC0415 - under the door, so its errors are too

    from cchc_cli.cli.app import COMMANDS, command  # noqa: PLC0415

    try:
        _refuse_broken_text(arguments)
        result = command().main(
            arguments,
            prog_name="cchc",
            standalone_mode=False,
            obj=saved,
            default_map=defaults(saved, COMMANDS),
        )
        if result == INTERRUPTED:  # Typer makes this of Ctrl-C.
            complain(_INTERRUPTION)
        return result if isinstance(result, int) else 0
    except TyperException as error:
        _show_usage(error)
        return error.exit_code
    except ReaderGoneError:
        _discard_output()
        return 0
    except CchcError as error:
        complain(*error.messages)
        return error.exit_code
    except (KeyboardInterrupt, Abort):
        complain(_INTERRUPTION)
        return INTERRUPTED
    except Exit as error:
        return error.exit_code
    except (BrokenPipeError, SystemExit):
        # Typer itself leaves with SystemExit where nobody reads what it prints.
        _discard_output()
        return 0
    except OSError as error:
        complain(message("a file failed: {reason}", reason=_failure(error)))
        return FAILED
    # The last resort: a defect of ours must not spill a traceback over an officer's screen.
    except Exception as error:
        if os.environ.get("CCHC_DEBUG"):
            raise
        complain(
            message(
                "cchc itself failed ({kind}: {reason}); please report it; CCHC_DEBUG=1 shows where",
                kind=type(error).__name__,
                reason=str(error),
            )
        )
        return FAILED
