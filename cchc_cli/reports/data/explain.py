"""`explain` as JSON (docs/json.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.records.execution import is_late
from cchc_cli.reports.data.executions import execution_document
from cchc_cli.reports.data.plans import requirement_document
from cchc_cli.reports.data.status import finding_document
from cchc_cli.reports.data.waivers import waiver_record

if TYPE_CHECKING:
    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.verdicts.explanation import ConsideredExecution, ExplainedObligation, Explanation
    from cchc_cli.domain.verdicts.rules import CutOff
    from cchc_cli.reports.data.formats import Document


def explain_document(explanation: Explanation) -> Document:
    """Give `cchc-explain/1`."""
    plan, activity, window = explanation.plan, explanation.activity, explanation.window
    return {
        "format": "cchc-explain/1",
        "plan": plan.code,
        "as_of": explanation.cutoff.day.isoformat(),
        "day_over": explanation.cutoff.over,
        "known_at": explanation.known_at.isoformat() if explanation.known_at else None,
        "window": {"label": window.label, **_span_document(window.span)},
        "agency": explanation.agency.code,
        "agency_name": explanation.agency.name,
        "activity": activity.code,
        "activity_title": activity.title,
        "text": activity.text,
        "schedule": activity.schedule,
        "unit": {"code": activity.unit.code, "name": activity.unit.name},
        "requirements": [requirement_document(one) for one in explanation.requirements],
        "obligations": [
            _obligation_document(one, plan, explanation.cutoff) for one in explanation.obligations
        ],
    }


def _span_document(span: Span) -> Document:
    return {"from": span.start.isoformat(), "to": span.end.isoformat()}


def _obligation_document(explained: ExplainedObligation, plan: Plan, cutoff: CutOff) -> Document:
    obligation = explained.finding.obligation
    return {
        **finding_document(explained.finding),
        "days": obligation.span.days,
        "elapsed": cutoff.elapsed(obligation.span),
        "full": {**_span_document(obligation.slot.full), "days": obligation.slot.full.days},
        "whole": obligation.slot.whole or obligation.span == obligation.slot.full,
        "row": explained.row.value,
        "records": [_record_document(looked, plan) for looked in explained.executions],
        "waivers": [waiver_record(recorded) for recorded in explained.waivers],
    }


def _record_document(looked: ConsideredExecution, plan: Plan) -> Document:
    return {
        **execution_document(looked.recorded),
        "counted": looked.exclusion is None,
        "why": looked.exclusion.value if looked.exclusion else None,
        **({} if plan.log_within_days is None else {"late": is_late(looked.recorded, plan)}),
    }
