"""Reads a written name of an agency: its office, the kind of unit, and the proper name.

`Ủy ban nhân dân xã Ea Kao`, `UBND xã Ea Kao`, `x. EaKao` and `Ea Kao` have the same proper name. Abbreviations of
administrative words are read here. Any other abbreviation consists of initials: see `aligned_ends`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.domain.language.text import fold, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Word(NamedTuple):
    """One word: without diacritics, and as it is spelled."""

    folded: str
    spelled: str


Words = tuple[Word, ...]


class Reading(NamedTuple):
    """One way to read a name. `rest` is the proper name, with whatever is written behind it."""

    committee: bool
    """Whether the words for a people's committee (UBND) stand at the start."""
    station: bool
    """Whether it is a radio station: an agency beside the committee of the same unit."""
    kind: str | None
    """The kind of administrative unit, one of the values of `KINDS`."""
    rest: Words


_COMMITTEE = (("uy", "ban", "nhan", "dan"), ("ubnd",), ("uy", "ban"))
_STATION = ("dai",)
_PROGRAMMES = (
    *(("truyen", "thanh"), ("phat", "thanh"), ("truyen", "hinh"), ("va",)),
    *((word,) for word in ("ttth", "ptth", "tt", "pt", "th")),
)
"""What a station broadcasts; people leave it out or mix it up, since a unit has one station."""
_AMBIGUOUS = "tt"
"""Abbreviates `truyền thanh` and `thị trấn`."""

KINDS = {
    ("tinh",): "tinh",
    ("t",): "tinh",
    ("thanh", "pho"): "tp",
    ("tp",): "tp",
    ("t", "p"): "tp",
    ("thi", "xa"): "tx",
    ("tx",): "tx",
    ("t", "x"): "tx",
    ("huyen",): "huyen",
    ("h",): "huyen",
    ("phuong",): "phuong",
    ("p",): "phuong",
    ("xa",): "xa",
    ("x",): "xa",
    ("thi", "tran"): "tt",
    ("tt",): "tt",
}
"""The ways to write each kind of administrative unit."""

_SKIPPED = frozenset({"va", "cac"})
"""Words that abbreviated names leave out."""
_SEPARATOR = re.compile(r"[^\w'\u0300-\u036f]|_")
_MAX_LENGTH = 200
"""In characters: a longer text is not a name."""


def words_of(text: str) -> Words:
    """Split a name into words at blanks, hyphens and other signs; none of a text that is too long for a name."""
    if len(text) > _MAX_LENGTH:
        return ()
    spelled = _SEPARATOR.sub(" ", unquoted(text).casefold()).split()
    return tuple(word for word in map(_word, spelled) if word.folded)


@lru_cache(4096)  # The names of a plan share few words.
def _word(spelled: str) -> Word:
    return Word(fold(spelled).replace(" ", ""), spelled)


def joined(words: Sequence[Word]) -> str:
    """Join words without diacritics: `Ea Kao` and `EaKao` are both `eakao`."""
    return "".join(word.folded for word in words)


def joined_spelling(words: Sequence[Word]) -> str:
    """Join words with their diacritics."""
    return "".join(word.spelled for word in words)


def without_fillers(words: Sequence[Word]) -> Words:
    """Leave out the words that abbreviated names leave out: `và` (also written `&`) and `các`."""
    return tuple(word for word in words if word.folded not in _SKIPPED)


def readings(words: Words) -> list[Reading]:
    """Give every way to read a name, at most two; a name without office and kind is all `rest`."""
    folded = tuple(word.folded for word in words)
    if folded[:1] == _STATION:
        return [_reading(words, folded, start, station=True) for start in _ends_of_programmes(folded)]
    office = next((phrase for phrase in _COMMITTEE if folded[: len(phrase)] == phrase), ())
    return [_reading(words, folded, len(office), committee=bool(office))]


def possible_names(text: str) -> list[str]:
    """Give what can be the proper name in a text, joined; what else stands in it is before or behind."""
    return list(
        dict.fromkeys(
            joined(reading.rest[:end])
            for reading in readings(words_of(text))
            for end in range(1, len(reading.rest) + 1)
        )
    )


def _ends_of_programmes(folded: tuple[str, ...]) -> list[int]:
    end = 1
    while found := [len(phrase) for phrase in _PROGRAMMES if folded[end : end + len(phrase)] == phrase]:
        end += found[0]
    return [end, end - 1] if end > 1 and folded[end - 1] == _AMBIGUOUS else [end]


def station_forms() -> list[str]:
    """Give the usual ways to write the office of a station, without blanks."""
    long, short = ("truyenthanhvatruyenhinh", "truyenthanhtruyenhinh"), ("ttth", "ptth", "truyenthanh", "tt")
    return ["".join(_STATION) + programme for programme in ("", *long, *short)]


def _reading(
    words: Words, folded: tuple[str, ...], start: int, *, committee: bool = False, station: bool = False
) -> Reading:
    for length in (2, 1):
        kind = KINDS.get(folded[start : start + length])
        # A single letter without a name behind it says nothing.
        if kind and (len(folded) > start + length or len(folded[start]) > 1):
            return Reading(committee, station, kind, words[start + length :])
    return Reading(committee, station, None, words[start:])


def aligned_ends(words: Sequence[str], name: Sequence[str]) -> set[int]:
    """Give how many words of a text can stand for the whole name: none, or one number for each way.

    Words stand for the same words, also run together. One word stands for several by their initials:
    `Sở LĐ TBXH` for `Sở Lao động Thương binh Xã hội`; in the text as in the name. A single
    abbreviation does not stand for the whole name.
    """
    found, states, ends = {(0, 0)}, [(0, 0)], set()
    while states:
        at, of = states.pop()
        if of == len(name):
            ends.add(at)
            continue
        following = set(_steps(words, name, at, of)) - found
        found |= following
        states += following
    return ends


def _steps(words: Sequence[str], name: Sequence[str], at: int, of: int) -> Iterator[tuple[int, int]]:
    if at == len(words):
        return
    for number in _run(words[at], name[of:]):
        if number < len(name) or words[at] == "".join(name):
            yield at + 1, of + number
    for number in _run(name[of], words[at:]):
        if len(name) > 1 or name[of] == "".join(words[at : at + number]):
            yield at + number, of + 1


def _run(word: str, following: Sequence[str]) -> Iterator[int]:
    """Give the numbers of words that one word stands for, whole or by their initials."""
    text = ""
    for number, one in enumerate(following, 1):
        text += one
        if text == word:
            yield number
        if not word.startswith(text):
            break
    number = len(word)
    if 1 < number <= len(following) and "".join(one[0] for one in following[:number]) == word:
        yield number
