"""Compiled statements are up to date, and use the indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cchc_cli.storage.compiled import counts, executions, same_records
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.statements.__main__ import FOLDER, MODULES, module_text

if TYPE_CHECKING:
    from pathlib import Path

    from cchc_cli.storage.database.statement import Statement
    from tests.conftest import Server


@pytest.mark.parametrize("name", MODULES)
def test_compiled_statements_are_those_of_the_tables(name: str) -> None:
    """If this fails, run `make statements`."""
    assert (FOLDER / f"{name}.py").read_text("utf-8") == module_text(name)


def test_every_compiled_module_has_its_statements() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {"__init__", *MODULES}


def query_plan(target: Path, statement: Statement) -> str:
    """Give SQLite's query plan of a statement, in an empty database of the program."""
    database = open_database(str(target), create=True)
    assert database is not None
    with database.reading() as connection:
        nothing = [None] * len(statement.parameters)
        steps = connection.driver.execute(f"EXPLAIN QUERY PLAN {statement.sqlite}", nothing)
        return "\n".join(step[3] for step in steps)


OF_AGENCY = "(agency_id=?)"
DAYS = "(agency_id=? AND activity_id=? AND day>? AND day<?)"
SAME = "(agency_id=? AND activity_id=? AND day=? AND details=?)"


@pytest.mark.parametrize(
    ("statement", "ranges"),
    [
        (same_records.LATEST_SAYING, [f"ix_execution_counted {SAME}"]),
        (same_records.FOLLOWED_SAYING, ["ix_execution_followed (agency_id=? AND activity_id=? AND day=?)"]),
        (same_records.NAMED, ["ix_execution_external (external_id=? AND agency_id=?)"]),
        (executions.HIGHEST_NO, ["uq_execution_latest"]),
        (executions.VERSIONS_BY_NO, ["uq_execution_latest (no=?)"]),
        (executions.MATCHING_OF_AGENCIES, [f"ix_execution_counted {OF_AGENCY}"]),
        (
            executions.MATCHING_OF_AGENCIES_AS_KNOWN,
            [f"ix_execution_counted {OF_AGENCY}", f"ix_execution_followed {OF_AGENCY}"],
        ),
        *(
            (
                counts.COUNTS[question, as_known, late],
                [f"ix_execution_{part} {DAYS}" for part in ("counted", "followed")[: 1 + as_known]],
            )
            for question, as_known, late in counts.COUNTS
        ),
    ],
)
def test_statements_search_executions_by_index(
    tmp_path: Path, statement: Statement, ranges: list[str]
) -> None:
    """A scan would cost more with every record."""
    found = query_plan(tmp_path / "x.db", statement)
    for range_ in ranges:
        assert f"SEARCH execution USING INDEX {range_}" in found
    assert "SCAN execution" not in found


def test_a_server_without_statistics_uses_nested_loops(postgres: Server) -> None:
    """The server has no statistics of rows that the transaction added; hashing them all for each batch would be quadratic."""
    database = open_database(postgres.fresh(), create=True)
    assert database is not None
    same, named = (
        one._replace(postgresql=f"EXPLAIN {one.postgresql}", columns=(("step", ""),))
        for one in (same_records.LATEST_SAYING, same_records.NAMED)
    )
    with database.reading() as connection:
        found = [*connection.matching(same, [(1, 1, "2024-03-14", number) for number in range(250)])]
        assert "Nested Loop" in found[0][0]
        found = [*connection.matching(named, [(f"BH-{number}", 1) for number in range(250)])]
        assert "Nested Loop" in found[0][0]
