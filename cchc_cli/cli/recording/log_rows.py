"""`cchc log --file ROWS`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import typer

from cchc_cli.cli.framework.options import TextJsonOrCsv, now
from cchc_cli.cli.recording.log_answer import print_shared_evidence
from cchc_cli.cli.terminal.output import print_csv, print_error, print_json, print_line, print_note
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.results.rows import MOST_NAMED
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.services.row_files.columns import column_word
from cchc_cli.services.rows.recording import record_rows

if TYPE_CHECKING:
    from cchc_cli.domain.language.amounts import Amount
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.rows.files import RowsFiles
    from cchc_cli.storage.database.database import Database

_MOST_SHARED_IDS = 3
_MOST_DOUBTS = 20


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
        _print_errors(outcome)
    else:
        _print_errors(outcome)
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
    _print_notes(outcome)
    print_shared_evidence(outcome.shared)
    if outcome.rejected:
        raise typer.Exit(2)


def _row_words(outcome: RowsOutcome, file: int, row: int) -> Message:
    return message("{file}: row {row}", file=outcome.files[file], row=row)


def _print_errors(outcome: RowsOutcome) -> None:
    for error in outcome.errors:
        row = _row_words(outcome, error.file, error.row)
        if error.column:
            column = column_word(error.column)
            print_error(message("{row}, column {column}: {what}", row=row, column=column, what=error.what))
        else:
            print_error(message("{row}: {what}", row=row, what=error.what))


def _print_notes(outcome: RowsOutcome) -> None:
    """Print what an officer should look at, beside the numbers."""
    for file, what in outcome.notes:
        print_note(message("note: {file}: {what}", file=outcome.files[file], what=what))
    _print_doubts(outcome)
    for old in outcome.superseded_rows:
        print_note(
            message(
                "note: {row}: no. {no} said so and was amended or voided since; it stays as it is; see: cchc history {no}",
                row=_row_words(outcome, old.file, old.row),
                no=old.no,
            )
        )
    _print_more(outcome.superseded, len(outcome.superseded_rows))
    for idle in outcome.idle[:MOST_NAMED]:
        print_note(
            message(
                "note: {row}: {agency} owes nothing for {activity}; rows that say so: {rows}",
                row=_row_words(outcome, idle.file, idle.row),
                agency=idle.agency.shown,
                activity=activity_words(idle.activity),
                rows=idle.rows,
            )
        )
    _print_more(len(outcome.idle), min(len(outcome.idle), MOST_NAMED))
    for one in outcome.new_bytes:
        print_note(
            message(
                "note: {row}: the file “{name}” has other content than the one that no. {no} has; to add it: cchc amend {no} --evidence FILE --reason WHY",
                row=_row_words(outcome, one.file, one.row),
                name=one.name,
                no=one.no,
            )
        )
    for same in outcome.shared_ids[:_MOST_SHARED_IDS]:
        print_note(
            message(
                "note: {row}: the id “{id}” is that of no. {no} of another agency too; these are two records",
                row=_row_words(outcome, same.file, same.row),
                id=same.external_id,
                no=same.no,
            )
        )
    if len(outcome.shared_ids) > _MOST_SHARED_IDS:
        print_note(message("note: other ids of these rows are used by several agencies too"))


def _print_doubts(outcome: RowsOutcome) -> None:
    """Print cells of which a person should see how they were read."""
    for file, row, doubt in outcome.doubts[:_MOST_DOUBTS]:
        words = {
            "row": _row_words(outcome, file, row),
            "column": column_word(doubt.column),
            "text": doubt.text,
            "read": _reading(doubt.read),
        }
        if doubt.other is None:
            print_note(message("note: {row}, column {column}: “{text}” was read as {read}", **words))
        else:
            print_note(
                message(
                    "note: {row}, column {column}: “{text}” was read as {read}, not as {other}",
                    **words,
                    other=_reading(doubt.other),
                )
            )
    _print_more(len(outcome.doubts), min(len(outcome.doubts), _MOST_DOUBTS))


def _reading(value: dt.date | Amount) -> object:
    """Give a value so that it has one reading: days with the year first."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _print_more(every: int, named: int) -> None:
    if every > named:
        print_note(message("note: … and {number} more like this", number=every - named))


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
