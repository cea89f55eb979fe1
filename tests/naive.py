"""A naive second implementation of docs/semantics.md, used as a test oracle.

It takes and gives plain data, works day by day, uses no SQL, and shares no code with the program. Each
function names the section that it implements. A date range is a tuple of days. Numbers are `Decimal` and
`Fraction`.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from dateutil.rrule import rrulestr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Plan: TypeAlias = dict[str, Any]
Node: TypeAlias = dict[str, Any]
Finding: TypeAlias = dict[str, Any]
Days: TypeAlias = tuple[date, ...]
Range: TypeAlias = tuple[date | None, date | None]

ONE_DAY = timedelta(days=1)
CALENDAR_PERIODS = ("day", "week", "month", "quarter", "half", "year")
STATUSES = ("met", "partial", "missed", "pending", "at_risk", "upcoming", "waived")


@dataclass(frozen=True)
class Execution:
    """One logged execution ("What counts"); lists are in the order of logging."""

    agency: str
    activity: str
    day: date
    amount: Decimal
    form: str | None = None
    repeat: bool = False
    voided: bool = False


@dataclass(frozen=True)
class Waiver:
    """One recorded waiver ("Status"): for the whole activity, or for one requirement of it."""

    agency: str
    activity: str
    requirement: str | None
    start: date
    end: date


@dataclass(frozen=True)
class Answer:
    """The findings of a question, and for each whether it is *untouched*; an open finding does not show that."""

    findings: list[Finding]
    untouched: list[bool]
    as_of: date
    day_over: bool


@dataclass(frozen=True)
class Obligation:
    """One obligation ("Obligations"): the full period P and the days C that are owed of it."""

    agency: str
    activity: Node
    requirement: Node
    label: str
    full: Days
    days: Days
    owed: Days
    """W, every day on which the requirement binds the agency."""


# --- days ---------------------------------------------------------------------------------------


@cache
def days_between(first: date, last: date) -> Days:
    """Every day of a range, both ends inclusive."""
    found = []
    day = first
    while day <= last:
        found.append(day)
        day += ONE_DAY
    return tuple(found)


def last_of_month(year: int, month: int) -> date:
    """The last day of a month, found by walking."""
    day = date(year, month, 28)
    while (day + ONE_DAY).month == month:
        day += ONE_DAY
    return day


@cache
def calendar_period(kind: str, day: date) -> tuple[str, Days]:
    """The calendar period that a day lies in, with its label ("Obligations", `per`)."""
    year = day.year
    if kind == "day":
        return day.isoformat(), (day,)
    if kind == "week":
        monday = day
        while monday.weekday() != 0:
            monday -= ONE_DAY
        iso_year, iso_week, _ = day.isocalendar()
        return f"{iso_year:04d}-W{iso_week:02d}", days_between(monday, monday + 6 * ONE_DAY)
    if kind == "month":
        label = f"{year:04d}-{day.month:02d}"
        first_month = last_month = day.month
    elif kind == "quarter":
        quarter = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 4}[day.month]
        label = f"{year:04d}-Q{quarter}"
        first_month, last_month = {1: (1, 3), 2: (4, 6), 3: (7, 9), 4: (10, 12)}[quarter]
    elif kind == "half":
        half = 1 if day.month <= 6 else 2
        label = f"{year:04d}-H{half}"
        first_month, last_month = {1: (1, 6), 2: (7, 12)}[half]
    elif kind == "year":
        label = f"{year:04d}"
        first_month, last_month = 1, 12
    else:
        raise ValueError(kind)
    return label, days_between(date(year, first_month, 1), last_of_month(year, last_month))


@cache
def calendar_periods(kind: str, owed: Days) -> tuple[tuple[str, Days], ...]:
    """The calendar periods that contain some days, each once, in order."""
    found: dict[str, Days] = {}
    for day in owed:
        label, period = calendar_period(kind, day)
        found[label] = period
    return tuple(found.items())


@cache
def rule_dates(rrule: str, first: date, last: date) -> Days:
    """The dates an rrule gives from the plan's first day on ("it starts at the plan's first day")."""
    found: list[date] = []
    for moment in rrulestr(rrule, dtstart=datetime(first.year, first.month, first.day)):  # noqa: DTZ001
        day = moment.date()
        if day > last:
            break
        if day not in found:
            found.append(day)
    return tuple(found)


# --- what is owed -------------------------------------------------------------------------------


def plan_days(plan: Plan) -> Days:
    """The plan's effective range."""
    effective = plan["plan"]["effective"]
    return days_between(effective["from"], effective["to"])


def own_range(thing: Node) -> Range:
    """The `from`..`to` of a requirement, an agency or an entry; a missing end is open."""
    return thing.get("from"), thing.get("to")


@cache
def days_within(days: Days, *ranges: Range) -> Days:
    """The days that are in all of the ranges, both ends inclusive."""
    return tuple(
        day
        for day in days
        if all((first is None or first <= day) and (last is None or day <= last) for first, last in ranges)
    )


def owed_days(plan: Plan, requirement: Node, agency: Node) -> Days:
    """W = the plan's `effective` range ∩ R's `from`..`to` ∩ A's `from`..`to` ("Obligations")."""
    return days_within(plan_days(plan), own_range(requirement), own_range(agency))


def owes(plan: Plan, requirement: Node, agency: Node) -> bool:
    """Whether an agency owes a requirement, directly or through groups."""
    named = requirement["owed_by"]
    if agency["code"] in named:
        return True
    for group in plan.get("groups") or []:
        by_list = agency["code"] in (group.get("agencies") or [])
        by_kind = agency["kind"] in (group.get("kinds") or [])
        if group["code"] in named and (by_list or by_kind):
            return True
    return False


def full_periods(plan: Plan, requirement: Node, owed: Days) -> list[tuple[str, Days]]:
    """R's window as full periods P with their labels ("Obligations")."""
    effective = plan_days(plan)
    if "per" in requirement:
        per = requirement["per"]
        if per in CALENDAR_PERIODS:
            return list(calendar_periods(per, owed))
        if per == "plan":
            period = days_within(effective, own_range(requirement))
            if not period:
                return []
            return [(f"{period[0].isoformat()}..{period[-1].isoformat()}", period)]
        # A table of the plan: each entry first cut to the plan's effective range.
        entries = sorted(plan["calendars"][per], key=lambda entry: entry["from"])
        return [(entry["code"], days_within(effective, own_range(entry))) for entry in entries]
    if "by" in requirement or "before" in requirement:
        last = requirement["by"] if "by" in requirement else requirement["before"] - ONE_DAY
        first = effective[0]
        if requirement.get("from") is not None and requirement["from"] > first:
            first = requirement["from"]
        return [(last.isoformat(), days_between(first, last))]
    schedule = requirement["schedule"]
    tolerance = int(schedule.get("tolerance_days") or 0)
    periods = []
    for day in rule_dates(schedule["rrule"], effective[0], effective[-1]):
        if day in owed:
            last = min(day + tolerance * ONE_DAY, owed[-1])
            periods.append((day.isoformat(), days_between(day, last)))
    return periods


def obligations(plan: Plan) -> Iterator[Obligation]:
    """Every obligation of a plan, in its order: agency, activity, requirement, period."""
    for agency in plan["agencies"]:
        for activity in plan["activities"]:
            for requirement in activity.get("requirements") or []:
                if not owes(plan, requirement, agency):
                    continue
                owed = owed_days(plan, requirement, agency)
                if not owed:
                    continue
                owed_set = set(owed)
                for label, period in full_periods(plan, requirement, owed):
                    days = tuple(day for day in period if day in owed_set)
                    if days:
                        yield Obligation(agency["code"], activity, requirement, label, period, days, owed)


# --- what counts --------------------------------------------------------------------------------


def counts(execution: Execution, requirement: Node) -> bool:
    """Whether an execution of the right agency and activity counts for R ("What counts")."""
    where = requirement.get("where") or {}
    if execution.voided:
        return False
    if where.get("forms") is not None and execution.form not in where["forms"]:
        return False
    if execution.repeat and where.get("repeats", "exclude") != "include":
        return False
    least = where.get("amount_at_least")
    return least is None or execution.amount >= exact(least)


# --- value --------------------------------------------------------------------------------------


def exact(number: object) -> Decimal:
    """A number of a plan, without binary rounding."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def longest_gap(
    obligation: Obligation, busy: set[date], excused: Sequence[Days], as_of: date, *, day_over: bool
) -> int:
    """The longest run of days without an execution that reaches into C, up to C's last day that is over.

    It is counted back beyond C's first day: to the day after the last execution before it, to W's first day,
    or to the day after the last earlier obligation that a recorded waiver covers.
    """
    over = [day for day in obligation.days if day < as_of or (day == as_of and day_over)]
    if not over:
        return 0
    run = 0
    day = over[0] - ONE_DAY
    while over[0] not in busy and day in obligation.owed and day not in busy:
        if any(day <= days[-1] for days in excused):
            break
        run += 1
        day -= ONE_DAY
    longest = run
    for day in over:
        run = 0 if day in busy else run + 1
        longest = max(longest, run)
    return longest


def value_of(
    obligation: Obligation,
    counted: Sequence[Execution],
    excused: Sequence[Days],
    as_of: date,
    *,
    day_over: bool,
) -> tuple[Decimal | None, int]:
    """The value, and the number of executions that count for it ("Value").

    `counted` are the agency's executions of the activity that count, in the order of logging;
    `excused` has the days of earlier obligations that a recorded waiver covers.
    """
    measure = obligation.requirement["measure"]
    first, last = obligation.days[0], obligation.days[-1]
    if measure == "stock":
        until = min(last, as_of)
        held = [one for one in counted if one.day <= until]
        return sum((one.amount for one in held), Decimal(0)), len(held)
    inside = [one for one in counted if first <= one.day <= last and one.day <= as_of]
    value: Decimal | None
    if measure == "executions":
        value = Decimal(len(inside))
    elif measure == "amount":
        value = sum((one.amount for one in inside), Decimal(0))
    elif measure == "days":
        value = Decimal(len({one.day for one in inside}))
    elif measure == "forms":
        value = Decimal(len({one.form for one in inside if one.form is not None}))
    elif measure == "latest":
        value = None
        latest_day = None
        for one in inside:  # in the order of logging: of two on one day the later logged wins
            if latest_day is None or one.day >= latest_day:
                latest_day, value = one.day, one.amount
    elif measure == "gap":
        busy = {one.day for one in counted if one.day <= as_of}
        value = Decimal(longest_gap(obligation, busy, excused, as_of, day_over=day_over))
    else:
        raise ValueError(measure)
    return value, len(inside)


# --- status -------------------------------------------------------------------------------------


def bounds(obligation: Obligation) -> tuple[Decimal | None, Decimal | None]:
    """`at_least` and `at_most` as applied ("Obligations", prorate: up and down to whole numbers)."""
    requirement = obligation.requirement
    least = None if requirement.get("at_least") is None else exact(requirement["at_least"])
    most = None if requirement.get("at_most") is None else exact(requirement["at_most"])
    if requirement.get("partial", "waive") == "prorate" and is_partial(obligation):
        share = Fraction(len(obligation.days), len(obligation.full))
        least = None if least is None else Decimal(math.ceil(Fraction(least) * share))
        most = None if most is None else Decimal(math.floor(Fraction(most) * share))
    return least, most


def is_deadline(obligation: Obligation) -> bool:
    """Whether the requirement is due by a date, not in periods."""
    return "by" in obligation.requirement or "before" in obligation.requirement


def is_partial(obligation: Obligation) -> bool:
    """Whether C is shorter than P so that `partial` applies.

    A deadline within C is owed in full, however late it began to bind, unless `partial` is given.
    """
    if is_deadline(obligation) and "partial" not in obligation.requirement:
        return obligation.days[-1] != obligation.full[-1]
    return len(obligation.days) < len(obligation.full)


def is_waived(obligation: Obligation, waiver: Waiver) -> bool:
    """Whether one recorded waiver covers every day of C, or of a deadline its last day ("Status")."""
    days = obligation.days[-1:] if is_deadline(obligation) else obligation.days
    return (
        waiver.agency == obligation.agency
        and waiver.activity == obligation.activity["code"]
        and waiver.requirement in (None, obligation.requirement["code"])
        and all(waiver.start <= day <= waiver.end for day in days)
    )


def key_of(obligation: Obligation) -> tuple[str, str, str]:
    """The agency, activity and requirement of an obligation."""
    return obligation.agency, obligation.activity["code"], obligation.requirement["code"]


def excused_before(
    obligation: Obligation, series: Iterable[Obligation], waivers: Sequence[Waiver]
) -> list[Days]:
    """The days of the earlier obligations of the same duty that a recorded waiver covers ("Value", `gap`)."""
    return [
        other.days
        for other in series
        if other.days[0] < obligation.days[0] and any(is_waived(other, waiver) for waiver in waivers)
    ]


def is_untouched(obligation: Obligation, done: Sequence[Execution], as_of: date) -> bool:
    """Whether it is a maximum without any execution ("Status", *untouched*).

    `done` are all executions of the activity by the agency that are not voided, even if `where` excludes them.
    """
    requirement = obligation.requirement
    if requirement.get("at_least") is not None or requirement["measure"] in ("latest", "gap"):
        return False
    first, until = obligation.days[0], min(obligation.days[-1], as_of)
    if requirement["measure"] == "stock":
        return not any(one.day <= until for one in done)
    return not any(first <= one.day <= until for one in done)


def elapsed_days(days: Sequence[date], as_of: date, *, day_over: bool) -> int:
    """The days from C's first day to c, including c only if its day is over ("Status")."""
    return sum(1 for day in days if day < as_of or (day == as_of and day_over))


def phase_of(days: Sequence[date], as_of: date, *, day_over: bool) -> str:
    """Whether C is upcoming, closed or open ("The cut-off")."""
    if days[0] > as_of:
        return "upcoming"
    if days[-1] < as_of or (days[-1] == as_of and day_over):
        return "closed"
    return "open"


def status_of(  # noqa: C901 - the table of the page, row by row
    obligation: Obligation,
    value: Decimal | None,
    waivers: Iterable[Waiver],
    as_of: date,
    *,
    day_over: bool,
    untouched: bool,
) -> tuple[str, str | None]:
    """The status and its reason: the table of "Status", row by row; the first that applies."""
    if is_partial(obligation) and obligation.requirement.get("partial", "waive") == "waive":
        return "waived", "partial_period"
    if any(is_waived(obligation, waiver) for waiver in waivers):
        return "waived", "waiver"

    measure = obligation.requirement["measure"]
    least, most = bounds(obligation)
    over = most is not None and value is not None and value > most
    short = value is None or (least is not None and value < least)

    phase = phase_of(obligation.days, as_of, day_over=day_over)
    if phase == "upcoming":
        return "upcoming", None
    if phase == "closed":
        if untouched:
            return "met", "untouched"
        if over:
            return "missed", "exceeded"
        if not short:
            return "met", None
        if value is not None and value > 0:
            return "partial", None
        return "missed", None
    if over and measure not in ("stock", "latest"):
        return "missed", "exceeded"
    if not short and most is None and measure in ("executions", "amount", "days", "forms"):
        return "met", None
    elapsed = elapsed_days(obligation.days, as_of, day_over=day_over)
    if short and 3 * elapsed > 2 * len(obligation.days):
        return "at_risk", None
    if measure == "gap" and value is not None and most is not None and 3 * value > 2 * most:
        return "at_risk", None
    return "pending", None


# --- the answers --------------------------------------------------------------------------------


def answer(
    plan: Plan,
    executions: Sequence[Execution],
    waivers: Sequence[Waiver],
    as_of: date,
    day_over: bool,  # noqa: FBT001
    window: tuple[date, date] | None = None,
) -> Answer:
    """The findings of `status -f json` in the order of the plan; numbers are `Decimal`.

    A window selects the obligations whose C overlaps it ("Which obligations a question selects").
    """
    found: list[Finding] = []
    nothing: list[bool] = []
    counted: dict[tuple[str, str, str], list[Execution]] = {}
    series: dict[tuple[str, str, str], list[Obligation]] = {}
    for obligation in obligations(plan):
        series.setdefault(key_of(obligation), []).append(obligation)
    for obligation in obligations(plan):
        activity, requirement = obligation.activity, obligation.requirement
        first, last = obligation.days[0], obligation.days[-1]
        if window is not None and (last < window[0] or first > window[1]):
            continue
        key = key_of(obligation)
        done = [one for one in executions if (one.agency, one.activity) == key[:2] and not one.voided]
        if key not in counted:
            counted[key] = [one for one in done if counts(one, requirement)]
        excused = excused_before(obligation, series[key], waivers)
        value, number = value_of(obligation, counted[key], excused, as_of, day_over=day_over)
        untouched = is_untouched(obligation, done, as_of)
        status, reason = status_of(obligation, value, waivers, as_of, day_over=day_over, untouched=untouched)
        nothing.append(untouched)
        least, most = bounds(obligation)
        found.append(
            {
                "agency": obligation.agency,
                "activity": activity["code"],
                "requirement": requirement["code"],
                "period": obligation.label,
                "from": first.isoformat(),
                "to": last.isoformat(),
                "measure": requirement["measure"],
                "unit": (activity.get("unit") or {"code": "time"})["code"],
                "at_least": least,
                "at_most": most,
                "value": value,
                "executions": number,
                "status": status,
                "reason": reason,
                "basis": requirement["basis"],
            }
        )
    return Answer(found, nothing, as_of, day_over)


def four_decimals(part: int, whole: int) -> Decimal | None:
    """A ratio with four decimals; None if `whole` is 0 ("Figures")."""
    if whole == 0:
        return None
    return Decimal(math.floor(Fraction(part * 10_000, whole) + Fraction(1, 2))) / 10_000  # a tie goes up


EARLY = ("executions", "amount", "days", "forms")


def is_closed(finding: Finding, as_of: date, *, day_over: bool) -> bool:
    """Whether an obligation's last day is over."""
    last = date.fromisoformat(finding["to"])
    return last < as_of or (last == as_of and day_over)


def figures_of(
    found: Sequence[Finding], untouched: Sequence[bool], as_of: date, *, day_over: bool
) -> dict[str, int | Decimal | None]:
    """*Settled*, *begun*, *running* and the two rates ("Figures")."""
    settled: list[Finding] = []
    early: list[Finding] = []
    running = 0
    for finding, nothing in zip(found, untouched, strict=True):
        if finding["status"] in ("waived", "upcoming") or nothing:
            continue
        if is_closed(finding, as_of, day_over=day_over):
            settled.append(finding)
        elif finding["at_most"] is None and finding["measure"] in EARLY:
            early.append(finding)
        else:
            running += 1
    settled_met = sum(one["status"] == "met" for one in settled)
    begun_met = settled_met + sum(one["status"] == "met" for one in early)
    begun = len(settled) + len(early)
    return {
        "settled": len(settled),
        "settled_met": settled_met,
        "begun": begun,
        "begun_met": begun_met,
        "running": running,
        "rate": four_decimals(settled_met, len(settled)),
        "progress": four_decimals(begun_met, begun),
    }


def summary(answer: Answer) -> dict[str, int | Decimal | None]:
    """The figures of `status -f json` ("Figures")."""
    found = answer.findings
    figures: dict[str, int | Decimal | None] = {"obligations": len(found)}
    for status in STATUSES:
        figures[status] = sum(1 for one in found if one["status"] == status)
    figures["untouched"] = sum(1 for one in found if one["reason"] == "untouched")
    for basis in (None, "stated", "interpreted"):
        chosen = [place for place, one in enumerate(found) if basis in (None, one["basis"])]
        of_basis = figures_of(
            [found[place] for place in chosen],
            [answer.untouched[place] for place in chosen],
            answer.as_of,
            day_over=answer.day_over,
        )
        figures |= {key if basis is None else f"{key}_{basis}": value for key, value in of_basis.items()}
    return figures


def behind(answer: Answer, agency: str) -> Fraction | None:
    """How far an agency is behind: the mean over its requirements; None if nothing has begun."""
    behind_of: dict[tuple[str, str], list[bool]] = {}
    for finding, nothing in zip(answer.findings, answer.untouched, strict=True):
        if finding["agency"] != agency or nothing or finding["status"] in ("upcoming", "waived"):
            continue
        key = finding["activity"], finding["requirement"]
        behind_of.setdefault(key, []).append(finding["status"] in ("missed", "partial", "at_risk"))
    if not behind_of:
        return None
    shares = [Fraction(sum(of), len(of)) for of in behind_of.values()]
    return sum(shares, Fraction(0)) / len(shares)


def furthest_behind_first(answer: Answer, agencies: Sequence[str]) -> list[str]:
    """The agencies that owe something, in the order of a question about many ("Figures")."""
    owing = [code for code in agencies if any(one["agency"] == code for one in answer.findings)]

    def place(code: str) -> tuple[bool, Fraction, int]:
        share = behind(answer, code)
        trouble = sum(
            one["agency"] == code and one["status"] in ("missed", "partial", "at_risk")
            for one in answer.findings
        )
        return share is None, -(share or Fraction(0)), -trouble

    return sorted(owing, key=place)


# --- reading files ------------------------------------------------------------------------------

_DATES = {"from", "to", "due", "by", "before", "published", "date"}
_NUMBERS = {"at_least", "at_most", "amount_at_least"}


def _typed(key: str | None, node: object) -> Any:  # noqa: ANN401 - a document's node
    """Give the dates and numbers of a plan their types; everything else stays a string."""
    if isinstance(node, dict):
        return {name: _typed(name, child) for name, child in node.items()}
    if isinstance(node, list):
        return [_typed(None, child) for child in node]
    if not isinstance(node, str):
        return node
    if key in _DATES:
        return date.fromisoformat(node)
    if key in _NUMBERS:
        return Decimal(node)
    if key == "tolerance_days":
        return int(node)
    return node


def load_plan(text: str) -> Plan:
    """Read a plan file; a code that YAML would read as another type stays a string."""
    plan: Plan = _typed(None, yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 - it makes strings only
    return plan


def load_rows(text: str) -> list[Execution]:
    """Read a rows file like `log --file`; it must have all columns, and codes only."""
    return [
        Execution(
            agency=row["agency"],
            activity=row["activity"],
            day=date.fromisoformat(row["date"]),
            amount=Decimal(row["amount"]),
            form=row["form"] or None,
            repeat=row["repeat"] == "yes",
        )
        for row in csv.DictReader(io.StringIO(text))
    ]
