"""What remains to be done: the obligations that are short, and what each of them still needs, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.plurals import Counted, Number
from cchc_cli.domain.plan.model import Measure
from cchc_cli.domain.verdicts.dues import due_of
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.domain.wording.requirements import value_in_words
from cchc_cli.locale import format_value
from cchc_cli.reports.wording.selection import agencies_of

if TYPE_CHECKING:
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.language.text import SafeText
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.dues import Due


def outstanding_dues(assessment: Assessment) -> list[Due]:
    """Give open obligations that are short: agencies furthest behind first, then by due day and the plan's order."""
    ranks = {agency.code: rank for rank, agency in enumerate(agencies_of(assessment))}
    begun = (finding for finding in assessment.findings if finding.status is not Status.UPCOMING)
    found = filter(None, map(due_of, begun))
    return sorted(found, key=lambda due: (ranks[due.finding.agency.code], due.by))


def remaining_words(due: Due) -> SafeText:
    """Say what remains: `15 phút`, the reading that is needed, or by when the next execution is."""
    return format_value(_remaining(due))


def _remaining(due: Due) -> Message | Counted:
    measure, activity = due.finding.requirement.measure, due.finding.activity
    if due.left is None and measure is Measure.GAP:
        return message("the next one by {day}", day=due.by)
    if due.left is None:
        return _needed_reading(due)
    if due.left < 0:
        return message("{number} too many", number=value_in_words(-due.left, measure, activity))
    return value_in_words(due.left, measure, activity)


def _needed_reading(due: Due) -> Message:
    least, most = due.finding.obligation.bounds
    measure, activity = due.finding.requirement.measure, due.finding.activity
    if least is not None and most is not None:
        return message(
            "a reading of {least} to {most}",
            least=Number(least),
            most=value_in_words(most, measure, activity),
        )
    if least is not None:
        return message("a reading of at least {least}", least=value_in_words(least, measure, activity))
    return message("a reading of at most {most}", most=value_in_words(most or 0, measure, activity))
