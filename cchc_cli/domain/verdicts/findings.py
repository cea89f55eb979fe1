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
    """A verdict with all it rests on; `value` and the bounds are thousandths."""

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
    """How many of the executions were recorded later than the plan's `log_within_days`; None without one."""
    gap_start: date | None = None
    """Where the measure is `gap`: the first day of the run without one that reaches into the obligation."""
    last: date | None = None
    """The last day of the obligation with an execution that counts, where the measure is `gap`."""


class Ratio(NamedTuple):
    """A part of a whole, in obligations."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The quotient, four decimals; None where there is nothing to divide by."""
        return round(self.part / self.whole, 4) if self.whole else None


class Figures(NamedTuple):
    """The figures of some obligations; those that are upcoming, waived or untouched are in none."""

    settled: int
    """Closed."""
    settled_met: int
    begun: int
    """Closed, or open and such that they can be met before their last day."""
    begun_met: int
    running: int
    """Open, and decided on their last day only."""

    @property
    def rate(self) -> Ratio:
        """What was met of what is over."""
        return Ratio(self.settled_met, self.settled)

    @property
    def progress(self) -> Ratio:
        """What has been met of all that can be met by now."""
        return Ratio(self.begun_met, self.begun)


_BASES = tuple(Basis)

_BEHIND = frozenset({Status.MISSED, Status.PARTIAL, Status.AT_RISK})
_BEGUN = frozenset({Standing.SETTLED, Standing.EARLY, Standing.RUNNING})

Counts = Counter[tuple[Status, Standing]]
"""How many findings of one requirement have which verdict."""


class Summary:
    """How many findings have which verdict, by basis."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[tuple[Basis, Status, Standing]] = Counter()

    def add(self, basis: Basis, counts: Mapping[tuple[Status, Standing], int]) -> None:
        """Count the findings of a requirement."""
        for (status, standing), number in counts.items():
            self.counts[basis, status, standing] += number

    def of(self, status: Status, *bases: Basis) -> int:
        """Count the findings of a status, of these bases or of all."""
        return self.among(status, tuple(Standing), *bases)

    def among(self, status: Status, standings: Iterable[Standing], *bases: Basis) -> int:
        """Count the findings of a status that are counted in one of these ways, of these bases or of all."""
        return sum(
            [
                self.counts.get((basis, status, standing), 0)
                for standing in standings
                for basis in bases or _BASES
            ]
        )

    def untouched(self, *bases: Basis) -> int:
        """Count the maxima that are met because nobody came near them."""
        return self.among(Status.MET, (Standing.UNTOUCHED,), *bases)

    @property
    def obligations(self) -> int:
        """How many findings there are."""
        return self.counts.total()

    def figures(self, *bases: Basis) -> Figures:
        """Give the figures, of these bases or of all."""
        settled, early, running = (
            {status: self.among(status, (standing,), *bases) for status in Status}
            for standing in (Standing.SETTLED, Standing.EARLY, Standing.RUNNING)
        )
        closed, open_ = sum(settled.values()), sum(early.values())
        met = settled[Status.MET]
        return Figures(closed, met, closed + open_, met + early[Status.MET], sum(running.values()))


class Totals:
    """The counts of many agencies, and which of them is how far behind."""

    def __init__(self) -> None:
        """Begin with none."""
        self.by_agency: dict[str, Summary] = {}
        self._shares: dict[str, list[tuple[int, int]]] = {}

    def add(self, agency: str, basis: Basis, counts: Counts) -> None:
        """Count all that an agency owes for one requirement; nothing where it owes nothing."""
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
        """Give the counts of all agencies together."""
        summary = Summary()
        for of in self.by_agency.values():
            summary.counts.update(of.counts)
        return summary

    def furthest_behind_first(self, agencies: Iterable[Agency]) -> list[Agency]:
        """Order the agencies that owe something; those given in the order of the plan.

        An agency's lag is the mean, over its requirements of which something has begun, of the share that is
        missed, partly done or at risk. So a requirement of 366 days weighs as much as one of 12 months.
        """
        owing = [agency for agency in agencies if agency.code in self.by_agency]
        if len(owing) < 2:  # noqa: PLR2004 - one is in order by itself
            return owing
        from fractions import Fraction  # noqa: PLC0415 - a question about one agency need not load it

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
    """Count findings that stand in the order of the plan: agency, activity, requirement."""
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
