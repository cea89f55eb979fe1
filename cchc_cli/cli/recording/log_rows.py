"""`cchc log --file ROWS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cchc_cli.cli.framework.options import TextOrJson, now
from cchc_cli.cli.recording.log_answer import print_shared_evidence
from cchc_cli.cli.terminal.output import print_error, print_json, print_line, print_note
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.services.row_files.columns import column_word
from cchc_cli.services.rows.reader import read_rows
from cchc_cli.services.rows.recording import record_rows

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.rows.reader import RowsFile
    from cchc_cli.storage.database.database import Database

_MANY = 1_000_000
"""Size of a rows file, in bytes, from which a second process saves time."""


def log_rows(
    database: Database, file: Path, plan: NamedPlan | None, author: str, *, dry_run: bool, output: TextOrJson
) -> None:
    """Record the rows of a file and print the outcome. Exits with 2 if a row is rejected."""
    opened = read_rows(file)
    with progress_bar(message("rows recorded")) as tick:
        outcome = record_rows(
            database,
            opened.rows,
            plan=plan,
            source=file.name,
            author=author,
            now=now(),
            dry_run=dry_run,
            many=file.is_file() and file.stat().st_size > _MANY,
            tick=tick,
        )
    _print_notes(opened)
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.rows import rows_document

        print_json(rows_document(outcome))
    else:
        _print_errors(file, outcome)
        print_line(_summary(outcome))
        if outcome.several_plans:
            print_line(message("plan: {plan}", plan=outcome.plan))
    print_shared_evidence(outcome.shared)
    if outcome.rejected:
        raise typer.Exit(2)


def _print_notes(opened: RowsFile) -> None:
    if opened.left_alone:
        print_note(message("note: columns that were left alone: {columns}", columns=opened.left_alone))
    for note in opened.notes:
        print_note(message("note: {what}", what=note))


def _print_errors(file: Path, outcome: RowsOutcome) -> None:
    for error in outcome.errors:
        row = message("{file}: row {row}", file=file.name, row=error.row)
        if error.column:
            column = column_word(error.column)
            print_error(message("{row}, column {column}: {what}", row=row, column=column, what=error.what))
        else:
            print_error(message("{row}: {what}", row=row, what=error.what))


def _summary(outcome: RowsOutcome) -> Message:
    counts = {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": outcome.rejected,
    }
    if outcome.rejected:
        return message(
            "nothing was recorded; rows rejected: {rejected}; correct them and run it again", **counts
        )
    if outcome.dry_run:
        return message(
            "would be recorded: new {created}, corrected {updated}, already there {unchanged}", **counts
        )
    return message("recorded: new {created}, corrected {updated}, already there {unchanged}", **counts)
