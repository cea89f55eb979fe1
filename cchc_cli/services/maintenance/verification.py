"""`verify`: checks the hash chain, records, plans, evidence and the database for damage and tampering."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from cchc_cli.domain.language.errors import CchcError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.records.hash_chain import EMPTY_CHAIN, Head
from cchc_cli.services.files.plan_file import parse_plan
from cchc_cli.services.maintenance.closing_check import closing_problems
from cchc_cli.storage.audit.chain import chain_problems, interval_problems
from cchc_cli.storage.audit.plans import latest_sources, plans_without_file, wrong_tables
from cchc_cli.storage.audit.records import (
    integrity_problems,
    part_problems,
    record_problems,
    sum_problems,
)
from cchc_cli.storage.audit.schema_check import Difference, revision_problems, schema_differences
from cchc_cli.storage.audit.values import value_problems
from cchc_cli.storage.changes.changes import Problem, chain_head
from cchc_cli.storage.database.database import is_lock_timeout
from cchc_cli.storage.database.sqlite import AlteredSchemaError
from cchc_cli.storage.plans.plans import load_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


class Verification(NamedTuple):
    """The head of the chain, and problems: each a kind and a sentence. `notes` say what was not checked."""

    head: Head
    problems: list[tuple[str, Message]]
    notes: list[Message]


def _read_errors() -> tuple[type[Exception], ...]:
    """Give the errors that reading a damaged row can raise; the driver of PostgreSQL may not be loaded."""
    driver = sys.modules.get("psycopg")
    return (*_ERRORS, driver.Error) if driver else _ERRORS


_ERRORS: tuple[type[Exception], ...] = (
    CchcError,
    SQLAlchemyError,
    sqlite3.Error,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)


def verify(database: Database, against: Head | None, *, with_closings: bool = True) -> Verification:
    """Check the database, its schema, chain, records, sums and plans; and that the chain goes on from an older head.

    The schema is looked at before anything is read. Where tables differ, nothing else is checked. Without
    `with_closings` the verdicts of closed reviews are not judged again.
    """
    try:
        with database.reading(use_sqlalchemy=True) as connection:
            differences: list[Difference] = []
            problems = _problems_of(connection, lambda: _schema_problems(connection, differences))
            notes: list[Message] = []
            if any(one.changes_reading for one in differences):
                notes.append(message("tables differ from the program’s own, so nothing else was checked"))
                return _verification(EMPTY_CHAIN, problems, notes)
            checks: tuple[Callable[[], Iterable[Problem]], ...] = (
                lambda: revision_problems(connection),
                lambda: integrity_problems(connection),
                lambda: value_problems(connection),
                lambda: chain_problems(connection, against),
                lambda: interval_problems(connection),
                lambda: record_problems(database, connection, notes),
                lambda: part_problems(database, connection),
                lambda: sum_problems(connection),
                lambda: _plan_problems(connection),
                lambda: closing_problems(connection, notes, replay=with_closings),
            )
            for check in checks:
                problems += _problems_of(connection, check)
            heads: list[Head] = []
            problems += _problems_of(connection, lambda: _read_head(connection, heads))
            return _verification(heads[0] if heads else EMPTY_CHAIN, problems, notes)
    except AlteredSchemaError as error:
        return _verification(EMPTY_CHAIN, [Problem("schema", what) for what in error.messages], [])


def _verification(head: Head, problems: list[Problem], notes: list[Message]) -> Verification:
    return Verification(head, [(problem.kind, problem.what) for problem in problems], notes)


def _problems_of(connection: Connection, check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """Run a check; an exception that a damaged row causes is a problem too, and the next check can still read."""
    found: list[Problem] = []
    try:
        with connection.core.begin_nested():
            found.extend(check())
    except _read_errors() as error:
        if is_lock_timeout(error):
            raise
        if isinstance(error, CchcError):
            found += [Problem("database", what) for what in error.messages]
        else:
            reason = reason_of(str(error).splitlines()[0]) if str(error) else type(error).__name__
            what = message("what is recorded cannot be read: {reason}", reason=reason)
            found.append(Problem("database", what))
    return found


def _schema_problems(connection: Connection, differences: list[Difference]) -> Iterator[Problem]:
    for one in schema_differences(connection):
        differences.append(one)
        yield one.problem


def _read_head(connection: Connection, heads: list[Head]) -> Iterator[Problem]:
    heads.append(chain_head(connection))
    yield from ()


def _plan_problems(connection: Connection) -> Iterator[Problem]:
    """Compare the tables of each plan with the file that it was imported from."""
    for code in plans_without_file(connection):
        yield Problem("plan", message("the plan {plan} was made outside the program", plan=code))
    for code, source, digest in latest_sources(connection):
        if digest not in {_sha256(source), _sha256("\ufeff" + source)}:
            yield Problem(
                "plan", message("the file of plan {plan} is not the one that was imported", plan=code)
            )
            continue
        stored = load_plan(connection, code)
        plan = parse_plan(source)
        wrong = wrong_tables(connection, stored, plan) if stored else ["plan"]
        if wrong or (stored and stored.plan != plan):
            yield Problem(
                "plan",
                message("the tables of plan {plan} differ from its file: {tables}", plan=code, tables=wrong),
            )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
