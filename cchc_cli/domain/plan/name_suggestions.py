"""Agencies that a mistyped name can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.text import nearest
from cchc_cli.domain.plan.name_reading import (
    KINDS,
    joined,
    readings,
    station_forms,
    without_fillers,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan.name_index import Bearer, NameIndex
    from cchc_cli.domain.plan.name_reading import Words

_COMMITTEE = ("", "ubnd", "uybannhandan", "uyban")


def similar_agencies(index: NameIndex, text: str) -> list[int]:
    """Give the keys of the agencies that a text without a meaning can mean, in the order of the plan.

    These are all that have the name with one letter more, less, other or swapped, and all whose proper name is
    written but with another kind of unit or something else behind it. Only where there is none: those with the
    most similar names.
    """
    words = words_of(text)
    forms = {bearer.agency.key: set(_forms(bearer)) for bearer in index.bearers}
    found = {bearer.agency.key for bearer in _named(index, words)}
    for bearer in index.bearers:
        own = forms[bearer.agency.key]
        if bearer.agency.key not in found and any(
            _is_one_edit(typed, form)
            for head, tail in _heads(words)
            if not tail or bearer.is_below(tail)
            for typed in {joined(head), joined(without_fillers(head))}
            for form in own
        ):
            found.add(bearer.agency.key)
    if not found:
        names = {name: bearer.agency.key for bearer in index.bearers for name in bearer.keys}
        codes = {bearer.agency.code: bearer.agency.key for bearer in index.bearers}
        found = {(names | codes)[name] for name in nearest(text, names | codes)}
    return [bearer.agency.key for bearer in index.bearers if bearer.agency.key in found]


def _heads(words: Words) -> Iterator[tuple[Words, Words]]:
    yield from ((words[:end], words[end:]) for end in range(1, len(words) + 1))


def _named(index: NameIndex, words: Words) -> Iterator[Bearer]:
    """Give the agencies whose proper name stands in a text, if only with the wrong kind or the wrong place behind."""
    for reading in readings(words):
        for bearer, head, _ in index.heads(reading):
            if head:
                yield bearer
        for bearer, _, tail in index.heads(reading._replace(kind=None, committee=False)):
            if not tail:
                yield bearer


def _forms(bearer: Bearer) -> Iterator[str]:
    """Give the names and the code of an agency as people write them, without blanks."""
    yield bearer.code
    for words in bearer.names:
        yield joined(words)
        yield joined(without_fillers(words))
    for station, places in bearer.places.items():
        kinds = {"".join(words) for words, kind in KINDS.items() if kind in bearer.kinds[station]} | {""}
        for place in places if bearer.is_unit else ():
            offices = station_forms() if station else _COMMITTEE
            yield from (f"{office}{kind}{place}" for office in offices for kind in kinds)


def _is_one_edit(one: str, other: str) -> bool:
    """Tell whether two texts differ by at most one letter inserted, removed or replaced, or by two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    if one == other:
        return True
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    if len(one) != len(other):
        longer, short = (one, other) if len(one) > len(other) else (other, one)
        return longer[start + 1 :] == short[start:]
    return one[start + 1 :] == other[start + 1 :] or (
        one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    )
