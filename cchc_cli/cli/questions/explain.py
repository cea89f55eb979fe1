"""`cchc explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.options import (
    Agency,
    AsOf,
    KnownAt,
    PlainFormat,
    PlanCode,
    TextOrJson,
    open_existing,
    question_of,
)
from cchc_cli.cli.terminal.output import print_json, show_view
from cchc_cli.domain.language.errors import InputError, message


def explain(
    context: typer.Context,
    duty: Annotated[
        str,
        typer.Argument(
            metavar="ACTIVITY[/REQUIREMENT]",
            help="An activity, or one requirement of it.",
            autocompletion=completion.completer(completion.activities),
        ),
    ],
    plan: PlanCode = None,
    agency: Agency = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            help="As for status: month 3/2024, 2024-Q1, FROM..TO; or the code of a review or of a calendar’s entry.",
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Show why a verdict is what it is: the plan’s words, what was done, what counted, the rule."""
    from cchc_cli.services.questions.explanation import explain as explain_verdicts

    if agency is None:
        raise InputError(message("the agency is missing; give --agency or set CCHC_AGENCY"))
    if period is None:
        raise InputError(message("the period is missing; give --period: 2024-03, FROM..TO or a review"))
    question = question_of(context, activity=duty)
    explanation = explain_verdicts(open_existing(context), question)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.explain import explain_document

        print_json(explain_document(explanation))
        return
    from cchc_cli.reports.terminal.explain import explain_view

    show_view(lambda _: explain_view(explanation))
