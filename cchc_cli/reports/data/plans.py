"""Plans, their versions and imports as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.amounts import optional_json_number
from cchc_cli.domain.plan.model import By, Per

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.plan.comparison import Change
    from cchc_cli.domain.plan.model import Activity, Plan, Requirement
    from cchc_cli.domain.results.plan_import import ImportResult
    from cchc_cli.domain.results.plan_versions import PlanVersion
    from cchc_cli.reports.data.formats import Document


def import_document(outcome: ImportResult) -> Document:
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
        "changes": [change_document(change) for change in outcome.changes],
    }


def change_document(change: Change) -> Document:
    """Give one difference between two plans."""
    return {
        "action": change.action.value,
        "section": change.section,
        "code": change.code,
        "field": change.field,
        "old": change.old,
        "new": change.new,
    }


def comparison_document(plan: str, old: int, new: int, changes: Iterable[Change]) -> Document:
    """Give `cchc-plan-changes/1`: the differences between two versions of a plan."""
    return {
        "format": "cchc-plan-changes/1",
        "plan": plan,
        "from_version": old,
        "to_version": new,
        "changes": [change_document(change) for change in changes],
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
        "activities": [activity_document(activity) for activity in plan.activities],
    }


def activity_document(activity: Activity) -> Document:
    """Give one activity as it stands in `cchc-plan/1`."""
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
        "at_least": optional_json_number(requirement.at_least),
        "at_most": optional_json_number(requirement.at_most),
        **window_document(requirement),
        "where": {
            "forms": list(requirement.where.forms),
            "repeats": "include" if requirement.where.repeats else "exclude",
            "amount_at_least": optional_json_number(requirement.where.amount_at_least),
        },
        "from": requirement.start.isoformat() if requirement.start else None,
        "to": requirement.end.isoformat() if requirement.end else None,
        "partial": requirement.when_cut.value,
        "basis": requirement.basis.value,
        "quote": requirement.quote,
        "note": requirement.note,
    }


def window_document(requirement: Requirement) -> Document:
    """Give when a requirement is due, in the key of the plan file."""
    match requirement.window:
        case Per(name):
            return {"per": name}
        case By(day, inclusive):
            return {"by" if inclusive else "before": day.isoformat()}
        case schedule:
            return {"schedule": {"rrule": schedule.rrule, "tolerance_days": schedule.tolerance_days}}
