"""`cchc history`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.output_files import csv_format, write_csv
from cchc_cli.cli.framework.options import (
    ActivityFilter,
    Agency,
    AsOf,
    Format,
    KnownAt,
    PeriodFilter,
    PlanCode,
    ReviewFilter,
    RowFormat,
    Subtree,
    ToCsv,
    open_existing,
    chosen_plan,
    now,
)
from cchc_cli.cli.terminal.output import print_answer, print_line, show_view
from cchc_cli.domain.language.errors import message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results import Nothing


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
    form: RowFormat = Format.TABLE,
) -> None:
    """Show what was recorded, or every version of one record."""
    from cchc_cli.services.questions import history as kept
    from cchc_cli.services.questions.question import Question

    form = csv_format(context, to, form)
    database = open_existing(context)
    if no is not None:
        owner, records = kept.versions(database, no)
        if form is Format.TABLE:
            from cchc_cli.reports.terminal.history import versions_view

            show_view(lambda _: versions_view(records, owner))
        else:
            _write(records, owner, form, to)
        return
    question = Question(
        now=now(),
        plan=chosen_plan(context, plan),
        agency=agency,
        with_subtree=subtree,
        activity=activity,
        period=period,
        review=review,
        as_of=as_of,
        known_at=known_at,
    )
    with kept.history(database, question) as (found, stream):
        if form is Format.TABLE:
            listed = list(stream)
        else:
            _write(stream, found, form, to)
    if form is not Format.TABLE:
        return
    if not listed:
        for sentence in _empty(kept.nothing_found(database, question), context, subtree=subtree):
            print_line(sentence)
        return
    from cchc_cli.reports.terminal.history import history_view

    # Not while the database is read: whoever looks at it for an hour must keep nobody from recording.
    show_view(lambda width: history_view(listed, found, width))


def _write(records: Iterable[Recorded], plan: Plan, form: Format, to: Path | None) -> None:
    """Answer in JSON or CSV, or write the CSV for a spreadsheet."""
    from cchc_cli.reports.data.executions import history_columns, history_document, history_rows
    from cchc_cli.reports.data.formats import to_csv, to_json

    if to is not None:
        from cchc_cli.reports.data.spreadsheet_csv import history_table

        write_csv(to, *history_table(records, plan))
    elif form is Format.JSON:
        print_answer(to_json(history_document(records, plan)) + "\n")
    else:
        for line in to_csv(history_columns(plan), history_rows(records, plan)):
            print_answer(line)


def _empty(found: Nothing, context: typer.Context, *, subtree: bool) -> Iterator[Message]:
    if not found.every:
        yield message(
            "nothing is recorded in the plan {plan} yet; begin with: cchc log", plan=found.plan.code
        )
        return
    from cchc_cli.cli.framework.origins import origin_of

    asked = []
    if found.agency:
        asked.append(message("agency {name}", name=found.agency.shown))
    if found.agency and subtree:
        asked.append(message("with those below it"))
    if found.activity:
        asked.append(message("activity {activity}", activity=found.activity.code))
    if found.span and found.span.days:
        asked.append(message("from {start} to {end}", start=found.span.start, end=found.span.end))
    elif found.span:
        plan = found.plan.effective
        asked.append(
            message("on no day of the plan, which runs from {start} to {end}", start=plan.start, end=plan.end)
        )
    yield message("nothing is recorded: {asked}", asked=asked)
    for option, number in found.without.items():
        origin = origin_of(context, "agency") if option == "--agency" else None
        if origin:
            yield message("without the agency ({origin}) there are {number}", origin=origin, number=number)
        else:
            yield message("without {option} there are {number}", option=option, number=number)
    if not found.without:
        yield message("without all of these there are {number}", number=found.every)
