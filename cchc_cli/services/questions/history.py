"""The history of records: every version, what was known at a moment, and the evidence."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from itertools import count, islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError, StorageError, message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.records.evidence import File, parse_file
from cchc_cli.domain.results.history import EmptyHistory, EvidenceItem
from cchc_cli.services.questions.lookup import NO_KEY, find_activity, find_agency, load_known_plan
from cchc_cli.services.questions.plan_choice import NamedPlan
from cchc_cli.services.questions.question import resolve
from cchc_cli.storage.database.files import replace_atomically, temporary_path, write_chunks
from cchc_cli.storage.records.evidence import evidence_chunks, evidence_sizes
from cchc_cli.storage.records.executions import Filter, latest_executions, versions_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.services.questions.question import Question, Resolved
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

_MOST_DIGITS = 18
_LONGEST_NAME = 120
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


@contextmanager
def history(database: Database, question: Question) -> Iterator[tuple[Plan, Iterator[Recorded]]]:
    """Give a plan and the selected executions, by date and then in the order of recording.

    They are read while the block runs, so that a long history need not fit into memory.
    """
    with database.reading() as connection:
        resolved = resolve(connection, question)
        yield resolved.stored.plan, latest_executions(connection, _filter_of(resolved))


def _filter_of(resolved: Resolved) -> Filter:
    """Give the filter for the executions that a question is about."""
    stored = resolved.stored
    span = resolved.window.span & stored.plan.effective
    if resolved.question.as_of:
        span &= Span(span.start, resolved.cutoff.day)
    return Filter(
        stored.id,
        span,
        list(stored.agencies.values()) if resolved.question.agency else None,
        stored.activities.get(resolved.activity, NO_KEY) if resolved.activity else None,
        resolved.seq,
    )


def explain_empty_history(database: Database, question: Question) -> EmptyHistory:
    """Say why a history is empty: the filters given, and how many records there are without each of them."""
    with database.reading() as connection:
        resolved = resolve(connection, question)
        stored = resolved.stored
        question = question._replace(plan=NamedPlan(stored.plan.code))
        given = {option: field for option, field in _FILTERS.items() if getattr(question, field)}
        without: dict[str, int] = {}
        anything: dict[str, Any] = dict.fromkeys(given.values())
        for option, field in given.items():
            nothing: dict[str, Any] = {field: None}
            without[option] = _count_records(connection, question._replace(**nothing))
        key = find_agency(connection, stored.id, question.agency) if question.agency else None
        return EmptyHistory(
            stored.plan,
            next((one for one in stored.plan.agencies if key and stored.agencies.get(one.code) == key), None),
            find_activity(stored.plan, question.activity) if question.activity else None,
            _filter_of(resolved).span if {"--period", "--review", "--as-of"} & set(given) else None,
            {option: number for option, number in without.items() if number},
            _count_records(connection, question._replace(**anything)),
        )


_FILTERS = {
    "--period": "period",
    "--review": "review",
    "--as-of": "as_of",
    "--agency": "agency",
    "--activity": "activity",
    "--known-at": "known_at",
}
MOST_COUNTED = 1000
"""Counting records for the explanation of an empty history stops here."""


def _count_records(connection: Connection, question: Question) -> int:
    wanted = _filter_of(resolve(connection, question))
    return sum(1 for _ in islice(latest_executions(connection, wanted), MOST_COUNTED))


def find_versions(connection: Connection, reference: str) -> tuple[str, list[Recorded]]:
    """Give the plan's code and every version of one execution, by its number or its id. Raises InputError."""
    text = reference.strip().removeprefix("#")
    found = None
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        found = versions_of(connection, int(text))
    else:
        with suppress(ValueError):
            found = versions_of(connection, UUID(text))
    if found is None:
        raise InputError(message("there is no execution “{text}”; cchc history lists them", text=reference))
    return found


def versions(database: Database, reference: str) -> tuple[Plan, list[Recorded]]:
    """Give every version of one execution, oldest first, by its number or its id; and its plan."""
    with database.reading() as connection:
        code, found = find_versions(connection, reference)
        return load_known_plan(connection, code).plan, found


def evidence_of(database: Database, reference: str) -> tuple[int, list[EvidenceItem]]:
    """Give the number of a record and the evidence of its latest version."""
    with database.reading() as connection:
        _, versions = find_versions(connection, reference)
        last = versions[-1]
        sizes = evidence_sizes(database, connection)
        return last.no, [_proof_of(address, sizes) for address in last.execution.evidence]


def _proof_of(address: str, sizes: dict[str, int]) -> EvidenceItem:
    file = parse_file(address)
    return EvidenceItem(address, file, sizes.get(file.digest) if file else None)


def save_evidence(database: Database, reference: str, folder: Path) -> list[Path]:
    """Write a record's evidence files into a folder, under their names; no file there is replaced.

    Raises InputError where the folder does not exist, StorageError where a stored file is missing or altered.
    """
    if not folder.is_dir():
        raise InputError(message("{path}: there is no such folder", path=str(folder)))
    with database.reading() as connection:
        _, versions = find_versions(connection, reference)
        files = filter(None, map(parse_file, versions[-1].execution.evidence))
        return [_save_file(database, connection, file, folder) for file in files]


def _save_file(database: Database, connection: Connection, file: File, folder: Path) -> Path:
    pieces = evidence_chunks(database, connection, file.digest)
    if pieces is None:
        raise StorageError(message("the file {name} is not in the store", name=file.name))
    place = _unused_path(folder, _safe_file_name(file))
    with temporary_path(place) as made:
        if write_chunks(made, pieces) != file.digest:
            raise StorageError(message("the file {name} in the store was altered", name=file.name))
        replace_atomically(made, place)
    return place


def _safe_file_name(file: File) -> str:
    """Give a file name that is valid on every system; the original name may be hostile."""
    name = _FORBIDDEN_IN_NAMES.sub("_", safe(file.name)).strip(" .")[-_LONGEST_NAME:]
    return name or file.digest


def _unused_path(folder: Path, name: str) -> Path:
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    names = (name if number == 1 else f"{stem}-{number}{dot}{suffix}" for number in count(1))
    return next(place for place in map(folder.joinpath, names) if not place.exists())
