"""`--to FILE.csv`: an answer in rows as a file for a spreadsheet, there whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cchc_cli.cli.framework.options import Format, was_typed
from cchc_cli.cli.terminal.output import tell
from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MARK = "\ufeff"
"""By this a spreadsheet knows that the text is UTF-8."""


def csv_wanted(context: Any, to: Path | None, form: Format) -> Format:  # noqa: ANN401 - Typer's own class
    """Give the form of an answer, CSV where it goes to a file. Raises InputError where it cannot go there."""
    if to is None:
        return form
    if form is not Format.CSV and was_typed(context, "form"):
        raise InputError(message("--to writes CSV; leave --format {form} out", form=form.value))
    if to.suffix.lower() != ".csv":
        raise InputError(message("{path}: the name must end in .csv", path=str(to)))
    if not to.absolute().parent.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(to.absolute().parent)))
    return Format.CSV


def write_csv(to: Path, columns: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write rows, over a file that is there, and say how many."""
    from cchc_cli.reports.data.formats import to_csv  # noqa: PLC0415
    from cchc_cli.storage.database.files import replace_atomically, temporary_path, write_chunks  # noqa: PLC0415

    number = 0

    def pieces() -> Iterator[bytes]:
        nonlocal number
        for number, line in enumerate(to_csv(columns, rows)):
            yield (line if number else _MARK + line).encode()

    with temporary_path(to) as made:
        write_chunks(made, pieces())
        replace_atomically(made, to)
    tell(message("{path}: written, rows: {number}", path=str(to), number=number))
