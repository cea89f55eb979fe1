"""Results of the services, which the reports show. They are here so that neither imports the other."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.verdicts.extent import Extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cchc_cli.domain.calendar.periods import Period, Span
    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.plan.comparison import Change
    from cchc_cli.domain.plan.model import Activity, Agency, Plan, Review
    from cchc_cli.domain.records.evidence import File
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.domain.records.waiver import RecordedWaiver
    from cchc_cli.domain.verdicts.findings import Finding, Summary
    from cchc_cli.domain.verdicts.rules import CutOff


class ImportAction(StrEnum):
    """What an import did, or would do."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class ImportResult(NamedTuple):
    """The outcome of an import; `bundled` is the plan file's path if it came with the program.

    `notes` point out content that is valid, but perhaps not intended.
    """

    plan: Plan
    result: ImportAction
    dry_run: bool
    changes: list[Change]
    notes: list[Message]
    bundled: str | None = None


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


class RowError(NamedTuple):
    """An error in a rows file; row 1 is the header."""

    row: int
    column: str
    what: Message


MAX_ROW_ERRORS = 1000
"""The most errors of one rows file that are listed; the rest are only counted."""


class RowsOutcome:
    """The outcome of `log --file`, or of its dry run."""

    def __init__(self, dry_run: bool) -> None:  # noqa: FBT001 - the only argument
        """Start with all counts at 0."""
        self.dry_run = dry_run
        self.plan = ""
        """The code of the plan of the rows."""
        self.several_plans = False
        """Whether the database has other plans too, so that the answer must name this one."""
        self.created = self.updated = self.unchanged = self.rejected = 0
        self.errors: list[RowError] = []
        self.shared: dict[str, list[int]] = {}
        """Evidence of these rows that several records have: address or SHA-256 to the numbers of the records."""
        self.grouped: set[str] = set()
        """Examples of amounts that were read as decimals, but whose sign may group thousands."""

    def reject(self, row: int, faults: Iterable[tuple[str, Message]]) -> None:
        """Count a rejected row, and keep its errors."""
        self.rejected += 1
        room = MAX_ROW_ERRORS - len(self.errors)
        self.errors.extend([RowError(row, column, what) for column, what in faults][: max(room, 0)])


class PlanVersion(NamedTuple):
    """One imported version of a plan; `source` is the file's text, `digest` its SHA-256."""

    version: int
    digest: str
    source: str
    author: str
    recorded_at: datetime


class HealthNote(NamedTuple):
    """A problem that `doctor` reports: its kind for scripts, and the message."""

    kind: str
    what: Message


class HealthReport(NamedTuple):
    """The result of the health check (`doctor`): facts by name, and problems."""

    facts: list[tuple[Message, Message]]
    notes: list[HealthNote]

    @property
    def ok(self) -> bool:
        """Whether there are no problems; evidence shared by several records may be intended."""
        return all(note.kind == "shared" for note in self.notes)


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


class Assessment(NamedTuple):
    """The answer of `status`: the question, and every finding in the order of the plan."""

    plan: Plan
    cutoff: CutOff
    window: Period
    findings: Sequence[Finding]
    summary: Summary
    by_agency: dict[str, Summary]
    """The agencies that owe something, furthest behind first."""
    chain: Head
    known_at: datetime | None
    extent: Extent = Extent()


ClosedVerdict = tuple[
    str, str, str, str, str, str, int | None, int | None, int | None, int, str, str | None, str
]
"""A verdict as stored for a closed review: agency, activity, requirement, period, from, to, at_least, at_most, value
(thousandths), executions, status, reason, basis."""


class ClosedReview(NamedTuple):
    """A closed review: the question, and what its verdicts are based on."""

    no: int
    review: str
    window: Span
    cutoff: CutOff
    known: int
    """The number of the last change that the verdicts are based on."""
    head: str
    """The link of that change."""
    plan_digest: str
    rules: int
    """The number of the rule set that was applied."""
    author: str = ""
    recorded_at: datetime | None = None


class VerdictDifference(NamedTuple):
    """A verdict that differs from the one stored when the review was closed, and what was recorded since."""

    old: ClosedVerdict | None
    new: ClosedVerdict | None
    reasons: list[Message]


class Report(NamedTuple):
    """The content of a report, independent of its format."""

    assessment: Assessment
    review: Review | None
    """The review that was asked for; None if a period was."""
    executions: Sequence[Recorded]
    """Executions in the window up to the cut-off, without voided ones, by date, then in the order of logging."""
    waivers: Sequence[RecordedWaiver]
    """The waivers in force that overlap the window, in the order of recording."""
    closed_at: datetime | None = None
    """When the review was closed; None if the report is not of a closed review."""
    rules: int | None = None
    """The rule set of a closed review if it is not the current one; then the stored verdicts are reported."""
