"""Answers that go to a file, written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cchc_cli.cli.framework.options import Format, was_typed
from cchc_cli.cli.terminal.output import print_note
from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_BYTE_ORDER_MARK = "\ufeff"
"""Tells a spreadsheet that the text is UTF-8."""


def require_folder(path: Path) -> None:
    """Raise InputError where the folder of a path does not exist."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(folder)))


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file, replacing an existing one in one step."""
    from cchc_cli.storage.database.files import replace_atomically, temporary_path, write_chunks

    with temporary_path(path) as made:
        write_chunks(made, pieces)
        replace_atomically(made, path)


def csv_format(context: Any, to: Path | None, form: Format) -> Format:
    """Give the format of an answer: CSV if `--to FILE.csv` was given. Raises InputError if it cannot go there."""
    if to is None:
        return form
    if form is not Format.CSV and was_typed(context, "form"):
        raise InputError(message("--to writes CSV; leave --format {form} out", form=form.value))
    if to.suffix.lower() != ".csv":
        raise InputError(message("{path}: the name must end in .csv", path=str(to)))
    require_folder(to)
    return Format.CSV


def write_csv(to: Path, columns: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write rows to a CSV file for a spreadsheet, replacing an existing one, and say how many."""
    from cchc_cli.reports.data.formats import to_csv

    number = 0

    def pieces() -> Iterator[bytes]:
        nonlocal number
        for number, line in enumerate(to_csv(columns, rows)):
            yield (line if number else _BYTE_ORDER_MARK + line).encode()

    write_file(to, pieces())
    print_note(message("{path}: written, rows: {number}", path=str(to), number=number))
