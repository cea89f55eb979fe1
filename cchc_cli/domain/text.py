"""Vietnamese names: folding for look-up, ordering for lists, and what is safe to show."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from cchc_cli.domain.errors import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterable

# đ has no decomposition, Ð (U+00D0) is often typed for Đ, and typographic apostrophes for '.
_SAME = str.maketrans({"đ": "d", "Đ": "D", "Ð": "D", "ð": "d", "’": "'", "‘": "'", "ʼ": "'"})
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Categories that move, hide or end text instead of showing it: controls, formats (bidi, zero width),
# surrogates, private use and the two separators of lines.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def nfc(text: str) -> str:
    """Give the composed form, in which the same word is the same string."""
    return unicodedata.normalize("NFC", text)


def exact_key(name: str) -> str:
    """Give the key under which a name with its diacritics is found, whatever its case."""
    return " ".join(nfc(name).replace("’", "'").casefold().split())


def fold(name: str) -> str:
    """Give the key under which a name is found without its diacritics.

    `hoà` and `hòa` meet in `hoa`; `Ea Drông` and `Ea D'Rơng` both become `ea drong`, so a look-up
    must be ready for more than one hit.
    """
    plain = unicodedata.normalize("NFD", name.translate(_SAME)).casefold()
    kept = (" " if not char.isalnum() else char for char in plain if not _dropped(char))
    return " ".join("".join(kept).split())


def _dropped(char: str) -> bool:
    return char == "'" or unicodedata.combining(char) != 0


def sort_key(name: str) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Order names as a Vietnamese dictionary does.

    Syllable by syllable, letters a ă â b c d đ e ê … first, then the tones in the order
    none, huyền, hỏi, ngã, sắc, nặng.
    """
    return tuple(_syllable_key(word) for word in nfc(name).casefold().split())


@lru_cache(maxsize=4096)
def _syllable_key(word: str) -> tuple[tuple[int, ...], int]:
    tone = 0
    letters: list[int] = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        elif unicodedata.combining(char) and letters:
            letters[-1] = _rank(unicodedata.normalize("NFC", _unrank(letters[-1]) + char))
        else:
            letters.append(_rank(char))
    return tuple(letters), tone


def _rank(char: str) -> int:
    found = _LETTERS.find(char) if len(char) == 1 else -1
    # Digits and signs stand before letters, letters of other scripts after them.
    return 0x1000 + found if found >= 0 else ord(char[0]) + (0x2000 if ord(char[0]) > 0x7F else 0)


def _unrank(rank: int) -> str:
    return _LETTERS[rank - 0x1000] if 0x1000 <= rank < 0x1000 + len(_LETTERS) else chr(rank & 0xFFF)


def safe(text: str) -> str:
    r"""Make text from outside safe to show on one line of a terminal.

    Control characters, bidi overrides and other characters that act or hide are shown as what they
    are (`\x1b`, `\u202e`), so that nothing is executed, hidden or lost.
    """
    if text.isprintable():
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _UNSAFE:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_TYPES = ("ubnd", "tỉnh", "thành phố", "thị xã", "huyện", "phường", "thị trấn", "xã")


def bare_names(name: str) -> list[str]:
    """Give what is left of a name as its leading words of office and kind are left off.

    `UBND xã Ea Drông` gives `xã ea drông` and `ea drông`: what people say for it. Keys as of
    `exact_key`, with their diacritics.
    """
    found = []
    name = exact_key(name)
    for word in _TYPES:
        if name.startswith(f"{word} "):
            name = name.removeprefix(f"{word} ")
            found.append(name)
    return found


def squeeze(text: str) -> str:
    """Fold white space, for comparing words with words."""
    return re.sub(r"\s+", " ", nfc(text)).strip()


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give the known words most like this one, best first; none where nothing is near."""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(fold(candidate), candidate)
    return [by_fold[key] for key in get_close_matches(fold(word), by_fold, n=most, cutoff=0.6)]


def text_fault(text: str) -> Message | None:
    """Say what keeps a text from being recorded: what no database can keep and give back."""
    if "\x00" in text or not (text.isascii() or _SURROGATE.search(text) is None):
        return message("the text holds a NUL or broken characters; type it again")
    return None


_SURROGATE = re.compile("[\ud800-\udfff]")
