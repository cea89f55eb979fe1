"""The answer of commands that change several records: what they will change, and what they changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cchc_cli.cli.framework.options import TextOrJson
from cchc_cli.cli.recording.log_answer import print_entry, record_line
from cchc_cli.cli.terminal.dialogue import can_ask, confirm
from cchc_cli.cli.terminal.output import print_json, print_line, print_note
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.results.recording import CorrectedRecords, LogResult

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded

MOST_LISTED = 20
"""An answer lists so many of what was changed; a dry run lists all."""


def announce(what: Message, *, yes: bool) -> None:
    """Say how many records will be changed; on a terminal ask first, unless `yes`. Raises Abort if that is refused."""
    print_note(what)
    if not yes and can_ask() and not confirm(message("go on? Enter: yes, n: no")):
        raise typer.Abort


def print_corrections(
    found: LogResult | CorrectedRecords | None, output: TextOrJson, *, undo: bool, dry_run: bool = False
) -> None:
    """Print the records that were voided or given back, as JSON or as text; or what a dry run found."""
    if found is None:
        return
    records = [found.recorded] if isinstance(found, LogResult) else found.records
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.executions import corrections_document

        print_json(corrections_document(found.plan, records, found.findings, dry_run=dry_run))
    elif isinstance(found, LogResult) and not dry_run:
        print_entry(found, output)
        if undo:
            print_line(_summary(1, undo=True, dry_run=False))
    else:
        _print_records(records, found.plan, None if dry_run else MOST_LISTED)
        print_line(_summary(len(records), undo=undo, dry_run=dry_run))


def _print_records(records: list[Recorded], plan: Plan, most: int | None) -> None:
    for recorded in records[:most]:
        print_line(record_line(recorded, plan))
    if most is not None and len(records) > most:
        print_line(message("… and {number} more", number=len(records) - most))


def _summary(number: int, *, undo: bool, dry_run: bool) -> Message:
    if dry_run:
        return (
            message("records that would be given back: {number}", number=number)
            if undo
            else message("records that would be voided: {number}", number=number)
        )
    return (
        message("records given back: {number}", number=number)
        if undo
        else message("records voided: {number}", number=number)
    )
