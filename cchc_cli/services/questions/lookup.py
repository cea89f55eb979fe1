"""Finds what a text names: a plan, agency, activity, requirement, form or review. Errors suggest near names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.text import exact_key, fold, nearest, unquoted
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.storage.plans.agencies import agency_names, matching_agencies, name_index
from cchc_cli.storage.plans.plans import PlanHead, StoredPlan, load_agencies, load_plan, plan_heads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from cchc_cli.domain.plan.model import Activity, Group, Plan, Review
    from cchc_cli.storage.database.connection import Connection

NO_KEY = 0
"""The key of something that an earlier version of a plan had and that no longer has a row."""

NO_PLAN = message("no plan has been imported yet; begin with: cchc import plan_2024.yaml")
_MOST_LISTED = 20
"""An error lists all known names up to this number."""


def today_in(timezone: str, now: datetime) -> date:
    """Give the civil date in a plan's time zone; `now` carries an offset."""
    return now.astimezone(ZoneInfo(timezone)).date()


def find_plan_head(connection: Connection, code: str) -> PlanHead:
    """Give the head of a plan that is known to exist."""
    return next(head for head in plan_heads(connection) if head.code == code)


def unknown_plan(code: str, known: list[str]) -> Message:
    """Say that there is no plan of this code."""
    return _unknown_name(code, known, message("there is no plan"))


def unknown_review(text: str, *plans: Plan) -> Message:
    """Say that none of the plans has a review of this code."""
    known = list(dict.fromkeys(review.code for plan in plans for review in plan.reviews))
    if len(plans) == 1:
        return _unknown_name(text, known, message("the plan {plan} has no review", plan=plans[0].code))
    return _unknown_name(text, known, message("no plan has a review"))


def _unknown_name(
    text: str,
    known: list[str],
    what: Message,
    listing: str = "cchc plan",
    instead: Mapping[str, Sequence[str]] | None = None,
) -> Message:
    """Say that nothing has this name; suggest the nearest names, or all if they are few, or the command that lists them.

    `instead` maps a folded name that would be refused to what to write in its place.
    """
    usable = {} if instead is None else instead
    near, every = (
        list(dict.fromkeys(one for name in names for one in usable.get(fold(name), (name,))))
        for names in (nearest(text, known), known)
    )
    return _not_found(text, near, every, what, listing)


def _not_found(text: str, near: list[str], every: list[str], what: Message, listing: str) -> Message:
    """Say that nothing has this name, with suggestions."""
    if near:
        return message("{what} “{text}”; did you mean {near}?", what=what, text=text, near=near)
    if len(every) <= _MOST_LISTED:
        return message("{what} “{text}”; there are: {known}", what=what, text=text, known=every)
    return message("{what} “{text}”; see: {command}", what=what, text=text, command=listing)


def load_known_plan(connection: Connection, code: str, agencies: Iterable[int] | None = None) -> StoredPlan:
    """Load a plan, with all or only some of its agencies; raises InputError where there is none of this code."""
    stored = load_plan(connection, code, agencies)
    if stored is None:
        raise InputError(unknown_plan(code, [head.code for head in plan_heads(connection)]))
    return stored


def find_agency(connection: Connection, plan_id: int, text: str) -> int:
    """Give the key of the one agency that the text names; raises InputError for none or several."""
    found = matching_agencies(connection, plan_id, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(_several(text, _listed(connection, plan_id, found)))
    from cchc_cli.domain.plan.name_suggestions import similar_agencies  # noqa: PLC0415 - only for errors

    similar = similar_agencies(name_index(connection, plan_id), text)
    near = _listed(connection, plan_id, similar) if len(similar) <= _MOST_LISTED else []
    known = near or [code for code, _, _ in agency_names(connection, plan_id)]
    raise InputError(_not_found(text, near, known, message("the plan has no agency"), "cchc agencies"))


def _listed(connection: Connection, plan_id: int, agencies: list[int]) -> list[str]:
    """Give the codes of some agencies, each with the name that tells it apart."""
    return [
        f"{agency.code} – {agency.shown}" for agency in load_agencies(connection, plan_id, agencies).values()
    ]


def load_plan_with_agency(connection: Connection, head: PlanHead, agency: str) -> StoredPlan:
    """Load a plan with only the one agency that the text names; raises InputError for none or several."""
    return load_known_plan(connection, head.code, [find_agency(connection, head.id, agency)])


def find_activity(plan: Plan, text: str) -> Activity:
    """Give the activity with this code or alias, whatever the case, or else the one that `usual_names` finds; raises InputError for none or several."""
    key = exact_key(unquoted(text))
    for activity in plan.activities:
        if key in {activity.code.casefold(), (activity.alias or activity.code).casefold()}:
            return activity
    from cchc_cli.domain.plan.usual_names import activities_named  # noqa: PLC0415 - only for names, not for codes

    found = activities_named(plan, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(_several(text, map(activity_words, found)))
    known = [name for activity in plan.activities for name in (activity.code, activity.alias) if name]
    raise InputError(_unknown_name(text, known, message("the plan {plan} has no activity", plan=plan.code)))


def _several(text: str, meanings: Iterable[object]) -> Message:
    return message("“{text}” can mean {meanings}; write the code", text=text, meanings=list(meanings))


def find_requirement(plan: Plan, activity: Activity, text: str) -> str:
    """Give the code of the requirement of an activity with this code, whatever the case."""
    wanted = text.strip().casefold()
    for requirement in activity.requirements:
        if requirement.code.casefold() == wanted:
            return requirement.code
    names = Names(plan)
    known = [
        message("{code} ({duty})", code=one.code, duty=names.requirement(activity.code, one.code))
        for one in activity.requirements
    ]
    raise InputError(
        message(
            "{activity} has no requirement “{text}”; it has: {known}",
            activity=activity_words(activity),
            text=text,
            known=known or "–",
        )
    )


def find_form(plan: Plan, text: str) -> str:
    """Give the code of the form with this code, or else of the one that `usual_names` finds; raises InputError for none or several."""
    wanted = unquoted(text)
    if any(form.code == wanted for form in plan.forms):
        return wanted
    from cchc_cli.domain.plan.usual_names import forms_named  # noqa: PLC0415 - only for names, not for codes

    found = forms_named(plan, text)
    if len(found) == 1:
        return found[0].code
    known = {name: f"{form.code} ({form.name})" for form in plan.forms for name in (form.code, form.name)}
    if found:
        raise InputError(_several(text, (known[form.code] for form in found)))
    labels = {fold(name): (label,) for name, label in known.items()}
    raise InputError(_unknown_name(text, list(known), message("the plan has no form"), instead=labels))


def find_review(plan: Plan, text: str) -> Review:
    """Give the review with this code, whatever the case, or else with this name. Raises InputError."""
    found = review_or_none(plan, text)
    if found is None:
        raise InputError(unknown_review(text, plan))
    return found


def review_or_none(plan: Plan, text: str) -> Review | None:
    """Give the review with this code, whatever the case, or else with this name; None where there is none."""
    wanted = unquoted(text).casefold()
    for review in plan.reviews:
        if review.code.casefold() == wanted:
            return review
    named = [review for review in plan.reviews if fold(review.name) == fold(text)]
    return named[0] if len(named) == 1 else None


def find_group(plan: Plan, text: str) -> Group:
    """Give the group with this code, whatever the case, or else with this name. Raises InputError."""
    key = exact_key(text)
    coded = [group for group in plan.groups if exact_key(group.code) == key]
    found = coded or [group for group in plan.groups if fold(group.name) == fold(text)]
    if len(found) == 1:
        return found[0]
    known = {
        name: f"{group.code} ({group.name})" for group in plan.groups for name in (group.code, group.name)
    }
    labels = {fold(name): (label,) for name, label in known.items()}
    raise InputError(_unknown_name(text, list(known), message("the plan has no group"), instead=labels))
