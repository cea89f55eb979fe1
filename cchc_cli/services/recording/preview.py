"""What a draft would be recorded as, and what its fields can mean: for prompts, before anything is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.days import parse_day
from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.records.execution import day_faults
from cchc_cli.services.questions.lookup import (
    NO_PLAN,
    find_agency,
    find_plan_head,
    load_known_plan,
    load_plan_with_agency,
    today_in,
)
from cchc_cli.services.questions.plan_choice import (
    Candidates,
    candidates_by_day,
    choose_plan,
    choose_plan_of_day,
    parse_day_in,
)
from cchc_cli.services.recording.drafts import draft_reader_for_agency
from cchc_cli.storage.plans.agencies import matching_agencies
from cchc_cli.storage.plans.plans import load_agencies, plan_heads

if TYPE_CHECKING:
    from datetime import date, datetime

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Execution
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.storage.database.database import Database


class Preview(NamedTuple):
    """An execution as it would be recorded, and its plan with its agency."""

    plan: Plan
    execution: Execution
    several_plans: bool
    """Whether the database has other plans too, so that this one must be named."""


def preview(database: Database, draft: Draft, *, plan: NamedPlan | None, now: datetime) -> Preview:
    """Read a draft as `record` does, but record nothing; raises InputError with every fault."""
    with database.reading() as connection:
        stored = load_plan_with_agency(
            connection, choose_plan_of_day(connection, plan, now, draft.date), draft.agency
        )
        plans = plan_heads(connection)
    execution = draft_reader_for_agency(stored, now, plans).read_or_raise(draft)
    return Preview(stored.plan, execution, several_plans=len(plans) > 1)


def faults_of(database: Database, draft: Draft, code: str, now: datetime, column: str) -> list[Message]:
    """Give the faults of one column of a draft in the plan of this code; its evidence is not read."""
    with database.reading() as connection:
        stored = load_plan_with_agency(connection, find_plan_head(connection, code), draft.agency)
    _, faults = draft_reader_for_agency(stored, now, ()).read(draft._replace(evidence=()))
    return [fault for place, fault in faults if place == column]


def require_plan(database: Database, named: NamedPlan | None) -> None:
    """Raise InputError where there is no plan, or none of this name."""
    with database.reading() as connection:
        choose_plan(connection, named, lambda heads: Candidates(NO_PLAN, heads[:1], heads))


def plans_of_day(database: Database, named: NamedPlan | None, now: datetime, day: str | None) -> list[str]:
    """Give the code of the plan of a day as typed, today without one; several where it can belong to each of them.

    Raises InputError where the text is no day, or a day that belongs to no plan or to none but other plans.
    """
    with database.reading() as connection:
        try:
            return [choose_plan_of_day(connection, named, now, day).code]
        except InputError:
            heads = plan_heads(connection)
            found = candidates_by_day(heads, lambda head: parse_day_in(head, now, day), any_plan=True)
            if named or len(found.plans) <= 1:
                raise
            return [head.code for head in found.plans]


def read_day(database: Database, code: str, text: str, now: datetime) -> date:
    """Read a day as typed. Raises InputError where nothing can be recorded on it in the plan of this code."""
    with database.reading() as connection:
        plan = load_known_plan(connection, code, []).plan
        heads = plan_heads(connection)
    day = parse_day(text, today_in(plan.timezone, now))
    elsewhere = [head.code for head in heads if day in head.effective]
    faults = list(day_faults(day, plan, None, today_in(plan.timezone, now), elsewhere))
    if faults:
        raise InputError(*faults)
    return day


def agencies_named(database: Database, code: str, text: str) -> list[str]:
    """Give the codes of the agencies that a text can mean in the plan of this code. Raises InputError without one."""
    with database.reading() as connection:
        plan_id = find_plan_head(connection, code).id
        found = matching_agencies(connection, plan_id, text) or [find_agency(connection, plan_id, text)]
        return [agency.code for agency in load_agencies(connection, plan_id, found).values()]


def plan_with_agencies(database: Database, code: str) -> Plan:
    """Give the plan of this code, with all its agencies."""
    with database.reading() as connection:
        return load_known_plan(connection, code).plan
