"""Answers of `history` and `evidence`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Activity, Agency, Plan
    from cchc_cli.domain.records.evidence import File


class EvidenceItem(NamedTuple):
    """One piece of evidence of a record; `size` is that of the stored copy of a file, None without a copy."""

    address: str
    file: File | None
    size: int | None


class EmptyHistory(NamedTuple):
    """Why a history is empty: the filters, and the number of records without each of them."""

    plan: Plan
    agency: Agency | None
    activity: Activity | None
    span: Span | None
    without: dict[str, int]
    """By option: the number of records if that option is omitted."""
    every: int
    """The number of records without any of these options."""
