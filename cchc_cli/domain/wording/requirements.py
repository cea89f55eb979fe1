"""Requirements in words, because the plan format gives them a code and no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cchc_cli.domain.language.amounts import Amount
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.plurals import DAYS, FORMS, TIMES, Counted, Number, days
from cchc_cli.domain.plan.model import By, Measure, Partial, Per
from cchc_cli.domain.wording.recurrence import rule_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Activity, Requirement


class FormNames(Protocol):
    """A source of the names of a plan's forms."""

    def forms(self, codes: Iterable[str]) -> list[str]:
        """Name forms by their codes."""


_COUNTED_NOUNS: dict[Measure, tuple[Message, Message]] = {
    Measure.EXECUTIONS: TIMES,
    Measure.FORMS: FORMS,
    Measure.DAYS: DAYS,
    Measure.GAP: DAYS,
}
"""The noun for values of these measures; values of the others are amounts in the activity's unit."""

_PARTIALS: dict[Partial, Message] = {
    Partial.WAIVE: message("periods that are not whole are waived"),
    Partial.FULL: message("periods that are not whole are owed in full"),
    Partial.PRORATE: message("periods that are not whole are owed in proportion"),
}

_PERS: dict[str, Message] = {
    "day": message("each day"),
    "week": message("each week"),
    "month": message("each month"),
    "quarter": message("each quarter"),
    "half": message("each half-year"),
    "year": message("each year"),
    "plan": message("over the whole plan"),
}


def unit_words(measure: Measure, activity: Activity) -> Message | str:
    """Name the unit of values of this measure."""
    return _COUNTED_NOUNS[measure][1] if measure in _COUNTED_NOUNS else activity.unit.name


def value_in_words(thousandths: int, measure: Measure, activity: Activity) -> Message | Counted:
    """Give a value of this measure with its unit: `1 time`, `15 phút`."""
    number = Number(thousandths)
    if measure in _COUNTED_NOUNS:
        return Counted(number, *_COUNTED_NOUNS[measure])
    return message("{number} {unit}", number=number, unit=activity.unit.name)


def bounds_in_words(requirement: Requirement, activity: Activity) -> Message:
    """Say how much a requirement asks for: `at least 15 phút`."""
    measure, least, most = requirement.measure, requirement.at_least, requirement.at_most
    if measure is Measure.GAP and most is not None:
        return message(
            "no more than {most} in a row without one", most=value_in_words(most, measure, activity)
        )
    if least is not None and most is not None:
        return message("{least} to {most}", least=Number(least), most=value_in_words(most, measure, activity))
    if least is not None:
        return message("at least {least}", least=value_in_words(least, measure, activity))
    return message("at most {most}", most=value_in_words(most or 0, measure, activity))


def window_in_words(requirement: Requirement) -> Message:
    """Say when a requirement is due."""
    match requirement.window:
        case Per(name) if name in _PERS:
            return _PERS[name]
        case Per(name):
            return message("in each period of {calendar}", calendar=name)
        case By(day, inclusive=True):
            return message("by {day}", day=day)
        case By(day):
            return message("before {day}", day=day)
        case schedule:
            words, grace = rule_words(schedule.rrule), days(schedule.tolerance_days)
            if words and not schedule.tolerance_days:
                return words
            if words:
                return message("{rule}, {days} of grace", rule=words, days=grace)
            return message("at {rrule}, {days} of grace", rrule=schedule.rrule, days=grace)


def target_in_words(requirement: Requirement, activity: Activity) -> Message:
    """Say what a requirement asks for and when: `at least 15 phút, each month`."""
    return message(
        "{bounds}, {window}",
        bounds=bounds_in_words(requirement, activity),
        window=window_in_words(requirement),
    )


def duty_words(requirement: Requirement, activity: Activity, names: FormNames) -> Message:
    """Name a requirement by its target, and by the conditions that distinguish it within its activity.

    Its code is added only if another requirement has exactly the same words.
    """
    parts = _parts(requirement, activity, names)
    if any(
        other.code != requirement.code and _parts(other, activity, names) == parts
        for other in activity.requirements
    ):
        return message("{duty} ({code})", duty=_join_parts(parts), code=requirement.code)
    return _join_parts(parts)


def _parts(requirement: Requirement, activity: Activity, names: FormNames) -> list[Message]:
    return [target_in_words(requirement, activity), *distinguishing_conditions(requirement, activity, names)]


def _join_parts(parts: list[Message]) -> Message:
    first, *others = parts
    return message("{duty} ({conditions})", duty=first, conditions=others) if others else first


def conditions_in_words(requirement: Requirement, activity: Activity, names: FormNames) -> list[Message]:
    """Give the conditions that are not the default, or that distinguish it from a similar requirement."""
    twins = _similar_requirements(requirement, activity)
    in_full = any(twin.where.repeats != requirement.where.repeats for twin in twins)
    return [
        *_where_conditions(requirement, names, in_full=in_full),
        *_range_conditions(requirement),
        *(
            [_PARTIALS[requirement.when_cut]]
            if any(twin.when_cut is not requirement.when_cut for twin in twins)
            else []
        ),
    ]


def distinguishing_conditions(
    requirement: Requirement, activity: Activity, names: FormNames
) -> list[Message]:
    """Give the conditions if another requirement of the activity has the same target, else none."""
    return (
        conditions_in_words(requirement, activity, names)
        if _similar_requirements(requirement, activity)
        else []
    )


def _similar_requirements(requirement: Requirement, activity: Activity) -> list[Requirement]:
    """Give the other requirements of the activity with the same target, window and basis."""
    return [
        other
        for other in activity.requirements
        if other.code != requirement.code and _target_key(other) == _target_key(requirement)
    ]


def _target_key(requirement: Requirement) -> tuple[object, ...]:
    return (
        requirement.measure,
        requirement.at_least,
        requirement.at_most,
        requirement.window,
        requirement.basis,
    )


def _where_conditions(requirement: Requirement, names: FormNames, *, in_full: bool) -> Iterator[Message]:
    where = requirement.where
    if where.forms:
        yield forms_condition(where.forms, names)
    if where.amount_at_least is not None:
        yield message("only amounts of at least {amount} count", amount=Amount(where.amount_at_least))
    if where.repeats:
        yield message("repeats count too")
    elif in_full:
        yield message("a repeat does not count")


def forms_condition(forms: tuple[str, ...], names: FormNames) -> Message:
    """Say that executions in other forms do not count."""
    return message("only these forms count: {forms}", forms=names.forms(forms))


def _range_conditions(requirement: Requirement) -> Iterator[Message]:
    if requirement.start and requirement.end:
        yield message("from {start} to {end}", start=requirement.start, end=requirement.end)
    elif requirement.start:
        yield message("from {day}", day=requirement.start)
    elif requirement.end:
        yield message("until {day}", day=requirement.end)
