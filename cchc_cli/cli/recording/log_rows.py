"""`cchc log --file ROWS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cchc_cli.cli.framework.options import TextOrJson, now
from cchc_cli.cli.recording.amount_notes import note_decimal_readings
from cchc_cli.cli.recording.log_answer import print_shared_evidence
from cchc_cli.cli.terminal.output import print_error, print_json, print_line
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.services.rows.reader import column_word, read_rows
from cchc_cli.services.rows.recording import record_rows

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.database import Database

_MANY = 1_000_000
"""Size of a rows file, in bytes, from which a second process saves time."""


def log_rows(
    database: Database, file: Path, plan: NamedPlan | None, author: str, *, dry_run: bool, output: TextOrJson
) -> None:
    """Record the rows of a file and print the outcome. Exits with 2 if a row is rejected."""
    with progress_bar(message("rows recorded")) as tick:
        outcome = record_rows(
            database,
            read_rows(file),
            plan=plan,
            source=file.name,
            author=author,
            now=now(),
            dry_run=dry_run,
            many=file.is_file() and file.stat().st_size > _MANY,
            tick=tick,
        )
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.rows import rows_document

        print_json(rows_document(outcome))
    else:
        _print_errors(file, outcome)
        print_line(_summary(outcome))
        if outcome.several_plans:
            print_line(message("plan: {plan}", plan=outcome.plan))
        if outcome.change and outcome.created:
            print_line(
                message(
                    "to take back what is new of it: cchc void --change {change} --reason WHY",
                    change=outcome.change,
                )
            )
    print_shared_evidence(outcome.shared)
    note_decimal_readings(outcome.grouped)
    if outcome.rejected:
        raise typer.Exit(2)


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
