"""A plan in a terminal: activities, roles, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.model import Basis, Kind
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.domain.wording.requirements import conditions_in_words
from cchc_cli.locale import day_text, render
from cchc_cli.reports.terminal.lines import render_text
from cchc_cli.reports.wording.words import BASIS_WORDS, requirement_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from cchc_cli.domain.plan.model import Activity, Plan, Requirement


_KIND_WORDS: dict[Kind, Message] = {
    Kind.FLOW: message("adds up"),
    Kind.STOCK: message("stock"),
    Kind.READING: message("reading"),
}


def plan_view(plan: Plan) -> RenderableType:
    """Show what the plan asks for: activities, roles, requirements with their basis."""
    names = {group.code: group.name for group in plan.groups}
    names |= {agency.code: agency.shown_short for agency in plan.agencies}
    parts: list[RenderableType] = [
        Text(safe(plan.title), style="bold"),
        render_text(
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
    plan_names, in_full = Names(plan), len(plan.activities) == 1
    for activity in plan.activities:
        parts.append(Text())
        lines = _activity(activity, names, plan_names, in_full=in_full)
        parts.extend(Padding(line, (0, 0, 0, indent)) for indent, line in lines)
    if len(plan.activities) != 1:
        parts.extend(_reviews_and_forms(plan))
    return Group(*parts)


def _reviews_and_forms(plan: Plan) -> Iterator[RenderableType]:
    """List the codes that --review and --form take."""
    if plan.reviews:
        yield Text()
        yield render_text(message("Reviews"), "bold")
    for review in plan.reviews:
        days = f"{day_text(review.span.start)} – {day_text(review.span.end)}"
        yield Padding(Text(f"{safe(review.code)}  {safe(review.name)}, {days}"), (0, 0, 0, 2))
    if plan.forms:
        yield Text()
        yield render_text(message("Forms"), "bold")
        yield Padding(
            Text("; ".join(f"{safe(form.name)} ({safe(form.code)})" for form in plan.forms)), (0, 0, 0, 2)
        )


def _activity(
    activity: Activity, names: dict[str, str], plan_names: Names, *, in_full: bool
) -> Iterator[tuple[int, Text]]:
    """Give the lines of an activity, each with its indent."""
    alias = f" ({safe(activity.alias)})" if activity.alias else ""
    yield 0, render_text(activity_words(activity), "bold").append(alias)
    kind = message("{kind}, counted in {unit}", kind=_KIND_WORDS[activity.kind], unit=activity.unit.name)
    yield 2, render_text(kind, "dim")
    if in_full:
        for text in filter(None, (activity.text, activity.schedule, *activity.methods)):
            yield 2, Text(f"“{safe(text)}”", style="italic")
        if activity.forms:
            yield 2, render_text(message("forms: {forms}", forms=plan_names.forms_to_type(activity.forms)))
    roles = (
        (message("lead: {who}", who=_owner_names(activity.roles.lead, names)), activity.roles.lead),
        (
            message("coordinate: {who}", who=_owner_names(activity.roles.coordinate, names)),
            activity.roles.coordinate,
        ),
        (message("perform: {who}", who=_owner_names(activity.roles.perform, names)), activity.roles.perform),
    )
    yield from ((2, render_text(sentence)) for sentence, codes in roles if codes)
    for requirement in activity.requirements:
        yield from _requirement(requirement, activity, names, plan_names, in_full=in_full)
    if not activity.requirements:
        yield 2, render_text(message("nothing is owed; it can be recorded"), "dim")


def _owner_names(codes: Sequence[str], names: dict[str, str]) -> list[str]:
    return [names.get(code, code) for code in codes]


def _requirement(
    requirement: Requirement, activity: Activity, names: dict[str, str], plan_names: Names, *, in_full: bool
) -> Iterator[tuple[int, Text]]:
    stated = requirement.basis is Basis.STATED
    line = Text("■ " if stated else "□ ", style="green" if stated else "yellow")
    line.append(requirement_words(requirement, activity), style="default")
    line.append(f" [{render(BASIS_WORDS[requirement.basis])}]")
    # The form that `waive` and `explain` accept.
    line.append(f" ({safe(activity.code)}/{safe(requirement.code)})", style="dim")
    yield 2, line
    yield 4, render_text(message("owed by: {who}", who=_owner_names(requirement.owed_by, names)), "dim")
    yield from (
        (4, render_text(condition, "dim"))
        for condition in conditions_in_words(requirement, activity, plan_names)
    )
    reason = requirement.quote if stated else requirement.note
    if in_full and reason:
        yield 4, Text(f"“{safe(reason)}”", style="italic")
