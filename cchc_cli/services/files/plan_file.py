"""Finds a plan file and reads it into a Plan, within limits that hold for hostile input too.

YAML events are turned into nodes here, one by one; PyYAML neither composes nor constructs them. So
values keep their spelling and position, a second key does not replace the first, and depth and size are
bounded before anything is built. See docs/decisions/0004-yaml-events.md.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from cchc_cli.domain.language.errors import InputError, Message, StorageError, message
from cchc_cli.domain.language.system_errors import reason_of
from cchc_cli.domain.language.text import text_fault
from cchc_cli.domain.plan.document import Fault, Mapping, Mark, Node, Scalar, Sequence
from cchc_cli.domain.plan.reader import read_plan
from cchc_cli.services.files.safe_open import open_regular, too_large

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan

LARGEST_BYTES = 8 * 1024 * 1024
LONGEST_KEY = 200
LONGEST_TEXT = 50_000
MOST_NODES = 500_000
DEEPEST = 32
_DIRECTIVE = re.compile("^%TAG", re.MULTILINE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlanFile(NamedTuple):
    """A plan as read: the path, the text of the file, its SHA-256, and the plan."""

    path: Path
    bundled: bool
    source: str
    digest: str
    plan: Plan


class _PlanFileError(Exception):
    """The file breaks a limit, or uses a feature of YAML that plans may not use. It never leaves this module."""

    def __init__(self, mark: Mark, what: Message) -> None:
        super().__init__(what)
        self.fault = Fault(mark, "", what)


def bundled_folder() -> Path:
    """Give the folder of the bundled plans: in a wheel, or in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


@lru_cache(4)
def parse_plan(source: str) -> Plan:
    """Read a plan from the text of a file that was imported. Raises StorageError.

    The last few are kept: `verify` judges each closing by the plan of its time.
    """
    plan, faults = read_plan(_parse_yaml(source), importing=False)
    if plan is None:
        raise StorageError(*(fault.located("plan_version") for fault in faults))
    return plan


def find_plan_file(path: Path) -> tuple[Path, bool]:
    """Give the path, or that of the bundled file of this name where the path does not exist; and whether bundled."""
    bundled = bundled_folder() / path.name
    try:
        ours = not path.exists() and path == Path(path.name) and bundled.is_file()
    except OSError:
        # No valid file name; opening it reports that.
        ours = False
    return (bundled, True) if ours else (path, False)


def read_plan_file(path: Path) -> PlanFile:
    """Read a plan file; raises InputError with every fault that can be found in it."""
    found, bundled = find_plan_file(path)
    data = read_regular(found, LARGEST_BYTES)
    source = _decode(data, found)
    try:
        plan, faults = read_plan(_parse_yaml(source), importing=True)
    except _PlanFileError as refused:
        plan, faults = None, [refused.fault]
    if plan is None:
        raise InputError(*(fault.located(str(path)) for fault in faults))
    return PlanFile(found, bundled, source, hashlib.sha256(data).hexdigest(), plan)


def read_regular(path: Path, largest: int) -> bytes:
    """Read a regular file of at most so many bytes; raises InputError, also for a FIFO or device."""
    with open_regular(path, largest, follow=True) as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise too_large(path, largest)
    return data


def _decode(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            message("{path}:{line}: not UTF-8 text; save the file as UTF-8", path=str(path), line=line)
        ) from None


def _parse_yaml(source: str) -> Node:
    """Turn YAML events into nodes; refuse too many of them, and features that plans may not use."""
    directive = _DIRECTIVE.search(source)
    if directive:
        raise _PlanFileError(
            Mark(source.count("\n", 0, directive.start()) + 1, 1),
            message("directives (%TAG) may not be used; leave the line out"),
        )
    top = Sequence(Mark(1, 1))
    above: list[Sequence | Mapping] = [top]
    key: list[Scalar | None] = [None]
    count = 0
    try:
        for event in yaml.parse(source, Loader=_LOADER):
            if isinstance(event, yaml.CollectionEndEvent):
                above.pop()
                key.pop()
            if not isinstance(event, yaml.NodeEvent):
                _check_document(event, top)
                continue
            count += 1
            node = _node_of(event, count, len(above))
            parent = above[-1]
            if isinstance(parent, Sequence):
                parent.items.append(node)
            elif (name := key[-1]) is None:
                key[-1] = _parse_key(node)
            else:
                parent.entries.append((name, node))
                key[-1] = None
            if not isinstance(node, Scalar):
                above.append(node)
                key.append(None)
    except yaml.YAMLError as error:
        raise _syntax_error(error) from None
    if not top.items:
        raise _PlanFileError(Mark(1, 1), message("the file is empty"))
    return top.items[0]


def _check_document(event: yaml.Event, top: Sequence) -> None:
    if isinstance(event, yaml.DocumentStartEvent) and top.items:
        raise _PlanFileError(
            _mark_of(event), message("a plan file holds one YAML document; here a second one begins")
        )


def _syntax_error(error: yaml.YAMLError) -> _PlanFileError:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        mark = Mark(error.problem_mark.line + 1, error.problem_mark.column + 1)
        return _PlanFileError(
            mark, message("not valid YAML: {reason}", reason=reason_of(error.problem or error.context or "–"))
        )
    return _PlanFileError(
        Mark(1, 1), message("not valid YAML: {reason}", reason=reason_of(str(error).splitlines()[0]))
    )


def _mark_of(event: yaml.Event) -> Mark:
    found = event.start_mark
    return Mark(found.line + 1, found.column + 1) if found else Mark(1, 1)


def _node_of(event: yaml.NodeEvent, count: int, depth: int) -> Node:
    mark = _mark_of(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _PlanFileError(
            mark, message("anchors (&) and aliases (*) may not be used; write the value out")
        )
    if getattr(event, "tag", None) is not None:
        raise _PlanFileError(mark, message("tags (!) may not be used; leave the tag out"))
    if count > MOST_NODES:
        raise _PlanFileError(mark, message("the file has more than {most} values", most=MOST_NODES))
    if depth > DEEPEST:
        raise _PlanFileError(
            mark, message("the file is nested deeper than {deepest} levels", deepest=DEEPEST)
        )
    if isinstance(event, yaml.ScalarEvent):
        fault = text_fault(event.value)
        if fault:
            raise _PlanFileError(mark, fault)
        if len(event.value) > LONGEST_TEXT:
            raise _PlanFileError(mark, message("a text has at most {most} characters", most=LONGEST_TEXT))
        return Scalar(event.value, mark, plain=event.style is None or not event.style.strip("\0"))
    return Sequence(mark) if isinstance(event, yaml.SequenceStartEvent) else Mapping(mark)


def _parse_key(node: Node) -> Scalar:
    if not isinstance(node, Scalar):
        raise _PlanFileError(node.mark, message("a key must be a single word"))
    if len(node.text) > LONGEST_KEY:
        raise _PlanFileError(node.mark, message("a key has at most {most} characters", most=LONGEST_KEY))
    if node.plain and node.text == "<<":
        raise _PlanFileError(node.mark, message("merge keys (<<) may not be used; write the values out"))
    return node
