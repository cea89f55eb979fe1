"""The result of `log --file` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.locale import render

if TYPE_CHECKING:
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.reports.data.formats import Document


def rows_document(outcome: RowsOutcome) -> Document:
    """Give `cchc-rows/1`."""
    return {
        "format": "cchc-rows/1",
        "plan": outcome.plan,
        "dry_run": outcome.dry_run,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": outcome.rejected,
        "change": outcome.change,
        "errors": [
            {"row": error.row, "column": error.column, "message": render(error.what)}
            for error in outcome.errors
        ],
    }
