"""What `log` answers: the record, what it counts for, and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.cli.framework.options import TextOrJson
from cchc_cli.cli.terminal.output import answer, say, tell
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import days
from cchc_cli.domain.language.text import SafeText
from cchc_cli.domain.records.execution import is_late, recording_delay
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.locale import day_text, typed_number_text

if TYPE_CHECKING:
    from cchc_cli.domain.results import LogResult


def tell_entry(entry: LogResult, output: TextOrJson) -> None:
    """Say what a record did: the document, or a line for it and one a finding; and what to look at."""
    _tell_record(entry, output)
    recorded = entry.recorded
    if entry.already_recorded:
        tell(
            message(
                "note: an earlier run of this command recorded it and could not say so; nothing was added"
            )
        )
    if entry.same_as:
        tell(
            message(
                "note: no. {no} says the same; if this is a mistake, type: cchc void {this} --reason WHY",
                no=entry.same_as,
                this=recorded.no,
            )
        )
    tell_shared(entry.shared)
    within = entry.plan.log_within_days
    if within is not None and recorded.version == 1 and is_late(recorded, entry.plan):
        tell(
            message(
                "note: recorded {days} after it was done, the plan wants it within {within}; it counts and shows as late",
                days=days(recording_delay(recorded.execution, entry.plan, recorded.recorded_at)),
                within=days(within),
            )
        )


def tell_shared(shared: dict[str, list[int]]) -> None:
    """Point out evidence that several records have."""
    for key, numbers in list(shared.items())[:_MOST_SHARED]:
        tell(message("note: the same evidence proves no. {numbers} too: {key}", numbers=numbers, key=key))
    if len(shared) > _MOST_SHARED:
        tell(message("note: … and {number} more; cchc doctor lists all", number=len(shared) - _MOST_SHARED))


_MOST_SHARED = 20


def _tell_record(entry: LogResult, output: TextOrJson) -> None:
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.executions import log_document  # noqa: PLC0415
        from cchc_cli.reports.data.formats import to_json  # noqa: PLC0415

        answer(to_json(log_document(entry)) + "\n")
        return
    from cchc_cli.reports.wording.words import finding_line  # noqa: PLC0415

    recorded = entry.recorded
    execution = recorded.execution
    names = Names(entry.plan)
    activity = next(item for item in entry.plan.activities if item.code == execution.activity)
    say(
        message(
            "no. {no}: {activity}, {agency}, {day}, {amount} {unit}",
            no=recorded.no,
            activity=activity_words(activity),
            agency=entry.plan.agencies[0].shown,
            day=day_text(execution.day),
            amount=SafeText(typed_number_text(execution.amount)),
            unit=activity.unit.name,
        )
    )
    if entry.several_plans:
        say(message("plan: {plan}", plan=entry.plan.code))
    if recorded.voided:
        say(message("voided: {reason}", reason=recorded.reason))
    for finding in entry.findings:
        if finding.obligation.span.start <= execution.day:
            say(message("{line}", line=finding_line(finding)))
    for requirement, reason in entry.uncounted:
        duty = names.requirement(activity.code, requirement)
        say(message("not counted for {requirement}: {reason}", requirement=duty, reason=reason))
    if not entry.findings and not entry.uncounted:
        say(message("the agency owes nothing for this on that day; it is recorded all the same"))
