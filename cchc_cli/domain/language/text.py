"""Vietnamese names: folding for look-up, ordering for lists, and what is safe to show."""

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
_SAME = str.maketrans({"đ": "d", "Đ": "D", "Ð": "D", "ð": "d", "’": "'", "‘": "'", "ʼ": "'"})
# So that d is đ without its stroke.
_STROKES = str.maketrans(dict.fromkeys("đĐÐð", "d\u0335"))
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
    kept = (" " if not char.isalnum() else char for char in plain if not _is_dropped(char))
    return " ".join("".join(kept).split())


def _is_dropped(char: str) -> bool:
    return char == "'" or unicodedata.combining(char) != 0


def is_spelling(text: str, name: str) -> bool:
    """Tell whether a text is a name, perhaps with some of its marks left off; both fold alike.

    `Krong Búk` is a spelling of `Krông Búk`, and `Tân Hòa` one of `Tân Hoà`; `Ea Drông` is none of `Ea D'Rơng`.
    """
    letters = iter(_spelling(name))
    return all(letter in letters for letter in _spelling(text))


def _spelling(text: str) -> str:
    """Give letters and marks one by one, the tones of a word behind it: where they stand is a matter of taste."""
    plain = text.translate(_SAME | _STROKES)
    return " ".join(map(_tones_last, unicodedata.normalize("NFD", plain).casefold().split()))


def _tones_last(word: str) -> str:
    tones = [char for char in word if char in _TONES]
    return "".join([*(char for char in word if char not in _TONES), *tones])


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


class SafeText(str):
    """Text that has been made safe to show, so that it is not made so a second time."""

    __slots__ = ()


def safe(text: str) -> SafeText:
    r"""Make text from outside safe to show on one line of a terminal.

    What acts or hides is shown as what it is (`\x1b`, `\u202e`), so that nothing is executed, hidden
    or lost: controls, bidi and other formats, line ends, what is unassigned or blank by design,
    variation selectors, and marks that have no letter to stand on or of which more than four in a row
    would bury one.

    Two texts never look the same because of it. Where somebody typed such an escape, letter by letter,
    its backslashes are doubled: typed `\x1b` is shown as `\\x1b`, and so are backslashes right before a
    character that is escaped. All others stay single: `C:\x64\users` reads as it is. An odd number of
    backslashes therefore ends in an escape of ours, an even one in what was typed. Blanks between do not
    count, as a line may be broken there: typed `\x 1b` is shown as `\\x 1b`.
    """
    if isinstance(text, SafeText):
        return text
    return SafeText(text if _PLAIN.fullmatch(text) else "".join(_escaped_pieces(text)))


def _escaped_pieces(text: str) -> Iterator[str]:
    marks = _MAX_MARKS  # Nothing to stand on yet: a mark would settle on what is shown before the text.
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
    """Tell whether what follows backslashes is an escape that was typed, or will become one."""
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


# What Vietnamese and most Latin text is made of, shown without looking at each character.
_PLAIN = re.compile("[ -\\[\\]-~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20ab]*")
_BLANK = "[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*"
# The rest are compiled when they are needed, and `re` keeps them: most text is plain.
# A run of backslashes with the blanks between them, or one other character.
_PIECES = rf"\\(?:{_BLANK}\\)*|[^\\]"
_TYPED_ESCAPE = "|".join(
    f"{sign}(?:{_BLANK}[0-9A-Fa-f]){{{digits}}}" for sign, digits in (("x", 2), ("u", 4), ("U", 8))
)
# Fillers, variation selectors and the empty Braille pattern: letters, marks and symbols that show nothing.
_FILLERS = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Vowels and finals of Korean syllables, skin tones: like marks, they take no room of their own.
_ATTACHED = "[\u1161-\u11ff\ud7b0-\ud7fb\U0001f3fb-\U0001f3ff]"
# Vietnamese needs two (ệ as e, dot, circumflex), other scripts up to four.
_MAX_MARKS = 4


def escape_formula(text: str) -> str:
    """Make text safe as a CSV cell: an apostrophe before what a spreadsheet would take for a formula.

    Also before apostrophes that stand before such a sign, so that `unguarded` gives every text back.
    """
    return f"'{text}" if re.compile(_FORMULA).match(text) else text


def unescape_formula(cell: str) -> str:
    """Take off the one apostrophe that `guarded` put on."""
    return cell[1:] if cell.startswith("'") and re.compile(_FORMULA).match(cell) else cell


_FORMULA = "'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"


_LEADING_WORDS = ("ubnd", "tỉnh", "thành phố", "thị xã", "huyện", "phường", "thị trấn", "xã")


def bare_names(name: str) -> list[str]:
    """Give what is left of a name as its leading words of office and kind are left off.

    `UBND xã Ea Drông` gives `xã ea drông` and `ea drông`: what people say for it. Keys as of
    `exact_key`, with their diacritics.
    """
    found = []
    name = exact_key(name)
    for word in _LEADING_WORDS:
        if name.startswith(f"{word} "):
            name = name.removeprefix(f"{word} ")
            found.append(name)
    return found


def collapse_spaces(text: str) -> str:
    """Fold white space, for comparing words with words."""
    return re.sub(r"\s+", " ", nfc(text)).strip()


_MAX_NAME_LENGTH = 200
"""Nothing longer is compared: it is no name that somebody mistyped."""


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give the known words most like this one, best first; none where nothing is near."""
    if len(word) > _MAX_NAME_LENGTH:
        return []
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(fold(candidate), candidate)
    return [by_fold[key] for key in get_close_matches(fold(word), by_fold, n=most, cutoff=0.6)]


def text_fault(text: str) -> Message | None:
    """Say what keeps a text from being recorded: what no database can keep and give back."""
    if "\x00" in text or not (text.isascii() or _SURROGATE.search(text) is None):
        return message("the text contains a NUL or broken characters; type it again")
    return None


_SURROGATE = re.compile("[\ud800-\udfff]")
