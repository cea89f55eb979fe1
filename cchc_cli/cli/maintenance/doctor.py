"""`cchc doctor`."""

from __future__ import annotations

import typer

from cchc_cli.cli.framework.options import PlainFormat, TextOrJson, target, there
from cchc_cli.cli.terminal.output import answer, say
from cchc_cli.cli.terminal.progress import working
from cchc_cli.domain.language.errors import InputError, message

PROBLEMS = 1


def doctor(context: typer.Context, form: PlainFormat = TextOrJson.TEXT) -> None:
    """Say where things lie, how they are, and what to do; exits with 1 where something needs doing."""
    from cchc_cli.services.maintenance.health_check import check_health  # noqa: PLC0415

    database = there(context)
    if database is None:
        raise InputError(
            message(
                "{path}: there is no database yet; begin with: cchc import plan_2024.yaml",
                path=target(context),
            )
        )
    with working(message("looking at everything")):
        found = check_health(database)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.formats import to_json  # noqa: PLC0415
        from cchc_cli.reports.data.maintenance import doctor_document  # noqa: PLC0415

        answer(to_json(doctor_document(found)) + "\n")
    else:
        for name, value in found.facts:
            say(message("{name}: {value}", name=name, value=value))
        for note in found.notes:
            say(message("! {what}", what=note.what))
        if not found.notes:
            say(message("all is well"))
    if not found.ok:
        raise typer.Exit(PROBLEMS)
