"""`cchc waive`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.options import (
    Agency,
    By,
    PlainFormat,
    PlanCode,
    TextOrJson,
    author,
    chosen_plan,
    now,
    open_existing,
)
from cchc_cli.cli.terminal.output import print_json, print_line, print_note, show_view
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.wording.plan_names import Names

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.database import Database


def waive(
    context: typer.Context,
    duty: Annotated[
        str | None,
        typer.Argument(
            metavar="ACTIVITY[/REQUIREMENT]",
            help="The activity or requirement to waive.",
            autocompletion=completion.completer(completion.activities),
        ),
    ] = None,
    agency: Agency = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; it stays with the waiver.")] = None,
    document: Annotated[str | None, typer.Option(metavar="REF", help="The document that allows it.")] = None,
    show_all: Annotated[bool, typer.Option("--list", help="List the waivers instead.")] = False,
    ending: Annotated[
        int | None, typer.Option("--end", metavar="NO", help="End this waiver instead.")
    ] = None,
    plan: PlanCode = None,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Record that an agency need not do something, end such a waiver, or list them."""
    from cchc_cli.services.recording import waivers

    database, chosen = open_existing(context), chosen_plan(context, plan)
    if show_all:
        _list_waivers(database, chosen, output)
    elif ending is not None:
        ended = waivers.stop_waiving(database, ending, reason=reason or "", author=author(by), now=now())
        _print_waiver(database, ended, output)
    else:
        values = {"ACTIVITY": duty or "", "--agency": agency or "", "--from": start or "", "--to": end or ""}
        _require(values)
        waiver = waivers.waive(
            database,
            values["ACTIVITY"],
            plan=chosen,
            agency=values["--agency"],
            start=values["--from"],
            end=values["--to"],
            reason=reason or "",
            document=document,
            author=author(by),
            now=now(),
        )
        _print_waiver(database, waiver, output)


def _require(values: dict[str, str]) -> None:
    """Raise InputError if one of these options has no value."""
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise InputError(
            message(
                "missing: {missing}; type: cchc waive ACTIVITY --agency CODE --from DATE --to DATE --reason WHY",
                missing=missing,
            )
        )


def _list_waivers(database: Database, plan: NamedPlan | None, output: TextOrJson) -> None:
    from cchc_cli.services.recording.waivers import list_waivers

    found, recorded = list_waivers(database, plan, now())
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.waivers import waivers_document

        print_json(waivers_document(found, recorded))
        return
    from cchc_cli.reports.terminal.waivers import waivers_view

    show_view(lambda width: waivers_view(recorded, found, width))


def _print_waiver(database: Database, recorded: RecordedWaiver, output: TextOrJson) -> None:
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.waivers import waiver_document

        print_json(waiver_document(recorded))
        return
    from cchc_cli.services.recording.waivers import plan_of_waiver

    parts = _parts(recorded, plan_of_waiver(database, recorded))
    if recorded.ended:
        print_line(message("waiver no. {no} of the plan {plan} has ended: {agency}, {duty}", **parts))
    else:
        print_line(message("waiver no. {no} of the plan {plan}: {agency}, {duty}, {start} – {end}", **parts))
        print_line(message("obligations covered: {count}", count=recorded.covered))
        if not recorded.covered:
            print_note(
                message("note: it covers none; a waiver covers obligations whose days all lie within its own")
            )


def _parts(recorded: RecordedWaiver, plan: Plan) -> dict[str, object]:
    waiver = recorded.waiver
    return {
        "no": recorded.no,
        "plan": recorded.plan,
        "agency": plan.agencies[0].shown,
        "duty": Names(plan).duty(waiver.activity, waiver.requirement),
        "start": waiver.span.start,
        "end": waiver.span.end,
    }
