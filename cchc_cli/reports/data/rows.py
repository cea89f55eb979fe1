"""The result of `log --file` as JSON and CSV."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import decimal_text, json_number
from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.language.amounts import Amount
    from cchc_cli.domain.records.doubts import Doubt
    from cchc_cli.domain.results.rows import RowsOutcome
    from cchc_cli.reports.data.formats import Document

ROW_COLUMNS = [
    *("file", "row", "result", "no", "agency", "activity", "date", "amount", "form", "repeat", "title"),
    *("external_id", "doubts"),
]


def rows_document(outcome: RowsOutcome) -> Document:
    """Give `cchc-rows/1`; in a dry run with every row."""
    files = outcome.files
    document: Document = {
        "format": "cchc-rows/1",
        "plan": outcome.plan,
        "dry_run": outcome.dry_run,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "superseded": outcome.superseded,
        "rejected": outcome.rejected,
        "change": outcome.change,
        "errors": [
            {
                "file": files[error.file],
                "row": error.row,
                "column": error.column,
                "message": render(error.what),
            }
            for error in outcome.errors
        ],
        **_pointed_out(outcome),
    }
    if outcome.dry_run:
        doubts = _doubts_by_row(outcome)
        document["rows"] = [
            {
                **dict(zip(ROW_COLUMNS, row, strict=True)),
                "amount": json_number(one.amount),
                "doubts": [_doubt_document(doubt) for doubt in doubts.get((one.file, one.row), ())],
            }
            for one, row in zip(outcome.rows, row_values(outcome), strict=True)
        ]
    return document


def _pointed_out(outcome: RowsOutcome) -> Document:
    """Give what a person should look at."""
    files = outcome.files
    return {
        "superseded_rows": [
            {"file": files[one.file], "row": one.row, "no": one.no} for one in outcome.superseded_rows
        ],
        "shared_ids": [
            {"file": files[one.file], "row": one.row, "external_id": one.external_id, "no": one.no}
            for one in outcome.shared_ids
        ],
        "new_bytes": [
            {"file": files[one.file], "row": one.row, "evidence": one.name, "no": one.no}
            for one in outcome.new_bytes
        ],
        "owes_nothing": [
            {
                "file": files[one.file],
                "row": one.row,
                "agency": one.agency.code,
                "activity": one.activity.code,
                "rows": one.rows,
            }
            for one in outcome.idle
        ],
        "notes": [{"file": files[file], "message": render(what)} for file, what in outcome.notes],
    }


def row_values(outcome: RowsOutcome) -> Iterator[list[object]]:
    """Give how each row was read, in the order of ROW_COLUMNS."""
    doubts = _doubts_by_row(outcome)
    return (
        [
            outcome.files[one.file],
            one.row,
            one.result,
            one.no,
            one.agency,
            one.activity,
            one.day.isoformat(),
            decimal_text(one.amount),
            one.form,
            one.repeat,
            one.title,
            one.external_id,
            "; ".join(f"{doubt.column}: {doubt.kind}" for doubt in doubts.get((one.file, one.row), ())),
        ]
        for one in outcome.rows
    )


def _doubts_by_row(outcome: RowsOutcome) -> dict[tuple[int, int], list[Doubt]]:
    found: dict[tuple[int, int], list[Doubt]] = defaultdict(list)
    for file, row, doubt in outcome.doubts:
        found[file, row].append(doubt)
    return found


def _doubt_document(doubt: Doubt) -> Document:
    return {
        "column": doubt.column,
        "kind": doubt.kind,
        "text": doubt.text,
        "read": _plain(doubt.read),
        "other": None if doubt.other is None else _plain(doubt.other),
    }


def _plain(value: dt.date | Amount) -> object:
    return value.isoformat() if isinstance(value, dt.date) else json_number(value.thousandths)
