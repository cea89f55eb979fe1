"""`cchc log`: record one execution, or the rows of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.options import (
    Agency,
    By,
    FormOption,
    LogFormat,
    PlanCode,
    TextJsonOrCsv,
    TextOrJson,
    author,
    chosen_plan,
    now,
    open_existing,
    was_typed,
)
from cchc_cli.cli.recording.amount_notes import note_decimal_reading
from cchc_cli.cli.recording.log_answer import print_entry
from cchc_cli.cli.terminal.output import flush_answer
from cchc_cli.domain.language.errors import InputError, message


def log(
    context: typer.Context,
    activity: Annotated[
        str | None,
        typer.Argument(
            help="The activity's code or alias.", autocompletion=completion.completer(completion.activities)
        ),
    ] = None,
    amount: Annotated[
        str | None, typer.Argument(help="How much; may be left out if it is counted in times.")
    ] = None,
    agency: Agency = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="When it was done: 2024-03-14, 14/03/2024, 14/03, today, yesterday."
        ),
    ] = None,
    form: FormOption = None,
    repeat: Annotated[bool, typer.Option("--repeat", help="A re-broadcast or re-print.")] = False,
    title: Annotated[str | None, typer.Option(help="A title.")] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|URL", help="A file or a web address that proves it; may be repeated."),
    ] = None,
    note: Annotated[str | None, typer.Option(help="A note.")] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Repeat what you logged last, or last of that activity, with the changes that you give.",
        ),
    ] = False,
    file: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROWS|FOLDER",
            help="Record the rows of CSV or XLSX files instead, all or nothing; may be repeated.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="With --file: only show what would happen; all rows with -f csv."),
    ] = False,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="With --file: leave this column alone; may be repeated."),
    ] = None,
    evidence_from: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="With --file: the folder of the evidence that rows name."),
    ] = None,
    plan: PlanCode = None,
    by: By = None,
    output: LogFormat = TextJsonOrCsv.TEXT,
) -> None:
    """Record what was done: one execution, or the rows of files."""
    chosen = chosen_plan(context, plan)
    if file:
        from cchc_cli.cli.recording.log_rows import log_rows
        from cchc_cli.services.rows.files import RowsFiles

        _refuse_with_file(activity, amount, date, form, title, note, evidence, repeat or None, again or None)
        # CCHC_AGENCY does not fill in rows: a row without an agency may be anybody's.
        of_rows = agency if was_typed(context, "agency") else None
        if not all(file):
            raise InputError(message("--file names no file; type: cchc log --file ROWS"))
        if output is TextJsonOrCsv.CSV and not dry_run:
            raise InputError(
                message("-f csv lists the rows of a dry run; type: cchc log --file ROWS --dry-run -f csv")
            )
        files = RowsFiles(
            [Path(one) for one in file], ignore=ignore or (), agency=of_rows, evidence_from=evidence_from
        )
        log_rows(open_existing(context), files, chosen, author(by), dry_run=dry_run, output=output)
        return
    form_of_answer = TextOrJson.JSON if output is TextJsonOrCsv.JSON else TextOrJson.TEXT
    _refuse_without_file(dry_run or None, ignore, evidence_from, output is TextJsonOrCsv.CSV or None)
    from cchc_cli.cli.recording.prompts import complete_draft
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.services.recording.record import recording

    proofs = tuple(evidence or ())
    draft = Draft(agency or "", activity or "", date, amount, form, repeat, title, note, proofs)
    database, who = open_existing(context), author(by)
    if again:
        from cchc_cli.cli.recording.log_again import log_again

        typed = agency if was_typed(context, "agency") else None
        log_again(
            database, draft, activity=activity, agency=typed, plan=chosen, author=who, output=form_of_answer
        )
        return
    completed = complete_draft(database, chosen, draft)
    while True:
        try:
            with recording(database, completed.draft, plan=completed.plan, author=who, now=now()) as entry:
                print_entry(entry, form_of_answer)
                if not completed.dialogue:
                    note_decimal_reading(completed.draft.amount)
                flush_answer()
        except InputError as error:
            completed = completed.corrected_after(error)
        else:
            return


def _refuse_with_file(*values: object) -> None:
    """Raise InputError if an option that describes one execution was given beside --file."""
    if any(value is not None for value in values):
        raise InputError(
            message(
                "with --file everything is read from the file; leave out the activity and the options that describe it"
            )
        )


def _refuse_without_file(*values: object) -> None:
    """Raise InputError if an option that describes rows files was given without --file."""
    if any(value is not None for value in values):
        raise InputError(
            message(
                "--dry-run, --ignore, --evidence-from and -f csv go with --file; type: cchc log --file ROWS --dry-run"
            )
        )
