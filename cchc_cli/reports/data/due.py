"""`due` as JSON and CSV (docs/json.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import optional_json_number
from cchc_cli.reports.data.status import finding_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.verdicts.dues import Due, Dues
    from cchc_cli.domain.verdicts.rules import CutOff
    from cchc_cli.reports.data.formats import Document


def dues_document(dues: Dues) -> Document:
    """Give `cchc-due/1`."""
    return {
        "format": "cchc-due/1",
        "plan": dues.plan.code,
        "as_of": dues.cutoff.day.isoformat(),
        "day_over": dues.cutoff.over,
        "within": dues.within,
        "due": [_due_document(due, dues.cutoff) for due in dues.dues],
    }


def _due_document(due: Due, cutoff: CutOff) -> Document:
    finding = due.finding
    return {
        "due": due.by.isoformat(),
        "days_left": (due.by - cutoff.day).days,
        "left": optional_json_number(due.left),
        "agency_name": finding.agency.name,
        "activity_title": finding.activity.title,
        **finding_document(finding),
    }


DUE_COLUMNS = [
    "due",
    "days_left",
    "agency",
    "agency_name",
    "activity",
    "activity_title",
    "requirement",
    "period",
    "from",
    "to",
    "measure",
    "unit",
    "at_least",
    "at_most",
    "value",
    "left",
    "status",
    "basis",
]


def due_rows(dues: Dues) -> Iterator[list[object]]:
    """Give the cells of each due obligation, in the order of DUE_COLUMNS."""
    for due in dues.dues:
        document = _due_document(due, dues.cutoff)
        yield [document[column] for column in DUE_COLUMNS]
