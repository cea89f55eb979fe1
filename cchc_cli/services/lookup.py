"""What people type to what they mean: a plan, an agency, an activity; or an error that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cchc_cli.domain.days import parse_day
from cchc_cli.domain.errors import InputError, Message, message
from cchc_cli.domain.naming import Names, activity_words
from cchc_cli.domain.text import exact_key, fold, nearest
from cchc_cli.storage.agencies import agency_names, matching_agencies
from cchc_cli.storage.plans import PlanHead, StoredPlan, load_plan, plan_heads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from cchc_cli.domain.plan import Activity, Plan, Review
    from cchc_cli.storage.engine import Connection

NO_PLAN = message("no plan has been imported yet; begin with: cchc import plan_2024.yaml")
_NO_SUCH_PLAN = message("there is no plan")
_FEW = 20


def today_in(timezone: str, now: datetime) -> date:
    """Give the civil date in a plan's time zone; `now` carries an offset."""
    return now.astimezone(ZoneInfo(timezone)).date()


def choose_plan(connection: Connection, code: str | None, now: datetime, day: str | None = None) -> PlanHead:
    """Give the plan that is named; else the only one; else the only one in force on the day.

    The day is as typed, and today in each plan's own time zone where none is.
    """
    heads = plan_heads(connection)
    if not heads:
        raise InputError(NO_PLAN)
    if code is not None:
        found = [head for head in heads if head.code.casefold() == code.strip().casefold()]
        if not found:
            raise InputError(_unknown(code, [head.code for head in heads], _NO_SUCH_PLAN))
        return found[0]
    if len(heads) == 1:
        return heads[0]
    in_force = [
        head for head in heads if head.effective.start <= _day_in(head, now, day) <= head.effective.end
    ]
    if len(in_force) == 1:
        return in_force[0]
    raise InputError(
        message(
            "there are several plans; say which one with --plan or CCHC_PLAN: {plans}",
            plans=[head.code for head in heads],
        )
    )


def plan_head(connection: Connection, code: str) -> PlanHead:
    """Give the head of a plan that is known to be there."""
    return next(head for head in plan_heads(connection) if head.code == code)


def _day_in(head: PlanHead, now: datetime, day: str | None) -> date:
    today = today_in(head.timezone, now)
    return parse_day(day, today) if day else today


def _unknown(text: str, known: Iterable[str], what: Message, listing: str = "cchc plan") -> Message:
    """Say that nothing has this name, with the nearest names or, where they are few, all; or what lists them."""
    return _unlabelled(text, {name: name for name in known}, what, listing)


def _unlabelled(text: str, known: Mapping[str, str], what: Message, listing: str = "cchc plan") -> Message:
    """Say it as `_unknown` does of names that are shown as something else."""
    near = [known[name] for name in nearest(text, known)]
    every = _once(known.values())
    if near:
        return message("{what} “{text}”; did you mean {near}?", what=what, text=text, near=_once(near))
    if len(every) <= _FEW:
        return message("{what} “{text}”; there are: {known}", what=what, text=text, known=every)
    return message("{what} “{text}”; see: {command}", what=what, text=text, command=listing)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def stored_plan(connection: Connection, code: str, agencies: Sequence[int] | None = None) -> StoredPlan:
    """Load a plan that is known to be there."""
    stored = load_plan(connection, code, agencies)
    if stored is None:
        raise InputError(_unknown(code, [head.code for head in plan_heads(connection)], _NO_SUCH_PLAN))
    return stored


def find_agency(connection: Connection, plan_id: int, text: str) -> int:
    """Give the key of the one agency that the text means; raises InputError for none or several."""
    found = matching_agencies(connection, plan_id, text)
    if len(found) == 1:
        return found[0][0]
    if found:
        raise InputError(
            message(
                "“{text}” can mean {agencies}; write the code",
                text=text,
                agencies=[f"{code} ({name})" for _, code, name in found],
            )
        )
    known = agency_names(connection, plan_id)
    raise InputError(_unknown(text, known, message("the plan has no agency"), "cchc agencies"))


def stored_with(connection: Connection, head: PlanHead, agency: str) -> StoredPlan:
    """Load a plan with only the one agency that the text means; raises InputError for none or several."""
    return stored_plan(connection, head.code, [find_agency(connection, head.id, agency)])


def find_activity(plan: Plan, text: str) -> Activity:
    """Give the activity with this code or alias, whatever the case; or else with this title."""
    key = exact_key(text)
    for activity in plan.activities:
        if key in {activity.code.casefold(), (activity.alias or activity.code).casefold()}:
            return activity
    # `III.4.b.`, as its number stands before its title.
    numbered = [activity for activity in plan.activities if key == f"{activity.code.casefold()}."]
    if numbered:
        return numbered[0]
    titled = [activity for activity in plan.activities if fold(activity.title) == fold(text)]
    if len(titled) == 1:
        return titled[0]
    known = [name for activity in plan.activities for name in (activity.code, activity.alias) if name]
    raise InputError(_unknown(text, known, message("the plan has no activity")))


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
    """Give the code of the form with this code, or else with this code or name when both are folded."""
    if any(form.code == text for form in plan.forms):
        return text
    key = fold(text)
    found = [form.code for form in plan.forms if key in {fold(form.code), fold(form.name)}]
    if len(found) == 1:
        return found[0]
    known = {name: f"{form.code} ({form.name})" for form in plan.forms for name in (form.code, form.name)}
    raise InputError(_unlabelled(text, known, message("the plan has no form")))


def find_review(plan: Plan, text: str) -> Review:
    """Give the review with this code, whatever the case."""
    wanted = text.strip().casefold()
    for review in plan.reviews:
        if review.code.casefold() == wanted:
            return review
    raise InputError(
        _unknown(text, [review.code for review in plan.reviews], message("the plan has no review"))
    )
