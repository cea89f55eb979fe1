"""Compiles the statements: `python -m cchc_cli.storage.statements`, which `make statements` runs."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Date, Executable, Integer, LargeBinary, Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import Column

from cchc_cli.storage.database.statement import Statement
from cchc_cli.storage.schema.columns import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Dialect
    from sqlalchemy.sql.compiler import SQLCompiler

MODULES = (
    "agencies",
    "changes",
    "closed_reviews",
    "counts",
    "evidence",
    "executions",
    "facts",
    "month_sums",
    "plans",
    "same_records",
    "waivers",
)
FOLDER = Path(__file__).resolve().parent.parent / "compiled"

_KINDS: tuple[tuple[type, str], ...] = (
    (Date, "date"),
    (Moment, "moment"),
    (Uuid, "uuid"),
    (JSON, "json"),
    (Boolean, "bool"),
    (LargeBinary, "bytes"),
)


def _dialects() -> tuple[Dialect, Dialect]:
    return sqlite.dialect(paramstyle="named"), psycopg.dialect()  # type: ignore[no-untyped-call]  # of SQLAlchemy


def compiled(source: Any) -> Statement:
    """Compile a statement, or one for each database. Raises ValueError where the databases' parameters differ."""
    first, second = source if isinstance(source, tuple) else (source, source)
    here, there = _dialects()
    ours, theirs = (_text(one, dialect) for one, dialect in ((first, here), (second, there)))
    names = list(dict.fromkeys(re.findall(r":(\w+)", ours[0])))
    if set(names) != set(re.findall(r"%\((\w+)\)s", theirs[0])):
        raise ValueError(names)
    text = re.sub(r":(\w+)", lambda found: f"?{names.index(found[1]) + 1}", ours[0])
    return Statement(
        text, theirs[0], tuple((name, ours[1].get(name, "")) for name in names), tuple(_columns(first))
    )


def _text(statement: Any, dialect: Dialect) -> tuple[str, Mapping[str, str]]:
    """Give the text on one line, with its constants as literals, and the kinds of its parameters."""
    found: Any = statement.compile(dialect=dialect)
    text = re.sub(r"\s+", " ", str(found))
    kinds = {name: _kind(bound.type) for name, bound in found.binds.items()}
    for name, bound in found.binds.items():
        if not bound.required and bound.value is not None:
            text = _with_literal(text, name, found, bound.value)
    return text, kinds


def _with_literal(text: str, name: str, found: SQLCompiler, value: object) -> str:
    literal = str(int(value)) if isinstance(value, int) else f"'{value}'"
    mark = rf":{name}\b" if found.dialect.name == "sqlite" else rf"%\({name}\)s"
    return re.sub(mark, lambda _: literal, text)


def _kind(of: Any) -> str:
    return next((kind for type_, kind in _KINDS if isinstance(of, type_)), "")


def _columns(statement: Any) -> Iterator[tuple[str, str]]:
    for column in getattr(statement, "selected_columns", ()):
        kind = _kind(column.type)
        computed = getattr(column, "element", column)
        if not kind and isinstance(column.type, Integer) and not isinstance(computed, Column):
            kind = "whole"
        yield column.key or "value", kind


def module_text(name: str) -> str:
    """Give the source of a compiled module."""
    module = import_module(f"cchc_cli.storage.statements.{name}")
    lines = [
        f'"""Compiled from `cchc_cli.storage.statements.{name}` by `make statements`; not written by hand."""',
        "",
        "from cchc_cli.storage.database.statement import Statement",
        "",
    ]
    for constant, value in vars(module).items():
        if constant.isupper() and not constant.startswith("_"):
            lines += _lines(constant, value)
    return "\n".join(lines) + "\n"


def _lines(constant: str, value: object) -> Iterator[str]:
    if isinstance(value, Executable | tuple):
        yield f"{constant} = {_source_of(compiled(value))}"
    elif isinstance(value, dict):
        yield f"{constant} = {{"
        yield from (f"    {key!r}: {_source_of(compiled(one))}," for key, one in value.items())
        yield "}"


def _source_of(statement: Statement) -> str:
    return f"Statement({', '.join(map(repr, statement))})"


def main() -> None:
    """Write all compiled modules."""
    for name in MODULES:
        (FOLDER / f"{name}.py").write_text(module_text(name), "utf-8")


if __name__ == "__main__":
    main()
