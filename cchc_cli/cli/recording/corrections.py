"""`cchc amend` and `cchc void`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.options import (
    RECORD_NUMBER,
    By,
    FormOption,
    PlainFormat,
    RecordNumber,
    TextOrJson,
    author,
    now,
    open_existing,
)
from cchc_cli.cli.recording.amount_notes import note_decimal_reading
from cchc_cli.cli.recording.log_answer import print_entry
from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    pass

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
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Correct a record: a new version is added, the old one stays in its history."""
    from cchc_cli.services.recording import corrections

    correction = corrections.Correction(date, amount, form, repeat, title, note, tuple(evidence or ()))
    entry = corrections.amend(
        open_existing(context), no, correction, reason=reason, author=author(by), now=now()
    )
    print_entry(entry, output)
    note_decimal_reading(amount)


def void(
    context: typer.Context,
    reason: Reason,
    no: Annotated[str | None, RECORD_NUMBER] = None,
    last: Annotated[
        bool, typer.Option("--last", help="What you recorded last, instead of a number.")
    ] = False,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Take a record out of every count; it stays in the history."""
    from cchc_cli.services.recording import corrections

    if last is (no is not None):
        raise InputError(
            message(
                "the record is missing; give its number, or --last for what you recorded last; cchc history lists them"
            )
            if no is None
            else message("a number and --last exclude each other; give one")
        )
    database, who = open_existing(context), author(by)
    if no is None:
        print_entry(corrections.void_last(database, reason=reason, author=who, now=now()), output)
    else:
        print_entry(corrections.void(database, no, reason=reason, author=who, now=now()), output)
