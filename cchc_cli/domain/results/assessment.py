"""The verdicts on a plan at a cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.verdicts.extent import Extent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Period
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.domain.verdicts.findings import Finding, Summary
    from cchc_cli.domain.verdicts.rules import CutOff


class Assessment(NamedTuple):
    """The answer of `status`: the question, and every finding in the order of the plan."""

    plan: Plan
    cutoff: CutOff
    window: Period
    findings: Sequence[Finding]
    summary: Summary
    by_agency: dict[str, Summary]
    """The agencies that owe something, furthest behind first."""
    chain: Head
    known_at: datetime | None
    extent: Extent = Extent()
