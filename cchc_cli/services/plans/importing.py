"""Importing a plan file; refused where records would refer to something that the plan no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.plan.comparison import plan_changes
from cchc_cli.domain.plan.name_index import ambiguous_aliases
from cchc_cli.domain.results.plan_import import ImportAction, ImportResult
from cchc_cli.services.files.plan_file import PlanFile, read_plan_file
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.plans.plans import load_plan, plan_digest
from cchc_cli.storage.plans.references import References, count_references
from cchc_cli.storage.plans.saving import save_plan, save_version
from cchc_cli.storage.records.waivers import waived_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from cchc_cli.domain.plan.model import Activity, Plan
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import StoredPlan


def import_plan(
    path: Path, target: str, *, author: str, now: datetime, dry_run: bool = False
) -> ImportResult:
    """Save the plan of this file as a new version; with `dry_run` only say what that would change.

    Raises InputError with every fault of the file, or with everything that records need and the file lacks.
    """
    file = read_plan_file(path)
    database = open_database(target, create=not dry_run, now=now)
    if database is None:
        return _outcome(file, ImportAction.CREATED, dry_run=dry_run)
    if dry_run:
        with database.reading(use_sqlalchemy=True) as connection:
            return _compare(connection, file, dry_run=True)[0]
    with database.writing(use_sqlalchemy=True) as connection:
        outcome, before = _compare(connection, file, dry_run=False)
        if outcome.result is not ImportAction.UNCHANGED:
            with new_change(connection, author, f"import {file.plan.code}", now) as change:
                plan_id = save_plan(connection.core, file.plan, before)
                save_version(connection.core, plan_id, file.plan.code, (file.source, file.digest), change)
    return outcome


def _compare(
    connection: Connection, file: PlanFile, *, dry_run: bool
) -> tuple[ImportResult, StoredPlan | None]:
    unchanged = _outcome(file, ImportAction.UNCHANGED, dry_run=dry_run)
    if plan_digest(connection, file.plan.code) == file.digest:
        return unchanged, None
    before = load_plan(connection, file.plan.code)
    if before is None:
        return _outcome(file, ImportAction.CREATED, dry_run=dry_run), None
    if before.plan == file.plan:
        return unchanged, None
    orphans = [
        *_orphans(before.plan, file.plan, count_references(connection.core, file.plan.code)),
        *_orphaned_waivers(file.plan, waived_requirements(connection, before.id)),
    ]
    if orphans:
        raise InputError(*orphans)
    return _outcome(file, ImportAction.UPDATED, before.plan, dry_run=dry_run), before


def _outcome(
    file: PlanFile, result: ImportAction, before: Plan | None = None, *, dry_run: bool
) -> ImportResult:
    changes = [] if result is ImportAction.UNCHANGED else plan_changes(before, file.plan)
    bundled = str(file.path) if file.bundled else None
    return ImportResult(file.plan, result, dry_run, changes, list(_ambiguous_names(file.plan)), bundled)


def _ambiguous_names(plan: Plan) -> Iterator[Message]:
    for agency, name, others in ambiguous_aliases(plan.agencies):
        yield message(
            "the name “{name}” of {agency} can also mean {others}, so it is refused when typed; remove it from the plan file, or replace it by a name that no other agency has",
            name=name,
            agency=agency.code,
            others=[other.code for other in others],
        )


def _orphans(before: Plan, after: Plan, records: References) -> Iterator[Message]:
    """Say what recorded executions refer to and the new plan does not have."""
    agencies = {agency.code: agency for agency in after.agencies}
    activities = {activity.code: activity for activity in after.activities}
    forms = {form.code for form in after.forms}
    for what, used, kept in (
        (message("agency"), records.agencies, agencies),
        (message("activity"), records.activities, activities),
        (message("form"), records.forms, forms),
    ):
        yield from (
            _missing_from_file(what, code, number) for code, number in used.items() if code not in kept
        )
    for code, (first, last) in records.days.items():
        life = agencies[code].life & after.effective if code in agencies else Span(first, last)
        if not life.start <= first <= last <= life.end:
            yield _days_outside(code, first, last)
    for old in before.activities:
        new = activities.get(old.code, old)
        if old.code in records.activities and (new.kind, new.unit.code) != (old.kind, old.unit.code):
            yield _unit_changed(old, new, records.activities[old.code])


def _missing_from_file(what: Message, code: str, number: int) -> Message:
    return message(
        "the {what} {code} is missing from the file, but executions refer to it: {number}; put it back",
        what=what,
        code=code,
        number=number,
    )


def _days_outside(code: str, first: date, last: date) -> Message:
    return message(
        "the agency {code} has executions from {first} to {last}; the plan or the agency would not reach over these days; let it reach, or see: cchc history --agency {code}",
        code=code,
        first=first,
        last=last,
    )


def _unit_changed(old: Activity, new: Activity, number: int) -> Message:
    return message(
        "the activity {code} has executions ({number}) recorded as {old}; it cannot become {new}; give it a new code",
        code=old.code,
        number=number,
        old=f"{old.kind} {old.unit.code}",
        new=f"{new.kind} {new.unit.code}",
    )


def _orphaned_waivers(after: Plan, waivers: set[tuple[str, str, str | None]]) -> Iterator[Message]:
    agencies = {agency.code for agency in after.agencies}
    requirements = {
        (activity.code, code)
        for activity in after.activities
        for code in (None, *(requirement.code for requirement in activity.requirements))
    }
    for agency, activity, requirement in sorted(waivers, key=str):
        if agency not in agencies or (activity, requirement) not in requirements:
            yield message(
                "a waiver refers to {agency}, {activity}, which is missing from the file; keep it in the file",
                agency=agency,
                activity=f"{activity}/{requirement}" if requirement else activity,
            )
