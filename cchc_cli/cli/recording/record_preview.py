"""A record shown before it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.cli.terminal.output import print_note
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import SafeText
from cchc_cli.domain.wording.plan_names import Names, activity_words
from cchc_cli.locale import typed_number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.services.recording.preview import Preview


def print_preview(found: Preview) -> None:
    """Print each field of a record to stderr, with its label."""
    print_note(message("to be recorded:"))
    for label, value in _shown_fields(found):
        print_note(message("  {label}: {value}", label=label, value=value))


def _shown_fields(found: Preview) -> Iterator[tuple[Message, object]]:
    """Give the label and the value of each field of the record."""
    plan, execution, several_plans = found
    names = Names(plan)
    activity = next(one for one in plan.activities if one.code == execution.activity)
    if several_plans:
        yield message("Plan"), plan.code
    yield message("Date"), execution.day
    yield message("Agency"), plan.agencies[0].shown
    yield message("Activity"), activity_words(activity)
    amount = SafeText(typed_number_text(execution.amount))
    yield message("Amount"), message("{amount} {unit}", amount=amount, unit=activity.unit.name)
    form = names.form(execution.form) if execution.form else "–"
    yield message("Form"), form
    if execution.repeat:
        yield message("Repeat"), message("yes")
    yield message("Title"), execution.title or "–"
    for address in execution.evidence:
        yield message("Evidence"), address
    if execution.note:
        yield message("Note"), execution.note
