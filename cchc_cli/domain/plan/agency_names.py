"""Qualifiers: what is shown behind the names of agencies that have the same name."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cchc_cli.domain.plan.model import Agency


class AgencyNames(NamedTuple):
    """The names of an agency; `above` is the short name, or else the name, of the agency above it."""

    code: str
    name: str
    short: str | None
    above: str | None


def qualifiers(bearers: Iterable[tuple[str, AgencyNames]]) -> dict[str, str]:
    """Give what is shown behind an agency's name, by code, where another one is shown by the same name.

    That is the agency above it, or its own code where that does not tell it from all of the others. Each
    bearer comes with one of its names, folded; a name that it is not shown by does not matter.
    """
    groups: dict[str, set[AgencyNames]] = defaultdict(set)
    for name, bearer in bearers:
        if name in _shown_names(bearer):
            groups[name].add(bearer)
    needed: set[AgencyNames] = set()
    by_code: set[AgencyNames] = set()
    for group in groups.values():
        if len(group) > 1:
            needed |= group
            taken = Counter(key for one in group for key in {fold(one.code), fold(one.above or "")})
            by_code |= {one for one in group if taken[fold(one.above or "")] > 1}
    return {one.code: one.code if one in by_code else one.above or one.code for one in needed}


def _shown_names(one: AgencyNames) -> set[str]:
    return {fold(name) for name in (one.name, one.short) if name}


def with_qualifiers(agencies: Sequence[Agency]) -> tuple[Agency, ...]:
    """Give the agencies of a whole plan, each with its qualifier where another one bears its name."""
    above = {agency.code: agency.short or agency.name for agency in agencies}
    bearers = [
        AgencyNames(agency.code, agency.name, agency.short, above.get(agency.parent or ""))
        for agency in agencies
    ]
    found = qualifiers((name, bearer) for bearer in bearers for name in _shown_names(bearer))
    return tuple(agency._replace(qualifier=found.get(agency.code)) for agency in agencies)
