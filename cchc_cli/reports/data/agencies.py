"""The roster as JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan.model import Agency, Plan
    from cchc_cli.reports.data.formats import Document


def agency_document(agency: Agency) -> Document:
    """Give one agency as it stands in `cchc-agencies/1`."""
    return {
        "agency": agency.code,
        "name": agency.name,
        "short": agency.short,
        "kind": agency.kind,
        "parent": agency.parent,
        "gso": agency.gso,
        "aliases": list(agency.aliases),
        "from": agency.start.isoformat() if agency.start else None,
        "to": agency.end.isoformat() if agency.end else None,
        "successors": list(agency.successors),
    }


def agencies_document(plan: Plan) -> Document:
    """Give `cchc-agencies/1`."""
    return {
        "format": "cchc-agencies/1",
        "plan": plan.code,
        "agencies": [agency_document(agency) for agency in plan.agencies],
    }


AGENCY_COLUMNS = ["agency", "name", "short", "kind", "parent", "gso", "from", "to"]


def agency_rows(plan: Plan) -> Iterator[list[object]]:
    """Give the cells of each agency, in the order of AGENCY_COLUMNS."""
    for agency in plan.agencies:
        document = agency_document(agency)
        yield [document[column] for column in AGENCY_COLUMNS]
