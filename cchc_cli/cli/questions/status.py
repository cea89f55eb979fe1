"""`cchc status`."""

from __future__ import annotations

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
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.verdicts.rules import Status

if TYPE_CHECKING:
    from cchc_cli.domain.results.assessment import Assessment

FINDINGS = 1


def status(
    context: typer.Context,
    plan: PlanCode = None,
    agency: Agency = None,
    subtree: Subtree = False,
    activity: ActivityFilter = None,
    period: PeriodFilter = None,
    review: ReviewFilter = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 if something is missed or partly done.")
    ] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Only the totals; with -f json also those of each agency.")
    ] = False,
    to: ToCsv = None,
    force: ForceFile = False,
    form: RowFormat = Format.TABLE,
) -> None:
    """Show who has done what the plan asks: met, short, missed, still possible."""
    from cchc_cli.services.questions.assessment import assess

    form = csv_format(context, to, form)
    question = question_of(context, only_totals=summary and form is not Format.CSV)
    with progress_bar(message("judging every agency")):
        assessment = assess(open_existing(context), question)
    if to is not None:
        from cchc_cli.reports.data.spreadsheet_csv import finding_table
        from cchc_cli.reports.data.status import with_head

        table = finding_table(assessment.findings, assessment.plan)
        write_csv(to, *with_head(*table, assessment.chain), force=force)
    else:
        _print_assessment(assessment, form, summary=summary)
    if check and any(assessment.summary.of(status) for status in (Status.MISSED, Status.PARTIAL)):
        raise typer.Exit(FINDINGS)


def _print_assessment(assessment: Assessment, form: Format, *, summary: bool) -> None:
    if form is Format.TABLE:
        if not assessment.summary.obligations:
            print_line(
                message(
                    "the plan {plan} has no obligations that match; cchc plan shows who owes what",
                    plan=assessment.plan.code,
                )
            )
            return
        from cchc_cli.reports.terminal.status import status_view

        show_view(lambda width: status_view(assessment, width, summary=summary))
        return
    from cchc_cli.reports.data.status import finding_columns, finding_rows, status_document, with_head

    plan = assessment.plan
    if form is Format.JSON:
        print_json(status_document(assessment, findings=not summary))
        return
    rows = finding_rows(assessment.findings, plan)
    print_csv(*with_head(finding_columns(plan), rows, assessment.chain))
