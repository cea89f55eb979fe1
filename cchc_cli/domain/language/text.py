"""Vietnamese text: folding for look-up, sorting, and escaping of unsafe characters."""

from __future__ import annotations

import re
import sys
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# đ has no decomposition, Ð (U+00D0) is often typed for Đ, and typographic apostrophes for '.
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ‛′´`", "'"))
_SAME = str.maketrans({"đ": "d", "Đ": "D", "Ð": "D", "ð": "d"}) | _APOSTROPHES
# Decomposes đ into d and a stroke, so that d counts as đ without its mark.
_STROKES = str.maketrans(dict.fromkeys("đĐÐð", "d\u0335"))
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Categories of characters that move, hide or end text: controls, formats (bidi, zero width), surrogates,
# private use, unassigned and the two line separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def nfc(text: str) -> str:
    """Normalise to the composed form NFC, in which equal words are equal strings."""
    return unicodedata.normalize("NFC", text)


def exact_key(name: str) -> str:
    """Give the look-up key of a name with diacritics but without case."""
    return " ".join(nfc(name).translate(_APOSTROPHES).casefold().split())


_QUOTES = " \t\r\n\"“”„‟«»'’‘‛`´\u00a0\u200b\ufeff"


def unquoted(text: str) -> str:
    """Normalise to NFC without quotes and blanks around the text, as word processors and chats add them."""
    return nfc(text).strip(_QUOTES).translate(_APOSTROPHES)


def fold(name: str) -> str:
    """Give the look-up key of a name without diacritics and case.

    `hoà` and `hòa` both become `hoa`, and `Ea Drông` and `Ea D'Rơng` both `ea drong`. So a look-up can give
    more than one result.
    """
    plain = unicodedata.normalize("NFD", name.translate(_SAME)).casefold()
    kept = (" " if not char.isalnum() else char for char in plain if not _is_dropped(char))
    return " ".join("".join(kept).split())


def _is_dropped(char: str) -> bool:
    return char == "'" or unicodedata.combining(char) != 0


def is_spelling(text: str, name: str) -> bool:
    """Tell whether a text is a name in which some marks may be missing; both must have the same folded form.

    `Krong Búk` is a spelling of `Krông Búk`, and `Tân Hòa` one of `Tân Hoà`; `Ea Drông` is not one of `Ea D'Rơng`.
    """
    letters = iter(_spelling(name))
    return all(letter in letters for letter in _spelling(text))


def _spelling(text: str) -> str:
    """Decompose into letters and marks; tone marks move to the end of the word, as their place varies."""
    plain = text.translate(_SAME | _STROKES)
    return " ".join(map(_tones_last, unicodedata.normalize("NFD", plain).casefold().split()))


def _tones_last(word: str) -> str:
    tones = [char for char in word if char in _TONES]
    return "".join([*(char for char in word if char not in _TONES), *tones])


def sort_key(name: str) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Give the sort key of a name in the order of Vietnamese dictionaries.

    Syllables are compared one by one: first the letters a ă â b c d đ e ê …, then the tones in the order
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
    # Digits and signs sort before letters, letters of other scripts after them.
    return 0x1000 + found if found >= 0 else ord(char[0]) + (0x2000 if ord(char[0]) > 0x7F else 0)


def _unrank(rank: int) -> str:
    return _LETTERS[rank - 0x1000] if 0x1000 <= rank < 0x1000 + len(_LETTERS) else chr(rank & 0xFFF)


class SafeText(str):
    """Text that `safe` has already escaped, so that it is not escaped twice."""

    __slots__ = ()


def safe(text: str) -> SafeText:
    r"""Escape untrusted text so that it is safe to show on one line of a terminal.

    Characters that control or hide text are written as escapes (`\x1b`, `\u202e`), so that nothing is
    executed, hidden or lost. These are controls, bidi and other formats, line ends, unassigned characters,
    invisible letters, variation selectors, marks without a letter, and marks after the fourth on a letter.

    Different texts are always shown differently. If the text itself contains such an escape, its backslashes
    are doubled: `\x1b` is shown as `\\x1b`. Backslashes right before an escaped character are doubled too.
    All others stay single: `C:\x64\users` is shown unchanged. So an odd number of backslashes ends with an
    escape made here, and an even number belongs to the text. Blanks between backslashes and letters are
    ignored, because a line may be broken there: `\x 1b` is shown as `\\x 1b`.
    """
    if isinstance(text, SafeText):
        return text
    return SafeText(text if _PLAIN.fullmatch(text) else "".join(_escaped_pieces(text)))


def _escaped_pieces(text: str) -> Iterator[str]:
    marks = _MAX_MARKS  # No letter yet: a mark would combine with the character shown before the text.
    for found in re.compile(_PIECES).finditer(text):
        piece = found[0]
        if piece[0] == "\\":
            marks = 0
            yield piece.replace("\\", "\\\\") if _reads_like_an_escape(text, found.end()) else piece
            continue
        hidden = _is_unsafe(piece)
        if not hidden and _is_mark(piece):
            marks += 1
            hidden = marks > _MAX_MARKS
        else:
            marks = _MAX_MARKS if hidden or piece.isspace() else 0
        yield _escape(piece) if hidden else piece


def _reads_like_an_escape(text: str, position: int) -> bool:
    """Tell whether an escape follows the backslashes: one in the text, or one that will be made."""
    start = _after_blanks(text, position)
    following = text[start : start + 1]
    if following and (_is_unsafe(following) or (start > position and _is_mark(following))):
        return True
    typed = re.compile(_TYPED_ESCAPE).match(text, start)
    if typed is None:
        return False
    code = int(re.compile(_BLANK).sub("", typed[0][1:]), 16)
    return code <= sys.maxunicode and (_is_unsafe(chr(code)) or _is_mark(chr(code)))


def _after_blanks(text: str, position: int) -> int:
    found = re.compile(_BLANK).match(text, position)
    return found.end() if found else position


def _is_unsafe(char: str) -> bool:
    return unicodedata.category(char) in _UNSAFE or re.compile(_FILLERS).match(char) is not None


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or re.compile(_ATTACHED).match(char) is not None


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Vietnamese and most Latin text, for which the characters need not be checked one by one.
_PLAIN = re.compile("[ -\\[\\]-~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20ab]*")
_BLANK = "[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*"
# The other patterns are compiled on first use and cached by `re`, because most text is plain.
# A run of backslashes with blanks between them, or one other character.
_PIECES = rf"\\(?:{_BLANK}\\)*|[^\\]"
_TYPED_ESCAPE = "|".join(
    f"{sign}(?:{_BLANK}[0-9A-Fa-f]){{{digits}}}" for sign, digits in (("x", 2), ("u", 4), ("U", 8))
)
# Letters, marks and symbols that are invisible: fillers, variation selectors, the empty Braille pattern.
_FILLERS = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Vowels and finals of Korean syllables, skin tones: like marks, they combine with the character before.
_ATTACHED = "[\u1161-\u11ff\ud7b0-\ud7fb\U0001f3fb-\U0001f3ff]"
# Vietnamese needs two (ệ as e, dot, circumflex), other scripts up to four.
_MAX_MARKS = 4


def escape_formula(text: str) -> str:
    """Prefix an apostrophe to a CSV cell that a spreadsheet would read as a formula.

    A cell with apostrophes before such a sign gets one too, so that `unescape_formula` restores every text.
    """
    return f"'{text}" if re.compile(_FORMULA).match(text) else text


def unescape_formula(cell: str) -> str:
    """Remove the apostrophe that `escape_formula` added."""
    return cell[1:] if cell.startswith("'") and re.compile(_FORMULA).match(cell) else cell


_FORMULA = "'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"


_LEADING_WORDS = ("ubnd", "tỉnh", "thành phố", "thị xã", "huyện", "phường", "thị trấn", "xã")


def bare_names(name: str) -> list[str]:
    """Give the shorter forms of a name without its leading words for the office and kind of agency.

    `UBND xã Ea Drông` gives `xã ea drông` and `ea drông`, which people use for it. The results are keys
    as given by `exact_key`, with diacritics.
    """
    found = []
    name = exact_key(name)
    for word in _LEADING_WORDS:
        if name.startswith(f"{word} "):
            name = name.removeprefix(f"{word} ")
            found.append(name)
    return found


def collapse_spaces(text: str) -> str:
    """Normalise a text to NFC with single spaces, to compare quotes."""
    return re.sub(r"\s+", " ", nfc(text)).strip()


_MAX_NAME_LENGTH = 200
"""Longer texts are not compared; they are not a mistyped name."""


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give the known words most similar to this one, best first; none if nothing is similar."""
    if len(word) > _MAX_NAME_LENGTH:
        return []
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(fold(candidate), candidate)
    return [by_fold[key] for key in get_close_matches(fold(word), by_fold, n=most, cutoff=0.6)]


def text_fault(text: str) -> Message | None:
    """Say why a text cannot be recorded: databases cannot store NUL and surrogates."""
    if "\x00" in text or not (text.isascii() or _SURROGATE.search(text) is None):
        return message("the text contains a NUL or broken characters; type it again")
    return None


_SURROGATE = re.compile("[\ud800-\udfff]")
