"""Renders messages, dates and numbers in the chosen language.

Message templates are written in English in the code; the catalogues beside this file translate them.
Text from outside (names, titles, notes) is made safe to show here.
"""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path

from cchc_cli.domain.language.amounts import THOUSANDTHS, Amount, decimal_text
from cchc_cli.domain.language.errors import Message
from cchc_cli.domain.language.plurals import Counted, Number
from cchc_cli.domain.language.text import SafeText, safe

LANGUAGES = ("vi", "en")
_FOLDER = Path(__file__).resolve().parent


class _Catalogue:
    """A compiled catalogue (GNU .mo, little-endian, sorted), read by binary search.

    `gettext` reads the whole file first, which takes longer than rendering the few messages of a command.
    """

    def __init__(self, path: Path) -> None:
        self._cache: dict[str, str] = {}
        self._data = path.read_bytes()
        _, _, self._count, self._originals, self._translations = struct.unpack_from("<5I", self._data)

    def find(self, text: str) -> str:
        """Give the translation of a text, or the text itself if there is none."""
        if text not in self._cache:
            self._cache[text] = self._search(text)
        return self._cache[text]

    def _search(self, text: str) -> str:
        key, low, high = text.encode(), 0, self._count
        while low < high:
            middle = (low + high) // 2
            original = self._entry(self._originals, middle)
            if original == key:
                return self._entry(self._translations, middle).decode()
            low, high = (middle + 1, high) if original < key else (low, middle)
        return text

    def _entry(self, table: int, index: int) -> bytes:
        length, start = struct.unpack_from("<2I", self._data, table + 8 * index)
        return self._data[start : start + length]


class _Current:
    """The current language; set once when the program starts."""

    language = "vi"
    catalogue: _Catalogue | None = None
    """The Vietnamese catalogue, opened when first needed; English needs none."""


def set_language(language: str) -> None:
    """Set the language of all text from here on; anything that is not in LANGUAGES means Vietnamese."""
    _Current.language = language if language in LANGUAGES else LANGUAGES[0]


def current_language() -> str:
    """Give the code of the current language: `vi` or `en`."""
    return _Current.language


def translate(text: str) -> str:
    """Translate a text or template; a text that the catalogue lacks stays as it is."""
    # The entry of the empty text holds the catalogue's own metadata.
    if _Current.language == "en" or not text:
        return text
    if _Current.catalogue is None:
        _Current.catalogue = _Catalogue(_FOLDER / _Current.language / "LC_MESSAGES" / "cchc.mo")
    return _Current.catalogue.find(text)


def render(sentence: Message) -> SafeText:
    """Give a message as text of the current language; its values are formatted and safe to show."""
    template = translate(sentence.template)
    return SafeText(template.format(**{name: format_value(value) for name, value in sentence.values.items()}))


def format_value(value: object) -> SafeText:
    """Format a value of a message as the current language writes it, safe to show."""
    match value:
        case Message():
            return render(value)
        case str():
            return safe(value)
        case datetime():
            return SafeText(moment_text(value))
        case Amount():
            return SafeText(typed_number_text(value.thousandths))
        case Number():
            return SafeText(number_text(value.thousandths))
        case Counted():
            return SafeText(f"{format_value(value.number)} {render(value.noun)}")
        case date():
            return SafeText(day_text(value))
        case list() | tuple() | set() | frozenset():
            return SafeText(", ".join(map(format_value, value)))
        case _:
            return SafeText(value)


def day_text(day: date) -> str:
    """Write a date: 14/03/2024 in Vietnamese, 2024-03-14 in English."""
    return f"{day:%d/%m/%Y}" if _Current.language == "vi" else day.isoformat()


def moment_text(moment: datetime) -> str:
    """Write a date and time to the minute, in its own UTC offset."""
    return f"{day_text(moment.date())} {moment:%H:%M}"


def number_text(thousandths: int) -> str:
    """Write an amount with as many decimals as it has: 1.234,5 in Vietnamese, 1,234.5 in English."""
    whole, part = divmod(abs(thousandths), THOUSANDTHS)
    text = f"{whole:,}" + (f".{part:03}".rstrip("0") if part else "")
    sign = "-" if thousandths < 0 else ""
    return sign + (text.translate(_SWAP_SEPARATORS) if _Current.language == "vi" else text)


_SWAP_SEPARATORS = str.maketrans(".,", ",.")


def count_text(count: int) -> str:
    """Write a whole number: 1.234 in Vietnamese, 1,234 in English."""
    return number_text(count * THOUSANDTHS)


def typed_number_text(thousandths: int) -> str:
    """Write an amount so that it can be typed again: 1234,5 and 5010.

    It has no thousands separators: 5.010 would be read as 5,01.
    """
    text = decimal_text(thousandths)
    return text.replace(".", ",") if _Current.language == "vi" else text


def ratio_text(part: int, whole: int) -> str:
    """Write a share with its two numbers, 530/1.367 (38,8 %); a dash if `whole` is 0.

    Rounding never gives 100 % for less than the whole, nor 0 % for more than nothing.
    """
    if not whole:
        return "–"
    return f"{count_text(part)}/{count_text(whole)} ({_percent_text(part, whole)})"


def _percent_text(part: int, whole: int) -> str:
    tenths = round(part * 1000 / whole)
    tenths = min(tenths, 999) if part < whole else tenths
    tenths = max(tenths, 1) if part else tenths
    text = f"{tenths / 10:.1f}".removesuffix(".0")
    return (text.replace(".", ",") if _Current.language == "vi" else text) + " %"
