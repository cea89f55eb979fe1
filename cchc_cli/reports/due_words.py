"""What is left to do, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.errors import message
from cchc_cli.domain.plan import Measure
from cchc_cli.domain.text import Shown
from cchc_cli.locale import number_text, render
from cchc_cli.reports.words import unit_of

if TYPE_CHECKING:
    from cchc_cli.domain.dues import Due
    from cchc_cli.domain.errors import Message


def left_of(due: Due) -> Shown:
    """Say what is left: `15 phút`, the reading that is needed, or by when the next one is."""
    measure = due.finding.requirement.measure
    unit = Shown(unit_of(measure, due.finding.activity))
    if due.left is None and measure is Measure.GAP:
        return Shown(render(message("the next one by {day}", day=due.by)))
    if due.left is None:
        return Shown(render(_reading(due, unit)))
    if due.left < 0:
        return Shown(render(message("{number} {unit} too many", number=number_text(-due.left), unit=unit)))
    return Shown(f"{number_text(due.left)} {unit}")


def _reading(due: Due, unit: Shown) -> Message:
    least, most = (None if bound is None else number_text(bound) for bound in due.finding.obligation.bounds)
    if least is not None and most is not None:
        return message("a reading of {least} to {most} {unit}", least=least, most=most, unit=unit)
    if least is not None:
        return message("a reading of at least {least} {unit}", least=least, unit=unit)
    return message("a reading of at most {most} {unit}", most=most, unit=unit)
