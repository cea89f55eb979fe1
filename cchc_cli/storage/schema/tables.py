"""The tables.

Rows of the tables of record are only ever added: plan versions, execution versions, waiver versions, closings,
and the changes that added them. All other tables can be computed from them: the latest plan, the sums, the index of
evidence.

A version is in force from the change `seq` up to, not including, `until_seq`; the latest has
`until_seq = OPEN`. So the condition `seq <= K < until_seq` selects the state that was known
after change K, and `until_seq = OPEN` the present state.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from cchc_cli.storage.schema.columns import Moment
from cchc_cli.storage.schema.versions import OPEN

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_Json = list[Any] | dict[str, Any]


def _check_words(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_word")


def _foreign_key_in_plan(table: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """Make a foreign key to a row of the same plan, so that no row can mix two plans."""
    return ForeignKeyConstraint(["plan_id", column], [f"{table}.plan_id", f"{table}.id"], **options)


class ChangeRow(SQLModel, table=True):
    """One command that wrote something: its number in the order of all changes, its moment, author and action."""

    __tablename__: ClassVar[Any] = "change"
    __table_args__ = (CheckConstraint("seq > 0", name="seq_positive"),)

    seq: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime = Field(sa_type=Moment)
    author: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)


class LinkRow(SQLModel, table=True):
    """The link of one change: a digest of the rows that it added, chained to the change before it."""

    __tablename__: ClassVar[Any] = "link"
    __table_args__ = (
        CheckConstraint("length(content) = 64", name="content_length"),
        CheckConstraint("length(link) = 64", name="link_length"),
    )

    seq: int = Field(
        sa_type=BigInteger,
        primary_key=True,
        foreign_key="change.seq",
        sa_column_kwargs={"autoincrement": False},
    )
    content: str = Field(sa_type=Text)
    link: str = Field(sa_type=Text)


class PlanRow(SQLModel, table=True):
    """A plan's head, as of its latest import."""

    __tablename__: ClassVar[Any] = "plan"
    __table_args__ = (CheckConstraint("effective_from <= effective_to", name="effective_order"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_type=Text, unique=True)
    title: str = Field(sa_type=Text)
    issuer: str | None = Field(sa_type=Text)
    number: str | None = Field(sa_type=Text)
    published: date | None = Field(sa_type=Date)
    effective_from: date = Field(sa_type=Date)
    effective_to: date = Field(sa_type=Date)
    timezone: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    log_within_days: int | None
    basis: _Json = Field(sa_type=JSON)
    goals: _Json = Field(sa_type=JSON)
    topics: _Json = Field(sa_type=JSON)
    calendars: _Json = Field(sa_type=JSON)


class PlanVersionRow(SQLModel, table=True):
    """A plan file as it was imported, byte for byte, and its SHA-256."""

    __tablename__: ClassVar[Any] = "plan_version"
    __table_args__ = (
        CheckConstraint("seq <= until_seq", name="seq_order"),
        CheckConstraint("length(digest) = 64", name="digest_length"),
        Index(
            "uq_plan_version_latest",
            "plan_id",
            unique=True,
            sqlite_where=text(f"until_seq = {OPEN}"),
            postgresql_where=text(f"until_seq = {OPEN}"),
        ),
    )

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    version: int = Field(primary_key=True)
    digest: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    seq: int = Field(sa_type=BigInteger, foreign_key="change.seq")
    until_seq: int = Field(sa_type=BigInteger)


class FormRow(SQLModel, table=True):
    """A form or channel of an execution."""

    __tablename__: ClassVar[Any] = "form"
    __table_args__ = (UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "id"))

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    position: int
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    section: str | None = Field(sa_type=Text)


class ReviewRow(SQLModel, table=True):
    """A review of the plan: the days that it covers, and when it is due."""

    __tablename__: ClassVar[Any] = "review"
    __table_args__ = (CheckConstraint("starts <= ends", name="order"),)

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    code: str = Field(sa_type=Text, primary_key=True)
    position: int
    name: str = Field(sa_type=Text)
    starts: date = Field(sa_type=Date)
    ends: date = Field(sa_type=Date)
    due: date | None = Field(sa_type=Date)


class GroupRow(SQLModel, table=True):
    """A group of agencies."""

    __tablename__: ClassVar[Any] = "agency_group"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    code: str = Field(sa_type=Text, primary_key=True)
    position: int
    name: str = Field(sa_type=Text)
    kinds: _Json = Field(sa_type=JSON)
    agencies: _Json = Field(sa_type=JSON)


class AgencyRow(SQLModel, table=True):
    """An agency, which can have obligations and executions."""

    __tablename__: ClassVar[Any] = "agency"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        UniqueConstraint("plan_id", "id"),
        CheckConstraint("starts <= ends", name="order"),
        CheckConstraint("parent <> code", name="parent_other"),
        ForeignKeyConstraint(
            ["plan_id", "parent"],
            ["agency.plan_id", "agency.code"],
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_agency_parent", "plan_id", "parent"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    position: int
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    short: str | None = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    parent: str | None = Field(sa_type=Text)
    gso: str | None = Field(sa_type=Text)
    aliases: _Json = Field(sa_type=JSON)
    starts: date | None = Field(sa_type=Date)
    ends: date | None = Field(sa_type=Date)
    successors: _Json = Field(sa_type=JSON)


class AgencyNameRow(SQLModel, table=True):
    """One name of an agency: with diacritics, and folded without them.

    A `short` name is one without its words of office and kind; it is tried last.
    """

    __tablename__: ClassVar[Any] = "agency_name"
    __table_args__ = (
        _foreign_key_in_plan("agency", "agency_id", ondelete="CASCADE"),
        Index("ix_agency_name_folded", "plan_id", "folded"),
    )

    plan_id: int = Field(primary_key=True)
    agency_id: int = Field(primary_key=True)
    name: str = Field(sa_type=Text, primary_key=True)
    folded: str = Field(sa_type=Text)
    short: bool


class ActivityRow(SQLModel, table=True):
    """An activity of the plan."""

    __tablename__: ClassVar[Any] = "activity"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        UniqueConstraint("plan_id", "alias"),
        UniqueConstraint("plan_id", "id"),
        _check_words("kind", "flow", "stock", "reading"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    position: int
    code: str = Field(sa_type=Text)
    alias: str | None = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    text: str | None = Field(sa_type=Text)
    schedule: str | None = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    unit_code: str = Field(sa_type=Text)
    unit_name: str = Field(sa_type=Text)
    forms: _Json = Field(sa_type=JSON)
    roles: _Json = Field(sa_type=JSON)
    methods: _Json = Field(sa_type=JSON)


class RequirementRow(SQLModel, table=True):
    """One requirement that can be checked; bounds are in thousandths.

    `partial_given` tells whether the plan file has a value for `partial`; deadlines are read differently with one.
    """

    __tablename__: ClassVar[Any] = "requirement"
    __table_args__ = (
        UniqueConstraint("activity_id", "code"),
        UniqueConstraint("plan_id", "id"),
        _foreign_key_in_plan("activity", "activity_id"),
        _check_words("measure", "executions", "amount", "days", "forms", "gap", "stock", "latest"),
        _check_words("partial", "waive", "full", "prorate"),
        _check_words("basis", "stated", "interpreted"),
        CheckConstraint("at_least IS NOT NULL OR at_most IS NOT NULL", name="bounded"),
        CheckConstraint("at_least > 0", name="at_least_positive"),
        CheckConstraint("at_most >= 0", name="at_most_sign"),
        CheckConstraint("at_least <= at_most", name="bounds_order"),
        CheckConstraint("starts <= ends", name="order"),
        CheckConstraint("tolerance_days >= 0", name="tolerance_sign"),
        CheckConstraint(
            "(per IS NOT NULL AND by_day IS NULL AND rrule IS NULL)"
            " OR (per IS NULL AND by_day IS NOT NULL AND rrule IS NULL)"
            " OR (per IS NULL AND by_day IS NULL AND rrule IS NOT NULL)",
            name="one_window",
        ),
        CheckConstraint("basis <> 'stated' OR quote IS NOT NULL", name="stated_is_quoted"),
        CheckConstraint("basis <> 'interpreted' OR note IS NOT NULL", name="interpreted_is_noted"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int
    activity_id: int
    position: int
    code: str = Field(sa_type=Text)
    owed_by: _Json = Field(sa_type=JSON)
    measure: str = Field(sa_type=Text)
    at_least: int | None = Field(sa_type=BigInteger)
    at_most: int | None = Field(sa_type=BigInteger)
    per: str | None = Field(sa_type=Text)
    by_day: date | None = Field(sa_type=Date)
    by_inclusive: bool
    rrule: str | None = Field(sa_type=Text)
    tolerance_days: int
    where_forms: _Json = Field(sa_type=JSON)
    where_repeats: bool
    where_amount: int | None = Field(sa_type=BigInteger)
    starts: date | None = Field(sa_type=Date)
    ends: date | None = Field(sa_type=Date)
    partial: str = Field(sa_type=Text)
    partial_given: bool
    basis: str = Field(sa_type=Text)
    quote: str | None = Field(sa_type=Text)
    note: str | None = Field(sa_type=Text)


# The same text as in the statements: SQLite uses a partial index only for the same condition.
_LATEST = text(f"until_seq = {OPEN}")
_FOLLOWED = text(f"until_seq != {OPEN}")
_NAMED = text("external_id IS NOT NULL")


class ExecutionRow(SQLModel, table=True):
    """One version of one execution; `amount` is in thousandths.

    `uid` is its identity in any database. `no` is its number for people in this database, and gives the order of
    logging. All versions have the same two. `details` is a digest (`Execution.details`): executions with the same
    agency, activity, day, form and details say the same. One index serves both for that and for counting, since each
    index costs time with every record.
    """

    __tablename__: ClassVar[Any] = "execution"
    __table_args__ = (
        # No foreign key to the plan is needed: the agency is one of that plan.
        _foreign_key_in_plan("agency", "agency_id"),
        _foreign_key_in_plan("activity", "activity_id"),
        _foreign_key_in_plan("form", "form_id"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("no > 0", name="no_positive"),
        CheckConstraint("seq <= until_seq", name="seq_order"),
        CheckConstraint("version = 1 OR reason IS NOT NULL", name="reasoned"),
        Index(
            "ix_execution_counted",
            "agency_id",
            "activity_id",
            "day",
            "details",
            "amount",
            "form_id",
            "repeat",
            "voided",
            "no",
            sqlite_where=_LATEST,
            postgresql_where=_LATEST,
        ),
        Index(
            "ix_execution_followed",
            "agency_id",
            "activity_id",
            "day",
            sqlite_where=_FOLLOWED,
            postgresql_where=_FOLLOWED,
        ),
        Index(
            "uq_execution_latest",
            "no",
            unique=True,
            sqlite_where=_LATEST,
            postgresql_where=_LATEST,
        ),
        # Not unique: records of one agency with one id can come from different databases.
        Index(
            "ix_execution_external",
            "external_id",
            "agency_id",
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
    )

    uid: UUID = Field(sa_type=Uuid, primary_key=True)
    version: int = Field(primary_key=True)
    no: int = Field(sa_type=BigInteger)
    plan_id: int
    agency_id: int
    activity_id: int
    day: date = Field(sa_type=Date)
    amount: int = Field(sa_type=BigInteger)
    form_id: int | None
    repeat: bool
    title: str | None = Field(sa_type=Text)
    note: str | None = Field(sa_type=Text)
    evidence: _Json = Field(sa_type=JSON)
    external_id: str | None = Field(sa_type=Text)
    details: int = Field(sa_type=BigInteger)
    voided: bool
    reason: str | None = Field(sa_type=Text)
    seq: int = Field(sa_type=BigInteger, foreign_key="change.seq")
    until_seq: int = Field(sa_type=BigInteger)


class MonthSumRow(SQLModel, table=True):
    """The number of executions in force in a month, and the sum of their amounts.

    Updated with every version that is added or ended; `verify` compares it with the versions. `month`
    is the month's first day, `form_id` 0 where there is no form.
    """

    __tablename__: ClassVar[Any] = "month_sum"
    __table_args__ = ({"sqlite_with_rowid": False},)

    activity_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    agency_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    month: date = Field(sa_type=Date, primary_key=True)
    form_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    repeat: bool = Field(primary_key=True)
    executions: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)


class EvidenceRow(SQLModel, table=True):
    """An index of the evidence of executions, of all their versions.

    `key` is the SHA-256 of a file, or the web address.
    """

    __tablename__: ClassVar[Any] = "evidence"

    key: str = Field(sa_type=Text, primary_key=True)
    uid: UUID = Field(sa_type=Uuid, primary_key=True)


class EvidencePartRow(SQLModel, table=True):
    """A chunk of a file that is stored in the database: on a server, and in backups."""

    __tablename__: ClassVar[Any] = "evidence_part"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_length"),)

    digest: str = Field(sa_type=Text, primary_key=True)
    place: int = Field(primary_key=True)
    data: bytes = Field(sa_type=LargeBinary)


class WaiverRow(SQLModel, table=True):
    """One version of one waiver: it releases an agency from an activity, or from one requirement of it."""

    __tablename__: ClassVar[Any] = "waiver"
    __table_args__ = (
        UniqueConstraint("no", "version"),
        _foreign_key_in_plan("agency", "agency_id"),
        _foreign_key_in_plan("activity", "activity_id"),
        _foreign_key_in_plan("requirement", "requirement_id"),
        CheckConstraint("starts <= ends", name="order"),
        CheckConstraint("seq <= until_seq", name="seq_order"),
        Index("ix_waiver_agency", "agency_id", "activity_id"),
    )

    uid: UUID = Field(sa_type=Uuid, primary_key=True)
    version: int = Field(primary_key=True)
    no: int = Field(sa_type=BigInteger)
    plan_id: int = Field(foreign_key="plan.id")
    agency_id: int
    activity_id: int
    requirement_id: int | None
    starts: date = Field(sa_type=Date)
    ends: date = Field(sa_type=Date)
    reason: str = Field(sa_type=Text)
    document: str | None = Field(sa_type=Text)
    ended: bool
    seq: int = Field(sa_type=BigInteger, foreign_key="change.seq")
    until_seq: int = Field(sa_type=BigInteger)


class ClosingRow(SQLModel, table=True):
    """A closed review: its verdicts, and what is needed to compute them again.

    `known` is the last change that was taken into account, `head` its link, `plan_digest` the plan file's SHA-256,
    `rules` the number of the rule set.
    Closings have no versions; closing a review again adds another one.
    """

    __tablename__: ClassVar[Any] = "closing"
    __table_args__ = (
        CheckConstraint("starts <= ends", name="order"),
        CheckConstraint("length(head) = 64", name="head_length"),
        CheckConstraint("length(plan_digest) = 64", name="digest_length"),
    )

    no: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    plan_id: int = Field(foreign_key="plan.id")
    review: str = Field(sa_type=Text)
    starts: date = Field(sa_type=Date)
    ends: date = Field(sa_type=Date)
    cutoff: date = Field(sa_type=Date)
    day_over: bool
    known: int = Field(sa_type=BigInteger)
    head: str = Field(sa_type=Text)
    plan_digest: str = Field(sa_type=Text)
    verdicts: str = Field(sa_type=Text)
    rules: int
    seq: int = Field(sa_type=BigInteger, foreign_key="change.seq")
