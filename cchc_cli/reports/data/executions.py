"""Records as JSON and CSV: the results of `log`, `amend`, `void` and `history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import decimal_text, json_number
from cchc_cli.domain.records.execution import is_late
from cchc_cli.reports.data.status import finding_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.recording import LogResult
    from cchc_cli.domain.verdicts.findings import Finding
    from cchc_cli.reports.data.formats import Document


def execution_document(recorded: Recorded) -> Document:
    """Give one execution as it stands in `cchc-log/1`."""
    execution = recorded.execution
    return {
        "id": str(recorded.uid),
        "no": recorded.no,
        "agency": execution.agency,
        "activity": execution.activity,
        "date": execution.day.isoformat(),
        "amount": json_number(execution.amount),
        "form": execution.form,
        "repeat": execution.repeat,
        "title": execution.title,
        "evidence": list(execution.evidence),
        "note": execution.note,
        "recorded_at": recorded.recorded_at.isoformat(),
        "change": recorded.change,
    }


def log_document(entry: LogResult) -> Document:
    """Give `cchc-log/1` of one record."""
    return corrections_document(entry.plan, [entry.recorded], entry.findings)


def corrections_document(
    plan: Plan, records: Iterable[Recorded], findings: Iterable[Finding], *, dry_run: bool = False
) -> Document:
    """Give `cchc-log/1` of some records, with `dry_run` as they would be."""
    return {
        "format": "cchc-log/1",
        "plan": plan.code,
        **({"dry_run": True} if dry_run else {}),
        "executions": [execution_document(recorded) for recorded in records],
        "findings": [finding_document(finding) for finding in findings],
    }


def history_document(records: Iterable[Recorded], plan: Plan) -> Document:
    """Give `cchc-history/1`."""
    return {
        "format": "cchc-history/1",
        "plan": plan.code,
        "executions": [
            {
                **execution_document(recorded),
                "voided": recorded.voided,
                "version": recorded.version,
                "author": recorded.author,
                "reason": recorded.reason,
                **({} if plan.log_within_days is None else {"late": is_late(recorded, plan)}),
            }
            for recorded in records
        ],
    }


_HISTORY_COLUMNS = [
    "no",
    "date",
    "agency",
    "activity",
    "amount",
    "form",
    "repeat",
    "title",
    "evidence",
    "note",
    "external_id",
    "id",
    "version",
    "voided",
    "author",
    "reason",
    "recorded_at",
]


def history_columns(plan: Plan) -> list[str]:
    """Name the columns of a history in CSV."""
    return _HISTORY_COLUMNS if plan.log_within_days is None else [*_HISTORY_COLUMNS, "late"]


def history_rows(records: Iterable[Recorded], plan: Plan) -> Iterator[list[object]]:
    """Give the cells of each record, in the order of `history_columns`."""
    for recorded in records:
        execution = recorded.execution
        yield [
            recorded.no,
            execution.day.isoformat(),
            execution.agency,
            execution.activity,
            decimal_text(execution.amount),
            execution.form,
            "yes" if execution.repeat else "",
            execution.title,
            "\n".join(execution.evidence),
            execution.note,
            execution.external_id,
            recorded.uid,
            recorded.version,
            "yes" if recorded.voided else "",
            recorded.author,
            recorded.reason,
            recorded.recorded_at.isoformat(),
            *([] if plan.log_within_days is None else ["yes" if is_late(recorded, plan) else ""]),
        ]
