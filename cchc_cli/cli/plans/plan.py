"""`cchc plan`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.options import PlainFormat, PlanCode, TextOrJson, chosen_plan, now, open_existing
from cchc_cli.cli.terminal.output import print_answer, print_json, show_text, show_view
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import safe
from cchc_cli.locale import render

if TYPE_CHECKING:
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.database import Database


def plan(
    context: typer.Context,
    activity: Annotated[
        str | None,
        typer.Argument(
            help="One activity in full: its code or alias.",
            autocompletion=completion.completer(completion.activities),
        ),
    ] = None,
    code: PlanCode = None,
    version: Annotated[
        int | None, typer.Option(metavar="N", help="The plan as it was imported the Nth time.")
    ] = None,
    versions: Annotated[bool, typer.Option("--versions", help="List what was imported, and when.")] = False,
    compare: Annotated[
        int | None, typer.Option(metavar="N", help="What has changed since version N.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source", help="The text of the file, as it was imported.")
    ] = False,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Show what the plan asks for, now or as imported earlier: activities, roles, requirements."""
    database, chosen = open_existing(context), chosen_plan(context, code, "code")
    if sum((versions, compare is not None, source, activity is not None)) > 1:
        raise InputError(
            message("--versions, --compare, --source and an activity exclude each other; give one")
        )
    if versions:
        _print_versions(database, chosen, form)
    elif compare is not None:
        _print_changes(database, chosen, compare, version, form)
    elif source:
        _print_source(database, chosen, version)
    else:
        _print_plan(database, chosen, activity, version, form)


def _print_plan(
    database: Database, code: NamedPlan | None, activity: str | None, version: int | None, form: TextOrJson
) -> None:
    from cchc_cli.services.plans.listing import show_plan

    found = show_plan(database, code, now(), activity, version)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.plans import plan_document

        print_json(plan_document(found))
        return
    from cchc_cli.reports.terminal.plan import plan_view

    show_view(lambda _: plan_view(found))


def _print_source(database: Database, code: NamedPlan | None, version: int | None) -> None:
    """Print the plan's file: byte for byte, but with control characters escaped on a terminal."""
    from cchc_cli.services.plans.listing import plan_version

    text = plan_version(database, code, now(), version).source
    if sys.stdout.isatty():
        show_text("\n".join(map(safe, text.split("\n"))))
    else:
        print_answer(text)


def _print_versions(database: Database, code: NamedPlan | None, form: TextOrJson) -> None:
    from cchc_cli.services.plans.listing import versions_of_plan

    found, imported = versions_of_plan(database, code, now())
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.plans import plan_versions_document

        print_json(plan_versions_document(found, imported))
        return
    from zoneinfo import ZoneInfo

    lines = (
        message(
            "version {version}: imported {moment} by {author}, SHA-256 {digest}",
            version=one.version,
            moment=one.recorded_at.astimezone(ZoneInfo(found.timezone)),
            author=one.author,
            digest=one.digest,
        )
        for one in imported
    )
    show_text("".join(f"{render(line)}\n" for line in lines))


def _print_changes(
    database: Database, code: NamedPlan | None, old: int, new: int | None, form: TextOrJson
) -> None:
    from cchc_cli.services.plans.listing import compare_versions, versions_of_plan

    changes = compare_versions(database, code, now(), old, new)
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.plans import comparison_document

        found, imported = versions_of_plan(database, code, now())
        latest = imported[-1].version
        print_json(comparison_document(found.code, old, new or latest, changes))
        return
    lines = [change.sentence() for change in changes]
    if not changes:
        lines = [message("nothing has changed since version {version}", version=old)]
    show_text("".join(f"{render(line)}\n" for line in lines))
