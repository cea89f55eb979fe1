"""`cchc history`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.options import (
    ActivityFilter,
    Agency,
    AsOf,
    ForceFile,
    Format,
    KnownAt,
    PeriodFilter,
    PlanCode,
    ReviewFilter,
    RowFormat,
    Subtree,
    ToCsv,
    open_existing,
    question_of,
)
from cchc_cli.cli.framework.output_files import csv_format, write_csv
from cchc_cli.cli.terminal.output import print_csv, print_json, print_line, show_view
from cchc_cli.domain.language.errors import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.history import EmptyHistory
    from cchc_cli.storage.database.database import Database

    _Write = Callable[[Iterable[Recorded], Plan], None]


def history(
    context: typer.Context,
    no: Annotated[str | None, typer.Argument(metavar="NO", help="One record: every version of it.")] = None,
    plan: PlanCode = None,
    agency: Agency = None,
    subtree: Subtree = False,
    activity: ActivityFilter = None,
    period: PeriodFilter = None,
    review: ReviewFilter = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    to: ToCsv = None,
    force: ForceFile = False,
    form: RowFormat = Format.TABLE,
) -> None:
    """Show what was recorded, or every version of one record."""
    form = csv_format(context, to, form)
    write = partial(_write, form=form, to=to, force=force)
    if no is not None:
        _show_versions(open_existing(context), no, form, write)
    else:
        _show_history(context, form, write)


def _show_versions(database: Database, no: str, form: Format, write: _Write) -> None:
    from cchc_cli.services.questions.history import versions

    plan, records = versions(database, no)
    if form is not Format.TABLE:
        write(records, plan)
        return
    from cchc_cli.reports.terminal.history import versions_view

    show_view(lambda _: versions_view(records, plan))


def _show_history(context: typer.Context, form: Format, write: _Write) -> None:
    from cchc_cli.services.questions.history import explain_empty_history
    from cchc_cli.services.questions.history import history as history_of

    database, question = open_existing(context), question_of(context)
    with history_of(database, question) as (plan, records):
        if form is not Format.TABLE:
            write(records, plan)
            return
        # Read to the end before anything is shown: while somebody looks at the pager, no transaction may be open.
        listed = list(records)
    if not listed:
        for sentence in _explain_empty(explain_empty_history(database, question), context):
            print_line(sentence)
        return
    from cchc_cli.reports.terminal.history import history_view

    show_view(lambda width: history_view(listed, plan, width))


def _write(records: Iterable[Recorded], plan: Plan, *, form: Format, to: Path | None, force: bool) -> None:
    """Print JSON or CSV, or write the CSV file for a spreadsheet."""
    from cchc_cli.reports.data.executions import history_columns, history_document, history_rows

    if to is not None:
        from cchc_cli.reports.data.spreadsheet_csv import history_table

        write_csv(to, *history_table(records, plan), force=force)
    elif form is Format.JSON:
        print_json(history_document(records, plan))
    else:
        print_csv(history_columns(plan), history_rows(records, plan))


def _explain_empty(found: EmptyHistory, context: typer.Context) -> Iterator[Message]:
    """Say what was asked for, and how many records there would be without each filter."""
    if not found.every:
        yield message(
            "nothing is recorded in the plan {plan} yet; begin with: cchc log", plan=found.plan.code
        )
        return
    from cchc_cli.cli.framework.origins import origin_of

    yield message(
        "nothing is recorded: {asked}", asked=_filters(found, with_subtree=context.params["subtree"])
    )
    for option, number in found.without.items():
        origin = origin_of(context, "agency") if option == "--agency" else None
        if origin:
            yield message("without the agency ({origin}) there are {number}", origin=origin, number=number)
        else:
            yield message("without {option} there are {number}", option=option, number=number)
    if not found.without:
        yield message("without all of these there are {number}", number=found.every)


def _filters(found: EmptyHistory, *, with_subtree: bool) -> list[Message]:
    filters = []
    if found.agency:
        filters.append(message("agency {name}", name=found.agency.shown))
    if found.agency and with_subtree:
        filters.append(message("with those below it"))
    if found.activity:
        filters.append(message("activity {activity}", activity=found.activity.code))
    if found.span and found.span.days:
        filters.append(message("from {start} to {end}", start=found.span.start, end=found.span.end))
    elif found.span:
        plan = found.plan.effective
        filters.append(
            message("on no day of the plan, which runs from {start} to {end}", start=plan.start, end=plan.end)
        )
    return filters
