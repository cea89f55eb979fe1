"""Findings, their counts and their figures: docs/semantics.md, “Figures”."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.verdicts.rules import Reason, Standing, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from cchc_cli.domain.plan.model import Activity, Agency, Requirement
    from cchc_cli.domain.verdicts.obligations import Obligation


class Finding(NamedTuple):
    """A verdict with its grounds; `value` and the bounds are thousandths."""

    agency: Agency
    activity: Activity
    requirement: Requirement
    obligation: Obligation
    value: int | None
    executions: int
    status: Status
    reason: Reason | None
    standing: Standing
    late: int | None = None
    """How many executions were recorded later than `log_within_days`; None if the plan does not set it."""
    gap_start: date | None = None
    """The first day of the gap that reaches into the obligation; only for the measure `gap`."""
    last: date | None = None
    """The obligation's last day with an execution that counts; only for the measure `gap`."""


class Ratio(NamedTuple):
    """A part of a whole, in obligations."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The quotient with four decimals; None if `whole` is 0."""
        return round(self.part / self.whole, 4) if self.whole else None


class Figures(NamedTuple):
    """The figures of some obligations; upcoming, waived and untouched ones are not included."""

    settled: int
    """Closed."""
    settled_met: int
    begun: int
    """Closed, or open and able to be met before the last day."""
    begun_met: int
    running: int
    """Open, and decided only on the last day."""

    @property
    def rate(self) -> Ratio:
        """The share of closed obligations that were met."""
        return Ratio(self.settled_met, self.settled)

    @property
    def progress(self) -> Ratio:
        """The share met of all obligations that can be met by now."""
        return Ratio(self.begun_met, self.begun)


_BASES = tuple(Basis)

_BEHIND = frozenset({Status.MISSED, Status.PARTIAL, Status.AT_RISK})
_BEGUN = frozenset({Standing.SETTLED, Standing.EARLY, Standing.RUNNING})

Counts = Counter[tuple[Status, Standing]]
"""The number of findings of one requirement by verdict."""


class Summary:
    """The number of findings by basis and verdict."""

    def __init__(self) -> None:
        """Start with no findings."""
        self.counts: Counter[tuple[Basis, Status, Standing]] = Counter()

    def add(self, basis: Basis, counts: Mapping[tuple[Status, Standing], int]) -> None:
        """Add the findings of a requirement."""
        for (status, standing), number in counts.items():
            self.counts[basis, status, standing] += number

    def of(self, status: Status, *bases: Basis) -> int:
        """Give the number of findings of a status, for these bases or for all."""
        return self.among(status, tuple(Standing), *bases)

    def among(self, status: Status, standings: Iterable[Standing], *bases: Basis) -> int:
        """Give the number of findings with a status and one of the standings, for these bases or for all."""
        return sum(
            [
                self.counts.get((basis, status, standing), 0)
                for standing in standings
                for basis in bases or _BASES
            ]
        )

    def untouched(self, *bases: Basis) -> int:
        """Give the number of maxima that are met because nothing was recorded."""
        return self.among(Status.MET, (Standing.UNTOUCHED,), *bases)

    @property
    def obligations(self) -> int:
        """The number of findings."""
        return self.counts.total()

    def figures(self, *bases: Basis) -> Figures:
        """Give the figures for these bases or for all."""
        settled, early, running = (
            {status: self.among(status, (standing,), *bases) for status in Status}
            for standing in (Standing.SETTLED, Standing.EARLY, Standing.RUNNING)
        )
        closed, open_ = sum(settled.values()), sum(early.values())
        met = settled[Status.MET]
        return Figures(closed, met, closed + open_, met + early[Status.MET], sum(running.values()))


class Totals:
    """The counts of many agencies, and how far each is behind."""

    def __init__(self) -> None:
        """Start with no findings."""
        self.by_agency: dict[str, Summary] = {}
        self._shares: dict[str, list[tuple[int, int]]] = {}

    def add(self, agency: str, basis: Basis, counts: Counts) -> None:
        """Add the findings of an agency for one requirement; does nothing if there are none."""
        if not counts:
            return
        self.by_agency.setdefault(agency, Summary()).add(basis, counts)
        behind = begun = 0
        for (status, standing), number in counts.items():
            if standing in _BEGUN:
                begun += number
                behind += number if status in _BEHIND else 0
        self._shares.setdefault(agency, []).append((behind, begun))

    def all(self) -> Summary:
        """Give the sum over all agencies."""
        summary = Summary()
        for of in self.by_agency.values():
            summary.counts.update(of.counts)
        return summary

    def furthest_behind_first(self, agencies: Iterable[Agency]) -> list[Agency]:
        """Order the agencies that owe something; `agencies` are in the order of the plan.

        An agency's lag is a mean over its requirements with obligations that have begun. For each of these it
        takes the share of obligations that are missed, partly done or at risk. So a requirement of 366 days
        weighs as much as one of 12 months.
        """
        owing = [agency for agency in agencies if agency.code in self.by_agency]
        if len(owing) < 2:  # noqa: PLR2004 - a single one needs no sorting
            return owing
        from fractions import Fraction  # noqa: PLC0415 - not loaded for a question about one agency

        def place(agency: Agency) -> tuple[bool, Fraction, int]:
            shares = [(behind, begun) for behind, begun in self._shares[agency.code] if begun]
            if not shares:
                return True, Fraction(0), 0
            common = lcm(*(begun for _, begun in shares))
            total = sum(behind * common // begun for behind, begun in shares)
            trouble = sum(behind for behind, _ in shares)
            return False, Fraction(-total, common * len(shares)), -trouble

        return sorted(owing, key=place)


def totals_of(findings: Iterable[Finding]) -> Totals:
    """Count findings in the order of the plan: agency, activity, requirement."""
    totals = Totals()
    by_duty = groupby(findings, key=lambda one: (one.agency.code, one.activity.code, one.requirement.code))
    for (agency, _, _), group in by_duty:
        found = list(group)
        counts = Counter((one.status, one.standing) for one in found)
        totals.add(agency, found[0].requirement.basis, counts)
    return totals


def summary_of(findings: Iterable[Finding]) -> Summary:
    """Count findings in any order."""
    summary = Summary()
    for finding in findings:
        summary.counts[finding.requirement.basis, finding.status, finding.standing] += 1
    return summary
