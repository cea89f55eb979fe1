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
    PlainFormat,
    PlanCode,
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
        Path | None,
        typer.Option(metavar="ROWS", help="Record the rows of a CSV or XLSX file instead, all or nothing."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --file: only show what would happen.")
    ] = False,
    plan: PlanCode = None,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Record what was done: one execution, or the rows of a file."""
    chosen = chosen_plan(context, plan)
    if file is not None:
        from cchc_cli.cli.recording.log_rows import log_rows

        _refuse_with_file(activity, amount, date, form, title, note, evidence, repeat or None, again or None)
        log_rows(open_existing(context), file, chosen, author(by), dry_run=dry_run, output=output)
        return
    if dry_run:
        raise InputError(message("--dry-run goes with --file; type: cchc log --file ROWS --dry-run"))
    from cchc_cli.cli.recording.prompts import complete_draft
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.services.recording.record import recording

    proofs = tuple(evidence or ())
    draft = Draft(agency or "", activity or "", date, amount, form, repeat, title, note, proofs)
    database, who = open_existing(context), author(by)
    if again:
        from cchc_cli.cli.recording.log_again import log_again

        typed = agency if was_typed(context, "agency") else None
        log_again(database, draft, activity=activity, agency=typed, plan=chosen, author=who, output=output)
        return
    completed = complete_draft(database, chosen, draft)
    while True:
        try:
            with recording(database, completed.draft, plan=completed.plan, author=who, now=now()) as entry:
                print_entry(entry, output)
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
