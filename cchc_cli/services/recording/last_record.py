"""The last record of an author, as a draft for one more like it: `log --again`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.services.questions.lookup import find_activity, load_known_plan
from cchc_cli.services.questions.plan_choice import NamedPlan, choose_plan_of_day
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.storage.records.executions import last_of_author, versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cchc_cli.domain.records.execution import Execution, Recorded
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


class Changes(NamedTuple):
    """The fields that differ this time, as typed; None keeps the value of the last record, but the date is today."""

    agency: str | None = None
    date: str | None = None
    amount: str | None = None
    form: str | None = None
    repeat: bool = False
    """Whether it is a repeat; the copy of a repeat is one too."""
    title: str | None = None
    note: str | None = None
    evidence: Sequence[str] = ()


class LastRecord(NamedTuple):
    """A record, its plan, and a draft like it."""

    recorded: Recorded
    plan: NamedPlan
    draft: Draft


def repeat_last_record(
    database: Database,
    changes: Changes,
    *,
    author: str,
    plan: NamedPlan | None,
    activity: str | None,
    now: datetime,
) -> LastRecord:
    """Find the author's last record, logged or from a file, and make a draft like it.

    With a plan it is the last in that plan, with an activity the last of that activity. Raises InputError
    where there is none. Evidence and external id belong to one record and are not copied. So after
    the draft was recorded, the same command gives the same draft again, and a command whose
    acknowledgement got lost records nothing twice.
    """
    with database.reading() as connection:
        no = _find_last_no(connection, author, plan, activity, now, changes.date)
        found = versions_of(connection, no) if no is not None else None
    if found is None:
        raise InputError(
            message(
                "{author} has logged nothing yet that could be repeated; type: cchc log ACTIVITY AMOUNT",
                author=author,
            )
        )
    code, versions = found
    return LastRecord(versions[-1], NamedPlan(code), _draft_like(versions[-1].execution, changes))


def _find_last_no(
    connection: Connection,
    author: str,
    plan: NamedPlan | None,
    activity: str | None,
    now: datetime,
    day: str | None,
) -> int | None:
    if plan is None and activity is None:
        return last_of_author(connection, author)
    head = choose_plan_of_day(connection, plan, now, day)
    if activity is None:
        return last_of_author(connection, author, plan_id=head.id)
    stored = load_known_plan(connection, head.code, [])
    key = stored.activities[find_activity(stored.plan, activity).code]
    return last_of_author(connection, author, plan_id=head.id, activity_id=key)


def _draft_like(old: Execution, changes: Changes) -> Draft:
    def new_or_old(new: str | None, before: str | None) -> str | None:
        return before if new is None else new

    return Draft(
        agency=changes.agency or old.agency,
        activity=old.activity,
        date=changes.date,
        amount=changes.amount or decimal_text(old.amount),
        form=new_or_old(changes.form, old.form),
        repeat=changes.repeat or old.repeat,
        title=new_or_old(changes.title, old.title),
        note=new_or_old(changes.note, old.note),
        evidence=changes.evidence,
    )
