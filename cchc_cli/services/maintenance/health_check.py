"""`doctor`: facts about the program and its database, problems, and what to do about them."""

from __future__ import annotations

import platform
import sqlite3
import stat
import sys
from typing import TYPE_CHECKING

from cchc_cli import __version__
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.results.health import HealthNote, HealthReport
from cchc_cli.services.maintenance.verification import verify
from cchc_cli.storage.audit.facts import counts, pragmas, server_version
from cchc_cli.storage.records.evidence import evidence_folder, evidence_keys, evidence_sizes, shared_evidence
from cchc_cli.storage.records.intents import unfinished_intents
from cchc_cli.storage.schema.revisions import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database

_GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST_SHOWN = 20


def check_health(database: Database) -> HealthReport:
    """Verify the database, and check permissions, the evidence store and unfinished records; changes nothing."""
    verification = verify(database, None)
    with database.reading() as connection:
        sizes = evidence_sizes(database, connection)
        facts = [*_database_facts(database, connection), _store_fact(database, sizes)]
        notes = [
            *(HealthNote("problem", what) for _, what in verification.problems),
            *_permission_notes(database),
            *_store_notes(connection, sizes),
        ]
    facts.append(
        (
            message("chain"),
            message("{count}:{head}", count=verification.head.links, head=verification.head.link),
        )
    )
    notes.extend(
        HealthNote(
            "unfinished",
            message(
                "{path}: a record was begun and never acknowledged; run the same command again, or delete this file if cchc history shows the record",
                path=str(path),
            ),
        )
        for path in unfinished_intents(database)
    )
    return HealthReport(facts, notes)


def _database_facts(database: Database, connection: Connection) -> Iterator[tuple[Message, Message]]:
    yield (
        message("program"),
        message(
            "cchc {version}, Python {python}, {system}",
            version=__version__,
            python=sys.version.split()[0],
            system=platform.system(),
        ),
    )
    yield message("database"), message("{name}", name=database.name)
    if database.path is None:
        yield message("server"), message("PostgreSQL {version}", version=server_version(connection))
    else:
        yield (
            message("file"),
            message(
                "{bytes} bytes, SQLite {version}",
                bytes=database.path.stat().st_size,
                version=sqlite3.sqlite_version,
            ),
        )
        yield (
            message("settings"),
            message("{pragmas}", pragmas=[f"{name}={value}" for name, value in pragmas(connection).items()]),
        )
    yield message("revision"), message("{revision}", revision=REVISIONS[-1])
    found = counts(connection)
    yield (
        message("holds"),
        message(
            "plans: {plans}, records: {records}, waivers: {waivers}",
            plans=found.plans,
            records=found.records,
            waivers=found.waivers,
        ),
    )


def _store_fact(database: Database, sizes: dict[str, int]) -> tuple[Message, Message]:
    place = str(evidence_folder(database.path)) if database.path else message("in the database")
    return (
        message("evidence"),
        message(
            "{place}: files {files}, {bytes} bytes", place=place, files=len(sizes), bytes=sum(sizes.values())
        ),
    )


def _permission_notes(database: Database) -> Iterator[HealthNote]:
    if database.path is None or sys.platform == "win32":
        return
    store = evidence_folder(database.path)
    for path in (database.path, *((store, *sorted(store.iterdir())) if store.is_dir() else ())):
        if path.stat().st_mode & _GROUP_AND_OTHERS:
            yield HealthNote(
                "permissions",
                message(
                    "{path}: other users can read this; to prevent it, type: chmod go= {path}", path=str(path)
                ),
            )


def _store_notes(connection: Connection, sizes: dict[str, int]) -> Iterator[HealthNote]:
    orphans = sorted(set(sizes) - evidence_keys(connection))
    for digest in orphans[:_MOST_SHOWN]:
        yield HealthNote(
            "orphan",
            message("{digest} is in the store, but no record has it; it may be deleted", digest=digest),
        )
    if len(orphans) > _MOST_SHOWN:
        yield HealthNote("orphan", message("… and {number} more", number=len(orphans) - _MOST_SHOWN))
    for key, numbers in shared_evidence(connection).items():
        yield HealthNote(
            "shared", message("the same evidence proves no. {numbers}: {key}", numbers=numbers, key=key)
        )
