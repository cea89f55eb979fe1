"""`cchc log`: one execution, or the rows of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli import completion
from cchc_cli.cli.options import (
    Agency,
    By,
    PlainFormat,
    PlanCode,
    TextOrJson,
    author,
    existing,
    named,
    now,
    was_typed,
)
from cchc_cli.cli.progress import working
from cchc_cli.cli.readings import tell_reading, tell_readings
from cchc_cli.cli.terminal import answer, ask, asks, choose, complain, flush, say, tell
from cchc_cli.domain.errors import InputError, message
from cchc_cli.domain.execution import days_after, is_late
from cchc_cli.domain.text import Shown
from cchc_cli.locale import day_text, typed_number_text

if TYPE_CHECKING:
    from cchc_cli.domain.plan import Plan
    from cchc_cli.domain.results import Entry, RowsOutcome
    from cchc_cli.services.choosing import Named
    from cchc_cli.services.drafts import Draft
    from cchc_cli.storage.engine import Database


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
    chosen = named(context, plan)
    given = (activity, amount, date, form, title, note, evidence, repeat or None, again or None)
    if file is not None:
        if any(item is not None for item in given):
            raise InputError(
                message(
                    "--file takes what was done from the file; leave the activity and all that describes it out"
                )
            )
        _log_file(existing(context), file, chosen, author(by), dry_run=dry_run, output=output)
        return
    if dry_run:
        raise InputError(message("--dry-run goes with --file; type: cchc log --file ROWS --dry-run"))
    who = author(by)
    if again:
        from cchc_cli.cli.again import log_again  # noqa: PLC0415
        from cchc_cli.services.again import Changes  # noqa: PLC0415

        # An agency that the environment or the settings name is the usual one, and not what is different.
        typed = agency if was_typed(context, "agency") else None
        changes = Changes(typed, date, amount, form, repeat, title, note, tuple(evidence or ()))
        log_again(existing(context), changes, activity=activity, plan=chosen, author=who, output=output)
        return
    from cchc_cli.services.drafts import Draft as _Draft  # noqa: PLC0415
    from cchc_cli.services.executions import recording  # noqa: PLC0415

    database = existing(context)
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
        tell_entry(entry, output)
        tell_reading(draft.amount)
        flush()


class _Missing:
    """Asks for what was not typed, where somebody can answer; else says what is missing."""

    def __init__(self, database: Database, plan: Named | None, day: str | None) -> None:
        self._database = database
        self._named = plan
        self._day = day

    def _plan(self) -> Plan:
        from cchc_cli.services.plans import plan_of_day  # noqa: PLC0415

        return plan_of_day(self._database, self._named, now(), self._day)

    def activity(self) -> str:
        """Ask which activity."""
        if not asks():
            raise InputError(message("the activity is missing; cchc plan lists them"))
        activities = self._plan().activities
        return choose(
            message("which activity?"), [(item.code, _named(item.title, item.alias)) for item in activities]
        )

    def agency(self) -> str:
        """Ask which agency."""
        if not asks():
            raise InputError(
                message(
                    "the agency is missing; give --agency, set CCHC_AGENCY, or type: cchc config set agency CODE"
                )
            )
        agencies = self._plan().agencies
        return choose(message("which agency?"), [(item.code, item.shown) for item in agencies])

    def rest(self, draft: Draft) -> Draft:
        """Ask for the amount and the form where the activity needs them."""
        if not asks() or (draft.amount and draft.form):
            return draft
        from cchc_cli.domain.plan import TIME  # noqa: PLC0415
        from cchc_cli.services.lookup import find_activity  # noqa: PLC0415

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


def tell_entry(entry: Entry, output: TextOrJson) -> None:
    """Say what a record did: the document, or a line for it and one a finding; and what to look at."""
    _tell_record(entry, output)
    recorded = entry.recorded
    if entry.again:
        tell(
            message(
                "note: an earlier run of this command recorded it and could not say so; nothing was added"
            )
        )
    if entry.same_as:
        tell(
            message(
                "note: no. {no} says the same; if this is a mistake, type: cchc void {this} --reason WHY",
                no=entry.same_as,
                this=recorded.no,
            )
        )
    tell_shared(entry.shared)
    within = entry.plan.log_within_days
    if within is not None and recorded.version == 1 and is_late(recorded, entry.plan):
        tell(
            message(
                "note: recorded {days} days after it was done, the plan wants it within {within}; it counts and shows as late",
                days=days_after(recorded.execution, entry.plan, recorded.recorded_at),
                within=within,
            )
        )


def tell_shared(shared: dict[str, list[int]]) -> None:
    """Point out evidence that several records have."""
    for key, numbers in list(shared.items())[:_MOST_SHARED]:
        tell(message("note: the same evidence proves no. {numbers} too: {key}", numbers=numbers, key=key))
    if len(shared) > _MOST_SHARED:
        tell(message("note: … and {number} more; cchc doctor lists all", number=len(shared) - _MOST_SHARED))


_MOST_SHARED = 20


def _tell_record(entry: Entry, output: TextOrJson) -> None:
    if output is TextOrJson.JSON:
        from cchc_cli.reports.documents import log_document, to_json  # noqa: PLC0415

        answer(to_json(log_document(entry)) + "\n")
        return
    from cchc_cli.reports.words import finding_line  # noqa: PLC0415

    recorded = entry.recorded
    execution = recorded.execution
    activity = next(item for item in entry.plan.activities if item.code == execution.activity)
    say(
        message(
            "no. {no}: {activity}, {agency}, {day}, {amount} {unit}",
            no=recorded.no,
            activity=execution.activity,
            agency=entry.plan.agencies[0].shown,
            day=day_text(execution.day),
            amount=Shown(typed_number_text(execution.amount)),
            unit=activity.unit.name,
        )
    )
    if entry.several_plans:
        say(message("plan: {plan}", plan=entry.plan.code))
    if recorded.voided:
        say(message("voided: {reason}", reason=recorded.reason))
    for finding in entry.findings:
        if finding.obligation.span.start <= execution.day:
            say(message("{line}", line=finding_line(finding)))
    for requirement, reason in entry.uncounted:
        say(message("not counted for {requirement}: {reason}", requirement=requirement, reason=reason))
    if not entry.findings and not entry.uncounted:
        say(message("the agency owes nothing for this on that day; it is recorded all the same"))


def _log_file(
    database: Database, file: Path, plan: Named | None, who: str, *, dry_run: bool, output: TextOrJson
) -> None:
    from cchc_cli.services.rows import record_rows  # noqa: PLC0415
    from cchc_cli.services.rows_file import read_rows  # noqa: PLC0415

    with working(message("rows recorded")) as tick:
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
        from cchc_cli.reports.documents import rows_document, to_json  # noqa: PLC0415

        answer(to_json(rows_document(outcome)) + "\n")
    else:
        _tell_rows(file, outcome)
    tell_shared(outcome.shared)
    tell_readings(outcome.grouped)
    if outcome.rejected:
        raise typer.Exit(2)


_MANY = 1_000_000
"""Bytes of a rows file from which on a second process pays for itself."""


def _tell_rows(file: Path, outcome: RowsOutcome) -> None:
    from cchc_cli.services.rows_file import column_word  # noqa: PLC0415

    for error in outcome.errors:
        row = message("{file}: row {row}", file=file.name, row=error.row)
        if error.column:
            complain(
                message(
                    "{row}, column {column}: {what}",
                    row=row,
                    column=column_word(error.column),
                    what=error.what,
                )
            )
        else:
            complain(message("{row}: {what}", row=row, what=error.what))
    counts = {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": outcome.rejected,
    }
    if outcome.rejected:
        say(message("nothing was recorded: rows rejected: {rejected}; mend them and run it again", **counts))
    elif outcome.dry_run:
        say(
            message(
                "would be recorded: new {created}, corrected {updated}, already there {unchanged}", **counts
            )
        )
    else:
        say(message("recorded: new {created}, corrected {updated}, already there {unchanged}", **counts))
    if outcome.several_plans:
        say(message("plan: {plan}", plan=outcome.plan))
