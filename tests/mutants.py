"""Mutation testing: `python -m tests.mutants [MODULE[:LINE]…]` changes the rules bit by bit; a test must notice.

Each mutant is one small change of one module, run in a copy of the tree with the tests named here, up to
the first failure. What survives is printed as a diff; docs/testing.md says why it may live. Unlike mutmut
this also changes properties, decorated functions and tables outside functions, where many of the rules
stand. Needs Linux or macOS.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = TREE = Path(__file__).resolve().parent.parent
COPIED = ("cchc_cli", "data", "migrations", "tests", "pyproject.toml")
LOADED = ("dateutil.rrule", "psycopg", "sqlmodel", "tzdata", "yaml")  # Once, before forking; nothing of cchc.
OPTIONS = (
    "-x -q --hypothesis-profile=mutants --assert=plain -p _hypothesis_pytestplugin"
    " -p no:cacheprovider -p no:unraisableexception -p no:threadexception -p no:doctest -p no:logging"
)
"""Only what these tests need: each mutant pays for starting pytest."""
OUTCOMES = ("killed", "survived", "timeout")

MIRRORED = (
    *("language/amounts", "language/text"),
    *("calendar/days", "calendar/periods", "calendar/period_input", "calendar/recurrence"),
    "plan/comparison",
    *("records/evidence", "records/execution", "records/waiver"),
    "verdicts/findings",
)
"""Modules of the domain whose tests lie at the same place below `tests/domain`."""
AGREES = "tests/domain/verdicts/test_second_reading.py"
TABLES = "tests/domain/verdicts/test_tables.py"
READERS = (
    "tests/domain/plan/test_fields.py",
    "tests/domain/plan/test_reader.py",
    "tests/test_import.py::test_rule",
)


def _mirror(name: str) -> str:
    """Give the tests of a module of the domain."""
    folder, _, module = name.rpartition("/")
    return f"tests/domain/{folder}/test_{module}.py"


TESTS: dict[str, tuple[str, ...]] = {
    **{f"domain/{name}": (_mirror(name),) for name in MIRRORED},
    **{
        f"domain/{name}": (_mirror(name), TABLES, AGREES)
        for name in ("verdicts/obligations", "verdicts/rules")
    },
    **{
        f"domain/plan/{name}": READERS
        for name in ("document", "fields", "reader", "agency_reader", "requirement_reader")
    },
    "domain/plan/schedule_checks": ("tests/test_import.py",),
    "domain/plan/model": ("tests/domain/plan/test_model.py", *READERS),
    **dict.fromkeys(
        ("domain/records/hash_chain", "storage/changes/changes"), ("tests/domain/records/test_hash_chain.py",)
    ),
}
SWAPS = (
    *("Lt LtE GtE", "LtE Lt Gt", "Gt GtE LtE", "GtE Gt Lt", "Eq NotEq", "NotEq Eq", "In NotIn", "NotIn In"),
    *("Is IsNot", "IsNot Is", "And Or", "Or And", "Add Sub", "Sub Add", "Mult FloorDiv", "FloorDiv Mult"),
    *("Div Mult", "Mod FloorDiv", "BitAnd BitOr", "BitOr BitAnd", "LShift RShift", "RShift LShift"),
)
UNSEEN = {"annotation", "returns", "decorator_list"}  # What does nothing while the program runs.


class Mutant(NamedTuple):
    """A module with one change in it."""

    module: str
    line: int
    source: str
    limit: int


def swapped(op: ast.AST) -> Iterator[Any]:
    """Give the operators that one could be mistaken for."""
    for name, *others in map(str.split, SWAPS):
        if type(op).__name__ == name:
            yield from (getattr(ast, other)() for other in others)


def edits(node: Any) -> Iterator[tuple[ast.AST, ast.AST]]:  # noqa: ANN401, C901, PLR0912 - any node; a table of mistakes
    """Give a part of a node, and what may stand in its place."""
    match node:
        case ast.BinOp() | ast.BoolOp() | ast.AugAssign():
            yield from ((node, type(node)(**(vars(node) | {"op": op}))) for op in swapped(node.op))
        case ast.Compare(left, ops, values):
            for number, old in enumerate(ops):
                for op in swapped(old):
                    yield node, ast.Compare(left, [*ops[:number], op, *ops[number + 1 :]], values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield node, operand
        case ast.Constant(bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(int(value)):
            yield from ((node, ast.Constant(value + step)) for step in (1, -1))
        case ast.Constant(str(value)):
            yield node, ast.Constant(f"{value}x")
        case ast.Constant(bytes(value)):
            yield node, ast.Constant(value + b"x")
        case ast.Return(ast.expr() as value) if getattr(value, "value", ...) is not None:
            yield node, ast.Return(ast.Constant(None))
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
        yield node, ast.Pass()
    for condition in [*getattr(node, "ifs", ()), getattr(node, "test", None), getattr(node, "guard", None)]:
        if condition and not isinstance(condition, ast.Compare):
            yield condition, ast.UnaryOp(ast.Not(), condition)


def walk(node: ast.AST, place: ast.AST | None = None) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    """Give every part that can matter: no docstring, no annotation, no sentence, which the catalogues hold.

    Each comes with the f-string that it lies in, for Python 3.11 does not know its place there.
    """
    yield node, place
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            said = field == "args" and ast.unparse(node).startswith("message(")
            words = isinstance(getattr(child, "value", None), str if said else ast.Constant)
            typing = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            docstring = isinstance(child, ast.Expr) and words
            if (
                isinstance(child, ast.AST)
                and field not in UNSEEN
                and not (typing or docstring or (said and words))
            ):
                yield from walk(child, place or (child if isinstance(child, ast.JoinedStr) else None))


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 - as in the base class
        return self.new if node is self.old else self.generic_visit(node)


def mutants(module: str, source: str, limit: int) -> Iterator[Mutant]:
    """Give every mutant of a module."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for node, place in walk(ast.parse(source)):
        for old, new in edits(node):
            spot: Any = place or old
            text = ast.unparse(_Swap(old, new).visit(place) if place else new)
            if place:
                _Swap(new, old).visit(place)
            first, last = spot.lineno - 1, spot.end_lineno - 1
            changed = f"({text})" if isinstance(spot, ast.expr) else text
            head, tail = lines[first][: spot.col_offset], lines[last][spot.end_col_offset :]
            parts = [*lines[:first], head, changed.encode(), tail, *lines[last + 1 :]]
            yield Mutant(module, spot.lineno, b"".join(parts).decode(), limit)


def copy_tree(folder: str) -> None:
    """Give this process a tree of its own to change."""
    global TREE  # noqa: PLW0603 - one tree a process
    TREE = Path(tempfile.mkdtemp(dir=folder))
    for name in COPIED:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, TREE / name)


def forget(path: Path) -> None:
    """Remove what was compiled: it is known by second and size, and a mutant can share both with another."""
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


def outcome(mutant: Mutant) -> str:
    """Put the mutant into this process's tree, run its tests in a fork, and tell what became of it."""
    path = TREE / "cchc_cli" / f"{mutant.module}.py"
    good = path.read_bytes()
    forget(path)
    path.write_text(mutant.source, "utf-8")
    child = os.fork()
    if not child:
        code = 1
        try:
            code = _run_tests(mutant)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    path.write_bytes(good)
    forget(path)
    code = os.waitstatus_to_exitcode(status)
    return "timeout" if code == -signal.SIGALRM else "killed" if code else "survived"


def _run_tests(mutant: Mutant) -> int:
    signal.alarm(mutant.limit)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    os.chdir(TREE)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.path[0] = str(TREE)
    return int(pytest.main([*OPTIONS.split(), *TESTS[mutant.module]]))


def main(wanted: list[str]) -> None:
    """Run the mutants of these modules or of all; print each that survives, then the figures."""
    quick = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    settings.register_profile("mutants", quick, phases=[Phase.explicit, Phase.generate])
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in LOADED:
        importlib.import_module(name)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(2, get_context("fork"), copy_tree, (folder,)) as pool,
    ):
        for module, _, line in (one.partition(":") for one in wanted or sorted(TESTS)):
            source = (ROOT / "cchc_cli" / f"{module}.py").read_text("utf-8")
            began = time.monotonic()
            if pool.submit(outcome, Mutant(module, 0, source, 600)).result() != "survived":
                sys.exit(f"{module}: its tests fail though nothing was changed")
            limit = 20 + 10 * int(time.monotonic() - began)
            if pool.submit(outcome, Mutant(module, 0, "raise SystemError", limit)).result() != "killed":
                sys.exit(f"{module}: its tests do not use the copied tree")
            found = {one.source: one for one in mutants(module, source, limit) if line in {"", str(one.line)}}
            counts: Counter[str] = Counter()
            for mutant, what in zip(found.values(), pool.map(outcome, found.values()), strict=True):
                counts[what] += 1
                if what != "killed":
                    _show(mutant, source, what)
            figures = ", ".join(f"{counts[what]} {what}" for what in OUTCOMES)
            sys.stdout.write(f"{module}: {len(found)} mutants, {figures}\n")
            sys.stdout.flush()


def _show(mutant: Mutant, source: str, what: str) -> None:
    before, after = source.splitlines(), mutant.source.splitlines()
    changed = list(difflib.unified_diff(before, after, n=0, lineterm=""))[3:]
    sys.stdout.write("\n  ".join([f"cchc_cli/{mutant.module}.py:{mutant.line}: {what}", *changed]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
