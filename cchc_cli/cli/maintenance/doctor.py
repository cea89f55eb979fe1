"""`cchc doctor`."""

from __future__ import annotations

import typer

from cchc_cli.cli.framework.options import PlainFormat, TextOrJson, database_target, open_if_exists
from cchc_cli.cli.terminal.output import print_json, print_line
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import InputError, message

PROBLEMS = 1


def doctor(context: typer.Context, form: PlainFormat = TextOrJson.TEXT) -> None:
    """Show where the data is, its state and what to do; exits with 1 if something needs doing."""
    from cchc_cli.services.maintenance.health_check import check_health

    database = open_if_exists(context)
    if database is None:
        raise InputError(
            message(
                "{path}: there is no database yet; begin with: cchc import plan_2024.yaml",
                path=database_target(context),
            )
        )
    with progress_bar(message("checking everything")):
        found = check_health(database)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.maintenance import doctor_document

        print_json(doctor_document(found))
    else:
        for name, value in found.facts:
            print_line(message("{name}: {value}", name=name, value=value))
        for note in found.notes:
            print_line(message("! {what}", what=note.what))
        if not found.notes:
            print_line(message("all is well"))
    if not found.ok:
        raise typer.Exit(PROBLEMS)
