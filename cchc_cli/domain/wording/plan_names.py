"""Names that are shown in place of the codes of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.wording.requirements import duty_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.plan.model import Activity, Plan

_KINDS: dict[str, Message] = {
    "province": message("province"),
    "department": message("department"),
    "district": message("district"),
    "city": message("city"),
    "town": message("town"),
    "commune": message("commune"),
    "ward": message("ward"),
    "township": message("township"),
    "station": message("broadcasting station"),
    "newspaper": message("newspaper"),
    "media": message("press and broadcasting"),
    "center": message("center"),
    "office": message("office"),
    "school": message("school"),
}
"""Names of the usual kinds of agencies, for plans without a group of exactly that kind."""


def activity_words(activity: Activity) -> Message:
    """Name an activity by its number in the plan and its title."""
    return message("{code}. {title}", code=activity.code, title=activity.title)


class Names:
    """Looks up the names for codes of a plan; an unknown code is given back unchanged."""

    def __init__(self, plan: Plan) -> None:
        """Read the names of a plan, of which only some agencies and activities may be loaded."""
        self._forms = {form.code: form.name for form in plan.forms}
        self._activities = {activity.code: activity for activity in plan.activities}
        self._kinds = {
            group.kinds[0]: group.name
            for group in reversed(plan.groups)
            if len(group.kinds) == 1 and not group.agencies
        }
        self._duties: dict[tuple[str, str], Message | str] = {}

    def form(self, code: str) -> str:
        """Name a form."""
        return self._forms.get(code, code)

    def forms(self, codes: Iterable[str]) -> list[str]:
        """Name forms."""
        return [self.form(code) for code in codes]

    def forms_to_type(self, codes: Iterable[str]) -> list[Message]:
        """Name forms, each with its code, which can be typed."""
        return [message("{name} ({code})", name=self.form(code), code=code) for code in codes]

    def kind(self, code: str) -> Message | str:
        """Name a kind of agencies: by the group of exactly this kind, else by the usual word."""
        return self._kinds[code] if code in self._kinds else _KINDS.get(code, code)

    def activity(self, code: str) -> Message | str:
        """Name an activity by its number in the plan and its title."""
        found = self._activities.get(code)
        return activity_words(found) if found else code

    def unit(self, activity: str) -> str:
        """Name the unit of an activity; empty if the activity is not loaded."""
        found = self._activities.get(activity)
        return found.unit.name if found else ""

    def duty(self, activity: str, requirement: str | None) -> Message | str:
        """Name an activity, or an activity and one of its requirements."""
        if requirement is None:
            return self.activity(activity)
        return message(
            "{activity}: {duty}",
            activity=self.activity(activity),
            duty=self.requirement(activity, requirement),
        )

    def requirement(self, activity: str, code: str) -> Message | str:
        """Name a requirement so that it differs from the others of its activity."""
        if (activity, code) not in self._duties:
            done = self._activities.get(activity)
            found = [one for one in done.requirements if one.code == code] if done else []
            self._duties[activity, code] = duty_words(found[0], done, self) if done and found else code
        return self._duties[activity, code]
