"""What the uses of this program give back: seen by services, which make them, and by reports."""

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
    """The outcome of an import; `bundled` is the plan file's place where it came with the program.

    `notes` point out what the file may say, but its author may not have meant.
    """

    plan: Plan
    result: ImportAction
    dry_run: bool
    changes: list[Change]
    notes: list[Message]
    bundled: str | None = None


class LogResult(NamedTuple):
    """What `log` did: the record, the findings it counts for, and why it counts for no more."""

    plan: Plan
    recorded: Recorded
    findings: list[Finding]
    same_as: int | None
    """The number of an earlier record with the same content."""
    uncounted: list[tuple[str, Message]]
    """Requirements that the agency owes and the record does not count for, with the reason."""
    shared: dict[str, list[int]]
    """Evidence that other records have too, as recorded here, with their numbers."""
    several_plans: bool = False
    """The database holds other plans too, so that the answer should name this one."""
    already_recorded: bool = False
    """An earlier run of the same command had recorded it already and could not say so."""


class RowError(NamedTuple):
    """What is wrong in a rows file; row 1 is the heading."""

    row: int
    column: str
    what: Message


MAX_ROW_ERRORS = 1000
"""So many errors of one rows file are told in full; the rest are counted."""


class RowsOutcome:
    """What `log --file` did, or would do."""

    def __init__(self, dry_run: bool) -> None:  # noqa: FBT001 - the one thing known beforehand
        """Begin with nothing done."""
        self.dry_run = dry_run
        self.plan = ""
        """The code of the plan that they were recorded under."""
        self.several_plans = False
        """The database holds other plans too, so that the answer should name this one."""
        self.created = self.updated = self.unchanged = self.rejected = 0
        self.errors: list[RowError] = []
        self.shared: dict[str, list[int]] = {}
        """Evidence of these rows that several records have, by address or SHA-256, with their numbers."""
        self.grouped: set[str] = set()
        """Some of the amounts that were read with decimals, though their sign may stand between thousands."""

    def reject(self, row: int, faults: Iterable[tuple[str, Message]]) -> None:
        """Count a row that cannot be recorded, and keep what is wrong with it."""
        self.rejected += 1
        room = MAX_ROW_ERRORS - len(self.errors)
        self.errors.extend([RowError(row, column, what) for column, what in faults][: max(room, 0)])


class PlanVersion(NamedTuple):
    """A plan as it was imported once; `source` is the file's text, `digest` its SHA-256."""

    version: int
    digest: str
    source: str
    author: str
    recorded_at: datetime


class HealthNote(NamedTuple):
    """Something that `doctor` thinks should be looked at: its kind for scripts, and the sentence."""

    kind: str
    what: Message


class HealthReport(NamedTuple):
    """What `doctor` found: facts by name, and what needs doing."""

    facts: list[tuple[Message, Message]]
    notes: list[HealthNote]

    @property
    def ok(self) -> bool:
        """Whether nothing needs doing; evidence that several records share may be meant."""
        return all(note.kind == "shared" for note in self.notes)


class EvidenceItem(NamedTuple):
    """One piece of evidence of a record; of a file how large the kept copy is, None where there is none."""

    address: str
    file: File | None
    size: int | None


class EmptyHistory(NamedTuple):
    """Why a history is empty: what was asked for, and how many records there are without a part of that."""

    plan: Plan
    agency: Agency | None
    activity: Activity | None
    span: Span | None
    without: dict[str, int]
    """By the option that alone leaves nothing."""
    every: int
    """How many there are with none of these options."""


class Assessment(NamedTuple):
    """The answer of `status`: what was asked of which plan, every finding in the order of the plan."""

    plan: Plan
    cutoff: CutOff
    window: Period
    findings: Sequence[Finding]
    summary: Summary
    by_agency: dict[str, Summary]
    """Of the agencies that owe something, furthest behind first."""
    chain: Head
    known_at: datetime | None
    extent: Extent = Extent()


ClosedVerdict = tuple[
    str, str, str, str, str, str, int | None, int | None, int | None, int, str, str | None, str
]
"""A verdict as a closing keeps it: agency, activity, requirement, period, from, to, at_least, at_most, value
(thousandths), executions, status, reason, basis."""


class ClosedReview(NamedTuple):
    """A review that was closed: what was asked, and what the verdicts rest on."""

    no: int
    review: str
    window: Span
    cutoff: CutOff
    known: int
    """The last change that the verdicts rest on."""
    head: str
    """The link of that change."""
    plan_digest: str
    rules: int
    """The number of the rule set by which it was judged."""
    author: str = ""
    recorded_at: datetime | None = None


class VerdictDifference(NamedTuple):
    """A verdict that is not what it was when a review was closed, and what was recorded since."""

    old: ClosedVerdict | None
    new: ClosedVerdict | None
    reasons: list[Message]


class Report(NamedTuple):
    """What a report that people hand on tells, whatever its format."""

    assessment: Assessment
    review: Review | None
    """The review that was asked for, where it was one and not a period."""
    executions: Sequence[Recorded]
    """What was done in the window up to the cut-off and not voided, by date, then in the order of logging."""
    waivers: Sequence[RecordedWaiver]
    """The waivers in force that touch the window, in the order of recording."""
    closed_at: datetime | None = None
    """When the review was closed, where the report is of a closed one."""
    rules: int | None = None
    """The rule set that judged a closed review, where it is not today's: its verdicts are those that were kept."""
