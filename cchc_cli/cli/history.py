"""`cchc history`."""

from __future__ import annotations

from typing import Annotated

import typer

from cchc_cli.cli.options import (
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
    existing,
    now,
)
from cchc_cli.cli.terminal import answer, show


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
    form: RowFormat = Format.TABLE,
) -> None:
    """Show what was recorded, or every version of one record."""
    from cchc_cli.reports import documents  # noqa: PLC0415
    from cchc_cli.services import records as kept  # noqa: PLC0415
    from cchc_cli.services.compliance import Question  # noqa: PLC0415

    database = existing(context)
    if no is not None:
        owner, records = kept.versions(database, no)
        if form is Format.TABLE:
            from cchc_cli.reports.tables import versions_view  # noqa: PLC0415

            show(lambda _: versions_view(records, owner))
        elif form is Format.JSON:
            answer(documents.to_json(documents.history_document(records, owner)) + "\n")
        else:
            answer(
                "".join(
                    documents.to_csv(documents.history_columns(owner), documents.history_rows(records, owner))
                )
            )
        return
    question = Question(
        now=now(),
        plan=plan,
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
            records = list(stream)
        elif form is Format.JSON:
            answer(documents.to_json(documents.history_document(stream, found)) + "\n")
        else:
            for line in documents.to_csv(
                documents.history_columns(found), documents.history_rows(stream, found)
            ):
                answer(line)
    if form is Format.TABLE:
        from cchc_cli.reports.tables import history_view  # noqa: PLC0415

        # Not while the database is read: whoever looks at it for an hour must keep nobody from recording.
        show(lambda width: history_view(records, found, width))
