"""Statements as the program runs them are those that its tables give."""

from __future__ import annotations

import pytest

from cchc_cli.storage.statements.__main__ import FOLDER, MODULES, module_text


@pytest.mark.parametrize("name", MODULES)
def test_compiled_statements_are_those_of_the_tables(name: str) -> None:
    """Otherwise: `make statements`."""
    assert (FOLDER / f"{name}.py").read_text("utf-8") == module_text(name)


def test_every_compiled_module_has_its_statements() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {"__init__", *MODULES}
