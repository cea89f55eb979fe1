"""`status` as JSON and CSV: findings and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import optional_json_number
from cchc_cli.domain.plan.model import Basis
from cchc_cli.domain.records.hash_chain import HEAD_COLUMN
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.reports.wording.selection import agencies_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Figures, Finding, Summary
    from cchc_cli.reports.data.formats import Document

_STATUS_KEYS = (
    Status.MET,
    Status.PARTIAL,
    Status.MISSED,
    Status.PENDING,
    Status.AT_RISK,
    Status.UPCOMING,
    Status.WAIVED,
)


def finding_document(finding: Finding) -> Document:
    """Give one finding as it stands in `cchc-status/2`."""
    obligation = finding.obligation
    return {
        "agency": finding.agency.code,
        "activity": finding.activity.code,
        "requirement": finding.requirement.code,
        "period": obligation.slot.label,
        "from": obligation.span.start.isoformat(),
        "to": obligation.span.end.isoformat(),
        "measure": finding.requirement.measure.value,
        "unit": finding.activity.unit.code,
        "at_least": optional_json_number(obligation.bounds.at_least),
        "at_most": optional_json_number(obligation.bounds.at_most),
        "value": optional_json_number(finding.value),
        "executions": finding.executions,
        "status": finding.status.value,
        "reason": finding.reason.value if finding.reason else None,
        "basis": finding.requirement.basis.value,
        **({} if finding.late is None else {"late": finding.late}),
    }


_FINDING_COLUMNS = [
    "agency",
    "activity",
    "requirement",
    "period",
    "from",
    "to",
    "measure",
    "unit",
    "at_least",
    "at_most",
    "value",
    "executions",
    "status",
    "reason",
    "basis",
]


def finding_columns(plan: Plan) -> list[str]:
    """Name the columns of findings in CSV: the keys of a finding."""
    return _FINDING_COLUMNS if plan.log_within_days is None else [*_FINDING_COLUMNS, "late"]


def finding_rows(findings: Iterable[Finding], plan: Plan) -> Iterator[list[object]]:
    """Give the cells of each finding, in the order of `finding_columns`."""
    columns = finding_columns(plan)
    for finding in findings:
        document = finding_document(finding)
        yield [document[column] for column in columns]


def with_head(
    columns: list[str], rows: Iterable[list[object]], head: Head
) -> tuple[list[str], Iterator[list[object]]]:
    """Add a last column with the head of the chain, which only the first row has: `verify --against` reads it."""
    marked = ([*row, None if number else head.text] for number, row in enumerate(rows))
    return [*columns, HEAD_COLUMN], marked


def _summary_document(summary: Summary) -> Document:
    return {
        "obligations": summary.obligations,
        **{status.value: summary.of(status) for status in _STATUS_KEYS},
        "untouched": summary.untouched(),
        **_figures_document(summary.figures()),
        **{
            f"{name}_{basis.value}": value
            for basis in Basis
            for name, value in _figures_document(summary.figures(basis)).items()
        },
    }


def _figures_document(figures: Figures) -> Document:
    return {
        **figures._asdict(),
        "rate": figures.rate.value,
        "progress": figures.progress.value,
    }


def status_document(assessment: Assessment, *, findings: bool) -> Document:
    """Give `cchc-status/2`, with or without the findings."""
    window = assessment.window
    document: Document = {
        "format": "cchc-status/2",
        "plan": assessment.plan.code,
        "as_of": assessment.cutoff.day.isoformat(),
        "day_over": assessment.cutoff.over,
        "known_at": assessment.known_at.isoformat() if assessment.known_at else None,
        "chain": {"count": assessment.chain.links, "head": assessment.chain.link},
        "window": {
            "label": window.label,
            "from": window.span.start.isoformat(),
            "to": window.span.end.isoformat(),
        },
        "summary": _summary_document(assessment.summary),
        "agencies": [
            {
                "agency": agency.code,
                "name": agency.name,
                **_summary_document(assessment.by_agency[agency.code]),
            }
            for agency in agencies_of(assessment)
        ],
    }
    if findings:
        document["findings"] = [finding_document(finding) for finding in assessment.findings]
    return document
