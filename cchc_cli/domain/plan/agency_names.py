"""Names of agencies: the candidates for a typed name, and qualifiers for agencies with the same name."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.text import bare_names, exact_key, fold, is_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cchc_cli.domain.plan.model import Agency


class Name(NamedTuple):
    """One name of an agency, as given by `exact_key`; `official` is the agency's name in the plan.

    A `bare` name lacks the leading words for the office and kind of agency.
    """

    agency: int
    official: str
    name: str
    bare: bool


def candidate_agencies(text: str, names: Sequence[Name]) -> list[int]:
    """Give the keys of the agencies that a text can mean; `names` are all names with the same folded form.

    See docs/semantics.md, “Names”.
    """
    key = exact_key(text)
    exact = [name for name in names if name.name == key and not name.bare]
    if any(map(_is_official, exact)):
        return _agency_keys(exact)
    spelled = [name for name in names if is_spelling(text, name.name)] or names
    whole = [name for name in spelled if not name.bare]
    return _agency_keys(whole if any(map(_is_official, whole)) else spelled)


def _is_official(name: Name) -> bool:
    return name.name == exact_key(name.official)


def _agency_keys(names: Iterable[Name]) -> list[int]:
    return list(dict.fromkeys(name.agency for name in names))


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


_ENOUGH = 20
"""So many bearers of a name are looked at, to tell that it can mean several."""


class AmbiguousAlias(NamedTuple):
    """A short name or alias that can also mean other agencies, by a full or bare name of theirs."""

    agency: Agency
    name: str
    others: list[Agency]


def ambiguous_aliases(agencies: Sequence[Agency]) -> Iterator[AmbiguousAlias]:
    """Give the short names and aliases that are rejected as input because they are ambiguous."""
    bearers: dict[str, list[tuple[str, Agency]]] = defaultdict(list)
    for agency in agencies:
        for name in filter(None, (agency.name, agency.short, *agency.aliases)):
            for one in (name, *bare_names(name)):
                bearers[fold(one)].append((one, agency))
    for agency in agencies:
        official = fold(agency.name)
        for name in dict.fromkeys(filter(None, (agency.short, *agency.aliases))):
            key = fold(name)
            others = {
                other.code: other
                for one, other in bearers[key][:_ENOUGH]
                if other.code != agency.code and is_spelling(name, one)
            }
            if others and key != official:
                yield AmbiguousAlias(agency, name, list(others.values()))
