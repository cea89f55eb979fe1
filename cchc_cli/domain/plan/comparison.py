"""The differences between two plans, in the terms of the plan file."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_cli.domain.calendar.periods import Span, span_label
from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.plan.model import By, Per, Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Plan

_Fields = dict[str, str]
_THOUSANDTHS = frozenset({"at_least", "at_most", "amount_at_least"})
_OMITTED = frozenset({"code", "qualifier"})
"""The key of a part, and a field that is not in the file but derived."""
_NAMES = {"start": "from", "end": "to"}


class Action(StrEnum):
    """What happened to a part of the plan."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Change(NamedTuple):
    """One difference; `field`, `old` and `new` are set only for `changed`."""

    action: Action
    section: str
    code: str
    field: str | None = None
    old: str | None = None
    new: str | None = None

    def sentence(self) -> Message:
        """Say the difference in words."""
        match self.action:
            case Action.ADDED:
                return message("added: {section} {code}", section=self.section, code=self.code)
            case Action.REMOVED:
                return message("removed: {section} {code}", section=self.section, code=self.code)
            case Action.CHANGED:
                return message(
                    "changed: {section} {code}: {field}: {old} → {new}",
                    section=self.section,
                    code=self.code,
                    field=self.field,
                    old=self.old or "–",
                    new=self.new or "–",
                )


def plan_changes(before: Plan | None, after: Plan) -> list[Change]:
    """Give every difference, section by section in the order of the file."""
    old = _fields_by_section(before) if before else {}
    return [
        change
        for section, parts in _fields_by_section(after).items()
        for change in _section_changes(section, old.get(section, {}), parts)
    ]


def _section_changes(section: str, old: dict[str, _Fields], new: dict[str, _Fields]) -> Iterator[Change]:
    for code, values in new.items():
        if code not in old:
            yield Change(Action.ADDED, section, code)
            continue
        for name in dict.fromkeys([*values, *old[code]]):
            was, becomes = old[code].get(name), values.get(name)
            if was != becomes:
                yield Change(Action.CHANGED, section, code, name, was, becomes)
    for code in old:
        if code not in new:
            yield Change(Action.REMOVED, section, code)
    if [code for code in old if code in new] != [code for code in new if code in old]:
        yield Change(Action.CHANGED, section, "*", "order", " ".join(old), " ".join(new))


def _fields_by_section(plan: Plan) -> dict[str, dict[str, _Fields]]:
    head = _fields(plan, leave_out=_LISTS)
    return {
        "plan": {plan.code: head},
        "basis": {document.number: _fields(document) for document in plan.basis},
        "goals": _fields_by_code(plan.goals),
        "topics": _fields_by_code(plan.topics),
        "forms": _fields_by_code(plan.forms),
        "reviews": _fields_by_code(plan.reviews),
        "calendars": {
            calendar.name: {label: span_label(span) for label, span in calendar.entries}
            for calendar in plan.calendars
        },
        "groups": _fields_by_code(plan.groups),
        "agencies": _fields_by_code(plan.agencies),
        "activities": {
            activity.code: _fields(activity, leave_out=frozenset({"code", "requirements"}))
            for activity in plan.activities
        },
        "requirements": {
            f"{activity.code}/{requirement.code}": _fields(requirement)
            for activity in plan.activities
            for requirement in activity.requirements
        },
    }


_LISTS = frozenset(
    {"code", "basis", "goals", "topics", "forms", "reviews", "calendars", "groups", "agencies", "activities"}
)


def _fields_by_code(items: Iterable[Any]) -> dict[str, _Fields]:
    return {item.code: _fields(item) for item in items}


def _fields(item: Any, leave_out: frozenset[str] = _OMITTED) -> _Fields:  # noqa: ANN401 - any named tuple
    """Convert the fields of a named tuple to text; absent and empty fields are omitted."""
    found: _Fields = {}
    for field, value in item._asdict().items():
        if field not in leave_out and value not in (None, (), ""):
            found |= _field_words(_NAMES.get(field, field), value)
    return found


def _field_words(name: str, value: Any) -> _Fields:  # noqa: ANN401 - any value of a field
    match value:
        case Span():
            return {"from": value.start.isoformat(), "to": value.end.isoformat()}
        case Per(window):
            return {"per": window}
        case By(day, inclusive):
            return {"by" if inclusive else "before": day.isoformat()}
        case Schedule(rrule, tolerance):
            return {"schedule": f"{rrule}, tolerance_days {tolerance}"}
        case Enum():
            return {name: str(value.value)}
        case bool():
            return {name: "include" if value else "exclude"}
        case int() if name in _THOUSANDTHS:
            return {name: decimal_text(value)}
        case _ if hasattr(value, "_asdict"):
            return {f"{name}.{key}": text for key, text in _fields(value, frozenset()).items()}
        case tuple():
            return {name: ", ".join(map(str, value))}
        case _:
            return {name: str(value)}
