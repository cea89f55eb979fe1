"""Importing a plan, and looking at what was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.changes import plan_changes
from cchc_cli.domain.errors import InputError, Message, message
from cchc_cli.domain.periods import Span
from cchc_cli.domain.results import Import, Result
from cchc_cli.domain.text import fold
from cchc_cli.services.lookup import choose_plan, find_activity, stored_plan
from cchc_cli.services.plan_file import PlanFile, parse_plan, read_plan_file
from cchc_cli.storage.changes import changing
from cchc_cli.storage.plan_saving import save_plan, save_version
from cchc_cli.storage.plans import load_plan, plan_digest, plan_versions
from cchc_cli.storage.referred import Referred, referred
from cchc_cli.storage.schema import open_database
from cchc_cli.storage.waivers import waived

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from cchc_cli.domain.changes import Change
    from cchc_cli.domain.plan import Activity, Plan
    from cchc_cli.domain.results import PlanVersion
    from cchc_cli.storage.engine import Connection, Database
    from cchc_cli.storage.plans import StoredPlan


def import_plan(path: Path, target: str, *, author: str, now: datetime, dry_run: bool = False) -> Import:
    """Make the database hold the plan of this file; with `dry_run` only tell what that would change.

    Raises InputError with every fault of the file, or with every record that the plan would orphan.
    """
    file = read_plan_file(path)
    database = open_database(target, create=not dry_run, now=now)
    if database is None:
        return _outcome(file, Result.CREATED, dry_run=dry_run)
    if dry_run:
        with database.reading(whole=True) as connection:
            return _compare(connection, file, dry_run=True)[0]
    with database.writing(whole=True) as connection:
        outcome, before = _compare(connection, file, dry_run=False)
        if outcome.result is not Result.UNCHANGED:
            with changing(connection, author, f"import {file.plan.code}", now) as change:
                plan_id = save_plan(connection.core, file.plan, before)
                save_version(connection.core, plan_id, file.plan.code, (file.source, file.digest), change)
    return outcome


def _compare(connection: Connection, file: PlanFile, *, dry_run: bool) -> tuple[Import, StoredPlan | None]:
    unchanged = _outcome(file, Result.UNCHANGED, dry_run=dry_run)
    if plan_digest(connection, file.plan.code) == file.digest:
        return unchanged, None
    before = load_plan(connection, file.plan.code)
    if before is None:
        return _outcome(file, Result.CREATED, dry_run=dry_run), None
    if before.plan == file.plan:
        return unchanged, None
    orphans = [
        *_orphans(before.plan, file.plan, referred(connection.core, file.plan.code)),
        *_unwaivable(file.plan, waived(connection, before.id)),
    ]
    if orphans:
        raise InputError(*orphans)
    return _outcome(file, Result.UPDATED, before.plan, dry_run=dry_run), before


def _outcome(file: PlanFile, result: Result, before: Plan | None = None, *, dry_run: bool) -> Import:
    changes = [] if result is Result.UNCHANGED else plan_changes(before, file.plan)
    return Import(file.plan, result, dry_run, changes, str(file.path) if file.bundled else None)


def _orphans(before: Plan, after: Plan, records: Referred) -> Iterator[Message]:
    """Say what recorded executions rely on and the new plan would take from under them."""
    agencies = {agency.code: agency for agency in after.agencies}
    activities = {activity.code: activity for activity in after.activities}
    forms = {form.code for form in after.forms}
    for what, used, kept in (
        (message("agency"), records.agencies, agencies),
        (message("activity"), records.activities, activities),
        (message("form"), records.forms, forms),
    ):
        yield from (_gone(what, code, number) for code, number in used.items() if code not in kept)
    for code, (first, last) in records.days.items():
        life = agencies[code].life & after.effective if code in agencies else Span(first, last)
        if not life.start <= first <= last <= life.end:
            yield _outside(code, first, last)
    for old in before.activities:
        new = activities.get(old.code, old)
        if old.code in records.activities and (new.kind, new.unit.code) != (old.kind, old.unit.code):
            yield _counted_otherwise(old, new, records.activities[old.code])


def _gone(what: Message, code: str, number: int) -> Message:
    return message(
        "the {what} {code} is missing from the file, but executions refer to it: {number}; put it back",
        what=what,
        code=code,
        number=number,
    )


def _outside(code: str, first: date, last: date) -> Message:
    return message(
        "the agency {code} has executions from {first} to {last}; the plan or the agency would not reach over these days; let it reach, or see: cchc history --agency {code}",
        code=code,
        first=first,
        last=last,
    )


def _counted_otherwise(old: Activity, new: Activity, number: int) -> Message:
    return message(
        "the activity {code} has executions ({number}) recorded as {old}; it cannot become {new}; give it a new code",
        code=old.code,
        number=number,
        old=f"{old.kind} {old.unit.code}",
        new=f"{new.kind} {new.unit.code}",
    )


def _unwaivable(after: Plan, waivers: set[tuple[str, str, str | None]]) -> Iterator[Message]:
    agencies = {agency.code for agency in after.agencies}
    requirements = {
        (activity.code, code)
        for activity in after.activities
        for code in (None, *(requirement.code for requirement in activity.requirements))
    }
    for agency, activity, requirement in sorted(waivers, key=str):
        if agency not in agencies or (activity, requirement) not in requirements:
            yield message(
                "a waiver refers to {agency}, {activity}, which is missing from the file; keep it",
                agency=agency,
                activity=f"{activity}/{requirement}" if requirement else activity,
            )


def versions_of_plan(database: Database, code: str | None, now: datetime) -> tuple[Plan, list[PlanVersion]]:
    """Give a plan and every version of it that was imported, oldest first."""
    with database.reading() as connection:
        stored = stored_plan(connection, choose_plan(connection, code, now).code)
        return stored.plan, plan_versions(connection, stored.id)


def plan_version(database: Database, code: str | None, now: datetime, number: int | None) -> PlanVersion:
    """Give one version of a plan as it was imported; the latest where no number is given."""
    _, versions = versions_of_plan(database, code, now)
    found = [version for version in versions if number in {None, version.version}]
    if not found:
        raise InputError(
            message(
                "there is no version {number}; there are: {known}",
                number=number,
                known=[version.version for version in versions],
            )
        )
    return found[-1]


def compare_versions(
    database: Database, code: str | None, now: datetime, old: int, new: int | None
) -> list[Change]:
    """Give what one version of a plan has that an older one has not."""
    before, after = (parse_plan(plan_version(database, code, now, number).source) for number in (old, new))
    return plan_changes(before, after)


def show_plan(
    database: Database, code: str | None, now: datetime, activity: str | None, version: int | None = None
) -> Plan:
    """Give a plan as imported, now or in an earlier version; with only one activity where one is named."""
    if version is not None:
        plan = parse_plan(plan_version(database, code, now, version).source)
    else:
        with database.reading() as connection:
            plan = stored_plan(connection, choose_plan(connection, code, now).code).plan
    return plan._replace(activities=(find_activity(plan, activity),)) if activity else plan


def show_agencies(
    database: Database, code: str | None, now: datetime, *, text: str | None, kind: str | None
) -> tuple[Plan, dict[str, str]]:
    """Give a plan with those of its agencies that have the text in a name and are of the kind.

    Also give the names of all its agencies by code, for those above the ones that were asked for.
    """
    plan = show_plan(database, code, now, None)
    wanted = fold(text or "")
    names = {agency.code: agency.short or agency.name for agency in plan.agencies}
    found = plan._replace(
        agencies=tuple(
            agency
            for agency in plan.agencies
            if kind in {None, agency.kind}
            and any(
                wanted in fold(name)
                for name in (agency.code, agency.name, agency.short, agency.gso, *agency.aliases)
                if name
            )
        ),
    )
    return found, names
