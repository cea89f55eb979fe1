"""Hypothesis strategies for plans, executions, waivers and cut-offs that are valid under the format.

Numbers and days are biased so that every status occurs often: executions fall in bursts into the
periods that are owed, at their edges and around the cut-off, with amounts near the bounds.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, TypeAlias, TypeVar

import yaml
from hypothesis import strategies as st

from tests import naive
from tests.naive import Execution, Node, Obligation, Plan, Waiver

T = TypeVar("T")
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

TEXT = "Tuyên truyền trên sóng phát thanh, thời lượng mỗi tháng ít nhất 15 phút"
SCHEDULE = "Thường xuyên trong năm, mỗi quý một lần"
METHOD = "Phát trên hệ thống truyền thanh cơ sở; đăng trên trang thông tin điện tử"
QUOTES = ("ít nhất 15 phút", "mỗi tháng ít nhất 15 phút", "trên sóng phát thanh")
NOTE = "Cách hiểu của đơn vị theo dõi"

ONE_DAY = timedelta(days=1)
RANGES = (
    (date(2023, 1, 1), date(2023, 12, 31)),
    (date(2024, 1, 1), date(2024, 12, 31)),
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2023, 2, 10), date(2023, 12, 31)),
    (date(2024, 1, 12), date(2024, 12, 14)),
    (date(2023, 10, 15), date(2024, 3, 20)),
    (date(2024, 5, 6), date(2025, 4, 30)),
    (date(2024, 12, 28), date(2025, 1, 7)),
    (date(2024, 2, 29), date(2024, 2, 29)),
)
KINDS = ("department", "district", "commune")
FORMS = ("radio", "tv", "pano", "web", "no")
AGENCY_CODES = ("so-nv", "no", "0e1", "00643", "1.5", "null", "true", "2024-01-01", "a-x", "1e3")
CODES = ("q0", "no", "0.10", "minutes", "1e3", "y", "007")
MEASURES = {
    "flow": ("executions", "amount", "amount", "days", "forms", "gap", "gap"),
    "stock": ("executions", "days", "forms", "gap", "stock", "stock", "stock"),
    "reading": ("executions", "days", "forms", "gap", "latest", "latest", "latest"),
}
WINDOWS = (
    "month", "quarter", "week", "calendar", "by", "schedule", "half", "year", "plan", "before",
    "month", "quarter", "calendar", "schedule", "day",
)  # fmt: skip
RULES = (
    "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY",
    "FREQ=DAILY;INTERVAL=10",
    "FREQ=DAILY;INTERVAL=3;COUNT=20",
    "FREQ=DAILY;COUNT=5",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4",
    "FREQ=MONTHLY;INTERVAL=2",
    "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=20",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYDAY=MO;BYMONTH=6",
)
UNTIL_RULES = ("FREQ=WEEKLY;BYDAY=TU", "FREQ=DAILY;INTERVAL=7", "FREQ=MONTHLY;BYMONTHDAY=5")


# --- small helpers ------------------------------------------------------------------------------


@cache
def _index(number: int) -> st.SearchStrategy[int]:
    """One cached strategy per size, because creating one takes longer than drawing."""
    return st.integers(0, number - 1)


def pick(draw: Draw, options: Sequence[T]) -> T:
    """One of some options; the first is the simplest."""
    return options[draw(_index(len(options)))]


def one_in(draw: Draw, number: int) -> bool:
    """True about once in `number` draws; the simplest draw is False."""
    return pick(draw, range(number)) == number - 1


def day_in(draw: Draw, first: date, last: date) -> date:
    """Some day of a range."""
    return first + pick(draw, range((last - first).days + 1)) * ONE_DAY


def numbers(*texts: str) -> tuple[Decimal, ...]:
    """Exact numbers from strings."""
    return tuple(Decimal(text) for text in texts)


# --- plans --------------------------------------------------------------------------------------


def _calendar(draw: Draw, first: date, last: date) -> list[Node]:
    """A period table with gaps, perhaps beyond the plan's range; entries never overlap."""
    entries: list[Node] = []
    day = first + pick(draw, (-30, -6, 0, 3)) * ONE_DAY
    for number in range(pick(draw, (1, 2, 3, 4, 5))):
        end = day + (pick(draw, (1, 7, 20, 45, 80)) - 1) * ONE_DAY
        if day > last + 10 * ONE_DAY:
            break
        entries.append({"code": f"r{number}", "from": day, "to": end})
        day = end + pick(draw, (1, 1, 2, 8)) * ONE_DAY
    return entries


def _agencies(draw: Draw, first: date, last: date) -> list[Node]:
    """One to four agencies of mixed kinds, some of which come or go within the plan."""
    size = pick(draw, (2, 1, 3, 4))
    codes = draw(st.lists(st.sampled_from(AGENCY_CODES), min_size=size, max_size=size, unique=True))
    agencies: list[Node] = []
    for number, code in enumerate(codes):
        agency: Node = {"code": code, "name": f"Đơn vị số {number}", "kind": pick(draw, KINDS)}
        if agencies and one_in(draw, 4):
            agency["parent"] = agencies[-1]["code"]
        if one_in(draw, 5):
            agency |= {"short": f"ĐV {number}", "gso": f"06{number}", "aliases": [f"Bí danh {number}"]}
        if one_in(draw, 4):
            agency["from"] = day_in(draw, first, last)
        if one_in(draw, 4):
            agency["to"] = day_in(draw, agency.get("from", first), last)
            if number + 1 < len(codes) and one_in(draw, 2):
                agency["successors"] = [codes[number + 1]]
        agencies.append(agency)
    return agencies


def _groups(draw: Draw, agencies: Sequence[Node]) -> list[Node]:
    """Four groups: all kinds, one kind, a list of agencies, and both."""
    codes = [agency["code"] for agency in agencies]
    return [
        {"code": "g-all", "name": "Tất cả", "kinds": list(KINDS)},
        {"code": "g-kind", "name": "Một loại", "kinds": [pick(draw, agencies)["kind"]]},
        {"code": "g-list", "name": "Danh sách", "agencies": [pick(draw, codes)]},
        {
            "code": "g-both",
            "name": "Cả hai",
            "kinds": [pick(draw, KINDS)],
            "agencies": [pick(draw, codes)],
        },
    ]


def _bounds(draw: Draw, measure: str, *, long: bool) -> dict[str, Decimal]:
    """Bounds that a few executions can meet or miss; `gap` has only a maximum."""
    if measure == "gap":
        most = ("7", "20", "45", "84", "10.5") if long else ("0", "1", "2", "3", "5")
        return {"at_most": pick(draw, numbers(*most))}
    least = {
        "executions": ("2", "1", "3", "2", "5") if long else ("2", "1", "3"),
        "days": ("2", "1", "3", "2", "5") if long else ("2", "1"),
        "forms": ("2", "1", "3"),
        "amount": ("1", "3", "15", "0.125", "7.5", "40.5"),
        "latest": ("50", "1", "80", "99.5"),
        "stock": ("10", "2", "7.5", "0.125"),
    }[measure]
    at_least = pick(draw, numbers(*least))
    sort = pick(draw, ("least", "both", "least", "most", "least"))
    found: dict[str, Decimal] = {}
    if sort != "most":
        found["at_least"] = at_least
    if sort == "both":
        found["at_most"] = at_least + pick(draw, numbers("0", "1", "0", "2.5"))
    if sort == "most":
        lowest = "0" if one_in(draw, 6) else str(at_least)
        found["at_most"] = Decimal(lowest)
    return found


def _window(draw: Draw, sort: str, first: date, last: date) -> Node:
    """Exactly one window of a requirement."""
    if sort == "calendar":
        return {"per": "rounds"}
    if sort == "by":
        return {"by": day_in(draw, first, last) + pick(draw, (0, 0, 0, 0, 0, 20)) * ONE_DAY}
    if sort == "before":
        return {"before": day_in(draw, first, last) + ONE_DAY}
    if sort == "schedule":
        return {"schedule": _schedule(draw, first, last)}
    return {"per": sort}


def _schedule(draw: Draw, first: date, last: date) -> Node:
    """A rule with a date in the plan, and days of grace that reach no other date."""
    rule = pick(draw, RULES)
    if one_in(draw, 5):
        rule = f"{pick(draw, UNTIL_RULES)};UNTIL={day_in(draw, first, last):%Y%m%d}"
    if not naive.rule_dates(rule, first, last):
        rule = "FREQ=DAILY;INTERVAL=10"
    dates = naive.rule_dates(rule, first, last)
    between = [(after - before).days - 1 for before, after in pairwise(dates)]
    return {"rrule": rule, "tolerance_days": min([pick(draw, (1, 3, 0, 10)), *between])}


def _where(draw: Draw, activity: Node, measure: str) -> Node:
    """The conditions for executions to count: allowed forms, repeats, a least amount."""
    where: Node = {}
    allowed = activity.get("forms", FORMS)
    if one_in(draw, 4):
        where["forms"] = draw(
            st.lists(
                st.sampled_from(allowed), min_size=1, max_size=3 if measure == "forms" else 2, unique=True
            )
        )
    if one_in(draw, 3):
        where["repeats"] = pick(draw, ("include", "exclude"))
    if activity["kind"] != "stock" and one_in(draw, 5):
        where["amount_at_least"] = pick(draw, numbers("0.125", "1", "5"))
    return where


def _requirement(
    draw: Draw, code: str, activity: Node, agencies: Sequence[Node], first: date, last: date
) -> Node:
    """One requirement of an activity."""
    measure = pick(draw, MEASURES[activity["kind"]])
    sort = pick(draw, WINDOWS)
    window = _window(draw, sort, first, last)
    codes = [agency["code"] for agency in agencies]
    owed_by = pick(
        draw, (["g-all"], ["g-all"], ["g-kind"], ["g-list"], ["g-both"], ["g-list", "g-all"], codes[:2])
    )
    if one_in(draw, 5) and codes[0] not in owed_by:
        owed_by = [codes[0], *owed_by]
    requirement: Node = {"code": code, "owed_by": list(owed_by), "measure": measure}
    long = sort in ("month", "quarter", "half", "year", "plan", "calendar", "by", "before")
    requirement |= _bounds(draw, measure, long=long)
    requirement |= window
    where = _where(draw, activity, measure)
    if where:
        requirement["where"] = where
    if sort == "day" or (sort == "week" and not one_in(draw, 3)):
        start = day_in(draw, first, last)
        requirement["from"] = start
        requirement["to"] = start + pick(draw, (0, 4, 12) if sort == "day" else (5, 20, 40)) * ONE_DAY
    else:
        if one_in(draw, 5):
            requirement["from"] = day_in(draw, first, last)
        if one_in(draw, 5):
            requirement["to"] = day_in(draw, requirement.get("from", first), last)
    partial = pick(draw, (None, "waive", "full", "full", "prorate"))
    if partial == "prorate" and measure not in ("executions", "amount", "days"):
        partial = "full"
    if partial is not None:
        requirement["partial"] = partial
    if pick(draw, ("stated", "interpreted")) == "stated":
        requirement |= {"basis": "stated", "quote": pick(draw, QUOTES)}
    else:
        requirement |= {"basis": "interpreted", "note": NOTE}
    return requirement


def _activity(draw: Draw, number: int, agencies: Sequence[Node], first: date, last: date) -> Node:
    """One activity of one of the three kinds with up to three requirements."""
    kind = pick(draw, ("flow", "reading", "stock"))
    activity: Node = {"code": f"III.{number}", "title": f"Hoạt động {number}", "text": TEXT, "kind": kind}
    if one_in(draw, 4):
        activity |= {"alias": f"hoat-dong-{number}", "schedule": SCHEDULE, "methods": [METHOD]}
    units = [("minute", "phút"), ("item", "tin"), None]
    if kind == "reading":
        units.append(("percent", "phần trăm"))
    unit = pick(draw, units)
    if unit is not None:
        activity["unit"] = {"code": unit[0], "name": unit[1]}
    if one_in(draw, 3):
        activity["forms"] = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True))
    if one_in(draw, 4):
        activity["roles"] = {"lead": [agencies[0]["code"]], "perform": ["g-all"]}
    size = pick(draw, (2, 3, 1, 3, 2, 0))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=size, max_size=size, unique=True))
    activity["requirements"] = [_requirement(draw, code, activity, agencies, first, last) for code in codes]
    return activity


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan valid under the format; dates are `date`, bounds `Decimal`."""
    first, last = pick(draw, RANGES)
    agencies = _agencies(draw, first, last)
    groups = _groups(draw, agencies)
    number_of_activities = pick(draw, (1, 2, 3, 4))
    activities = [_activity(draw, number, agencies, first, last) for number in range(number_of_activities)]
    review = first + pick(draw, (-17, 0, 20)) * ONE_DAY
    return {
        "format": "cchc/plan/1",
        "plan": {
            "code": "thu-2024",
            "title": "Kế hoạch thử",
            "issuer": "UBND",
            "number": "1/QĐ",
            "published": first,
            "effective": {"from": first, "to": last},
            "forms": [{"code": form, "name": f"Hình thức {form}"} for form in FORMS],
        },
        "reviews": [
            {
                "code": "Q1",
                "name": "Báo cáo quý I",
                "from": review,
                "to": review + 88 * ONE_DAY,
                "due": review + 94 * ONE_DAY,
            }
        ],
        "calendars": {"rounds": _calendar(draw, first, last)},
        "groups": groups,
        "agencies": agencies,
        "activities": activities,
    }


# --- executions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Burst:
    """The target of a few executions: agency, activity, requirement, and the days that they may use."""

    agency: Node
    activity: Node
    requirement: Node | None
    days: tuple[date, ...]
    allowed: tuple[date, ...]


def allowed_days(plan: Plan, agency: Node) -> tuple[date, ...]:
    """The days on which an execution of the agency is accepted ("What counts")."""
    return naive.days_within(naive.plan_days(plan), naive.own_range(agency))


def _by_requirement(plan: Plan) -> list[list[Obligation]]:
    """The obligations of a plan, one list for each agency and requirement."""
    found: dict[tuple[str, str, str], list[Obligation]] = {}
    for one in naive.obligations(plan):
        found.setdefault((one.agency, one.activity["code"], one.requirement["code"]), []).append(one)
    return list(found.values())


def _aim(draw: Draw, owed: Sequence[Sequence[Obligation]], near: date | None) -> Obligation:
    """Some obligation; if a day is given, often the last one that had begun by then, or the one before."""
    series = pick(draw, owed)
    if near is not None and not one_in(draw, 3):
        begun = [one for one in series if one.days[0] <= near]
        if begun:
            return pick(draw, begun[-2:])
    return pick(draw, series)


def _burst_days(draw: Draw, burst: _Burst, near: date | None) -> list[date]:
    """Days of one burst: at the limits, scattered, on one day, at equal intervals, around the cut-off."""
    first, last = burst.days[0], burst.days[-1]
    pattern = pick(draw, ("edges", "some", "same", "steady", "near"))
    if pattern == "edges":
        edges = (first, last, first - ONE_DAY, last + ONE_DAY)
        wanted = [pick(draw, edges) for _ in range(pick(draw, (1, 2, 3)))]
    elif pattern == "same":
        wanted = [pick(draw, burst.days)] * pick(draw, (1, 2, 3))
    elif pattern == "steady":
        step = pick(draw, (1, 3, 7, 20))
        step = max(step, len(burst.days) // 12)
        wanted = list(burst.days[pick(draw, (0, 1)) :: step])
    elif pattern == "near" and near is not None:
        wanted = [near + pick(draw, (-1, 0, 0, 1)) * ONE_DAY for _ in range(pick(draw, (1, 2)))]
    else:
        wanted = [pick(draw, burst.days) for _ in range(pick(draw, (1, 2, 3, 4)))]
    allowed = set(burst.allowed)
    return [day for day in wanted if day in allowed]


def _amount(draw: Draw, activity: Node, requirement: Node | None) -> Decimal:
    """An amount valid for the activity's kind, often near a bound of the requirement."""
    pool = list(numbers("1", "5", "0.125", "7.5", "15", "2.25"))
    if requirement is not None and requirement["measure"] in ("amount", "stock", "latest"):
        for bound in (requirement.get("at_least"), requirement.get("at_most")):
            if bound is not None:
                near_bound = (bound, bound / 2, bound + Decimal("0.001"), bound - Decimal("0.001"))
                pool = [*pool[:2], *(one.quantize(Decimal("0.001")) for one in near_bound), *pool[2:]]
    kind = activity["kind"]
    if kind == "reading":
        pool += numbers("0", "50", "100")
    amount = abs(pick(draw, pool))
    if kind != "reading" and amount == 0:
        return Decimal(1)
    if kind == "stock" and one_in(draw, 4):
        return -amount
    if kind == "reading" and (activity.get("unit") or {}).get("code") == "percent":
        return min(amount, Decimal(100))
    return amount


def _form(draw: Draw, activity: Node, requirement: Node | None) -> str | None:
    """An allowed form or none; never none if the program would fill in the only form."""
    allowed: list[str] = list(activity.get("forms", FORMS))
    wanted: list[str] = list(((requirement or {}).get("where") or {}).get("forms") or [])
    if wanted and not one_in(draw, 4):
        return pick(draw, wanted)
    if len(allowed) > 1 and one_in(draw, 4):
        return None
    return pick(draw, allowed)


def stock_holds(executions: Sequence[Execution]) -> bool:
    """Whether no stock falls below zero on any day, with any filter of forms and repeats.

    This is stronger than the program's rule: each form, repeated or not, is a separate stock, and every step
    in the order of logging is checked. So neither the total nor any filtered part falls below zero.
    """
    steps: dict[tuple[str, str, str | None, bool], list[tuple[date, int, Decimal]]] = {}
    for number, one in enumerate(executions):
        key = (one.agency, one.activity, one.form, one.repeat)
        insort(steps.setdefault(key, []), (one.day, number, Decimal(0) if one.voided else one.amount))
    for series in steps.values():
        held = Decimal(0)
        for _, _, amount in series:
            held += amount
            if held < 0:
                return False
    return True


def _target(draw: Draw, requirement: Node) -> Decimal:
    """A value just short of the bounds, well short, at them, or just over them."""
    counted = requirement["measure"] in ("executions", "days", "forms", "gap")
    step = Decimal(1) if counted else Decimal("0.001")
    bounds: list[Decimal] = [
        requirement[key] for key in ("at_least", "at_most") if requirement.get(key) is not None
    ]
    goal = pick(draw, ("short", "over", "enough", "half"))
    if goal == "short":
        return bounds[0] - step
    if goal == "over":
        return bounds[-1] + step
    if goal == "half":
        return (bounds[0] / 2).quantize(step)
    return pick(draw, bounds)


def _aimed(draw: Draw, burst: _Burst, near: date | None) -> list[Execution]:
    """Executions that bring an obligation close to its bounds, if no others count for it."""
    requirement = burst.requirement
    allowed = set(burst.allowed)
    days = [day for day in burst.days if day in allowed]
    days = [day for day in days if near is None or day <= near] or days
    if requirement is None or not days:
        return []
    measure, target = requirement["measure"], _target(draw, requirement)
    where = requirement.get("where") or {}
    forms = list(where.get("forms") or burst.activity.get("forms") or FORMS)
    amounts = [max(Decimal(1), where.get("amount_at_least", Decimal(1)))] * min(max(int(target), 0), 12)
    if measure in ("amount", "stock", "latest"):
        amounts = [target] if measure == "latest" or not one_in(draw, 3) else [target / 4, target * 3 / 4]
        amounts = [amount for amount in amounts if amount > 0 and amount == round(amount, 3)]
        if (burst.activity.get("unit") or {}).get("code") == "percent":
            amounts = [min(amount, Decimal(100)) for amount in amounts]
    if measure == "latest" and one_in(draw, 2):
        days = days[-2:]
    if measure == "gap":
        wait = max(int(target), 0)
        days = days[wait :: wait + 1][:12]
        amounts = [Decimal(1)] * len(days)
    found = []
    start = pick(draw, range(len(days))) if days else 0
    for number, amount in enumerate(amounts):
        day = days[number] if measure == "gap" else days[(start + number) % len(days)]
        found.append(
            Execution(
                agency=burst.agency["code"],
                activity=burst.activity["code"],
                day=day,
                amount=amount,
                form=forms[number % len(forms)],
            )
        )
    return found


def _scattered(draw: Draw, burst: _Burst, near: date | None) -> list[Execution]:
    """A few executions, all alike or all different, on days of some pattern."""
    activity, requirement = burst.activity, burst.requirement
    amount, form = _amount(draw, activity, requirement), _form(draw, activity, requirement)
    varied = one_in(draw, 2)
    return [
        Execution(
            agency=burst.agency["code"],
            activity=activity["code"],
            day=day,
            amount=_amount(draw, activity, requirement) if varied else amount,
            form=_form(draw, activity, requirement) if varied else form,
            repeat=one_in(draw, 6),
        )
        for day in _burst_days(draw, burst, near)
    ]


def _bursts(draw: Draw, plan: Plan, near: date | None) -> Iterator[_Burst]:
    """Most bursts aim at an obligation, some at any activity."""
    agencies = {agency["code"]: agency for agency in plan["agencies"]}
    allowed = {code: allowed_days(plan, agency) for code, agency in agencies.items()}
    owed = _by_requirement(plan)
    for _ in range(pick(draw, (8, 5, 12, 0, 20, 3, 16, 24, 10))):
        if owed and not one_in(draw, 8):
            one = _aim(draw, owed, near)
            yield _Burst(agencies[one.agency], one.activity, one.requirement, one.days, allowed[one.agency])
        else:
            agency = pick(draw, plan["agencies"])
            free = allowed[agency["code"]]
            if free:
                yield _Burst(agency, pick(draw, plan["activities"]), None, free, free)


def _held_above_zero(plan: Plan, wanted: Sequence[Execution]) -> list[Execution]:
    """The same executions, but a removal that would make a stock negative becomes an addition."""
    stocks = {activity["code"] for activity in plan["activities"] if activity["kind"] == "stock"}
    logged: list[Execution] = []
    for one in wanted:
        takes = one.activity in stocks and one.amount < 0
        if takes and not stock_holds([*logged, one]):
            logged.append(replace(one, amount=-one.amount))
        else:
            logged.append(one)
    return logged


def _some_voided(draw: Draw, logged: Sequence[Execution]) -> list[Execution]:
    """The same executions with some voided, if no stock becomes negative."""
    found = list(logged)
    for number, one in enumerate(logged):
        voided = replace(one, voided=True)
        if one_in(draw, 6) and stock_holds([*found[:number], voided, *found[number + 1 :]]):
            found[number] = voided
    return found


@st.composite
def executions(
    draw: st.DrawFn, plan: Plan, near: date | None = None, *, voids: bool = False
) -> list[Execution]:
    """Executions in the order of logging, all valid under docs/semantics.md.

    Many are close to the day `near` (the cut-off); with `voids` some are voided.
    """
    wanted: list[Execution] = []
    for burst in _bursts(draw, plan, near):
        if burst.requirement is not None and one_in(draw, 2):
            wanted += _aimed(draw, burst, near)
        else:
            wanted += _scattered(draw, burst, near)
    order = pick(draw, ("drawn", "by day", "backwards"))
    if order == "by day":
        wanted.sort(key=lambda one: one.day)
    elif order == "backwards":
        wanted.reverse()
    logged = _held_above_zero(plan, wanted)
    return _some_voided(draw, logged) if voids else logged


# --- waivers, cut-offs, everything --------------------------------------------------------------


@st.composite
def waivers(draw: st.DrawFn, plan: Plan, near: date | None = None) -> list[Waiver]:
    """Up to three waivers; some cover a period, some all but a day of it, some only its last day."""
    owed = _by_requirement(plan)
    found: list[Waiver] = []
    for _ in range(pick(draw, (0, 1, 2, 3)) if owed else 0):
        one = _aim(draw, owed, near)
        start = one.days[0] + pick(draw, (0, 0, -1, -40, 1)) * ONE_DAY
        if one_in(draw, 4):
            start = one.days[-1]
        end = one.days[-1] + pick(draw, (0, 0, 1, 40, -1)) * ONE_DAY
        code = None if one_in(draw, 2) else one.requirement["code"]
        found.append(Waiver(one.agency, one.activity["code"], code, start, max(start, end)))
    return found


@st.composite
def cutoffs(draw: st.DrawFn, plan: Plan) -> tuple[date, bool]:
    """A cut-off day from before the plan to after it, and whether that day is over."""
    days = naive.plan_days(plan)
    owed = _by_requirement(plan)
    sort = pick(
        draw, ("late", "two thirds", "edge", "after", "before", "inside", "two thirds", "any", "edge", "late")
    )
    if sort == "before":
        day = days[0] - pick(draw, (1, 2, 40)) * ONE_DAY
    elif sort == "after":
        day = days[-1] + pick(draw, (0, 1, 40)) * ONE_DAY
    elif sort == "any" or not owed:
        day = pick(draw, days)
    else:
        one = pick(draw, pick(draw, owed))
        if sort == "inside":
            day = pick(draw, one.days)
        elif sort == "late":
            day = pick(draw, one.days[-(len(one.days) // 4 + 1) :])
        elif sort == "edge":
            beyond = (one.days[0] - ONE_DAY, one.days[-1] + ONE_DAY)
            day = pick(draw, (one.days[0], one.days[-1], *beyond))
        else:
            day = one.days[0] + (2 * len(one.days) // 3 + pick(draw, (-2, -1, 0, 1))) * ONE_DAY
    return day, pick(draw, (True, False))


@dataclass(frozen=True)
class Scenario:
    """A whole question: all arguments of `naive.answer` except the window."""

    plan: Plan
    executions: list[Execution]
    waivers: list[Waiver]
    as_of: date
    day_over: bool

    def answer(self, window: tuple[date, date] | None = None) -> naive.Answer:
        """The answer of the oracle."""
        return naive.answer(self.plan, self.executions, self.waivers, self.as_of, self.day_over, window)

    def findings(self, window: tuple[date, date] | None = None) -> list[naive.Finding]:
        """The findings of the answer."""
        return self.answer(window).findings


@st.composite
def scenarios(draw: st.DrawFn, *, voids: bool = False) -> Scenario:
    """A plan with a cut-off, executions that cluster around it, and waivers."""
    plan = draw(plans())
    as_of, day_over = draw(cutoffs(plan))
    return Scenario(
        plan=plan,
        executions=draw(executions(plan, as_of, voids=voids)),
        waivers=draw(waivers(plan, as_of)),
        as_of=as_of,
        day_over=day_over,
    )


# --- writing ------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, because the format rejects them, and a `Decimal` as a plain number."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the overridden signature
        """Write everything out."""
        return True


def plain(number: Decimal) -> str:
    """A number without an exponent and without trailing zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def _represent_decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    """A number whose text implies its tag, so that neither tag nor quotes are written."""
    text = plain(number)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _represent_decimal)


def to_yaml(plan: Plan) -> str:
    """The plan as a plan file; reading it back with `naive.load_plan` gives an equal plan."""
    text: str = yaml.dump(plan, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text


def exact(amount: Decimal) -> str:
    """Write an amount so that its point cannot stand between thousands: `01.234`."""
    text = plain(amount)
    return re.sub(r"^(-?)(\d{1,3}\.\d{3})$", r"\g<1>0\2", text)


def to_rows_csv(rows: Sequence[Execution]) -> str:
    """Executions as a rows file in the order of logging; all titles differ."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["date", "agency", "activity", "amount", "form", "repeat", "title"])
    for number, one in enumerate(rows):
        repeat = "yes" if one.repeat else ""
        writer.writerow(
            [
                one.day.isoformat(), one.agency, one.activity, exact(one.amount),
                one.form or "", repeat, f"mục {number}",
            ]
        )  # fmt: skip
    return out.getvalue()
