"""Prompts of `cchc log` for what was not typed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cchc_cli.cli.framework.options import now
from cchc_cli.cli.terminal.output import ask, can_ask, choose
from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    from collections.abc import Callable

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.storage.database.database import Database


def complete_draft(database: Database, plan: NamedPlan | None, draft: Draft) -> Draft:
    """Prompt for what a draft lacks. Raises InputError if the activity or agency is missing and nobody can answer."""

    @cache
    def read_plan() -> Plan:
        from cchc_cli.services.plans.listing import plan_of_day

        return plan_of_day(database, plan, now(), draft.date)

    interactive = can_ask()
    if not draft.activity:
        if not interactive:
            raise InputError(message("the activity is missing; cchc plan lists them"))
        draft = draft._replace(activity=_ask_activity(read_plan()))
    if not draft.agency:
        if not interactive:
            raise InputError(
                message(
                    "the agency is missing; give --agency, set CCHC_AGENCY, or type: cchc config set agency CODE"
                )
            )
        agencies = [(agency.code, agency.shown) for agency in read_plan().agencies]
        draft = draft._replace(agency=choose(message("which agency?"), agencies))
    if interactive and not (draft.amount and draft.form):
        draft = _ask_amount_and_form(read_plan, draft)
    return draft


def _ask_activity(plan: Plan) -> str:
    choices = [
        (activity.code, f"{activity.title} ({activity.alias})" if activity.alias else activity.title)
        for activity in plan.activities
    ]
    return choose(message("which activity?"), choices)


def _ask_amount_and_form(read_plan: Callable[[], Plan], draft: Draft) -> Draft:
    """Prompt for the amount and the form if the activity needs them."""
    from cchc_cli.domain.plan.model import TIME
    from cchc_cli.services.questions.lookup import find_activity

    plan = read_plan()
    activity = find_activity(plan, draft.activity)
    if not draft.amount and activity.unit.code != TIME:
        draft = draft._replace(amount=ask(message("how many {unit}?", unit=activity.unit.name)))
    if not draft.form and len(activity.forms) > 1:
        names = {form.code: form.name for form in plan.forms}
        choices = [(code, names[code]) for code in activity.forms]
        draft = draft._replace(form=choose(message("in which form?"), choices))
    return draft
