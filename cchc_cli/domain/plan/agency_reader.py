"""Reads agencies and groups of a plan file, and checks their codes, parents and successors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import message
from cchc_cli.domain.plan.document import Mapping, Scalar
from cchc_cli.domain.plan.model import (
    Agency,
    Group,
)
from cchc_cli.domain.plan.requirement_reader import KnownCodes, check_codes

if TYPE_CHECKING:
    from cchc_cli.domain.plan.fields import Section


def read_group(section: Section) -> Group:
    """Read one group."""
    kinds = tuple(text for text, _ in section.codes("kinds"))
    agencies = tuple(text for text, _ in section.codes("agencies"))
    if not kinds and not agencies:
        section.fault(section.node, "", message("a group needs `kinds`, `agencies` or both"))
    code = section.code("code") or ""
    return Group(code, section.text("name") or code, kinds, agencies)


def read_agency(section: Section) -> Agency:
    """Read one agency."""
    start, end = section.dates()
    return Agency(
        code=section.code("code") or "",
        name=section.required_text("name"),
        kind=section.code("kind") or "",
        short=section.text("short"),
        parent=section.code("parent", required=False),
        gso=section.text("gso"),
        aliases=section.texts("aliases"),
        start=start,
        end=end,
        successors=tuple(text for text, _ in section.codes("successors")),
    )


def check_agencies(agencies: list[tuple[Section, Agency]], known: KnownCodes) -> None:
    """Report parents and successors that are not in the plan, and cycles of parents."""
    cyclic = _agencies_in_cycles(known.agencies)
    for section, agency in agencies:
        for key, codes in (
            ("parent", _scalars(section, "parent")),
            ("successors", _scalars(section, "successors")),
        ):
            check_codes(section, key, codes, message("agency"), known.agencies)
        if agency.code in cyclic:
            section.fault(section.node, "parent", message("an agency cannot be above itself"))


def _scalars(section: Section, key: str) -> list[Scalar]:
    """Give the scalars under a key; `Section` has already reported values of another type."""
    node = section.get(key)
    if isinstance(node, Scalar):
        return [node]
    return (
        [] if node is None or isinstance(node, Mapping) else [i for i in node.items if isinstance(i, Scalar)]
    )


def _agencies_in_cycles(agencies: dict[str, Agency]) -> set[str]:
    """Give the agencies that lie in a cycle of parents; visits each agency once."""
    done: set[str] = set()
    cyclic: set[str] = set()
    for code in agencies:
        way: dict[str, None] = {}
        above: str | None = code
        while above in agencies and above not in done and above not in way:
            way[above] = None
            above = agencies[above].parent
        if above in way:
            passed = list(way)
            cyclic.update(passed[passed.index(above) :])
        done.update(way)
    return cyclic


def check_groups(groups: list[tuple[Section, Group]], known: KnownCodes) -> None:
    """Report members of groups that are not in the plan, and codes that an agency has too."""
    for section, group in groups:
        check_codes(section, "agencies", _scalars(section, "agencies"), message("agency"), known.agencies)
        if group.code in known.agencies:
            section.fault(
                section.node,
                "code",
                message("“{code}” is an agency’s code too; `owed_by` could mean either", code=group.code),
            )
