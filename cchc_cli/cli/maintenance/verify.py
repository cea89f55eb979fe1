"""`cchc verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.framework.options import PlainFormat, TextOrJson, open_existing
from cchc_cli.cli.terminal.output import print_json, print_line, print_note
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import message

PROBLEMS = 1


def verify(
    context: typer.Context,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|COUNT:HEAD",
            help="An older head of the chain, or a file with one: check that it is still part of the chain.",
        ),
    ] = None,
    without_closings: Annotated[
        bool,
        typer.Option(
            "--without-closings",
            help="Do not judge closed reviews again, which takes time where there are many.",
        ),
    ] = False,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Check that no record was lost or altered; prints nothing if all is well."""
    from cchc_cli.services.maintenance.older_heads import parse_head
    from cchc_cli.services.maintenance.verification import verify as check

    older = parse_head(against) if against else None
    with progress_bar(message("checking the chain and every record")):
        found = check(
            open_existing(context), older.head if older else None, with_closings=not without_closings
        )
    if older and older.problem and all(kind != "against" for kind, _ in found.problems):
        found.problems.append(("against", older.problem))
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.maintenance import verify_document

        print_json(verify_document(found.head, found.problems, found.notes))
    else:
        for kind, what in found.problems:
            print_line(message("{kind}: {what}", kind=kind, what=what))
        for note in found.notes:
            print_note(note)
    if found.problems:
        raise typer.Exit(PROBLEMS)
