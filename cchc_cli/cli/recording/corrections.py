"""`cchc amend` and `cchc void`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.options import (
    By,
    DryRun,
    FormOption,
    PlainFormat,
    RecordNumber,
    TextOrJson,
    Yes,
    author,
    now,
    open_existing,
)
from cchc_cli.cli.recording.amount_notes import note_decimal_reading
from cchc_cli.cli.recording.log_answer import note_earlier_run, print_entry
from cchc_cli.cli.terminal.output import flush_answer, print_note
from cchc_cli.domain.language.errors import InputError, message

Reason = Annotated[str, typer.Option(help="Why; it stays with the record.")]


def amend(
    context: typer.Context,
    no: RecordNumber,
    reason: Reason,
    date: Annotated[str | None, typer.Option(metavar="DATE", help="When it was done.")] = None,
    amount: Annotated[str | None, typer.Option(help="How much.")] = None,
    form: FormOption = None,
    repeat: Annotated[
        bool | None,
        typer.Option("--repeat/--no-repeat", help="Whether it was a re-broadcast or re-print."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="A title; empty removes it.")] = None,
    note: Annotated[str | None, typer.Option(help="A note; empty removes it.")] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|URL", help="One more file or web address that proves it."),
    ] = None,
    agency: Annotated[
        str | None,
        typer.Option(help="Which agency did it.", autocompletion=completion.completer(completion.agencies)),
    ] = None,
    activity: Annotated[
        str | None,
        typer.Option(help="What was done.", autocompletion=completion.completer(completion.activities)),
    ] = None,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Correct a record: a new version is added, the old one stays in its history."""
    from cchc_cli.services.recording import corrections

    correction = corrections.Correction(
        date, amount, form, repeat, title, note, tuple(evidence or ()), agency, activity
    )
    with corrections.amending(
        open_existing(context), no, correction, reason=reason, author=author(by), now=now()
    ) as entry:
        print_entry(entry._replace(already_recorded=False), output)
        note_earlier_run(entry.already_recorded)
        if entry.restored_files:
            print_note(
                message(
                    "note: in the store again: {files}; the record itself is unchanged",
                    files=list(entry.restored_files),
                )
            )
        note_decimal_reading(amount)
        flush_answer()


def void(
    context: typer.Context,
    reason: Reason,
    no: Annotated[
        list[str] | None, typer.Argument(metavar="NO", help="The records' numbers, or their ids.")
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="What you recorded last, instead of a number.")
    ] = False,
    change: Annotated[
        int | None,
        typer.Option(metavar="N", help="All that one command recorded, such as the rows of a file."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Give back what was voided.")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Take records out of every count, or give them back; they stay in the history."""
    from cchc_cli.cli.recording.corrections_answer import announce, print_corrections
    from cchc_cli.services.recording import voiding

    wanted = voiding.Wanted(_read_references(no, change, last=last, undo=undo), change, undo)
    database, who = open_existing(context), author(by)
    if dry_run:
        found = voiding.rehearse_voiding(database, wanted, reason=reason, author=who, now=now())
        print_corrections(found, output, undo=undo, dry_run=True)
        return
    number = voiding.count_records(database, wanted)
    if number > 1:
        announce(
            message("records to be given back: {number}", number=number)
            if undo
            else message("records to be voided: {number}", number=number),
            yes=yes,
        )
    with voiding.voiding(database, wanted, reason=reason, author=who, now=now()) as (done, is_earlier):
        print_corrections(done, output, undo=undo)
        note_earlier_run(is_earlier)
        flush_answer()


def _read_references(no: list[str] | None, change: int | None, *, last: bool, undo: bool) -> list[str]:
    """Give the numbers. Raises InputError unless exactly one of the numbers, --change and --last was given."""
    given = [bool(no), change is not None, last]
    if not any(given):
        raise InputError(
            message(
                "the record is missing; give its number, --change N for all that one command recorded, or --last for what you recorded last; cchc history lists them"
            )
        )
    if sum(given) > 1:
        raise InputError(message("numbers, --change and --last exclude each other; give one of them"))
    if last and undo:
        raise InputError(
            message("--undo goes with numbers or with --change; cchc history lists the voided ones")
        )
    return no or []
