"""A plan in a terminal: activities, roles, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.domain.wording.requirements import conditions_in_words
from cchc_cli.locale import day_text, render
from cchc_cli.reports.wording.words import (
    BASES,
    KINDS,
    asked_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from cchc_cli.domain.plan.model import Activity, Plan, Requirement
from cchc_cli.reports.terminal.lines import said


def plan_view(plan: Plan) -> RenderableType:
    """Show what the plan asks for: activities, roles, requirements with their basis."""
    names = {group.code: group.name for group in plan.groups}
    names |= {agency.code: agency.shown_short for agency in plan.agencies}
    parts: list[RenderableType] = [
        Text(safe(plan.title), style="bold"),
        said(
            message(
                "{number} · {issuer} · {start} – {end}",
                number=plan.number or "–",
                issuer=plan.issuer or "–",
                start=plan.effective.start,
                end=plan.effective.end,
            ),
            "dim",
        ),
    ]
    called, in_full = Names(plan), len(plan.activities) == 1
    for activity in plan.activities:
        parts.append(Text())
        lines = _activity(activity, names, called, in_full=in_full)
        parts.extend(Padding(line, (0, 0, 0, indent)) for indent, line in lines)
    if len(plan.activities) != 1:
        parts.extend(_reviews_and_forms(plan))
    return Group(*parts)


def _reviews_and_forms(plan: Plan) -> Iterator[RenderableType]:
    """List the codes that --review and --form take."""
    if plan.reviews:
        yield Text()
        yield said(message("Reviews"), "bold")
    for review in plan.reviews:
        days = f"{day_text(review.span.start)} – {day_text(review.span.end)}"
        yield Padding(Text(f"{safe(review.code)}  {safe(review.name)}, {days}"), (0, 0, 0, 2))
    if plan.forms:
        yield Text()
        yield said(message("Forms"), "bold")
        yield Padding(
            Text("; ".join(f"{safe(form.name)} ({safe(form.code)})" for form in plan.forms)), (0, 0, 0, 2)
        )


def _activity(
    activity: Activity, names: dict[str, str], called: Names, *, in_full: bool
) -> Iterator[tuple[int, Text]]:
    """Give the lines on an activity, each with its indent."""
    alias = f" ({safe(activity.alias)})" if activity.alias else ""
    yield 0, said(activity_words(activity), "bold").append(alias)
    kind = message("{kind}, counted in {unit}", kind=KINDS[activity.kind], unit=activity.unit.name)
    yield 2, said(kind, "dim")
    if in_full:
        for text in filter(None, (activity.text, activity.schedule, *activity.methods)):
            yield 2, Text(f"“{safe(text)}”", style="italic")
        if activity.forms:
            yield 2, said(message("forms: {forms}", forms=called.forms_to_type(activity.forms)))
    roles = (
        (message("lead: {who}", who=_who(activity.roles.lead, names)), activity.roles.lead),
        (message("coordinate: {who}", who=_who(activity.roles.coordinate, names)), activity.roles.coordinate),
        (message("perform: {who}", who=_who(activity.roles.perform, names)), activity.roles.perform),
    )
    yield from ((2, said(sentence)) for sentence, codes in roles if codes)
    for requirement in activity.requirements:
        yield from _duty(requirement, activity, names, called, in_full=in_full)
    if not activity.requirements:
        yield 2, said(message("nothing is owed; it can be recorded"), "dim")


def _who(codes: Sequence[str], names: dict[str, str]) -> list[str]:
    return [names.get(code, code) for code in codes]


def _duty(
    requirement: Requirement, activity: Activity, names: dict[str, str], called: Names, *, in_full: bool
) -> Iterator[tuple[int, Text]]:
    stated = requirement.basis is Basis.STATED
    line = Text("■ " if stated else "□ ", style="green" if stated else "yellow")
    line.append(asked_words(requirement, activity), style="default")
    line.append(f" [{render(BASES[requirement.basis])}]")
    # What `waive` and `explain` take.
    line.append(f" ({safe(activity.code)}/{safe(requirement.code)})", style="dim")
    yield 2, line
    yield 4, said(message("owed by: {who}", who=_who(requirement.owed_by, names)), "dim")
    yield from (
        (4, said(condition, "dim")) for condition in conditions_in_words(requirement, activity, called)
    )
    reason = requirement.quote if stated else requirement.note
    if in_full and reason:
        yield 4, Text(f"“{safe(reason)}”", style="italic")
