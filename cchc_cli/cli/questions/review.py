"""`cchc review close`, `list` and `diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.framework.help_translation import TranslatedCommand, TranslatedGroup
from cchc_cli.cli.framework.options import (
    AsOf,
    By,
    PlainFormat,
    PlanCode,
    TextOrJson,
    author,
    chosen_plan,
    now,
    open_existing,
    question_of,
)
from cchc_cli.cli.terminal.output import print_json, print_line
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import message

Code = Annotated[str, typer.Argument(metavar="REVIEW", help="The review's code, such as Q1.")]


def close(
    context: typer.Context,
    review: Code,
    plan: PlanCode = None,
    as_of: AsOf = None,
    again: Annotated[
        bool, typer.Option("--again", help="Close it again; the earlier closing is kept.")
    ] = False,
    by: By = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Store the verdicts of a review as they are now; no later change alters them."""
    from cchc_cli.reports.data import review as review_documents
    from cchc_cli.reports.terminal import review as review_words
    from cchc_cli.services.reviews.closing import close_review

    question = question_of(context)
    with progress_bar(message("judging every agency")):
        closed = close_review(open_existing(context), question, again=again, author=author(by))
    if form is TextOrJson.JSON:
        print_json(review_documents.closed_document(closed.closing, closed.assessment))
        return
    for line in review_words.closed_lines(closed.closing, closed.assessment):
        print_line(line)


def list_(context: typer.Context, plan: PlanCode = None, form: PlainFormat = TextOrJson.TEXT) -> None:
    """List the plan's reviews, their windows, and when each was closed."""
    from cchc_cli.reports.data import review as review_documents
    from cchc_cli.reports.terminal import review as review_words
    from cchc_cli.services.reviews.closing import list_reviews

    found, reviews = list_reviews(open_existing(context), chosen_plan(context, plan), now())
    if form is TextOrJson.JSON:
        print_json(review_documents.reviews_document(found, reviews))
        return
    if not reviews:
        print_line(message("the plan has no reviews"))
    for line in review_words.review_lines(found, reviews):
        print_line(line)


def diff(
    context: typer.Context, review: Code, plan: PlanCode = None, form: PlainFormat = TextOrJson.TEXT
) -> None:
    """Show what has changed since a review was closed: which agency, which verdict, and why."""
    from cchc_cli.reports.data import review as review_documents
    from cchc_cli.reports.terminal import review as review_words
    from cchc_cli.services.reviews.closing import diff_review

    found, closing, differences = diff_review(open_existing(context), question_of(context))
    if form is TextOrJson.JSON:
        print_json(review_documents.diff_document(found, closing, differences))
        return
    for line in review_words.diff_lines(found, closing, differences):
        print_line(line)


review = typer.Typer(
    cls=TranslatedGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Close reviews, list them, and see what has changed since.",
)
review.command("close", cls=TranslatedCommand)(close)
review.command("list", cls=TranslatedCommand)(list_)
review.command("diff", cls=TranslatedCommand)(diff)
