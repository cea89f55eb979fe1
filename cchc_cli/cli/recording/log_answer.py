"""The answer of `log`: the record, what it counts for, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.cli.framework.options import TextOrJson
from cchc_cli.cli.terminal.output import print_json, print_line, print_note
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.plurals import days
from cchc_cli.domain.language.text import SafeText
from cchc_cli.domain.records.execution import is_late, recording_delay
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.locale import day_text, typed_number_text

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.recording import LogResult


def print_entry(entry: LogResult, output: TextOrJson) -> None:
    """Print a record as JSON, or as a line with one line for each finding; then notes on it."""
    _print_record(entry, output)
    recorded = entry.recorded
    if entry.already_recorded:
        print_note(
            message(
                "note: an earlier run of this command recorded it but could not confirm it; nothing was added"
            )
        )
    if entry.same_as:
        print_note(
            message(
                "note: no. {no} is the same; if this is a mistake, type: cchc void {this} --reason WHY",
                no=entry.same_as,
                this=recorded.no,
            )
        )
    print_shared_evidence(entry.shared)
    within = entry.plan.log_within_days
    if within is not None and recorded.version == 1 and is_late(recorded, entry.plan):
        print_note(
            message(
                "note: recorded {days} after it was done, the plan wants it within {within}; it counts and shows as late",
                days=days(recording_delay(recorded.execution, entry.plan, recorded.recorded_at)),
                within=days(within),
            )
        )


def note_earlier_run(is_earlier: bool) -> None:  # noqa: FBT001 - the only argument
    """Note that an earlier run of a command that corrects did it, if that is so."""
    if is_earlier:
        print_note(
            message(
                "note: an earlier run of this command did it but could not confirm it; nothing was changed again"
            )
        )


def print_shared_evidence(shared: dict[str, list[int]]) -> None:
    """Note evidence that other records have too."""
    for key, numbers in list(shared.items())[:_MAX_SHARED]:
        print_note(
            message("note: the same evidence proves no. {numbers} too: {key}", numbers=numbers, key=key)
        )
    if len(shared) > _MAX_SHARED:
        print_note(
            message("note: … and {number} more; cchc doctor lists all", number=len(shared) - _MAX_SHARED)
        )


_MAX_SHARED = 20


def record_line(recorded: Recorded, plan: Plan) -> Message:
    """Describe a record in a line; the plan has its agency."""
    execution = recorded.execution
    activity = next(item for item in plan.activities if item.code == execution.activity)
    return message(
        "no. {no}: {activity}, {agency}, {day}, {amount} {unit}",
        no=recorded.no,
        activity=activity_words(activity),
        agency=next(one.shown for one in plan.agencies if one.code == execution.agency),
        day=day_text(execution.day),
        amount=SafeText(typed_number_text(execution.amount)),
        unit=activity.unit.name,
    )


def _print_record(entry: LogResult, output: TextOrJson) -> None:
    if output is TextOrJson.JSON:
        from cchc_cli.reports.data.executions import log_document

        print_json(log_document(entry))
        return
    from cchc_cli.reports.wording.words import finding_line

    recorded = entry.recorded
    execution = recorded.execution
    names = Names(entry.plan)
    print_line(record_line(recorded, entry.plan))
    if entry.several_plans:
        print_line(message("plan: {plan}", plan=entry.plan.code))
    if recorded.voided:
        print_line(message("voided: {reason}", reason=recorded.reason))
    for finding in entry.findings:
        if finding.obligation.span.start <= execution.day:
            print_line(message("{line}", line=finding_line(finding)))
    for requirement, reason in entry.uncounted:
        duty = names.requirement(execution.activity, requirement)
        print_line(message("not counted for {requirement}: {reason}", requirement=duty, reason=reason))
    if not entry.findings and not entry.uncounted:
        print_line(message("the agency owes nothing for this on that day; it is recorded all the same"))
