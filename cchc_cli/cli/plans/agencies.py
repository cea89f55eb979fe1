"""`cchc agencies`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.framework.options import (
    ForceFile,
    Format,
    PlanCode,
    RowFormat,
    ToCsv,
    chosen_plan,
    now,
    open_existing,
)
from cchc_cli.cli.framework.output_files import csv_format, write_csv
from cchc_cli.cli.terminal.output import print_csv, print_json, show_view


def agencies(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(help="Only agencies with this text in their code, name or alias.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Only agencies of this kind.")] = None,
    plan: PlanCode = None,
    to: ToCsv = None,
    force: ForceFile = False,
    form: RowFormat = Format.TABLE,
) -> None:
    """List the agencies of the plan."""
    from cchc_cli.services.plans.listing import show_agencies

    form = csv_format(context, to, form)
    found, names = show_agencies(
        open_existing(context), chosen_plan(context, plan), now(), text=text, kind=kind
    )
    if to is not None:
        from cchc_cli.reports.data.spreadsheet_csv import agency_table

        write_csv(to, *agency_table(found, names), force=force)
    elif form is Format.JSON:
        from cchc_cli.reports.data.agencies import agencies_document

        print_json(agencies_document(found))
    elif form is Format.CSV:
        from cchc_cli.reports.data.agencies import AGENCY_COLUMNS, agency_rows

        print_csv(AGENCY_COLUMNS, agency_rows(found))
    else:
        from cchc_cli.reports.terminal.agencies import agencies_view

        show_view(lambda width: agencies_view(found, names, width))
