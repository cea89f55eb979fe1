"""Results as JSON documents and CSV: what scripts may rely on, in no language (docs/json.md)."""

from __future__ import annotations

import csv
import io
import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from cchc_cli.domain.language.amounts import decimal_text, plain
from cchc_cli.domain.language.text import guarded
from cchc_cli.domain.plan.model import Basis, By, Per
from cchc_cli.domain.records.execution import is_late
from cchc_cli.domain.verdicts.rules import Status
from cchc_cli.locale import render
from cchc_cli.reports.wording.about import agencies_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.comparison import Change
    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Requirement
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.results import Assessment, Checkup, Entry, Import, PlanVersion, Proof, RowsOutcome
    from cchc_cli.domain.verdicts.findings import Figures, Finding, Summary

Document = dict[str, Any]
_STATUSES = (
    Status.MET,
    Status.PARTIAL,
    Status.MISSED,
    Status.PENDING,
    Status.AT_RISK,
    Status.UPCOMING,
    Status.WAIVED,
)


def to_json(document: Document) -> str:
    """Write one JSON document; in it a terminal finds nothing to act on, a reader every text as it is."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char == "\n" or char.isprintable() else json.dumps(char)[1:-1] for char in text)


def to_csv(columns: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Write CSV line by line, quoted where needed, CR LF after each as RFC 4180 has it.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in chain([columns], rows):
        writer.writerow(map(_cell, columns, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(column: str, value: object) -> object:
    if value is None:
        return ""
    # An amount is written as text to keep all its decimals, but it is a number: -2 stays -2.
    return guarded(value) if isinstance(value, str) and column != "amount" else value


def number(thousandths: int | None) -> int | float | None:
    """Give an amount as a JSON number; null where there is none."""
    return None if thousandths is None else plain(thousandths)


def import_document(outcome: Import) -> Document:
    """Give `cchc-import/1`."""
    plan = outcome.plan
    return {
        "format": "cchc-import/1",
        "plan": plan.code,
        "result": outcome.result.value,
        "dry_run": outcome.dry_run,
        "agencies": len(plan.agencies),
        "activities": len(plan.activities),
        "requirements": plan.requirement_count,
        "changes": [_change(change) for change in outcome.changes],
    }


def _change(change: Change) -> Document:
    return {
        "action": change.action.value,
        "section": change.section,
        "code": change.code,
        "field": change.field,
        "old": change.old,
        "new": change.new,
    }


def comparison_document(plan: str, old: int, new: int, changes: Iterable[Change]) -> Document:
    """Give `cchc-plan-changes/1`: what one version of a plan has that an older one has not."""
    return {
        "format": "cchc-plan-changes/1",
        "plan": plan,
        "from_version": old,
        "to_version": new,
        "changes": [_change(change) for change in changes],
    }


def plan_versions_document(plan: Plan, versions: Iterable[PlanVersion]) -> Document:
    """Give `cchc-plan-versions/1`."""
    return {
        "format": "cchc-plan-versions/1",
        "plan": plan.code,
        "versions": [
            {
                "version": version.version,
                "sha256": version.digest,
                "author": version.author,
                "imported_at": version.recorded_at.isoformat(),
            }
            for version in versions
        ],
    }


def execution_document(recorded: Recorded) -> Document:
    """Give one execution as it stands in `cchc-log/1`."""
    execution = recorded.execution
    return {
        "id": str(recorded.uid),
        "no": recorded.no,
        "agency": execution.agency,
        "activity": execution.activity,
        "date": execution.day.isoformat(),
        "amount": plain(execution.amount),
        "form": execution.form,
        "repeat": execution.repeat,
        "title": execution.title,
        "evidence": list(execution.evidence),
        "note": execution.note,
        "recorded_at": recorded.recorded_at.isoformat(),
    }


def log_document(entry: Entry) -> Document:
    """Give `cchc-log/1`."""
    return {
        "format": "cchc-log/1",
        "plan": entry.plan.code,
        "executions": [execution_document(entry.recorded)],
        "findings": [finding_document(finding) for finding in entry.findings],
    }


def verify_document(head: Head, problems: list[tuple[str, Message]]) -> Document:
    """Give `cchc-verify/1`."""
    return {
        "format": "cchc-verify/1",
        "ok": not problems,
        "count": head.links,
        "head": head.link,
        "problems": [{"kind": kind, "message": render(what)} for kind, what in problems],
    }


def evidence_document(no: int, proofs: Iterable[Proof], saved: Iterable[Path]) -> Document:
    """Give `cchc-evidence/1`."""
    return {
        "format": "cchc-evidence/1",
        "no": no,
        "evidence": [
            {
                "url": None if proof.file else proof.address,
                "name": proof.file.name if proof.file else None,
                "sha256": proof.file.digest if proof.file else None,
                "bytes": proof.size,
            }
            for proof in proofs
        ],
        "saved": [str(path) for path in saved],
    }


def doctor_document(checkup: Checkup) -> Document:
    """Give `cchc-doctor/1`."""
    return {
        "format": "cchc-doctor/1",
        "ok": checkup.ok,
        "facts": {str(name): render(value) for name, value in checkup.facts},
        "notes": [{"kind": note.kind, "message": render(note.what)} for note in checkup.notes],
    }


def settings_document(settings: Iterable[tuple[str, str | None, str]]) -> Document:
    """Put settings into `cchc-config/1`: name, value as it may be shown, where it comes from."""
    return {
        "format": "cchc-config/1",
        "settings": [
            {"name": name, "value": value, "origin": str(origin)} for name, value, origin in settings
        ],
    }


def waiver_document(recorded: RecordedWaiver) -> Document:
    """Give `cchc-waiver/1`."""
    return {
        "format": "cchc-waiver/1",
        "plan": recorded.plan,
        **waiver_keys(recorded),
        "obligations": recorded.covered,
    }


def waivers_document(plan: Plan, waivers: Iterable[RecordedWaiver]) -> Document:
    """Give `cchc-waivers/1`."""
    return {
        "format": "cchc-waivers/1",
        "plan": plan.code,
        "waivers": [waiver_keys(recorded) for recorded in waivers],
    }


def waiver_keys(recorded: RecordedWaiver) -> Document:
    """Give a waiver as it stands in `cchc-waivers/1`."""
    waiver = recorded.waiver
    return {
        "no": recorded.no,
        "agency": waiver.agency,
        "activity": waiver.activity,
        "requirement": waiver.requirement,
        "from": waiver.span.start.isoformat(),
        "to": waiver.span.end.isoformat(),
        "reason": waiver.reason,
        "document": waiver.document,
        "ended": recorded.ended,
        "author": recorded.author,
        "recorded_at": recorded.recorded_at.isoformat(),
    }


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
        "errors": [
            {"row": error.row, "column": error.column, "message": render(error.what)}
            for error in outcome.errors
        ],
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
        "at_least": number(obligation.bounds.at_least),
        "at_most": number(obligation.bounds.at_most),
        "value": number(finding.value),
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


def _summary(summary: Summary) -> Document:
    return {
        "obligations": summary.obligations,
        **{status.value: summary.of(status) for status in _STATUSES},
        "untouched": summary.untouched(),
        **_figures(summary.figures()),
        **{
            f"{name}_{basis.value}": value
            for basis in Basis
            for name, value in _figures(summary.figures(basis)).items()
        },
    }


def _figures(figures: Figures) -> Document:
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
        "summary": _summary(assessment.summary),
        "agencies": [
            {
                "agency": agency.code,
                "name": agency.name,
                **_summary(assessment.by_agency[agency.code]),
            }
            for agency in agencies_of(assessment)
        ],
    }
    if findings:
        document["findings"] = [finding_document(finding) for finding in assessment.findings]
    return document


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


def plan_document(plan: Plan) -> Document:
    """Give `cchc-plan/1`: what the plan asks for, in the keys of the plan file."""
    return {
        "format": "cchc-plan/1",
        "plan": plan.code,
        "title": plan.title,
        "issuer": plan.issuer,
        "number": plan.number,
        "published": plan.published.isoformat() if plan.published else None,
        "effective": {"from": plan.effective.start.isoformat(), "to": plan.effective.end.isoformat()},
        "agencies": len(plan.agencies),
        "forms": [{"form": form.code, "name": form.name, "section": form.section} for form in plan.forms],
        "reviews": [
            {
                "review": review.code,
                "name": review.name,
                "from": review.span.start.isoformat(),
                "to": review.span.end.isoformat(),
                "due": review.due.isoformat() if review.due else None,
            }
            for review in plan.reviews
        ],
        "activities": [_activity(activity) for activity in plan.activities],
    }


def _activity(activity: Activity) -> Document:
    return {
        "activity": activity.code,
        "alias": activity.alias,
        "title": activity.title,
        "text": activity.text,
        "schedule": activity.schedule,
        "kind": activity.kind.value,
        "unit": {"code": activity.unit.code, "name": activity.unit.name},
        "forms": list(activity.forms),
        "roles": {
            "lead": list(activity.roles.lead),
            "coordinate": list(activity.roles.coordinate),
            "perform": list(activity.roles.perform),
        },
        "methods": list(activity.methods),
        "requirements": [requirement_document(requirement) for requirement in activity.requirements],
    }


def requirement_document(requirement: Requirement) -> Document:
    """Give one requirement as it stands in `cchc-plan/1`."""
    return {
        "requirement": requirement.code,
        "owed_by": list(requirement.owed_by),
        "measure": requirement.measure.value,
        "at_least": number(requirement.at_least),
        "at_most": number(requirement.at_most),
        **_window(requirement),
        "where": {
            "forms": list(requirement.where.forms),
            "repeats": "include" if requirement.where.repeats else "exclude",
            "amount_at_least": number(requirement.where.amount_at_least),
        },
        "from": requirement.start.isoformat() if requirement.start else None,
        "to": requirement.end.isoformat() if requirement.end else None,
        "partial": requirement.when_cut.value,
        "basis": requirement.basis.value,
        "quote": requirement.quote,
        "note": requirement.note,
    }


def _window(requirement: Requirement) -> Document:
    match requirement.window:
        case Per(name):
            return {"per": name}
        case By(day, inclusive):
            return {"by" if inclusive else "before": day.isoformat()}
        case schedule:
            return {"schedule": {"rrule": schedule.rrule, "tolerance_days": schedule.tolerance_days}}
