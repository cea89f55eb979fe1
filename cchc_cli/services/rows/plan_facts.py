"""What rows need to know of a plan: forms that were filled in, and agencies that owe nothing for an activity."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cchc_cli.domain.plan.model import owes
from cchc_cli.storage.plans.plans import plan_versions

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Agency, Plan
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import StoredPlan


class FilledForms:
    """The forms that were filled in for rows that named none."""

    def __init__(self, connection: Connection, stored: StoredPlan) -> None:
        """Read nothing yet: few commands have to know."""
        self._connection = connection
        self._stored = stored

    def __call__(self, activity: int, form: int | None) -> bool:
        """Tell whether a row without a form could be recorded with this form, under any version of the plan.

        It could without a form, and with one that was the activity's only form. Both are keys of the database.
        """
        return form is None or (activity, form) in self._only_forms

    @cached_property
    def _only_forms(self) -> set[tuple[int, int]]:
        """Give (activity, form) for each activity that had one form alone in some version of the plan."""
        from cchc_cli.services.files.plan_file import parse_plan  # noqa: PLC0415 - slow to import: YAML

        stored = self._stored
        plans = [stored.plan]
        plans += (parse_plan(one.source) for one in plan_versions(self._connection, stored.id)[:-1])
        return {
            (stored.activities[activity.code], stored.forms[activity.forms[0]])
            for plan in plans
            for activity in plan.activities
            if len(activity.forms) == 1
            and activity.code in stored.activities
            and activity.forms[0] in stored.forms
        }


def owes_nothing(plan: Plan, agency: Agency, activity: Activity) -> bool:
    """Tell whether an activity has requirements, and the agency owes none of them."""
    groups = {group.code: group for group in plan.groups}
    return bool(activity.requirements) and not any(owes(one, agency, groups) for one in activity.requirements)
