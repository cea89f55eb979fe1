"""The worked cases of the rules page, through the installed program on both databases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

CASES = sorted((DATA / "cases").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_worked_case(cchc_on: Program, case: Path) -> None:
    """Plan and rows go in as an officer hands them over; findings and figures come out as written down."""
    cchc_on.ok("import", case / "plan.yaml")
    rows = cchc_on.ok("log", "--file", case / "rows.csv", "-f", "json").json
    assert rows["rejected"] == rows["updated"] == 0
    for expected in json.loads((case / "expected.json").read_text("utf-8")):
        found = cchc_on.ok("status", "--as-of", expected["as_of"], "-f", "json").json
        assert found["as_of"] == expected["as_of"]
        without_unit = [
            {key: value for key, value in finding.items() if key != "unit"} for finding in found["findings"]
        ]
        assert without_unit == expected["findings"]
        assert {key: found["summary"][key] for key in expected["figures"]} == expected["figures"]
