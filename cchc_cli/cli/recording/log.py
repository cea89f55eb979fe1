"""`cchc log`: one execution, or the rows of a file."""

from __future__ import annotations

from pathlib import Path
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
    was_typed,
)
from cchc_cli.cli.recording.amount_notes import note_decimal_reading, note_decimal_readings
from cchc_cli.cli.recording.log_answer import print_entry, print_shared_evidence
from cchc_cli.cli.terminal.output import print_answer, ask, can_ask, choose, print_error, flush_answer, print_line
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.results import RowsOutcome
    from cchc_cli.services.questions.plan_choice import Named
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.storage.database.database import Database


def log(
    context: typer.Context,
    activity: Annotated[
        str | None,
        typer.Argument(
            help="The activity's code or alias.", autocompletion=completion.offer(completion.activities)
        ),
    ] = None,
    amount: Annotated[
        str | None, typer.Argument(help="How much; may be left out where it is counted in times.")
    ] = None,
    agency: Agency = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="When it was done: 2024-03-14, 14/03/2024, 14/03, today, yesterday."
        ),
    ] = None,
    form: Annotated[str | None, typer.Option(help="The form or channel.")] = None,
    repeat: Annotated[bool, typer.Option("--repeat", help="A re-broadcast or re-print.")] = False,
    title: Annotated[str | None, typer.Option(help="What it was.")] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH|URL", help="A file or a web address that proves it; may be given again."),
    ] = None,
    note: Annotated[str | None, typer.Option(help="Anything to remember.")] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Record once more what you logged last, or last of that activity; what else is given is different.",
        ),
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(metavar="ROWS", help="Record the rows of a CSV or XLSX file instead, all or nothing."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --file: only show what would happen.")
    ] = False,
    plan: PlanCode = None,
    by: By = None,
    output: PlainFormat = TextOrJson.TEXT,
) -> None:
    """Record what was done: one execution, or the rows of a file."""
    chosen = chosen_plan(context, plan)
    given = (activity, amount, date, form, title, note, evidence, repeat or None, again or None)
    if file is not None:
        if any(item is not None for item in given):
            raise InputError(
                message(
                    "--file takes what was done from the file; leave the activity and all that describes it out"
                )
            )
        _log_file(open_existing(context), file, chosen, author(by), dry_run=dry_run, output=output)
        return
    if dry_run:
        raise InputError(message("--dry-run goes with --file; type: cchc log --file ROWS --dry-run"))
    who = author(by)
    if again:
        from cchc_cli.cli.recording.again import log_again
        from cchc_cli.services.recording.last_record import Changes

        # An agency that the environment or the settings name is the usual one, and not what is different.
        typed = agency if was_typed(context, "agency") else None
        changes = Changes(typed, date, amount, form, repeat, title, note, tuple(evidence or ()))
        log_again(open_existing(context), changes, activity=activity, plan=chosen, author=who, output=output)
        return
    from cchc_cli.services.recording.drafts import Draft as _Draft
    from cchc_cli.services.recording.record import recording

    database = open_existing(context)
    asked = _Missing(database, chosen, date)
    draft = _Draft(
        activity=activity or asked.activity(),
        agency=agency or asked.agency(),
        date=date,
        amount=amount,
        form=form,
        repeat=repeat,
        title=title,
        note=note,
        evidence=tuple(evidence or ()),
    )
    draft = asked.rest(draft)
    with recording(database, draft, plan=chosen, author=who, now=now()) as entry:
        print_entry(entry, output)
        note_decimal_reading(draft.amount)
        flush_answer()


class _Missing:
    """Asks for what was not typed, where somebody can answer; else says what is missing."""

    def __init__(self, database: Database, plan: Named | None, day: str | None) -> None:
        self._database = database
        self._named = plan
        self._day = day

    def _plan(self) -> Plan:
        from cchc_cli.services.plans.listing import plan_of_day

        return plan_of_day(self._database, self._named, now(), self._day)

    def activity(self) -> str:
        """Ask which activity."""
        if not can_ask():
            raise InputError(message("the activity is missing; cchc plan lists them"))
        activities = self._plan().activities
        return choose(
            message("which activity?"), [(item.code, _named(item.title, item.alias)) for item in activities]
        )

    def agency(self) -> str:
        """Ask which agency."""
        if not can_ask():
            raise InputError(
                message(
                    "the agency is missing; give --agency, set CCHC_AGENCY, or type: cchc config set agency CODE"
                )
            )
        agencies = self._plan().agencies
        return choose(message("which agency?"), [(item.code, item.shown) for item in agencies])

    def rest(self, draft: Draft) -> Draft:
        """Ask for the amount and the form where the activity needs them."""
        if not can_ask() or (draft.amount and draft.form):
            return draft
        from cchc_cli.domain.plan.model import TIME
        from cchc_cli.services.questions.lookup import find_activity

        plan = self._plan()
        activity = find_activity(plan, draft.activity)
        if not draft.amount and activity.unit.code != TIME:
            draft = draft._replace(amount=ask(message("how many {unit}?", unit=activity.unit.name)))
        if not draft.form and len(activity.forms) > 1:
            names = {form.code: form.name for form in plan.forms}
            choices = [(code, names[code]) for code in activity.forms]
            draft = draft._replace(form=choose(message("in which form?"), choices))
        return draft


def _named(title: str, alias: str | None) -> str:
    return f"{title} ({alias})" if alias else title


def _log_file(
    database: Database, file: Path, plan: Named | None, who: str, *, dry_run: bool, output: TextOrJson
) -> None:
    from cchc_cli.services.rows.reader import read_rows
    from cchc_cli.services.rows.recording import record_rows

    with progress_bar(message("rows recorded")) as tick:
        outcome = record_rows(
            database,
            read_rows(file),
            plan=plan,
            source=file.name,
            author=who,
            now=now(),
            dry_run=dry_run,
            many=file.is_file() and file.stat().st_size > _MANY,
            tick=tick,
        )
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.formats import to_json
        from cchc_cli.reports.data.rows import rows_document

        print_answer(to_json(rows_document(outcome)) + "\n")
    else:
        _print_rows(file, outcome)
    print_shared_evidence(outcome.shared)
    note_decimal_readings(outcome.grouped)
    if outcome.rejected:
        raise typer.Exit(2)


_MANY = 1_000_000
"""Bytes of a rows file from which on a second process pays for itself."""


def _print_rows(file: Path, outcome: RowsOutcome) -> None:
    from cchc_cli.services.rows.reader import column_word

    for error in outcome.errors:
        row = message("{file}: row {row}", file=file.name, row=error.row)
        if error.column:
            print_error(
                message(
                    "{row}, column {column}: {what}",
                    row=row,
                    column=column_word(error.column),
                    what=error.what,
                )
            )
        else:
            print_error(message("{row}: {what}", row=row, what=error.what))
    counts = {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": outcome.rejected,
    }
    if outcome.rejected:
        print_line(message("nothing was recorded: rows rejected: {rejected}; mend them and run it again", **counts))
    elif outcome.dry_run:
        print_line(
            message(
                "would be recorded: new {created}, corrected {updated}, already there {unchanged}", **counts
            )
        )
    else:
        print_line(message("recorded: new {created}, corrected {updated}, already there {unchanged}", **counts))
    if outcome.several_plans:
        print_line(message("plan: {plan}", plan=outcome.plan))
