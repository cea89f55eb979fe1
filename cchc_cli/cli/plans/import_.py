"""`cchc import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.options import By, PlainFormat, TextOrJson, author, database_target, now
from cchc_cli.cli.terminal.output import print_json, print_line, print_note
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.results.plan_import import ImportAction

if TYPE_CHECKING:
    from cchc_cli.domain.results.plan_import import ImportResult

_MAX_CHANGES = 40
_MAX_NOTES = 20


def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A plan file, or the name of one that comes with cchc.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    by: By = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Load a plan from its YAML file, or show what the file would change."""
    from cchc_cli.services.plans.importing import import_plan

    with progress_bar(message("reading the plan")):
        outcome = import_plan(file, database_target(context), author=author(by), now=now(), dry_run=dry_run)
    if outcome.bundled:
        print_note(
            message(
                "there is no {file} here; using the one that comes with cchc: {path}",
                file=str(file),
                path=outcome.bundled,
            )
        )
    for note in outcome.notes[:_MAX_NOTES]:
        print_note(message("note: {note}", note=note))
    if len(outcome.notes) > _MAX_NOTES:
        print_note(message("note: … and {number} more", number=len(outcome.notes) - _MAX_NOTES))
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.plans import import_document

        print_json(import_document(outcome))
    else:
        _print_outcome(outcome)


def _print_outcome(outcome: ImportResult) -> None:
    plan = outcome.plan
    sentences = {
        (ImportAction.CREATED, False): message("plan {plan}: imported", plan=plan.code),
        (ImportAction.CREATED, True): message("plan {plan}: would be imported", plan=plan.code),
        (ImportAction.UPDATED, False): message("plan {plan}: updated", plan=plan.code),
        (ImportAction.UPDATED, True): message("plan {plan}: would be updated", plan=plan.code),
    }
    unchanged = message("plan {plan}: nothing has changed", plan=plan.code)
    print_line(sentences.get((outcome.result, outcome.dry_run), unchanged))
    print_line(
        message(
            "agencies: {agencies}, activities: {activities}, requirements: {requirements}",
            agencies=len(plan.agencies),
            activities=len(plan.activities),
            requirements=plan.requirement_count,
        )
    )
    if outcome.result is ImportAction.UPDATED:
        for change in outcome.changes[:_MAX_CHANGES]:
            print_line(message("  {change}", change=change.sentence()))
        if len(outcome.changes) > _MAX_CHANGES:
            print_line(
                message(
                    "  … and {number} more; -f json lists all", number=len(outcome.changes) - _MAX_CHANGES
                )
            )
