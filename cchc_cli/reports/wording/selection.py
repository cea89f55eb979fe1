"""Which parts of an assessment reports show, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.verdicts.rules import Status

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Agency, Requirement
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Finding

Duty = tuple["Activity", "Requirement"]
"""A requirement with its activity."""

DutyCodes = tuple[str, str]
"""The codes of an activity and of its requirement."""

STATUS_ORDER = (
    Status.MET,
    Status.PARTIAL,
    Status.MISSED,
    Status.AT_RISK,
    Status.PENDING,
    Status.UPCOMING,
    Status.WAIVED,
)
"""The order in which statuses are listed."""

WORST_FIRST = (
    Status.MISSED,
    Status.PARTIAL,
    Status.AT_RISK,
    Status.PENDING,
    Status.UPCOMING,
    Status.MET,
    Status.WAIVED,
)
"""Statuses by how much they need attention; the first one found stands for a set of them."""


def worst_status(statuses: set[Status]) -> Status:
    """Give the status that stands for a set of statuses."""
    return next(status for status in WORST_FIRST if status in statuses)


def agencies_of(assessment: Assessment) -> list[Agency]:
    """Give the agencies that have obligations, furthest behind first."""
    known = {agency.code: agency for agency in assessment.plan.agencies}
    return [known[code] for code in assessment.by_agency]


def duties_of(assessment: Assessment) -> list[Duty]:
    """Give each requirement that at least one agency owes, in the order of the plan."""
    owed = {(finding.activity.code, finding.requirement.code) for finding in assessment.findings}
    return [
        (activity, requirement)
        for activity in assessment.plan.activities
        for requirement in activity.requirements
        if (activity.code, requirement.code) in owed
    ]


def findings_by_duty(assessment: Assessment) -> dict[DutyCodes, list[Finding]]:
    """Give the findings of each requirement that has some, in the order of the plan."""
    found: dict[DutyCodes, list[Finding]] = {
        (activity.code, requirement.code): [] for activity, requirement in duties_of(assessment)
    }
    for finding in assessment.findings:
        found[finding.activity.code, finding.requirement.code].append(finding)
    return found
