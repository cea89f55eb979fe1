"""`cchc due`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.options import (
    ActivityFilter,
    Agency,
    AsOf,
    ForceFile,
    Format,
    PlanCode,
    RowFormat,
    Subtree,
    ToCsv,
    open_existing,
    question_of,
)
from cchc_cli.cli.framework.output_files import csv_format, require_folder, write_csv, write_file
from cchc_cli.cli.terminal.output import print_answer, print_csv, print_json, print_line, show_view
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.plurals import days

if TYPE_CHECKING:
    from cchc_cli.domain.verdicts.dues import Dues


def due(
    context: typer.Context,
    plan: PlanCode = None,
    agency: Agency = None,
    subtree: Subtree = False,
    activity: ActivityFilter = None,
    within: Annotated[
        str, typer.Option(metavar="TIME", help="How far ahead: 14d, 2w, 1m or a number of days.")
    ] = "30d",
    as_of: AsOf = None,
    ics: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as a calendar for a phone or Outlook; - is the output."),
    ] = None,
    to: ToCsv = None,
    force: ForceFile = False,
    form: RowFormat = Format.TABLE,
) -> None:
    """Show what is still to do and by when, the most urgent first."""
    from cchc_cli.services.questions.dues import list_dues

    if ics and form is not Format.TABLE:
        raise InputError(message("--ics and --format exclude each other; give one"))
    if ics and to:
        raise InputError(message("--ics and --to exclude each other; give one"))
    form = csv_format(context, to, form)
    question = question_of(context)
    dues = list_dues(open_existing(context), question, within)
    if ics:
        _write_calendar(dues, ics, force=force)
    elif to:
        from cchc_cli.reports.data.spreadsheet_csv import due_table

        write_csv(to, *due_table(dues), force=force)
    else:
        _print_dues(dues, form)


def _print_dues(dues: Dues, form: Format) -> None:
    if form is Format.TABLE:
        if not dues.dues:
            print_line(
                message(
                    "nothing is due within {within} in the plan {plan}; cchc status shows how everything stands",
                    plan=dues.plan.code,
                    within=days(dues.within),
                )
            )
            return
        from cchc_cli.reports.terminal.due import dues_view

        show_view(lambda width: dues_view(dues, width))
        return
    from cchc_cli.reports.data import due as due_documents

    if form is Format.JSON:
        print_json(due_documents.dues_document(dues))
        return
    print_csv(due_documents.DUE_COLUMNS, due_documents.due_rows(dues))


def _write_calendar(dues: Dues, path: Path, *, force: bool) -> None:
    from cchc_cli.reports.calendar.ical import BEGINNING, dues_calendar

    if str(path) == "-":
        print_answer(dues_calendar(dues).decode())
        return
    _refuse_other_files(path, BEGINNING)
    write_file(path, [dues_calendar(dues)], force=force)
    print_line(message("written: {path}, events: {count}", path=str(path), count=len(dues.dues)))


def _refuse_other_files(path: Path, beginning: bytes) -> None:
    """Raise InputError if the path is an existing file other than a calendar: a mistyped name must destroy nothing."""
    require_folder(path)
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(beginning)) == beginning:
                return
    raise InputError(
        message("{path}: exists and is not a calendar; choose another name", path=str(path.absolute()))
    )
