"""The files of one `log --file`: which they are, and their rows one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.text import sort_key
from cchc_cli.services.rows.reader import read_rows
from cchc_cli.storage.database.files import digest_of
from cchc_cli.storage.records.same_records import FROM_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cchc_cli.services.rows.reader import Row

_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"})
"""Of a folder, files with these suffixes are read as rows files. The reader refuses those that it cannot read."""

ROW_BITS = 32
"""The row has so many bits of a place."""


class Place(NamedTuple):
    """Where a row stands: the position of its file among those of the command, and its number in it."""

    file: int
    row: int


def decode_place(place: int) -> Place:
    """Give the place of a number as `RowsFiles.rows` gives it."""
    return Place(place >> ROW_BITS, place & (1 << ROW_BITS) - 1)


class FileNote(NamedTuple):
    """Something about one of the files that the answer must say."""

    file: int
    what: Message


class RowsFiles:
    """The rows files of one command, which are read one after another."""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        ignore: Sequence[str] = (),
        agency: str | None = None,
        evidence_from: Path | None = None,
    ) -> None:
        """Take files and folders; files of a folder are read in the order of their names.

        `ignore` are headings of columns to leave alone, `agency` is that of rows that name none, and `evidence_from`
        is the folder of the evidence of all files. Raises InputError for a folder without rows files, and for two
        files with the same content.
        """
        self.paths = list(_files_of(paths))
        _refuse_copies(self.paths)
        self.names = _names_of(self.paths)
        self._ignore = ignore
        self._agency = agency
        self._evidence_from = evidence_from
        self.notes: list[FileNote] = []
        """Notes on the files read so far."""

    @property
    def size(self) -> int:
        """Give the size of all files together, in bytes."""
        return sum(path.stat().st_size for path in self.paths if path.is_file())

    @property
    def action(self) -> str:
        """Give what the change is called that records these rows."""
        shown = self.names[:_MOST_NAMED]
        more = f" (+{len(self.names) - len(shown)})" if len(self.names) > len(shown) else ""
        return f"{FROM_FILE} {', '.join(shown)}{more}"

    def evidence_folder(self, file: int) -> Path:
        """Give the folder in which the evidence of a file is looked for, or below it."""
        return self._evidence_from or self.paths[file].absolute().parent

    def rows(self) -> Iterator[Row]:
        """Give each row with its place as a number, greater in later files. Raises InputError for all files that cannot be read."""
        faults: list[Message] = []
        unknown = list(self._ignore)
        for number, path in enumerate(self.paths):
            try:
                read = read_rows(path, ignore=self._ignore, agency=self._agency)
                unknown = [name for name in unknown if name in read.not_there]
                first = number << ROW_BITS
                for row, content in read.rows:
                    yield first | row, content
            except InputError as error:
                faults += error.messages
                continue
            if read.left_alone:
                left = message("columns left alone: {columns}", columns=read.left_alone)
                self.notes.append(FileNote(number, left))
            self.notes += (FileNote(number, note) for note in read.notes)
        faults += (message("there is no column “{text}” to leave alone", text=name) for name in unknown)
        if faults:
            raise InputError(*faults)

    def take_notes(self) -> list[FileNote]:
        """Give the notes since the last call."""
        found, self.notes = self.notes, []
        return found


_MOST_NAMED = 3
"""So many files are named in the action of a change."""


def _names_of(paths: Sequence[Path]) -> list[str]:
    """Give the names by which the answer speaks of files; files of one name are told apart by their paths."""
    names = [path.name for path in paths]
    return [str(path) if names.count(path.name) > 1 else path.name for path in paths]


def _files_of(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = [
            one
            for one in path.iterdir()
            # Excel keeps a file `~$NAME.xlsx` beside a workbook that is open.
            if one.suffix.lower() in _SUFFIXES and not one.name.startswith((".", "~$"))
        ]
        if not found:
            raise InputError(message("{path}: there is no rows file in this folder", path=str(path)))
        yield from sorted(found, key=lambda one: (sort_key(one.name), one.name))


def _refuse_copies(paths: Sequence[Path]) -> None:
    """Raise InputError where two files have the same content: each row would be recorded twice."""
    if len(paths) < 2:  # noqa: PLR2004 - one file has no copy
        return
    seen: dict[str, Path] = {}
    faults = []
    for path in paths:
        if not path.is_file():  # The reader says what is wrong with it.
            continue
        other = seen.setdefault(digest_of(path), path)
        if other is not path:
            faults.append(
                message(
                    "{path}: has the same content as {other}, so each row would be recorded twice; give one of them",
                    path=str(path),
                    other=str(other),
                )
            )
    if faults:
        raise InputError(*faults)
