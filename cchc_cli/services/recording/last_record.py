"""What an author recorded last, to be recorded once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.services.questions.lookup import find_activity, stored_plan
from cchc_cli.services.questions.plan_choice import Named, plan_on
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.storage.records.executions import last_of_author, versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cchc_cli.domain.records.execution import Execution, Recorded
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


class Changes(NamedTuple):
    """What is to be different this time, as typed; None where it is as it was, and today without a date."""

    agency: str | None = None
    date: str | None = None
    amount: str | None = None
    form: str | None = None
    repeat: bool = False
    """Whether it is a repeat now; what was one stays one."""
    title: str | None = None
    note: str | None = None
    evidence: Sequence[str] = ()


class Again(NamedTuple):
    """A record and what is to be recorded after its pattern, in the plan it belongs to."""

    recorded: Recorded
    plan: Named
    draft: Draft


def repeat_last(
    database: Database,
    changes: Changes,
    *,
    author: str,
    plan: Named | None,
    activity: str | None,
    now: datetime,
) -> Again:
    """Find what the author logged last, one by one and not from a file, and make a draft like it.

    With a plan it is the last in that plan, with an activity the last of that activity. Raises InputError
    where there is none. What proved that record proves nothing else, and an external id names one record:
    neither is taken over. So the draft is the same again once it was recorded itself, and a command whose
    acknowledgement got lost does not double it.
    """
    with database.reading() as connection:
        no = _last(connection, author, plan, activity, now, changes.date)
        found = versions_of(connection, no) if no is not None else None
    if found is None:
        raise InputError(
            message(
                "{author} has logged nothing yet that could be repeated; type: cchc log ACTIVITY AMOUNT",
                author=author,
            )
        )
    code, versions = found
    return Again(versions[-1], Named(code), _draft(versions[-1].execution, changes))


def _last(
    connection: Connection,
    author: str,
    plan: Named | None,
    activity: str | None,
    now: datetime,
    day: str | None,
) -> int | None:
    if plan is None and activity is None:
        return last_of_author(connection, author, from_files=False)
    head = plan_on(connection, plan, now, day)
    if activity is None:
        return last_of_author(connection, author, plan_id=head.id, from_files=False)
    stored = stored_plan(connection, head.code, [])
    wanted = stored.activities[find_activity(stored.plan, activity).code]
    return last_of_author(connection, author, plan_id=head.id, activity_id=wanted, from_files=False)


def _draft(old: Execution, changes: Changes) -> Draft:
    def kept(new: str | None, before: str | None) -> str | None:
        return before if new is None else new

    return Draft(
        agency=changes.agency or old.agency,
        activity=old.activity,
        date=changes.date,
        amount=changes.amount or decimal_text(old.amount),
        form=kept(changes.form, old.form),
        repeat=changes.repeat or old.repeat,
        title=kept(changes.title, old.title),
        note=kept(changes.note, old.note),
        evidence=changes.evidence,
    )
