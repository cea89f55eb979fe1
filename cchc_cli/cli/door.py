"""The one door through which the program is entered and left: every error becomes a line and a code."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

from cchc_cli.cli.terminal import complain
from cchc_cli.domain.errors import CchcError, message

INTERRUPTED = 130
FAILED = 3
BAD_USAGE = 2


def main() -> NoReturn:
    """Run the command line and leave with its exit code; no traceback reaches a user."""
    for stream in (sys.stdout, sys.stderr):
        # Vietnamese must come out whole even where the system's own encoding is an older one.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    code = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has read enough (`| head`); that is no failure.
        _discard_output()
    except OSError as error:
        _discard_output()
        if code == 0:
            complain(message("the output cannot be written: {reason}", reason=error.strerror))
            code = FAILED
    sys.exit(code)


def _discard_output() -> None:
    """Keep the interpreter from flushing once more on its way out, and failing again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_usage(error: Any) -> None:  # noqa: ANN401 - Typer's errors of usage share no public class
    if hasattr(error, "show"):
        error.show()
    else:
        complain(message("{text}", text=error.format_message()))


def _run(arguments: list[str]) -> int:
    from typer import Abort, Exit, TyperException  # noqa: PLC0415 - under the door, so its errors are too

    from cchc_cli.cli.app import command  # noqa: PLC0415

    try:
        result = command().main(arguments, prog_name="cchc", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except TyperException as error:
        _show_usage(error)
        return error.exit_code
    except CchcError as error:
        complain(*error.messages)
        return error.exit_code
    except (KeyboardInterrupt, Abort):
        complain(message("interrupted; nothing was changed"))
        return INTERRUPTED
    except Exit as error:
        return error.exit_code
    except BrokenPipeError:
        _discard_output()
        return 0
    except OSError as error:
        complain(message("a file failed: {reason}", reason=str(error)))
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
