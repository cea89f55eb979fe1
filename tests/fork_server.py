"""The program, loaded once and forked for each run: as its own process, without a second of imports each time.

What a run sees is what a fresh process would see: its arguments, environment, folder and streams. That the
program also starts from nothing, and what it loads then, is for test_start, test_wheel and the pages.
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

_LONGEST = 1 << 22


def _serve(address: str) -> None:
    import cchc_cli  # noqa: PLC0415 - loaded here, and not by those who only ask

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
    print("ready", flush=True)  # noqa: T201 - how its parent knows
    while True:
        connection, _ = listener.accept()
        # Whoever asked is told by a process of its own, so that runs can be beside one another.
        if os.fork() == 0:
            listener.close()
            if os.fork() == 0:
                _answer(connection)
            os._exit(0)
        connection.close()
        os.wait()


def _answer(connection: socket.socket) -> None:
    data, streams, _, _ = socket.recv_fds(connection, _LONGEST, 3)
    child = os.fork()
    if child == 0:
        connection.close()
        _become(json.loads(data), streams)
    _, status = os.waitpid(child, 0)
    connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(request: dict[str, Any], streams: list[int]) -> None:
    from cchc_cli.cli.error_handling import main  # noqa: PLC0415 - the same

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
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.stderr.flush()
        os._exit(code)


class Forks:
    """The loaded process, seen from the tests."""

    def __init__(self) -> None:
        """Start it, and wait until it has loaded everything."""
        # A Unix socket's path is short.
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
        """Run the program once; give its exit code and what it wrote."""
        with (
            _file(stdin or "") as given,
            _file("") as out,
            _file("") as err,
            socket.socket(socket.AF_UNIX) as asked,
        ):
            asked.connect(self._address)
            umask = os.umask(0)
            os.umask(umask)
            request = {"arguments": arguments, "env": env, "cwd": str(cwd), "umask": umask}
            files = [file.fileno() for file in (given, out, err)]
            socket.send_fds(asked, [json.dumps(request).encode()], files)
            code = int(asked.recv(16))
            return code, _content(out), _content(err)

    def stop(self) -> None:
        """Stop it."""
        self._server.terminate()
        self._server.communicate()
        self._folder.cleanup()


def _file(content: str) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(content.encode())
    file.seek(0)
    return file


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    # As subprocess reads text: universal newlines.
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")


if __name__ == "__main__":
    _serve(sys.argv[1])
