"""The one place where what is said becomes text of a language.

Templates are English and stand in the code; the catalogues beside this file translate them. Text
that came from outside is made safe to show on its way through here.
"""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path

from cchc_cli.domain.language.amounts import THOUSANDTHS, Amount, decimal_text
from cchc_cli.domain.language.errors import Message
from cchc_cli.domain.language.plurals import Counted, Number
from cchc_cli.domain.language.text import safe

LANGUAGES = ("vi", "en")
_FOLDER = Path(__file__).resolve().parent


class _Catalogue:
    """A compiled catalogue (GNU .mo, little-endian, sorted), searched as it lies.

    To read all of it would take longer than to say the few sentences of a command.
    """

    def __init__(self, path: Path) -> None:
        self._found: dict[str, str] = {}
        self._data = path.read_bytes()
        _, _, self._count, self._originals, self._translations = struct.unpack_from("<5I", self._data)

    def find(self, text: str) -> str:
        """Give the translation of a text; the text itself where there is none."""
        if text not in self._found:
            self._found[text] = self._search(text)
        return self._found[text]

    def _search(self, text: str) -> str:
        wanted, low, high = text.encode(), 0, self._count
        while low < high:
            middle = (low + high) // 2
            found = self._at(self._originals, middle)
            if found == wanted:
                return self._at(self._translations, middle).decode()
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return text

    def _at(self, table: int, number: int) -> bytes:
        length, start = struct.unpack_from("<2I", self._data, table + 8 * number)
        return self._data[start : start + length]


class _Speech:
    """The language that is spoken now; set once when the program starts."""

    language = "vi"
    catalogue: _Catalogue | None = None
    """Of Vietnamese, read when something is first said in it; English stands in the code."""


def speak(language: str) -> None:
    """Choose the language of all text from here on; Vietnamese where it is none of LANGUAGES."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    _Speech.language = language


def words(text: str) -> str:
    """Give a fixed text without fields in the language chosen: as it is where the catalogue lacks it."""
    # The empty text is where a catalogue keeps what is said of itself.
    if _Speech.language == "en" or not text:
        return text
    if _Speech.catalogue is None:
        _Speech.catalogue = _Catalogue(_FOLDER / _Speech.language / "LC_MESSAGES" / "cchc.mo")
    return _Speech.catalogue.find(text)


def render(sentence: Message) -> str:
    """Give a sentence in the language chosen, its values written as that language writes them."""
    template = words(sentence.template)
    return template.format(**{name: written(value) for name, value in sentence.values.items()})


def written(value: object) -> str:
    """Give what can stand in a sentence as the language writes it, safe to show."""
    match value:
        case Message():
            return render(value)
        case str():
            return safe(value)
        case datetime():
            return moment_text(value)
        case Amount():
            return typed_number_text(value.thousandths)
        case Number():
            return number_text(value.thousandths)
        case Counted():
            return f"{written(value.number)} {render(value.noun)}"
        case date():
            return day_text(value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(map(written, value))
        case _:
            return str(value)


def day_text(day: date) -> str:
    """Write a date: 14/03/2024 in Vietnamese, 2024-03-14 in English."""
    return f"{day:%d/%m/%Y}" if _Speech.language == "vi" else day.isoformat()


def moment_text(moment: datetime) -> str:
    """Write a moment to the minute, in the offset that it carries."""
    return f"{day_text(moment.date())} {moment:%H:%M}"


def number_text(thousandths: int) -> str:
    """Write an amount with as many decimals as it has: 1.234,5 in Vietnamese, 1,234.5 in English."""
    whole, part = divmod(abs(thousandths), THOUSANDTHS)
    text = f"{whole:,}" + (f".{part:03}".rstrip("0") if part else "")
    sign = "-" if thousandths < 0 else ""
    return sign + (text.translate(_SWAPPED) if _Speech.language == "vi" else text)


_SWAPPED = str.maketrans(".,", ",.")


def typed_number_text(thousandths: int) -> str:
    """Write an amount so that it reads back as it is when somebody types it again: 1234,5 and 5010.

    Grouped, five thousand and ten would be 5.010, and that is read as 5,01.
    """
    text = decimal_text(thousandths)
    return text.replace(".", ",") if _Speech.language == "vi" else text


def ratio_text(part: int, whole: int) -> str:
    """Write a share with its two numbers, 530/1.367 (38,8 %); a dash where there is nothing to divide by.

    It says 100 % only of the whole and 0 % only of nothing.
    """
    if not whole:
        return "–"
    numbers = f"{number_text(part * THOUSANDTHS)}/{number_text(whole * THOUSANDTHS)}"
    return f"{numbers} ({_percent_text(part, whole)})"


def _percent_text(part: int, whole: int) -> str:
    tenths = round(part * 1000 / whole)
    tenths = min(tenths, 999) if part < whole else tenths
    tenths = max(tenths, 1) if part else tenths
    text = f"{tenths / 10:.1f}".removesuffix(".0")
    return (text.replace(".", ",") if _Speech.language == "vi" else text) + " %"
