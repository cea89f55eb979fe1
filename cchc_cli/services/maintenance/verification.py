"""`verify`: checks the hash chain, records, plans, evidence and the database for damage and tampering."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.records.hash_chain import Head
from cchc_cli.services.files.plan_file import LARGEST_BYTES, parse_plan, read_regular
from cchc_cli.storage.audit.schema_check import schema_problems
from cchc_cli.storage.audit.verification import (
    READ_ERRORS,
    chain_problems,
    integrity_problems,
    interval_problems,
    latest_sources,
    plans_without_file,
    record_problems,
    sum_problems,
    wrong_tables,
)
from cchc_cli.storage.changes.changes import Problem, chain_head
from cchc_cli.storage.database.database import is_lock_timeout
from cchc_cli.storage.plans.plans import load_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class Verification(NamedTuple):
    """The head of the chain, and problems: each a kind and a sentence."""

    head: Head
    problems: list[tuple[str, Message]]


def parse_head(text: str) -> Head:
    """Read `COUNT:HEAD` from the text, or from the file that it names: a report, or JSON. Raises InputError."""
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        content = _text_of(read_regular(Path(text), LARGEST_BYTES))
        found = _HEAD.search(content) or _HEAD.search(_chain_in_json(content))
    if found is None:
        raise InputError(
            message(
                "“{text}” holds no head of a chain; type COUNT:HEAD as the report shows it (a PDF cannot be read)",
                text=text,
            )
        )
    return Head(int(found[1]), found[2])


def _text_of(content: bytes) -> str:
    """Give the text of a file; of a Word or Excel file, which is a ZIP archive, the text of its XML parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            small = [part for part in archive.infolist() if part.file_size <= LARGEST_BYTES]
            parts = [
                archive.read(part).decode("utf-8", "replace")
                for part in small
                if part.filename.endswith(".xml")
            ]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        return ""
    return re.sub(r"<[^>]*>", "", "\n".join(parts))


def _chain_in_json(content: str) -> str:
    """Give `COUNT:HEAD` of JSON such as `status -f json` writes; empty for anything else."""
    try:
        document = json.loads(content)
        chain = document.get("chain", document)
        return f"{chain['count']}:{chain['head']}"
    except (ValueError, KeyError, AttributeError, TypeError):
        return ""


def verify(database: Database, against: Head | None) -> Verification:
    """Check the database, its schema, chain, records, sums and plans; and that the chain goes on from an older head."""
    with database.reading(use_sqlalchemy=True) as connection:
        checks: tuple[Callable[[], Iterable[Problem]], ...] = (
            lambda: integrity_problems(connection),
            lambda: schema_problems(connection.core),
            lambda: chain_problems(connection, against),
            lambda: interval_problems(connection),
            lambda: record_problems(database, connection),
            lambda: sum_problems(connection),
            lambda: _plan_problems(connection),
        )
        found = [problem for check in checks for problem in _problems_of(check)]
        return Verification(chain_head(connection), [(problem.kind, problem.what) for problem in found])


def _problems_of(check: Callable[[], Iterable[Problem]]) -> Iterator[Problem]:
    """Run a check; an exception that a damaged row causes is a problem too."""
    try:
        yield from check()
    except READ_ERRORS as error:
        if is_lock_timeout(error):
            raise
        reason = reason_of(str(error).splitlines()[0]) if str(error) else type(error).__name__
        yield Problem("database", message("what is recorded cannot be read: {reason}", reason=reason))


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
