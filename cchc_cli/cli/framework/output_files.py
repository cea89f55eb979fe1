"""Answers that go to a file, written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cchc_cli.cli.framework.options import Format, was_typed
from cchc_cli.cli.terminal.output import print_note
from cchc_cli.domain.language.errors import InputError, StorageError, message

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


def write_file(path: Path, pieces: Iterable[bytes], *, force: bool) -> None:
    """Write a file, replacing an existing one in one step.

    Raises StorageError where something other than a file is there, and without `force` InputError where a file is
    there that is not as the program wrote it: somebody may have edited it.
    """
    from cchc_cli.storage.database.file_header import is_sqlite_file
    from cchc_cli.storage.database.files import BY_UMASK, replace_atomically, temporary_path, write_chunks

    # A symbolic link stays a link: its target is replaced.
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise StorageError(message("{path}: this is not a regular file", path=str(path)))
    if is_sqlite_file(target):
        raise InputError(
            message("{path}: this is a database; it was left as it is; choose another name", path=str(target))
        )
    with temporary_path(target) as made:
        digest = write_chunks(made, pieces, mode=BY_UMASK)
        _remember(target, digest, force=force)
        replace_atomically(made, target)


def _remember(target: Path, digest: str, *, force: bool) -> None:
    """Remember that a file with this SHA-256 is about to be written; print a note where that fails."""
    from cchc_cli.storage.database.files import digest_of
    from cchc_cli.storage.database.written_files import remember_written, was_written

    found = digest_of(target) if target.exists() else digest
    if not force and found != digest and not was_written(found):
        raise InputError(
            message(
                "{path}: this file is not as cchc wrote it, somebody may have edited it; nothing was changed; choose another name, or replace it with --force",
                path=str(target),
            )
        )
    try:
        remember_written(digest)
    except StorageError as error:
        for what in error.messages:
            print_note(message("note: {what}; to replace this file next time, add --force", what=what))


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


def write_csv(to: Path, columns: list[str], rows: Iterable[Iterable[object]], *, force: bool) -> None:
    """Write rows to a CSV file for a spreadsheet as `write_file` does, and say how many."""
    from cchc_cli.reports.data.formats import to_csv

    number = 0

    def pieces() -> Iterator[bytes]:
        nonlocal number
        for number, line in enumerate(to_csv(columns, rows)):
            yield (line if number else _BYTE_ORDER_MARK + line).encode()

    write_file(to, pieces(), force=force)
    print_note(message("{path}: written, rows: {number}", path=str(to), number=number))
