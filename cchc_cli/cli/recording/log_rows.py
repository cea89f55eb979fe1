"""`cchc log --file ROWS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cchc_cli.cli.framework.options import TextJsonOrCsv, now
from cchc_cli.cli.recording.log_answer import print_shared_evidence
from cchc_cli.cli.recording.row_notes import print_errors, print_notes
from cchc_cli.cli.terminal.output import print_csv, print_json, print_line
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.services.rows.recording import record_rows

if TYPE_CHECKING:
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.rows.files import RowsFiles
    from cchc_cli.storage.database.database import Database


def log_rows(
    database: Database,
    files: RowsFiles,
    plan: NamedPlan | None,
    author: str,
    *,
    dry_run: bool,
    output: TextJsonOrCsv,
) -> None:
    """Record the rows of files and print the outcome. Exits with 2 if a row is rejected."""
    with progress_bar(message("rows recorded")) as tick:
        outcome = record_rows(
            database,
            files,
            plan=plan,
            author=author,
            now=now(),
            dry_run=dry_run,
            every_row=dry_run and output is not TextJsonOrCsv.TEXT,
            tick=tick,
        )
    if output is TextJsonOrCsv.JSON:
        from cchc_cli.reports.data.rows import rows_document

        print_json(rows_document(outcome))
    elif output is TextJsonOrCsv.CSV:
        from cchc_cli.reports.data.rows import ROW_COLUMNS, row_values

        print_csv(ROW_COLUMNS, row_values(outcome))
        print_errors(outcome)
    else:
        print_errors(outcome)
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
    print_notes(outcome)
    print_shared_evidence(outcome.shared)
    if outcome.rejected:
        raise typer.Exit(2)


def _summary(outcome: RowsOutcome) -> Message:
    counts = {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "superseded": outcome.superseded,
        "rejected": outcome.rejected,
    }
    if outcome.rejected:
        return message(
            "nothing was recorded; rows rejected: {rejected}; correct them and run it again", **counts
        )
    if outcome.superseded:
        if outcome.dry_run:
            return message(
                "would be recorded: new {created}, corrected {updated}, already there {unchanged}, superseded {superseded}",
                **counts,
            )
        return message(
            "recorded: new {created}, corrected {updated}, already there {unchanged}, superseded {superseded}",
            **counts,
        )
    if outcome.dry_run:
        return message(
            "would be recorded: new {created}, corrected {updated}, already there {unchanged}", **counts
        )
    return message("recorded: new {created}, corrected {updated}, already there {unchanged}", **counts)
