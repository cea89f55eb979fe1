"""Findings, their counts and their rates: docs/semantics.md, “Figures”."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.plan import Basis
from cchc_cli.domain.rules import Reason, Status

if TYPE_CHECKING:
    from datetime import date

    from cchc_cli.domain.obligations import Obligation
    from cchc_cli.domain.plan import Activity, Agency, Requirement


class Finding(NamedTuple):
    """A verdict with all it rests on; `value` and the bounds are thousandths."""

    agency: Agency
    activity: Activity
    requirement: Requirement
    obligation: Obligation
    value: int | None
    executions: int
    status: Status
    reason: Reason | None
    late: int | None = None
    """How many of the executions were recorded later than the plan's `log_within_days`; None without one."""
    last: date | None = None
    """The last day with an execution that counts, where the measure is `gap`; None without one."""


_BASES = tuple(Basis)

JUDGED = (Status.MET, Status.PARTIAL, Status.MISSED)
"""The statuses that a rate is of."""


class Summary:
    """How many findings have which status, by basis."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[tuple[Basis, Status]] = Counter()

    def add(self, finding: Finding) -> None:
        """Count one more finding."""
        self.counts[finding.requirement.basis, finding.status] += 1

    def of(self, status: Status, *bases: Basis) -> int:
        """Count the findings of a status, of these bases or of all."""
        return sum([self.counts.get((basis, status), 0) for basis in bases or _BASES])

    @property
    def obligations(self) -> int:
        """How many findings there are."""
        return self.counts.total()

    def rate(self, *bases: Basis) -> float | None:
        """Give met ÷ (met + partial + missed), four decimals; None where nothing was judged yet."""
        judged = sum(self.of(status, *bases) for status in JUDGED)
        return round(self.of(Status.MET, *bases) / judged, 4) if judged else None
