"""Shows imported plans and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import fold
from cchc_cli.services.questions.lookup import find_activity, load_known_plan
from cchc_cli.services.questions.plan_choice import choose_plan_of_day
from cchc_cli.storage.plans.plans import plan_versions

if TYPE_CHECKING:
    from datetime import datetime

    from cchc_cli.domain.plan.comparison import Change
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.results.plan_versions import PlanVersion
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.storage.database.database import Database


def versions_of_plan(
    database: Database, code: NamedPlan | None, now: datetime
) -> tuple[Plan, list[PlanVersion]]:
    """Give a plan and every version of it that was imported, oldest first."""
    with database.reading() as connection:
        stored = load_known_plan(connection, choose_plan_of_day(connection, code, now, any_plan=True).code)
        return stored.plan, plan_versions(connection, stored.id)


def plan_version(
    database: Database, code: NamedPlan | None, now: datetime, number: int | None
) -> PlanVersion:
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
    database: Database, code: NamedPlan | None, now: datetime, old: int, new: int | None
) -> list[Change]:
    """Give what changed between two versions of a plan; `new` None is the latest."""
    from cchc_cli.domain.plan.comparison import plan_changes  # noqa: PLC0415 - only where versions are compared
    from cchc_cli.services.files.plan_file import parse_plan  # noqa: PLC0415 - slow to import: YAML

    before, after = (parse_plan(plan_version(database, code, now, number).source) for number in (old, new))
    return plan_changes(before, after)


def show_plan(
    database: Database,
    code: NamedPlan | None,
    now: datetime,
    activity: str | None,
    version: int | None = None,
) -> Plan:
    """Give a plan as imported, now or in an earlier version; with only one activity where one is named."""
    if version is not None:
        from cchc_cli.services.files.plan_file import parse_plan  # noqa: PLC0415 - slow to import: YAML

        plan = parse_plan(plan_version(database, code, now, version).source)
    else:
        with database.reading() as connection:
            plan = load_known_plan(
                connection, choose_plan_of_day(connection, code, now, any_plan=True).code
            ).plan
    return plan._replace(activities=(find_activity(plan, activity),)) if activity else plan


def plan_of_day(database: Database, named: NamedPlan | None, now: datetime, day: str | None) -> Plan:
    """Give the plan of a day as typed, of today without one."""
    with database.reading() as connection:
        return load_known_plan(connection, choose_plan_of_day(connection, named, now, day).code).plan


def show_agencies(
    database: Database, code: NamedPlan | None, now: datetime, *, text: str | None, kind: str | None
) -> tuple[Plan, dict[str, str]]:
    """Give a plan with only the agencies that have the text in a name and are of the kind.

    Also give the names of all its agencies by code, for the parents of those.
    """
    plan = show_plan(database, code, now, None)
    wanted = fold(text or "")
    names = {agency.code: agency.shown_short for agency in plan.agencies}
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
