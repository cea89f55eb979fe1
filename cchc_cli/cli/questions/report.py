"""`cchc report`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from cchc_cli.cli.framework.options import (
    Agency,
    AsOf,
    KnownAt,
    PeriodFilter,
    PlanCode,
    ReviewFilter,
    Subtree,
    existing,
    named,
    now,
)
from cchc_cli.cli.terminal.output import tell
from cchc_cli.cli.terminal.progress import working
from cchc_cli.domain.language.errors import InputError, message

RENDERERS = {
    ".docx": "paper.docx",
    ".xlsx": "excel.workbook",
    ".html": "web.page",
    ".pdf": "paper.pdf",
    ".md": "paper.markdown",
}
"""The module of each format, by how the file's name ends."""


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
        bool, typer.Option("--all", help="All agencies, also where one is set as the default.")
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """Write a report to hand on: Word, Excel, a web page, PDF, or text for an e-mail."""
    renderer = RENDERERS.get(to.suffix.lower())
    if renderer is None:
        raise InputError(
            message("{path}: the name must end in one of {known}", path=str(to), known=list(RENDERERS))
        )
    if review is None and period is None:
        raise InputError(message("say of what: --review CODE or --period LABEL"))
    from cchc_cli.services.questions.question import Question  # noqa: PLC0415
    from cchc_cli.services.reviews.report import make_report  # noqa: PLC0415
    from cchc_cli.storage.database.files import put_in_place, temporary, write_pieces  # noqa: PLC0415

    question = Question(
        now=now(),
        plan=named(context, plan),
        agency=None if everyone else agency,
        with_subtree=subtree,
        period=period,
        review=review,
        as_of=as_of,
        known_at=known_at,
    )
    with working(message("writing the report")):
        found = make_report(existing(context), question)
        content: bytes = import_module(f"cchc_cli.reports.{renderer}").render_report(found)
    if not to.absolute().parent.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(to.absolute().parent)))
    with temporary(to) as made:
        write_pieces(made, [content])
        put_in_place(made, to)
    tell(
        message(
            "{path}: written, {number} verdicts of the plan {plan}",
            path=str(to),
            number=len(found.assessment.findings),
            plan=found.assessment.plan.code,
        )
    )
