"""What `log` did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.verdicts.findings import Finding


class CorrectedRecords(NamedTuple):
    """The outcome of a command that corrected several records: their new versions, and the findings that they count for."""

    plan: Plan
    """With the agencies of the records."""
    records: list[Recorded]
    findings: list[Finding]


class LogResult(NamedTuple):
    """The outcome of `log`: the record, the findings that it counts for, and those that it does not."""

    plan: Plan
    recorded: Recorded
    findings: list[Finding]
    same_as: int | None
    """The number of an earlier record with the same content."""
    uncounted: list[tuple[str, Message]]
    """Requirements that the agency owes but the record does not count for, with the reason."""
    shared: dict[str, list[int]]
    """Evidence that other records have too, as stored here, with the numbers of those records."""
    several_plans: bool = False
    """Whether the database has other plans too, so that the answer must name this one."""
    already_recorded: bool = False
    """Whether an earlier run of the same command recorded it, but was stopped before it answered."""
    restored_files: tuple[str, ...] = ()
    """The names of files of its evidence that were missing in the store and are back."""
