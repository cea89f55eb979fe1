"""Which agencies of a plan a written name can mean; see docs/semantics.md, “Names”."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.text import exact_key, fold, is_spelling, unquoted
from cchc_cli.domain.plan.name_reading import (
    Reading,
    Words,
    aligned_ends,
    joined,
    joined_spelling,
    readings,
    without_fillers,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cchc_cli.domain.plan.model import Agency


class NamedAgency(NamedTuple):
    """An agency with its whole names: official, short, official code of the unit, aliases."""

    key: int
    code: str
    official: str
    names: list[str]
    parent: str | None
    """The code of the agency above it."""


_BEHIND = frozenset({"thuoc", "cua", "o", "tai"})
"""Words that may stand between a name and what is above it."""


class Bearer:
    """An agency, its names read."""

    def __init__(self, agency: NamedAgency) -> None:
        """Read the names of an agency."""
        self.agency = agency
        keys = dict.fromkeys(map(exact_key, (agency.official, *agency.names)))
        self.keys = list(keys)
        self.names = list(map(words_of, keys))
        self.readings = [reading for words in self.names for reading in readings(words)]
        self.official = joined(self.names[0])
        self.whole = set(map(joined, self.names))
        self.code = joined(words_of(agency.code))
        self.kinds: dict[bool, set[str]] = {False: set(), True: set()}
        """The kinds of unit, of the committee (False) and of the station (True)."""
        self.places: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
        """Proper names without diacritics, each with its spellings."""
        self.committee = False
        for reading in self.readings:
            self._add(reading)
        first = self.readings[0]
        self.is_unit = first.committee or first.station or first.kind is not None
        self.above: Bearer | None = None

    def _add(self, reading: Reading) -> None:
        self.committee |= reading.committee
        if reading.kind:
            self.kinds[reading.station].add(reading.kind)
        spellings = self.places[reading.station].setdefault(joined(reading.rest), [])
        spellings.append(joined_spelling(reading.rest))

    def stands_below(self, above: Bearer) -> None:
        """Set what is above; a station that is named without the kind of its unit has it from there."""
        self.above = above
        if set(self.places[True]) & set(above.places[False]):
            self.kinds[True] |= above.kinds[False]

    def fits(self, reading: Reading) -> bool:
        """Tell whether office and kind, where they are written, are this agency's."""
        if reading.committee and not (self.committee or self.kinds[False]):
            return False
        return reading.kind is None or reading.kind in self.kinds[reading.station]

    def is_below(self, words: Words) -> bool:
        """Tell whether words behind a name are the name or code of an agency above this one."""
        if len(words) > 1 and words[0].folded in _BEHIND:
            words = words[1:]
        above, seen = self.above, {id(self)}
        while above and id(above) not in seen:
            if above.code == joined(words) or any(above.begins(reading) for reading in readings(words)):
                return True
            seen.add(id(above))
            above = above.above
        return False

    def begins(self, reading: Reading) -> bool:
        """Tell whether a name begins with this agency's, and goes on with what is above it."""
        if reading.station or not self.fits(reading):
            return False
        for end in range(len(reading.rest), -1, -1):
            place = joined(reading.rest[:end])
            if (place or reading.kind) and place in self.places[False]:
                rest = reading.rest[end:]
                if not rest or self.is_below(rest):
                    return True
        return False


_Table = dict[tuple[bool, str], list[Bearer]]
Hit = tuple[Bearer, str]
"""A bearer, and the proper name as it was typed."""


class NameIndex:
    """The names of agencies of one plan."""

    def __init__(self, agencies: Iterable[NamedAgency]) -> None:
        """Take all agencies of a plan; or, for `find_unit`, those that a text can name, and all above them."""
        self.bearers = [Bearer(agency) for agency in agencies]
        self._exact: dict[str, list[Bearer]] = defaultdict(list)
        self._places: _Table = defaultdict(list)
        self._loose: _Table = defaultdict(list)
        self._codes: dict[str, list[Bearer]] = defaultdict(list)
        by_code = {bearer.agency.code: bearer for bearer in self.bearers}
        for bearer in self.bearers:
            above = by_code.get(bearer.agency.parent or "")
            if above:
                bearer.stands_below(above)
            self._codes[bearer.code].append(bearer)
            self._enter(bearer)

    def _enter(self, bearer: Bearer) -> None:
        for name in bearer.keys:
            self._exact[name].append(bearer)
        for station, places in bearer.places.items():
            for place in places:
                self._places[station, place].append(bearer)
        for key in {(one.station, joined(without_fillers(one.rest))) for one in bearer.readings}:
            self._loose[key].append(bearer)

    def find(self, text: str) -> list[int]:
        """Give the keys of the agencies that a text can mean; the strictest way to read it decides."""
        return self.find_unit(text) or _keys(self._abbreviated(words_of(text)))

    def find_unit(self, text: str) -> list[int]:
        """Find in all ways but by initials."""
        words = words_of(text)
        return (
            self.find_whole(text)
            or self._coded(words)
            or _keys(_spelled(self._of_place(without_fillers(words), self._loose)))
            or _keys(_spelled(self._qualified(words)))
        )

    def find_whole(self, text: str) -> list[int]:
        """Find by a whole name as written, or by the proper name with or without office and kind."""
        key = exact_key(unquoted(text))
        exact = self._exact.get(key, [])
        if any(bearer.keys[0] == key for bearer in exact):
            return _keys(exact)
        words = words_of(text)
        found = _spelled(self._of_place(words, self._places))
        if any(bearer.official == joined(words) for bearer in found):
            found = [bearer for bearer in found if joined(words) in bearer.whole]
        return _keys(found)

    def _of_place(self, words: Words, table: _Table) -> Iterator[Hit]:
        for reading in readings(words):
            if reading.rest or reading.kind:
                place = joined(reading.rest)
                for bearer in table.get((reading.station, place), ()):
                    if bearer.fits(reading):
                        yield bearer, joined_spelling(reading.rest)

    def _coded(self, words: Words) -> list[int]:
        """Find by the code with a name of the same agency behind it, as the program writes them."""
        found: list[int] = []
        for end in range(1, len(words)):
            coded = self._codes.get(joined(words[:end]), ())
            if coded:
                named = self.find(" ".join(word.spelled for word in words[end:]))
                found += [bearer.agency.key for bearer in coded if bearer.agency.key in named]
        return found

    def _qualified(self, words: Words) -> Iterator[Hit]:
        """Find names with an agency above, or the agency's own code, behind them."""
        for reading in readings(words):
            for bearer, head, tail in self.heads(reading):
                if tail and (bearer.code == joined(tail) or bearer.is_below(tail)):
                    yield bearer, joined_spelling(head)

    def heads(self, reading: Reading) -> Iterator[tuple[Bearer, Words, Words]]:
        """Give each agency whose proper name a reading begins with, that name, and what stands behind it."""
        rest = reading.rest
        for end in range(len(rest) + 1):
            head = rest[:end]
            if head or reading.kind or reading.station:
                for bearer in self._loose.get((reading.station, joined(without_fillers(head))), ()):
                    if bearer.fits(reading):
                        yield bearer, head, rest[end:]

    def _abbreviated(self, words: Words) -> Iterator[Bearer]:
        """Find names that are no units, some of their words abbreviated by initials."""
        typed = without_fillers(words)
        folded = [word.folded for word in typed]
        for bearer in self.bearers:
            if not bearer.is_unit and any(
                end == len(typed) or bearer.is_below(typed[end:])
                for name in bearer.names
                for end in aligned_ends(folded, [word.folded for word in without_fillers(name)])
            ):
                yield bearer


def _spelled(hits: Iterable[Hit]) -> list[Bearer]:
    """Keep the agencies whose name is spelled as typed; some diacritics may be left off, but none may differ."""
    return list(
        dict.fromkeys(
            bearer
            for bearer, typed in dict.fromkeys(hits)
            if not typed
            or any(
                is_spelling(typed, spelling)
                for places in bearer.places.values()
                for spelling in places.get(_folded(typed), ())
            )
        )
    )


def _folded(spelled: str) -> str:
    return joined(words_of(spelled))


def _keys(bearers: Iterable[Bearer]) -> list[int]:
    return list(dict.fromkeys(bearer.agency.key for bearer in bearers))


_ENOUGH = 20
"""So many other bearers of a name are given at most."""


class AmbiguousAlias(NamedTuple):
    """A short name or alias that can also mean other agencies."""

    agency: Agency
    name: str
    others: list[Agency]


def ambiguous_aliases(agencies: Sequence[Agency]) -> Iterator[AmbiguousAlias]:
    """Give the short names and aliases that are rejected as input because they are ambiguous."""
    index = NameIndex(
        NamedAgency(
            number, one.code, one.name, list(filter(None, (one.short, one.gso, *one.aliases))), one.parent
        )
        for number, one in enumerate(agencies)
    )
    found = cache(index.find)
    for number, agency in enumerate(agencies):
        for name in dict.fromkeys(filter(None, (agency.short, *agency.aliases))):
            others = [agencies[other] for other in found(name)[: _ENOUGH + 1] if other != number]
            if others and fold(name) != fold(agency.name):
                yield AmbiguousAlias(agency, name, others[:_ENOUGH])
