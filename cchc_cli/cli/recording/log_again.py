"""`cchc log --again`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.cli.framework.options import TextOrJson, now
from cchc_cli.cli.recording.log_answer import print_entry
from cchc_cli.cli.terminal.output import flush_answer, print_note
from cchc_cli.domain.language.errors import message
from cchc_cli.services.recording.last_record import Changes, repeat_last_record
from cchc_cli.services.recording.record import recording

if TYPE_CHECKING:
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.storage.database.database import Database


def log_again(
    database: Database,
    draft: Draft,
    *,
    activity: str | None,
    agency: str | None,
    plan: NamedPlan | None,
    author: str,
    output: TextOrJson,
) -> None:
    """Repeat the author's last record with the changes in a draft, and say which record that was.

    `activity` and `agency` are None if they were not typed: an agency of the environment or the settings is no change.
    """
    changes = Changes(
        agency, draft.date, draft.amount, draft.form, draft.repeat, draft.title, draft.note, draft.evidence
    )
    found = repeat_last_record(database, changes, author=author, plan=plan, activity=activity, now=now())
    with recording(database, found.draft, plan=found.plan, author=author, now=now()) as entry:
        if entry.recorded.no != found.recorded.no:
            print_note(
                message(
                    "note: repeats no. {no} of {day}",
                    no=found.recorded.no,
                    day=found.recorded.execution.day,
                )
            )
        print_entry(entry, output)
        flush_answer()
