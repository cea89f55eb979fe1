"""A fork server: loads the program once and forks it for each run, which saves a second of imports each time.

A run has its own arguments, environment, working folder and streams, like a fresh process. How the program starts
without it is tested by test_start, test_wheel and the generated pages.
"""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import IO, Any

_MAX_REQUEST = 1 << 22


def _serve(address: str) -> None:
    import cchc_cli  # noqa: PLC0415 - only the server loads the program

    for module in pkgutil.walk_packages(cchc_cli.__path__, "cchc_cli."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in (
        "alembic.command",
        "alembic.ddl.sqlite",
        "openpyxl",
        "psycopg",
        "rich.console",
        "rich.table",
    ):
        import_module(name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    print("ready", flush=True)  # noqa: T201 - the signal to the parent
    while True:
        connection, _ = listener.accept()
        # A process for each request, so that runs can be concurrent.
        if os.fork() == 0:
            listener.close()
            if os.fork() == 0:
                _serve_request(connection)
            os._exit(0)
        connection.close()
        os.wait()


def _serve_request(connection: socket.socket) -> None:
    data, streams, _, _ = socket.recv_fds(connection, _MAX_REQUEST, 3)
    child = os.fork()
    if child == 0:
        connection.close()
        _run_program(json.loads(data), streams)
    _, status = os.waitpid(child, 0)
    connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _run_program(request: dict[str, Any], streams: list[int]) -> None:
    from cchc_cli.cli.error_handling import main  # noqa: PLC0415 - only the server loads the program

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.umask(request["umask"])
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["cchc", *request["arguments"]]
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        mode = "r" if number == 0 else "w"
        setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for the whole run
    code = 1
    try:
        main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    finally:
        sys.stderr.flush()
        os._exit(code)


class ForkServer:
    """The client of the fork server, for the tests."""

    def __init__(self) -> None:
        """Start the server and wait until it has loaded everything."""
        # The path of a Unix socket must be short.
        self._folder = tempfile.TemporaryDirectory(prefix="forks")
        self._address = str(Path(self._folder.name) / "s")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server", self._address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        assert self._server.stdout
        assert self._server.stdout.readline() == b"ready\n"

    def run(
        self, arguments: list[str], env: dict[str, str], cwd: Path, stdin: str | None
    ) -> tuple[int, str, str]:
        """Run the program once; give its exit code, stdout and stderr."""
        with (
            _temporary_file(stdin or "") as input_file,
            _temporary_file("") as out,
            _temporary_file("") as err,
            socket.socket(socket.AF_UNIX) as connection,
        ):
            connection.connect(self._address)
            umask = os.umask(0)
            os.umask(umask)
            request = {"arguments": arguments, "env": env, "cwd": str(cwd), "umask": umask}
            files = [file.fileno() for file in (input_file, out, err)]
            socket.send_fds(connection, [json.dumps(request).encode()], files)
            code = int(connection.recv(16))
            return code, _read_text(out), _read_text(err)

    def stop(self) -> None:
        """Stop the server."""
        self._server.terminate()
        self._server.communicate()
        self._folder.cleanup()


def _temporary_file(content: str) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(content.encode())
    file.seek(0)
    return file


def _read_text(file: IO[bytes]) -> str:
    file.seek(0)
    # Universal newlines, as in subprocess.
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")


if __name__ == "__main__":
    _serve(sys.argv[1])
