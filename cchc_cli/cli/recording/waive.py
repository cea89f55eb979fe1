"""`cchc waive`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework import completion
from cchc_cli.cli.framework.options import (
    Agency,
    By,
    DryRun,
    PlainFormat,
    PlanCode,
    TextOrJson,
    Yes,
    author,
    chosen_plan,
    now,
    open_existing,
    was_typed,
)
from cchc_cli.cli.recording.corrections_answer import MOST_LISTED, announce
from cchc_cli.cli.recording.log_answer import note_earlier_run
from cchc_cli.cli.terminal.output import flush_answer, print_json, print_line, print_note, show_view
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.wording.plan_names import Names

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.recording.waivers import Waived
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
    group: Annotated[
        str | None, typer.Option(help="Every agency of this group that owes it, instead of one.")
    ] = None,
    below: Annotated[
        str | None,
        typer.Option(
            metavar="AGENCY",
            help="Every agency below this one that owes it, instead of one.",
            autocompletion=completion.completer(completion.agencies),
        ),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; it stays with the waiver.")] = None,
    document: Annotated[str | None, typer.Option(metavar="REF", help="The document that allows it.")] = None,
    show_all: Annotated[bool, typer.Option("--list", help="List the waivers instead.")] = False,
    ending: Annotated[
        int | None, typer.Option("--end", metavar="NO", help="End this waiver instead.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    plan: PlanCode = None,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Record that an agency need not do something, end such a waiver, or list them."""
    from cchc_cli.services.recording import waivers

    database, chosen, who = open_existing(context), chosen_plan(context, plan), author(by)
    if show_all:
        _list_waivers(database, chosen, output)
        return
    if ending is not None and dry_run:
        raise InputError(message("--dry-run and --end exclude each other; leave one out"))
    if ending is not None:
        with waivers.ending(database, ending, reason=reason or "", author=who, now=now()) as (
            done,
            is_earlier,
        ):
            _print_result(done, output, is_earlier=is_earlier)
        return
    whom = _read_whom(agency, group, below, typed=was_typed(context, "agency"))
    _require({"ACTIVITY": duty, "--agency": "".join(filter(None, whom)), "--from": start, "--to": end})
    request = waivers.Request(duty or "", waivers.Whom(*whom), start or "", end or "", reason or "", document)
    if dry_run:
        found = waivers.rehearse_waiving(database, request, plan=chosen, author=who, now=now())
        if found:
            _print_result(found, output, several=not whom[0], dry_run=True)
        return
    if not whom[0]:
        number = waivers.count_waivers(database, request, plan=chosen, now=now())
        announce(message("agencies to be excused: {number}", number=number), yes=yes or number == 1)
    with waivers.waiving(database, request, plan=chosen, author=who, now=now()) as (done, is_earlier):
        _print_result(done, output, is_earlier=is_earlier, several=not whom[0])


def _read_whom(
    agency: str | None, group: str | None, below: str | None, *, typed: bool
) -> tuple[str | None, str | None, str | None]:
    """Give the one of the three that was given; an agency of the environment or the settings yields to the others."""
    if (group or below) and not typed:
        agency = None
    if sum(map(bool, (agency, group, below))) > 1:
        raise InputError(message("--agency, --group and --below exclude each other; give one of them"))
    return agency, group, below


def _require(values: dict[str, str | None]) -> None:
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


def _print_result(
    found: Waived,
    output: TextOrJson,
    *,
    is_earlier: bool = False,
    several: bool = False,
    dry_run: bool = False,
) -> None:
    """Print waivers that were recorded or ended; those of a group or below an agency as a list."""
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.waivers import waiver_document, waivers_document

        print_json(
            waivers_document(found.plan, found.waivers, dry_run=dry_run)
            if several
            else waiver_document(found.waivers[0], dry_run=dry_run)
        )
    elif several:
        _print_several(found, dry_run=dry_run)
    else:
        _print_one(found, dry_run=dry_run)
    if found.known:
        print_note(message("note: in force already for {number} more", number=found.known))
    note_earlier_run(is_earlier)
    flush_answer()


def _print_several(found: Waived, *, dry_run: bool) -> None:
    for recorded in found.waivers[: None if dry_run else MOST_LISTED]:
        parts = _parts(recorded, found.plan)
        print_line(message("waiver no. {no} of the plan {plan}: {agency}, {duty}, {start} – {end}", **parts))
    if not dry_run and len(found.waivers) > MOST_LISTED:
        print_line(message("… and {number} more", number=len(found.waivers) - MOST_LISTED))
    number, covered = len(found.waivers), sum(one.covered or 0 for one in found.waivers)
    if dry_run:
        print_line(
            message(
                "waivers that would be recorded: {number}; obligations covered: {covered}",
                number=number,
                covered=covered,
            )
        )
    else:
        print_line(
            message(
                "waivers recorded: {number}; obligations covered: {covered}", number=number, covered=covered
            )
        )


def _print_one(found: Waived, *, dry_run: bool) -> None:
    (recorded,) = found.waivers
    parts = _parts(recorded, found.plan)
    if recorded.ended:
        print_line(message("waiver no. {no} of the plan {plan} has ended: {agency}, {duty}", **parts))
        return
    if dry_run:
        print_line(message("would be waived: {agency}, {duty}, {start} – {end}", **parts))
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
        "agency": next(one.shown for one in plan.agencies if one.code == waiver.agency),
        "duty": Names(plan).duty(waiver.activity, waiver.requirement),
        "start": waiver.span.start,
        "end": waiver.span.end,
    }
