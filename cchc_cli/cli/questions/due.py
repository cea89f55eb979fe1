"""`cchc due`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.output_files import csv_format, write_csv
from cchc_cli.cli.framework.options import (
    ActivityFilter,
    Agency,
    AsOf,
    Format,
    PlanCode,
    RowFormat,
    Subtree,
    ToCsv,
    open_existing,
    chosen_plan,
    now,
)
from cchc_cli.cli.terminal.output import print_answer, print_line, show_view
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
    form: RowFormat = Format.TABLE,
) -> None:
    """Show what is still to do and by when, the most urgent first."""
    from cchc_cli.services.questions.dues import list_dues
    from cchc_cli.services.questions.question import Question

    if ics and form is not Format.TABLE:
        raise InputError(message("--ics and --format exclude each other; give one"))
    if ics and to:
        raise InputError(message("--ics and --to exclude each other; give one"))
    form = csv_format(context, to, form)
    question = Question(
        now=now(),
        plan=chosen_plan(context, plan),
        agency=agency,
        with_subtree=subtree,
        activity=activity,
        as_of=as_of,
    )
    dues = list_dues(open_existing(context), question, within)
    if ics:
        _write(dues, ics)
    elif to:
        from cchc_cli.reports.data.spreadsheet_csv import due_table

        write_csv(to, *due_table(dues))
    else:
        _print(dues, form)


def _print(dues: Dues, form: Format) -> None:
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
    from cchc_cli.reports.data.formats import to_csv, to_json

    if form is Format.JSON:
        print_answer(to_json(due_documents.dues_document(dues)) + "\n")
        return
    for line in to_csv(due_documents.DUE_COLUMNS, due_documents.due_rows(dues)):
        print_answer(line)


def _write(dues: Dues, path: Path) -> None:
    from cchc_cli.reports.calendar.ical import BEGINNING, dues_calendar

    if str(path) == "-":
        print_answer(dues_calendar(dues).decode())
        return
    from cchc_cli.storage.database.files import put_in_place, temporary, write_pieces

    place = path.absolute()
    _refuse_other_files(place, BEGINNING)
    with temporary(place) as made:
        write_pieces(made, [dues_calendar(dues)])
        put_in_place(made, place)
    print_line(message("written: {path}, events: {count}", path=str(path), count=len(dues.dues)))


def _refuse_other_files(place: Path, beginning: bytes) -> None:
    """Let only a calendar be replaced: whoever mistypes a name loses nothing."""
    if not place.parent.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(place.parent)))
    if not place.exists():
        return
    if place.is_file():
        with place.open("rb") as file:
            if file.read(len(beginning)) == beginning:
                return
    raise InputError(
        message("{path}: is there already and is no calendar; choose another name", path=str(place))
    )
