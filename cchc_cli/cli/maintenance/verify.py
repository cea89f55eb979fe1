"""`cchc verify`."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from cchc_cli.cli.framework.options import PlainFormat, TextOrJson, existing
from cchc_cli.cli.terminal.output import answer, say
from cchc_cli.cli.terminal.progress import working
from cchc_cli.domain.language.errors import message

PROBLEMS = 1


def verify(
    context: typer.Context,
    against: Annotated[
        Optional[str],
        typer.Option(
            metavar="FILE|COUNT:HEAD", help="An older head, or a file that holds one: is it still there?"
        ),
    ] = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Check that nothing recorded was lost or altered unseen; silent where all is well."""
    from cchc_cli.services.maintenance.verification import parse_head  # noqa: PLC0415
    from cchc_cli.services.maintenance.verification import verify as check  # noqa: PLC0415

    older = parse_head(against) if against else None
    with working(message("checking the chain and every record")):
        found = check(existing(context), older)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.formats import to_json  # noqa: PLC0415
        from cchc_cli.reports.data.maintenance import verify_document  # noqa: PLC0415

        answer(to_json(verify_document(found.head, found.problems)) + "\n")
    else:
        for kind, what in found.problems:
            say(message("{kind}: {what}", kind=kind, what=what))
    if found.problems:
        raise typer.Exit(PROBLEMS)
