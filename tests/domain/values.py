"""The value of an obligation, computed as `services.questions.assessment` does, over the days that are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.verdicts.rules import VALUE_FUNCTIONS, CutOff, Tally, elapsed_span

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Measure


def value_of(
    measure: Measure, tally: Tally, span: Span, cutoff: CutOff, since: date | None = None
) -> int | None:
    """Give the value in thousandths; None if there is no value. A gap starts on `since`, if given."""
    return VALUE_FUNCTIONS[measure](tally, elapsed_span(span, cutoff), since or span.start)
