"""Generated documents: the help of every command, the picture of `status`, and pages whose commands are run.

`python -m tests.generated_docs` lists those out of date; `--write` writes them. Values that differ from run to run,
the time of recording and the head of the chain, are replaced by a fixed time and a short head. A command with the
short head is run with the last real head.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from rich.console import Console
from typer.core import TyperGroup

from cchc_cli.cli.app import root_command
from cchc_cli.locale import set_language
from cchc_cli.reports.terminal.status import status_view
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.question import Question
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record
from cchc_cli.storage.migrations.opening import open_database
from tests.program import EXECUTABLE, Program

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
GUIDES = tuple(sorted((ROOT / "docs").glob("huong-dan-*.md")))
NOW = datetime(2024, 6, 10, 5, tzinfo=UTC)
BROADCASTS = [(month, 20, minutes) for month, minutes in enumerate((15, 15, 10, 18, 15), 1)] + [(6, 5, 8)]


def status_picture() -> str:
    """Draw the status of a district station in June 2024 on a terminal of 80 columns."""
    set_language("vi")
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
    """Give the page with the `--help` of the program and of each command."""
    parts = ["# Commands", "", "Made by `make docs` from the program's own `--help`."]
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), "x.db", {"COLUMNS": "90"})
        for name in _command_lines():
            done = subprocess.run(
                [str(EXECUTABLE), *name.split(), "--help"],
                check=True,
                capture_output=True,
                encoding="utf-8",
                env=program.environ(),
            )
            lines = [line.rstrip() for line in done.stdout.strip().splitlines()]
            parts += ["", f"## cchc {name}".rstrip(), "", "```text", *lines, "```"]
    return "\n".join(parts) + "\n"


def _command_lines() -> list[str]:
    """Give every command line: the empty one for the program itself, each command, each command of a group."""
    lines = [""]
    for name, found in sorted(root_command().commands.items()):
        lines.append(name)
        if isinstance(found, TyperGroup):
            lines += [f"{name} {inner}" for inner in found.commands]
    return lines


_FILE = re.compile(r"<!-- file: (\S+) -->\n+```\w+\n(.*?)```", re.DOTALL)
_HIDDEN = re.compile(r"<!-- file: (\S+)\n(.*?)-->", re.DOTALL)
_SHEET = re.compile(r"<!-- file: (\S+\.xlsx) -->\n+((?:\|.*\n)+)")
_SETTING = re.compile(r'^setx (CCHC_\w+) "(.*)"$', re.MULTILINE)
_CONSOLE = re.compile(r"(?<=```console)( quiet)?\n(.*?)(?=```)", re.DOTALL)
_HEAD = re.compile(r"\b[0-9a-f]{64}\b")
_SHORT = "5f2a…"
_MOMENTS = {"en": ("2024-03-20 09:00", "%Y-%m-%d"), "vi": ("20/03/2024 09:00", "%d/%m/%Y")}
"""By language: the time that replaces each time of a run, and the format of its date."""


def page(path: Path, language: str = "en") -> str:
    """Run the commands of a page, in order and in one folder; give the page with their real output."""
    text = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_files(text, folder)
        environment = {"COLUMNS": "80", "CCHC_LANG": language, **dict(_SETTING.findall(text))}
        replay = _Replay(Program(folder, str(folder / "cchc.db"), environment), language)
        return _CONSOLE.sub(lambda block: replay.block(block[2], quiet=bool(block[1])), text)


def _write_files(text: str, folder: Path) -> None:
    """Write the files of a page, which it has as text, as a table, or in a comment."""
    for name, content in [*_FILE.findall(text), *_HIDDEN.findall(text)]:
        (folder / name).write_text(content, "utf-8")
    for name, table in _SHEET.findall(text):
        heading, _, *rows = table.splitlines()
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in (heading, *rows):
            sheet.append([cell.strip() or None for cell in line.strip("|").split("|")])
        book.save(folder / name)


class _Replay:
    """Runs the commands of one page."""

    def __init__(self, program: Program, language: str) -> None:
        """Start with the first command."""
        self._program = program
        self._moment, self._day = _MOMENTS[language]
        self._head = _SHORT

    def block(self, text: str, *, quiet: bool) -> str:
        """Run the commands of a block; give its new text. A quiet block shows no output, and its commands must succeed."""
        lines = [" quiet" if quiet else ""]
        for command_line in (line for line in text.splitlines() if line.startswith("$ ")):
            code, said = self._run(command_line)
            assert not quiet or code == 0, (command_line, said)
            lines.append(command_line)
            if not quiet:
                self._head = next(iter(_HEAD.findall(said)), self._head)
                lines += [line.rstrip() for line in self._normalise(said).strip("\n").splitlines()]
                lines += [f"# exit {code}"] if code else []
        return "\n".join(lines) + "\n"

    def _run(self, command_line: str) -> tuple[int, str]:
        outcome = self._program.run(*shlex.split(command_line.replace(_SHORT, self._head))[2:])
        said = outcome.err if outcome.code else outcome.out or outcome.err
        assert "itself failed" not in said, said
        return outcome.code, said

    def _normalise(self, said: str) -> str:
        """Replace what differs from run to run."""
        today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
        for day in (today - timedelta(days=1), today):
            said = re.sub(rf"{day.strftime(self._day)} \d\d:\d\d", self._moment, said)
        return _HEAD.sub(_SHORT, said)


DOCUMENTS: dict[Path, Callable[[], str]] = {
    ROOT / "README.md": lambda: page(ROOT / "README.md"),
    ROOT / "README.vi.md": lambda: page(ROOT / "README.vi.md", "vi"),
    GUIDES[0]: lambda: page(GUIDES[0], "vi"),
    GUIDES[1]: lambda: page(GUIDES[1], "vi"),
    ROOT / "docs" / "commands.md": help_page,
    ROOT / "docs" / "status.svg": status_picture,
}


def main(*, write: bool) -> int:
    """Compare or write the documents; give the exit code."""
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
