"""Waivers as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.reports.data.formats import Document


def waiver_document(recorded: RecordedWaiver, *, dry_run: bool = False) -> Document:
    """Give `cchc-waiver/1`, with `dry_run` as it would be."""
    return {
        "format": "cchc-waiver/1",
        "plan": recorded.plan,
        **({"dry_run": True} if dry_run else {}),
        **waiver_record(recorded),
        "obligations": recorded.covered,
    }


def waivers_document(plan: Plan, waivers: Iterable[RecordedWaiver], *, dry_run: bool = False) -> Document:
    """Give `cchc-waivers/1`, with `dry_run` as they would be."""
    return {
        "format": "cchc-waivers/1",
        "plan": plan.code,
        **({"dry_run": True} if dry_run else {}),
        "waivers": [
            {
                **waiver_record(recorded),
                **({} if recorded.covered is None else {"obligations": recorded.covered}),
            }
            for recorded in waivers
        ],
    }


def waiver_record(recorded: RecordedWaiver) -> Document:
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
