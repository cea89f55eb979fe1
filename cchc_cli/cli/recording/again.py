"""`cchc log --again`."""

from __future__ import annotations

from cchc_cli.cli.framework.options import TextOrJson, now
from cchc_cli.cli.recording.log_answer import print_entry
from cchc_cli.cli.terminal.output import flush_answer, print_note
from cchc_cli.domain.language.errors import message
from cchc_cli.services.questions.plan_choice import Named
from cchc_cli.services.recording.last_record import Changes, repeat_last
from cchc_cli.services.recording.record import recording
from cchc_cli.storage.database.database import Database


def log_again(
    database: Database,
    changes: Changes,
    *,
    activity: str | None,
    plan: Named | None,
    author: str,
    output: TextOrJson,
) -> None:
    """Record once more what the author logged last, and say which record that was."""
    found = repeat_last(database, changes, author=author, plan=plan, activity=activity, now=now())
    with recording(database, found.draft, plan=found.plan, author=author, now=now()) as entry:
        if entry.recorded.no != found.recorded.no:
            print_note(
                message(
                    "note: as no. {no} of {day} was",
                    no=found.recorded.no,
                    day=found.recorded.execution.day,
                )
            )
        print_entry(entry, output)
        flush_answer()
