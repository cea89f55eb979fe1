"""`cchc amend`, `cchc void` and `cchc waive`: what corrects and excuses, always with a reason."""

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
    open_existing,
    chosen_plan,
    now,
)
from cchc_cli.cli.recording.amount_notes import note_decimal_reading
from cchc_cli.cli.recording.log_answer import print_entry
from cchc_cli.cli.terminal.output import print_answer, print_line, show_view, print_note
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.wording.plan_names import Names

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.storage.database.database import Database

Record = Annotated[str, typer.Argument(metavar="NO", help="The record's number, or its id.")]
Reason = Annotated[str, typer.Option(help="Why; it stays with the record.")]


def amend(
    context: typer.Context,
    no: Record,
    reason: Reason,
    date: Annotated[str | None, typer.Option(metavar="DATE", help="When it was done.")] = None,
    amount: Annotated[str | None, typer.Option(help="How much.")] = None,
    form: Annotated[str | None, typer.Option(help="The form or channel.")] = None,
    repeat: Annotated[
        bool | None,
        typer.Option("--repeat/--no-repeat", help="Whether it was a re-broadcast or re-print."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What it was; empty takes it away.")] = None,
    note: Annotated[str | None, typer.Option(help="Anything to remember; empty takes it away.")] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|URL", help="A file or a web address that proves it too."),
    ] = None,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Correct a record: a new version is added, the old one stays in its history."""
    from cchc_cli.services.recording import corrections

    correction = corrections.Correction(date, amount, form, repeat, title, note, tuple(evidence or ()))
    entry = corrections.amend(open_existing(context), no, correction, reason=reason, author=author(by), now=now())
    print_entry(entry, output)
    note_decimal_reading(amount)


def void(
    context: typer.Context,
    reason: Reason,
    no: Annotated[str | None, typer.Argument(metavar="NO", help="The record's number, or its id.")] = None,
    last: Annotated[
        bool, typer.Option("--last", help="What you recorded last, instead of a number.")
    ] = False,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Take a record out of every count; it stays in the history."""
    from cchc_cli.services.recording import corrections

    if last is (no is not None):
        raise InputError(
            message(
                "say which record: its number, or --last for what you recorded last; cchc history lists them"
            )
            if no is None
            else message("a number and --last exclude each other; give one")
        )
    database, who = open_existing(context), author(by)
    if no is None:
        print_entry(corrections.void_last(database, reason=reason, author=who, now=now()), output)
    else:
        print_entry(corrections.void(database, no, reason=reason, author=who, now=now()), output)


def waive(
    context: typer.Context,
    duty: Annotated[
        str | None,
        typer.Argument(
            metavar="ACTIVITY[/REQUIREMENT]",
            help="What need not be done.",
            autocompletion=completion.offer(completion.activities),
        ),
    ] = None,
    agency: Agency = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; it stays with the waiver.")] = None,
    document: Annotated[
        str | None, typer.Option(metavar="REF", help="The document that allows it.")
    ] = None,
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

    database = open_existing(context)
    if show_all:
        found, recorded = waivers.list_waivers(database, chosen_plan(context, plan), now())
        if output is TextOrJson.JSON:
            from cchc_cli.reports.data.formats import to_json
            from cchc_cli.reports.data.waivers import waivers_document

            print_answer(to_json(waivers_document(found, recorded)) + "\n")
            return
        from cchc_cli.reports.terminal.waivers import waivers_view

        show_view(lambda width: waivers_view(recorded, found, width))
        return
    if ending is not None:
        ended = waivers.stop_waiving(database, ending, reason=reason or "", author=author(by), now=now())
        _print_waiver(database, ended, output)
        return
    missing = [
        name
        for name, value in (("ACTIVITY", duty), ("--agency", agency), ("--from", start), ("--to", end))
        if not value
    ]
    if missing:
        raise InputError(
            message(
                "missing: {missing}; type: cchc waive ACTIVITY --agency CODE --from DATE --to DATE --reason WHY",
                missing=missing,
            )
        )
    done = waivers.waive(
        database,
        duty or "",
        plan=chosen_plan(context, plan),
        agency=agency or "",
        start=start or "",
        end=end or "",
        reason=reason or "",
        document=document,
        author=author(by),
        now=now(),
    )
    _print_waiver(database, done, output)


def _print_waiver(database: Database, recorded: RecordedWaiver, output: TextOrJson) -> None:
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.formats import to_json
        from cchc_cli.reports.data.waivers import waiver_document

        print_answer(to_json(waiver_document(recorded)) + "\n")
        return
    from cchc_cli.services.recording.waivers import plan_of

    parts = _parts(recorded, plan_of(database, recorded))
    if recorded.ended:
        print_line(message("waiver no. {no} of the plan {plan} has ended: {agency}, {duty}", **parts))
    else:
        print_line(message("waiver no. {no} of the plan {plan}: {agency}, {duty}, {start} – {end}", **parts))
        print_line(message("obligations covered: {count}", count=recorded.covered))
        if not recorded.covered:
            print_note(
                message(
                    "note: it covers none; a waiver covers what lies in its days from the first to the last"
                )
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
