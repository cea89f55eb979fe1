"""Finds the records that a row of a file may stand for: by what they say, in any version, or by external id."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.calendar.periods import iso
from cchc_cli.storage.compiled import same_records as sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.records.executions import DuplicateKey

FROM_FILE = "log --file"
"""The action of a change that recorded the rows of files begins so."""

NamedKey = tuple[str, int]
"""(external id, key of the agency)."""


class SameRecord(NamedTuple):
    """A record whose latest version has some key: its number, form, and whether it is voided."""

    no: int
    form: int | None
    voided: bool


class PastVersion(NamedTuple):
    """What one version of a record says, by the keys of this database."""

    key: DuplicateKey
    form: int | None
    voided: bool
    from_file: bool
    """Whether a rows file wrote it."""


class RecordHistory:
    """A record with what each of its versions says, oldest first."""

    def __init__(self, uid: str, no: int, external_id: str | None) -> None:
        """Begin without versions; `uid` is its identity as 32 hexadecimal digits."""
        self.uid = uid
        self.no = no
        self.external_id = external_id
        """That of its latest version."""
        self.versions: list[PastVersion] = []

    @property
    def latest(self) -> PastVersion:
        """Give the latest version."""
        return self.versions[-1]

    @property
    def first_agency(self) -> int:
        """Give the key of the agency that it was first recorded for."""
        return self.versions[0].key[0]

    @property
    def was_changed(self) -> bool:
        """Whether some version says something else than another, apart from being voided."""
        first = self.versions[0]
        return any((one.key, one.form) != (first.key, first.form) for one in self.versions)

    def only_files_since(self, version: PastVersion) -> bool:
        """Tell whether all versions after this one came from rows files."""
        place = next(place for place, one in enumerate(self.versions) if one is version)
        return all(one.from_file for one in self.versions[place + 1 :])


def find_latest_saying(
    connection: Connection, keys: Collection[DuplicateKey]
) -> dict[DuplicateKey, list[SameRecord]]:
    """Give the records whose latest version has one of these keys, of which there may be a few hundred."""
    found: dict[DuplicateKey, list[SameRecord]] = defaultdict(list)
    if keys:
        for agency, activity, day, details, _, no, form, voided in connection.matching(
            sql.LATEST_SAYING, keys
        ):
            found[agency, activity, iso(day), details].append(SameRecord(no, form, voided))
    return found


def has_followed_versions(connection: Connection) -> bool:
    """Tell whether any record has more than one version."""
    return bool(connection.scalar(sql.ANY_FOLLOWED))


def find_saying(connection: Connection, keys: Collection[DuplicateKey], *, followed: bool) -> set[UUID]:
    """Give the identities of the records of which the latest version has one of these keys; with `followed` any version."""
    if not keys:
        return set()
    statements = (sql.LATEST_SAYING, sql.FOLLOWED_SAYING) if followed else (sql.LATEST_SAYING,)
    return {row[4] for statement in statements for row in connection.matching(statement, keys)}


def find_named(connection: Connection, names: Collection[NamedKey]) -> set[UUID]:
    """Give the identities of the records of which some version has one of these external ids at that agency."""
    return {uid for _, _, uid in connection.matching(sql.NAMED, names)} if names else set()


def find_named_elsewhere(connection: Connection, names: Collection[NamedKey]) -> dict[NamedKey, int]:
    """Give the lowest number of a record of the same plan with the same external id at another agency, where there is one."""
    found = connection.matching(sql.NAMED_ELSEWHERE, names) if names else ()
    return {(name, agency): no for name, agency, no in found if no is not None}


def load_histories(connection: Connection, uids: Iterable[UUID]) -> list[RecordHistory]:
    """Give records with all their versions, by number."""
    wanted = json.dumps(sorted(uid.hex for uid in uids))
    histories: dict[UUID, RecordHistory] = {}
    for (
        uid,
        no,
        _,
        agency,
        activity,
        day,
        details,
        form,
        external_id,
        voided,
        action,
    ) in connection.tuples(sql.HISTORIES, uids=wanted):
        history = histories.setdefault(uid, RecordHistory(uid.hex, no, external_id))
        history.external_id = external_id
        key = (agency, activity, iso(day), details)
        history.versions.append(PastVersion(key, form, voided, action.startswith(FROM_FILE)))
    return list(histories.values())
