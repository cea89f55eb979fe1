"""Generated documents: the help of every command and the picture of `status`.

`python -m tests.docs_in_step` says which are out of date, with `--write` makes them anew.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from cchc_cli.cli.app import command
from cchc_cli.locale import speak
from cchc_cli.reports.tables import status_view
from cchc_cli.services.compliance import Question, assess
from cchc_cli.services.drafts import Draft
from cchc_cli.services.executions import record
from cchc_cli.services.importing import import_plan
from cchc_cli.storage.schema import open_database
from tests.program import EXECUTABLE, Program

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2024, 6, 10, 5, tzinfo=UTC)
BROADCASTS = [(month, 20, minutes) for month, minutes in enumerate((15, 15, 10, 18, 15), 1)] + [(6, 5, 8)]


def status_picture() -> str:
    """Draw the status of one district station in June 2024, as a terminal of 80 columns shows it."""
    speak("vi")
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "cchc.db")
        import_plan(ROOT / "data" / "plan_2024.yaml", target, author="docs", now=NOW)
        database = open_database(target, create=False)
        assert database is not None
        for month, day, minutes in BROADCASTS:
            draft = Draft("dai-buon-ho", "radio-column", date(2024, month, day).isoformat(), str(minutes))
            record(database, draft, plan=None, author="docs", now=NOW)
        assessment = assess(database, Question(now=NOW, agency="dai-buon-ho"))
    screen = Console(record=True, width=80, file=StringIO(), force_terminal=True, color_system="truecolor")
    screen.print("$ cchc status --agency dai-buon-ho\n", highlight=False)
    screen.print(status_view(assessment, screen.width, summary=False))
    return screen.export_svg(title="cchc", unique_id="status")


def help_page() -> str:
    """Write down what `--help` says of the program and of each command."""
    parts = ["# Commands", "", "Made by `make docs` from the program's own `--help`."]
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), "x.db", {"COLUMNS": "90"})
        for name in ("", *sorted(command().commands)):
            arguments = [name, "--help"] if name else ["--help"]
            done = subprocess.run(
                [str(EXECUTABLE), *arguments],
                check=True,
                capture_output=True,
                encoding="utf-8",
                env=program.environ(),
            )
            lines = [line.rstrip() for line in done.stdout.strip().splitlines()]
            parts += ["", f"## cchc {name}".rstrip(), "", "```text", *lines, "```"]
    return "\n".join(parts) + "\n"


_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
_CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def page(path: Path) -> str:
    """Run the commands of a page, in its order and in one folder; give it with what they really print."""
    text = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), str(Path(folder) / "cchc.db"), {"COLUMNS": "80"})
        for name, content in _FILE.findall(text):
            (Path(folder) / name).write_text(content, "utf-8")
        return _CONSOLE.sub(lambda block: _replayed(program, block[0]), text)


def _replayed(program: Program, block: str) -> str:
    lines = []
    for command_line in (line for line in block.splitlines() if line.startswith("$ ")):
        outcome = program.run(*shlex.split(command_line)[2:])
        said = outcome.out if outcome.code == 0 else outcome.err
        assert "itself failed" not in said, said
        lines += [command_line, *(line.rstrip() for line in said.strip("\n").splitlines())]
        lines += [f"# exit {outcome.code}"] if outcome.code else []
    return "\n".join(lines) + "\n"


DOCUMENTS: dict[Path, Callable[[], str]] = {
    ROOT / "README.md": lambda: page(ROOT / "README.md"),
    ROOT / "docs" / "commands.md": help_page,
    ROOT / "docs" / "status.svg": status_picture,
}


def main(*, write: bool) -> int:
    """Compare, or write; give the exit code."""
    stale = 0
    for path, make in DOCUMENTS.items():
        text = make()
        if write:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            stale = 1
            print(f"{path.relative_to(ROOT)} is out of date: make docs", file=sys.stderr)  # noqa: T201
    return stale


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv))
