"""The hash chain: different records have different encodings, and every altered link is detected."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from cchc_cli.domain.records.hash_chain import (
    EMPTY_CHAIN,
    GENESIS_LINK,
    CoveredRow,
    Head,
    content_digest,
    digest,
    encode,
    next_link,
)
from cchc_cli.storage.changes.changes import Change, chain_head, known_seq, new_change
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.schema.tables import ChangeRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cchc_cli.domain.records.hash_chain import Part
    from cchc_cli.storage.database.database import Database

NOON = datetime(2024, 5, 15, 12, tzinfo=UTC)
PARTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=3),
)


@pytest.mark.parametrize(
    ("part", "encoded"),
    [
        (None, b"n"),
        (True, b"b1"),
        (False, b"b0"),
        (0, b"i1:0"),
        (-15_000, b"i6:-15000"),
        ("", b"s0:"),
        ("đ", b"s2:\xc4\x91"),
        (date(2024, 3, 14), b"d10:2024-03-14"),
        (NOON, b"t32:2024-05-15T12:00:00.000000+00:00"),
        (
            datetime(2024, 5, 15, 19, 0, 0, 1, tzinfo=timezone(timedelta(hours=7))),
            b"t32:2024-05-15T12:00:00.000001+00:00",
        ),
        (UUID(int=10), b"u36:00000000-0000-0000-0000-00000000000a"),
        ([], b"l0:"),
        (("a", "bc"), b"l9:s1:as2:bc"),
    ],
)
def test_each_part_goes_in_with_its_kind_and_length(part: Part | list[str], encoded: bytes) -> None:
    """Stored chains use this encoding; with another one they would be reported as broken."""
    assert encode([part]) == encoded
    assert encode([part, part]) == encoded * 2


@given(one=st.lists(PARTS, max_size=4), other=st.lists(PARTS, max_size=4))
def test_no_two_records_read_the_same(one: list[Part], other: list[Part]) -> None:
    def known(parts: list[Part]) -> list[tuple[type, Part]]:
        return [(type(part), part) for part in parts]

    assert (encode(one) == encode(other)) == (known(one) == known(other))


def test_records_that_look_alike_differ() -> None:
    alike: tuple[Sequence[Part | Sequence[str]], ...] = (
        *([""], [None], [], [[]], [[""]]),
        *([1], ["1"], [True], [0], [False]),
        *(["ab"], ["a", "b"], [["a", "b"]], [["ab"]], [["a"], "b"]),
        *([date(2024, 5, 15)], [datetime(2024, 5, 15, tzinfo=UTC)], ["2024-05-15"]),
        *([UUID(int=0)], [str(UUID(int=0))]),
    )
    for one, other in combinations(alike, 2):
        assert encode(one) != encode(other)
        assert digest(one) != digest(other)


def test_a_digest_is_the_sha_256_of_the_parts() -> None:
    assert digest(["a", None]) == hashlib.sha256(b"s1:an").hexdigest()
    assert GENESIS_LINK == "0" * 64
    assert Head(0, GENESIS_LINK) == EMPTY_CHAIN


ROWS = [
    CoveredRow("execution", (2, 1), "d1"),
    CoveredRow("execution", (1, 2), "d2"),
    CoveredRow("execution", (1, 10), "d3"),
    CoveredRow("waiver", (0, 0), "d4"),
]


@given(rows=st.permutations(ROWS))
def test_rows_of_a_change_are_taken_by_kind_and_place_whatever_their_order(rows: list[CoveredRow]) -> None:
    text = (
        b"s9:executioni1:1i1:2s2:d2s9:executioni1:1i2:10s2:d3s9:executioni1:2i1:1s2:d1s6:waiveri1:0i1:0s2:d4"
    )
    assert content_digest(rows) == hashlib.sha256(text).hexdigest()


def test_every_row_tells() -> None:
    contents = {content_digest(ROWS), content_digest([])}
    for number, row in enumerate(ROWS):
        others = [*ROWS[:number], *ROWS[number + 1 :]]
        contents.add(content_digest(others))
        contents |= {
            content_digest([*others, changed])
            for changed in (
                row._replace(kind="x"),
                row._replace(place=(row.place[0] + 100, row.place[1])),
                row._replace(place=(row.place[0], row.place[1] + 100)),
                row._replace(digest="x"),
            )
        }
    assert len(contents) == 2 + 5 * len(ROWS)


def test_a_link_takes_in_everything_about_a_change_and_the_link_before() -> None:
    text = b"s1:bi2:42t32:2024-05-15T12:00:00.000000+00:00s1:xs3:logs1:c"
    assert next_link("b", 42, NOON, "x", "log", "c") == hashlib.sha256(text).hexdigest()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """Give an empty database."""
    found = open_database(str(tmp_path / "chain.db"), create=True)
    assert found is not None
    return found


def write(database: Database, now: datetime, *rows: str, author: str = "x", action: str = "log") -> Change:
    with database.writing() as connection, new_change(connection, author, action, now) as change:
        for number, row in enumerate(rows):
            change.cover("execution", number, 1, digest([row, ["a"]]))
    return change


def test_each_command_is_one_link_more(database: Database) -> None:
    with database.reading() as connection:
        assert chain_head(connection) == EMPTY_CHAIN
    moments = [NOON, NOON + timedelta(seconds=1), NOON + timedelta(days=1)]
    expected = GENESIS_LINK
    for number, moment in enumerate(moments, start=1):
        change = write(
            database, moment, f"row {number}", "more", author=f"author {number}", action=f"do {number}"
        )
        assert (change.seq, change.moment) == (number, moment)
        rows = [
            CoveredRow("execution", (0, 1), digest([f"row {number}", ["a"]])),
            CoveredRow("execution", (1, 1), digest(["more", ["a"]])),
        ]
        expected = next_link(
            expected, number, moment, f"author {number}", f"do {number}", content_digest(rows)
        )
        with database.reading() as connection:
            assert chain_head(connection) == Head(number, expected)
            found = connection.driver.execute("SELECT content FROM link WHERE seq = ?", [number]).fetchone()
            assert found == (content_digest(rows),)
    with database.reading(use_sqlalchemy=True) as connection:
        found = connection.core.execute(
            select(
                col(ChangeRow.seq), col(ChangeRow.recorded_at), col(ChangeRow.author), col(ChangeRow.action)
            )
        ).all()
    assert [tuple(row) for row in found] == [
        (number, moment, f"author {number}", f"do {number}") for number, moment in enumerate(moments, start=1)
    ]


def test_the_moment_of_recording_never_runs_backwards(database: Database) -> None:
    write(database, NOON)
    assert write(database, NOON - timedelta(hours=1)).moment == NOON
    assert write(database, NOON + timedelta(hours=1)).moment == NOON + timedelta(hours=1)


def test_a_command_that_fails_leaves_no_link(database: Database) -> None:
    write(database, NOON)

    def fail() -> None:
        with database.writing() as connection, new_change(connection, "x", "log", NOON):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    with database.reading(use_sqlalchemy=True) as connection:
        assert chain_head(connection).links == 1
        assert connection.core.execute(select(col(ChangeRow.seq))).scalars().all() == [1]
    assert write(database, NOON).seq == 2


def test_what_was_known_at_a_moment(database: Database) -> None:
    for hour in (0, 2, 2):
        write(database, NOON + timedelta(hours=hour))
    with database.reading() as connection:
        known = [known_seq(connection, NOON + timedelta(hours=hour)) for hour in (-1, 0, 1, 2, 3)]
    assert known == [0, 1, 1, 3, 3]


def test_a_change_begins_with_no_rows_of_another() -> None:
    first = Change(1, NOON)
    first.cover("execution", 1, 1, digest(["a"]))
    assert not first.is_empty
    assert Change(2, NOON).is_empty


@given(
    places=st.lists(st.tuples(st.integers(0, 10**18), st.integers(1, 10**6)), unique=True, max_size=12),
    in_order=st.booleans(),
)
def test_a_change_is_digested_alike_however_its_rows_came_and_were_held(
    places: list[tuple[int, int]],
    in_order: bool,  # noqa: FBT001 - drawn
) -> None:
    rows = [
        CoveredRow("execution", place, digest(list(place)))
        for place in (sorted(places) if in_order else places)
    ]
    change = Change(1, NOON)
    for number, (kind, place, row) in enumerate(rows):
        change.cover(kind, *place, row)
        if number % 3 == 1:
            change.spill()
    assert change.content() == content_digest(rows)
