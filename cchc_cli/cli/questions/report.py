"""`cchc report`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from cchc_cli.cli.framework.options import (
    Agency,
    AsOf,
    ForceFile,
    KnownAt,
    PeriodFilter,
    PlanCode,
    ReviewFilter,
    Subtree,
    open_existing,
    question_of,
)
from cchc_cli.cli.framework.output_files import require_folder, write_file
from cchc_cli.cli.terminal.output import print_note
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import InputError, message

RENDERERS = {
    ".docx": "paper.docx",
    ".xlsx": "excel.workbook",
    ".html": "web.page",
    ".pdf": "paper.pdf",
    ".md": "paper.markdown",
}
"""The module in `cchc_cli.reports` that writes each format, by the ending of the file's name."""


def report(
    context: typer.Context,
    to: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="Where to write it; the name ends in .docx, .xlsx, .html, .pdf or .md."
        ),
    ],
    review: ReviewFilter = None,
    period: PeriodFilter = None,
    plan: PlanCode = None,
    agency: Agency = None,
    subtree: Subtree = False,
    everyone: Annotated[
        bool, typer.Option("--all", help="All agencies, even if one is set as the default.")
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    force: ForceFile = False,
) -> None:
    """Write a report for others: Word, Excel, a web page, PDF, or text for an e-mail."""
    renderer = RENDERERS.get(to.suffix.lower())
    if renderer is None:
        raise InputError(
            message("{path}: the name must end in one of {known}", path=str(to), known=list(RENDERERS))
        )
    if review is None and period is None:
        raise InputError(message("the period is missing; give --review CODE or --period LABEL"))
    from cchc_cli.services.reviews.report import make_report

    question = question_of(context, agency=None if everyone else agency)
    with progress_bar(message("writing the report")):
        found = make_report(open_existing(context), question)
        content: bytes = import_module(f"cchc_cli.reports.{renderer}").render_report(found)
    require_folder(to)
    write_file(to, [content], force=force)
    print_note(
        message(
            "{path}: written, {number} verdicts of the plan {plan}",
            path=str(to),
            number=len(found.assessment.findings),
            plan=found.assessment.plan.code,
        )
    )
